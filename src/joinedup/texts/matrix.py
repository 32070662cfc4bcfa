"""Themes by profession and by site: who speaks of what, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Quote, Result, Source, Table, Value
from joinedup.study.texts import Code, Coding
from joinedup.texts.corpus import CODINGS_FILE, TEXTS_FILE, rows_of, speaker_rows
from joinedup.texts.model import Corpus
from joinedup.texts.quotes import MOST_WORDS, QUOTES_A_CODE, choose_quotes


@dataclass(frozen=True, slots=True)
class Theme:
    """A code with what stands under it: the codings of the code itself and of the codes below it.

    `voices` holds (person, profession in that wave) of every turn that a coding lies in, `heard` (person, site of the
    text).
    """

    code: Code
    codings: tuple[Coding, ...]
    voices: frozenset[tuple[str, str]]
    heard: frozenset[tuple[str, str]]

    @property
    def passages(self) -> int:
        return len({coding.passage for coding in self.codings})

    @property
    def texts(self) -> frozenset[str]:
        return frozenset(coding.passage.text for coding in self.codings)

    @property
    def people(self) -> frozenset[str]:
        return frozenset(person for person, _ in self.voices)


def themes(corpus: Corpus) -> tuple[Theme, ...]:
    """Every code of the codebook, in its order; a child's codings count for its parents too."""
    by_code: dict[str, list[Coding]] = {}
    for coding in corpus.reported:
        by_code.setdefault(coding.code, []).append(coding)
    below = descendants(corpus.study.texts.codes)
    return tuple(
        _theme(corpus, code, [coding for id in below[code.id] for coding in by_code.get(id, ())])
        for code in corpus.study.texts.codes
    )


def descendants(codes: tuple[Code, ...]) -> Mapping[str, tuple[str, ...]]:
    """Each code -> itself and all codes below it, in the codebook's order; a ring of parents ends where it closes."""
    parent = {code.id: code.parent for code in codes}
    found: dict[str, list[str]] = {code.id: [] for code in codes}
    for code in codes:
        at, seen = code.id, set[str]()
        while at in found and at not in seen:
            found[at].append(code.id)
            seen.add(at)
            at = parent[at]
    return {id: tuple(ids) for id, ids in found.items()}


def _theme(corpus: Corpus, code: Code, codings: list[Coding]) -> Theme:
    spoken = [
        (voice, coding.passage.text)
        for coding in codings
        for voice in corpus.voices_in(coding.passage.text, coding.passage.start, coding.passage.end)
    ]
    site = {text.id: text.site for text in corpus.study.texts.texts}
    return Theme(
        code,
        tuple(codings),
        frozenset((voice.person, voice.profession) for voice, _ in spoken),
        frozenset((voice.person, site.get(text, "")) for voice, text in spoken),
    )


def matrix_result(study: Study) -> Result | None:
    """`texts.theme-matrix`; None where nothing is coded."""
    corpus = Corpus(study)
    if not study.texts.codes or not corpus.reported:
        return None
    found = themes(corpus)
    values: dict[str, Value] = {"passages": len({coding.passage for coding in corpus.reported})}
    for theme in found:
        values |= _of_theme(corpus, theme)
    texts = study.texts
    inputs = (texts.texts, texts.speakers, texts.codes, corpus.reported, study.people, study.kinds, study.waves)
    return make_result(
        "texts.theme-matrix",
        values,
        _methods(corpus, values),
        (*inputs, study.sites, corpus.planned_coders),
        tables=(*_profession_table(corpus, found, values), _site_table(corpus, found, values)),
        parameters={"coder": corpus.planned_coders[0] if corpus.planned_coders else "all"},
        quotes=_quotes(corpus, found),
        sources=_sources(corpus, found),
        caveats=_caveats(corpus, found),
    )


def _of_theme(corpus: Corpus, theme: Theme) -> dict[str, Value]:
    key, interviewed = key_part(theme.code.id), len(corpus.interviewed)
    texts = [corpus.study.text_by_id[id] for id in theme.texts if id in corpus.study.text_by_id]
    values: dict[str, Value] = {
        f"{key}.passages": theme.passages,
        f"{key}.texts": len(texts),
        f"{key}.people": len(theme.people),
        f"{key}.people_share": len(theme.people) / interviewed if interviewed else None,
        f"{key}.sites": len({text.site for text in texts if text.site}),
        f"{key}.documents": sum(not corpus.has_speakers(text) for text in texts),
    }
    for profession, people in corpus.by_profession.items():
        speaking = len({person for person, of in theme.voices if of == profession})
        values[f"{key}.{key_part(profession)}.people"] = speaking
        values[f"{key}.{key_part(profession)}.share"] = speaking / len(people)
    heard = [site for _, site in theme.heard]
    for site in _sites(corpus):
        values[f"{key}.site.{key_part(site)}.texts"] = sum(text.site == site for text in texts)
        values[f"{key}.site.{key_part(site)}.people"] = heard.count(site)
    return values


def _sites(corpus: Corpus) -> tuple[str, ...]:
    """Sites with a text, in the study's order."""
    used = {text.site for text in corpus.study.texts.texts}
    return tuple(site.id for site in corpus.study.sites if site.id in used)


