"""The corpus in numbers: texts, interviews, people, documents, sites, professions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Source, Table, Value
from joinedup.texts.model import Corpus

SPEAKERS_FILE = "texts/speakers.csv"
TEXTS_FILE = "texts/texts.csv"
CODINGS_FILE = "texts/codings.jsonl"


def corpus_result(study: Study) -> Result | None:
    """`texts.corpus`: how many texts, interviews and people there are; None where the study holds no text."""
    if not study.texts.texts:
        return None
    corpus = Corpus(study)
    values = {**_counts(corpus), **_kinds(study), **_professions(corpus)}
    return make_result(
        "texts.corpus",
        values,
        _methods(values),
        (study.texts.texts, study.texts.speakers, study.texts.codings, study.people, study.kinds, study.sites),
        tables=(_kind_table(study, values), *_profession_table(corpus, values)),
        sources=_sources(corpus),
        caveats=_caveats(corpus),
    )


def _counts(corpus: Corpus) -> dict[str, Value]:
    study = corpus.study
    spoken = [text for text in study.texts.texts if corpus.has_speakers(text)]
    cases = {site.id for site in study.sites if site.case}
    return {
        "texts": len(study.texts.texts),
        "interviews": len({text.interview or text.id for text in spoken}),
        "people": len(corpus.interviewed),
        "documents": len(study.texts.texts) - len(spoken),
        "sites": len({text.site for text in study.texts.texts if text.site}),
        "case_sites": len(cases & {text.site for text in spoken}),
        "professions": len(corpus.by_profession),
        "codings": len(study.texts.codings),
    }


def _kinds(study: Study) -> dict[str, Value]:
    return {
        f"kind.{key_part(kind.id)}": sum(text.kind == kind.id for text in study.texts.texts) for kind in study.kinds
    }


def _professions(corpus: Corpus) -> dict[str, Value]:
    declared = sorted({person.profession for person in corpus.study.people if person.profession})
    people = corpus.by_profession
    return {f"profession.{key_part(name)}": len(people.get(name, ())) for name in declared}


def _methods(values: Mapping[str, Value]) -> str:
    if not values["interviews"]:
        return f"{values['texts']} texts from {values['sites']} sites, all of them documents."
    return (
        f"{values['texts']} texts: {values['interviews']} interviews with {values['people']} people of "
        f"{values['professions']} professions, and {values['documents']} documents, from {values['sites']} sites. An "
        f"interview, a person and a text are counted apart: a person may give several interviews. A profession is the "
        f"one that the person had in the wave of the text."
    )


def _kind_table(study: Study, values: Mapping[str, Value]) -> Table:
    keys = [("", f"kind.{key_part(kind.id)}") for kind in study.kinds] + [("", "texts")]
    labels = [*(kind.label or kind.id for kind in study.kinds), "All texts"]
    rows = tuple((label, values[key]) for label, (_, key) in zip(labels, keys, strict=True))
    return Table("by_kind", "Texts by kind", (("kind", "Kind"), ("texts", "Texts")), rows, "", tuple(keys))


def _profession_table(corpus: Corpus, values: Mapping[str, Value]) -> tuple[Table, ...]:
    if not corpus.by_profession:
        return ()
    keys = [("", f"profession.{key_part(name)}") for name in corpus.by_profession] + [("", "people")]
    labels = [*corpus.by_profession, "All people"]
    rows = tuple((label, values[key]) for label, (_, key) in zip(labels, keys, strict=True))
    changed = sum(len(professions) > 1 for professions in corpus.interviewed.values())
    note = (
        f"Counted in each profession that they had, because it changed between interviews: {changed}."
        if changed
        else ""
    )
    columns = (("profession", "Profession"), ("people", "People interviewed"))
    return (Table("by_profession", "People interviewed, by profession", columns, rows, note, tuple(keys)),)


class _Rowed(Protocol):
    @property
    def row(self) -> int: ...


def rows_of(file: str, items: Iterable[_Rowed], columns: tuple[str, ...]) -> tuple[Source, ...]:
    """The rows of `file` that `items` come from; none for what stands in no file of the folder (row 0)."""
    rows = tuple(sorted(item.row for item in items if item.row))
    return (Source(file, rows, columns),) if rows else ()


def speaker_rows(corpus: Corpus, people: frozenset[str] | None = None) -> tuple[Source, ...]:
    """The rows of speakers.csv that say where `people` (default: everybody interviewed) speak."""
    wanted = corpus.interviewed.keys() if people is None else people
    rows = (row for row in corpus.study.texts.speakers if row.person in wanted)
    return rows_of(SPEAKERS_FILE, rows, ("text", "speaker", "person"))


def _sources(corpus: Corpus) -> dict[str, tuple[Source, ...]]:
    study = corpus.study
    columns = ("text", "kind", "interview", "site", "wave")
    speakers = speaker_rows(corpus)
    found = {
        "": (*rows_of(TEXTS_FILE, study.texts.texts, columns), *speakers),
        "people": speakers,
        "professions": speakers,
        "codings": rows_of(CODINGS_FILE, study.texts.codings, ("text", "start", "end", "code", "coder")),
    }
    for kind in study.kinds:
        texts = (text for text in study.texts.texts if text.kind == kind.id)
        found[f"kind.{key_part(kind.id)}"] = rows_of(TEXTS_FILE, texts, columns)
    for profession, people in corpus.by_profession.items():
        found[f"profession.{key_part(profession)}"] = speaker_rows(corpus, people)
    return found


def _caveats(corpus: Corpus) -> tuple[str, ...]:
    found = []
    unknown = [person for person in corpus.interviewed if not corpus.interviewed[person]]
    if unknown:
        found.append(f"No profession is on record for {len(unknown)} of the people interviewed: {', '.join(unknown)}.")
    mute = [text for text, voices in corpus.voices.items() if not voices]
    if mute:
        found.append(f"No turn of a person was found in {len(mute)} interviews: {', '.join(sorted(mute))}.")
    return tuple(found)
