"""The chapter on texts: who spoke, of what, in whose words, and how far the coders agree."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters import texts_agreement, texts_emergence
from joinedup.report.chapters.common import figures, lead, methods, paragraph, section, tables
from joinedup.report.figures.cooccurrence import code_map
from joinedup.report.figures.texts import themes_by_profession
from joinedup.report.model import Block, Heading, Text
from joinedup.report.prose import ref
from joinedup.report.quotes import quotes_of
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result

TITLE = "What people and documents say"
_CORPUS, _THEMES = "texts.corpus", "texts.theme-matrix"
_TOGETHER, _FRAMEWORK = "texts.co-occurrence", "texts.framework"
_QUOTED_CODES, _QUOTES_A_CODE = 8, 2


def blocks(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """The chapter; empty where the study holds no texts."""
    corpus, themes = results.get(_CORPUS), results.get(_THEMES)
    widest = _widest(study, themes)
    return [
        *lead(results, *_lead(widest, bool(corpus and corpus.values.get("people")), _all_told(study, themes))),
        *section(
            results,
            _CORPUS,
            "Who spoke, and what was read",
            paragraph(results, *_read(results.get(_CORPUS))),
            tables(results, _CORPUS),
            methods(results, _CORPUS),
        ),
        *section(
            results,
            _THEMES,
            "Themes",
            figures(themes_by_profession(study, themes) if themes else None),
            tables(results, _THEMES),
            methods(results, _THEMES),
        ),
        *_in_their_words(results, widest),
        *texts_emergence.blocks(study, results),
        *section(
            results,
            _FRAMEWORK,
            "Case by case and theme by theme",
            paragraph(
                results,
                f"The framework matrix has {ref(_FRAMEWORK, 'summaries')} summaries, each written by a person. Together they "
                f"cite {ref(_FRAMEWORK, 'cited')} of the {ref(_FRAMEWORK, 'passages')} passages behind them.",
            ),
            tables(results, _FRAMEWORK),
            methods(results, _FRAMEWORK),
        ),
        *section(
            results,
            _TOGETHER,
            "Which codes occur together",
            figures(code_map(study, results[_TOGETHER]) if _TOGETHER in results else None),
            tables(results, _TOGETHER),
            methods(results, _TOGETHER),
        ),
        *texts_agreement.blocks(study, results),
    ]


def _read(corpus: Result | None) -> tuple[str, ...]:
    if corpus is None:
        return ()
    interviews = (
        f"{ref(_CORPUS, 'people')} people gave {ref(_CORPUS, 'interviews')} interviews, at {ref(_CORPUS, 'case_sites')} "
        "case-study sites."
    )
    return (
        interviews if corpus.values.get("people") else "",
        f"{ref(_CORPUS, 'documents')} documents were read." if corpus.values.get("documents") else "",
        f"The texts carry {ref(_CORPUS, 'codings')} codings.",
        "Counts of documents are no counts of people.",
    )


def _widest(study: Study, themes: Result | None) -> list[tuple[str, str, str]]:
    """(code id, label, key) of the codes, the one that most people (then most documents) speak of first."""
    if themes is None:
        return []
    found = []
    for code in study.texts.codes:
        people, documents = (themes.values.get(f"{key_part(code.id)}.{of}") or 0 for of in ("people", "documents"))
        if isinstance(people, int) and isinstance(documents, int) and (people or documents):
            found.append((-people, -documents, code.label or code.id, code.id))
    return [(id, label, key_part(id)) for *_, label, id in sorted(found)]


def _all_told(study: Study, themes: Result | None) -> bool:
    """Whether how many speak of each code is a number, and no mark stands for it."""
    counts = (themes.values.get(f"{key_part(code.id)}.people") for code in study.texts.codes) if themes else ()
    return not any(isinstance(count, str) for count in counts)


def _lead(widest: list[tuple[str, str, str]], voiced: bool, all_told: bool) -> tuple[str, ...]:
    if not widest:
        return ()
    _, label, key = widest[0]
    if not voiced:
        where = f"in {ref(_THEMES, f'{key}.documents')} of {ref(_CORPUS, 'documents')} documents"
        return (f"The theme that most documents carry is *{label}*: it occurs {where}.",)
    of = "" if all_told else " of those with a count that is told"
    first = (
        f"The most widely voiced theme{of} is *{label}*: {ref(_THEMES, f'{key}.people')} of {ref(_CORPUS, 'people')} people "
        f"interviewed speak of it ({ref(_THEMES, f'{key}.people_share', '.0%')}); it occurs in texts of "
        f"{ref(_THEMES, f'{key}.sites')} sites."
    )
    rest = [f"*{name}* ({ref(_THEMES, f'{part}.people')})" for _, name, part in widest[1:3]]
    return (first, f"Next come {' and '.join(rest)}." if rest else "")


def _in_their_words(results: Mapping[str, Result], widest: list[tuple[str, str, str]]) -> list[Block]:
    found: list[Block] = []
    for id, label, _ in widest[:_QUOTED_CODES]:
        quotes = quotes_of(results, id, _QUOTES_A_CODE)
        if quotes:
            found += [Heading(4, (Text(label),), f"quotes-{key_part(id)}"), *quotes]
    return [Heading(3, (Text("In their own words"),), "part-quotes"), *found] if found else []