def _methods(corpus: Corpus, values: Mapping[str, Value]) -> str:
    coders = corpus.planned_coders
    whose = f"the codings of {coders[0]}" if coders else "all codings"
    automatic = sum(coding.automatic for coding in corpus.reported)
    rule = (
        f" ({automatic:,} of {len(corpus.reported):,} made by a rule from keywords, not by a person)"
        if automatic
        else ""
    )
    parts = [
        f"Themes are the codes of the codebook; {whose} count{rule}: {values['passages']:,} distinct passages. A coding of "
        f"a code below another counts for the code above too, but people, texts and passages are counted once each."
    ]
    if corpus.interviewed:
        parts.append(
            f"The unit is the person: a passage belongs to whoever speaks the turn that it lies in (to each of them if "
            f"it runs over several), with the profession that the person had in the wave of the text; the interviewer's "
            f"turns and documents have no speaker. Shares are of the {len(corpus.interviewed)} people interviewed, or "
            f"of those of the profession."
        )
    parts.append(
        f"Sites are those of the texts. The counts say who or what speaks of a theme, not how strongly; they describe "
        f"these texts alone and have no sampling error. Up to {QUOTES_A_CODE} quotes a theme, cleared ones or from "
        f"public texts only, are chosen by a fixed rule that spreads them over professions and sites; passages of more "
        f"than {MOST_WORDS} words are cut to their first whole sentences. A quote is named by profession or by site, "
        f"never by both."
    )
    return " ".join(parts)


def _profession_table(corpus: Corpus, found: tuple[Theme, ...], values: Mapping[str, Value]) -> tuple[Table, ...]:
    if not corpus.interviewed:
        return ()
    parts = [(key_part(name), f"{name} (of {len(people)})") for name, people in corpus.by_profession.items()]
    columns = (
        ("theme", "Theme"),
        ("people", f"All people (of {len(corpus.interviewed)})"),
        *parts,
        ("documents", "Documents"),
    )
    keys, rows = [], []
    for theme in found:
        key = key_part(theme.code.id)
        keys.append(("", f"{key}.people", *(f"{key}.{part}.people" for part, _ in parts), f"{key}.documents"))
        rows.append((theme.code.label or theme.code.id, *(values[key] for key in keys[-1][1:])))
    note = "People whose turns carry the theme. Codes below a theme count for it too."
    return (Table("by_profession", "Themes by profession", columns, tuple(rows), note, tuple(keys)),)


def _site_table(corpus: Corpus, found: tuple[Theme, ...], values: Mapping[str, Value]) -> Table:
    """Sites down and themes across: a study has more of the first."""
    codes = [(key_part(theme.code.id), theme.code.label or theme.code.id) for theme in found]
    texts = Counter(text.site for text in corpus.study.texts.texts)
    keys: list[tuple[str, ...]] = [("", *(f"{key}.texts" for key, _ in codes))]
    labels = [f"All texts ({texts.total()})"]
    for site in _sites(corpus):
        keys.append(("", *(f"{key}.site.{key_part(site)}.texts" for key, _ in codes)))
        labels.append(f"{corpus.study.site_by_id[site].name} ({texts[site]})")
    rows = [(label, *(values[key] for key in line[1:])) for label, line in zip(labels, keys, strict=True)]
    columns = (("site", "Site (its texts)"), *codes)
    return Table("by_site", "Themes by site", columns, tuple(rows), "Texts in which the theme occurs.", tuple(keys))


def _quotes(corpus: Corpus, found: tuple[Theme, ...]) -> tuple[Quote, ...]:
    quotes: list[Quote] = []
    for theme in found:
        quotes += choose_quotes(corpus, theme.code.id, theme.codings, quotes)
    return tuple(quotes)


def _sources(corpus: Corpus, found: tuple[Theme, ...]) -> dict[str, tuple[Source, ...]]:
    columns = ("text", "start", "end", "quote", "code", "coder")
    sources = {"": (*rows_of(CODINGS_FILE, corpus.reported, columns), *speaker_rows(corpus))}
    for theme in found:
        key = key_part(theme.code.id)
        coded = rows_of(CODINGS_FILE, theme.codings, columns)
        sources[key] = (*coded, *speaker_rows(corpus, theme.people))
        for profession in corpus.by_profession:
            people = frozenset(person for person, of in theme.voices if of == profession)
            sources[f"{key}.{key_part(profession)}"] = (*coded, *speaker_rows(corpus, people))
        texts = (text for text in corpus.study.texts.texts if text.id in theme.texts)
        sources[f"{key}.site"] = (*coded, *rows_of(TEXTS_FILE, texts, ("text", "site")))
    return sources


def _caveats(corpus: Corpus, found: tuple[Theme, ...]) -> tuple[str, ...]:
    known = {theme.code.id for theme in found}
    caveats = []
    automatic = sum(coding.automatic for coding in corpus.reported)
    if automatic:
        caveats.append(
            f"{automatic:,} of {len(corpus.reported):,} codings come from keywords alone: they say that a word occurs, not "
            f"what is said about it."
        )
    unheard = [theme.code.label or theme.code.id for theme in found if not theme.codings]
    if unheard:
        caveats.append(f"No passage carries these codes: {', '.join(unheard)}.")
    strange = sorted({coding.code for coding in corpus.reported} - known)
    if strange:
        caveats.append(f"Codings with codes that the codebook lacks are left out: {', '.join(strange)}.")
    unasked = [
        coding
        for coding in corpus.reported
        if coding.passage.text in corpus.voices
        and not corpus.voices_in(coding.passage.text, coding.passage.start, coding.passage.end)
    ]
    if unasked:
        caveats.append(f"In no person's turn, so that they count for texts only: {len(unasked)} codings in interviews.")
    return tuple(caveats)
