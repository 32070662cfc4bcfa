"""Which codes occur together: in passages that share characters, in turns, in texts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value
from joinedup.texts.corpus import CODINGS_FILE, rows_of
from joinedup.texts.matrix import Theme, descendants, themes
from joinedup.texts.model import Corpus
from joinedup.texts.spans import Span, overlapped
from joinedup.texts.turns import units

ALL_PAIRS = 60
"""Up to so many codes every pair has its values; with more, the pairs that never meet are left out."""
PRINTED = 25


@dataclass(frozen=True, slots=True)
class _Where:
    """Where a theme stands: its passages by text, its units as (text, number), its texts."""

    spans: Mapping[str, tuple[list[int], list[int]]]
    units: frozenset[tuple[str, int]]
    texts: frozenset[str]


def co_occurrence_result(study: Study) -> Result | None:
    """`texts.co-occurrence`; None where fewer than two codes are used."""
    corpus = Corpus(study)
    found = [theme for theme in themes(corpus) if theme.codings]
    if len(found) < 2:
        return None
    where = _where(corpus, found)
    pairs = list(_pairs(study, found))
    values: dict[str, Value] = {"codes": len(found)}
    for theme in found:
        values[f"{key_part(theme.code.id)}.units"] = len(where[theme.code.id].units)
    for one, other in pairs:
        values |= _of_pair(where, one.code.id, other.code.id, len(found) <= ALL_PAIRS)
    texts = study.texts
    values["pairs"] = sum(1 for key, value in values.items() if key.endswith(".passages") and value) // 2
    return make_result(
        "texts.co-occurrence",
        values,
        _methods(corpus, values),
        (texts.texts, texts.speakers, texts.codes, corpus.reported, study.kinds, corpus.planned_coders),
        tables=(_table(found, pairs, values),),
        parameters={"coder": corpus.planned_coders[0] if corpus.planned_coders else "all"},
        sources=_sources(found),
        caveats=_caveats(corpus, len(found)),
    )


def _where(corpus: Corpus, found: list[Theme]) -> Mapping[str, _Where]:
    bounds = _unit_bounds(corpus, frozenset(text for theme in found for text in theme.texts))
    where = {}
    for theme in found:
        spans: dict[str, set[Span]] = {}
        for coding in theme.codings:
            spans.setdefault(coding.passage.text, set()).add((coding.passage.start, coding.passage.end))
        inside = {
            (text, number)
            for text, held in spans.items()
            for span in held
            for number in overlapped(*bounds.get(text, ((), ())), span)
        }
        ordered = {text: (sorted(s for s, _ in held), sorted(e for _, e in held)) for text, held in spans.items()}
        where[theme.code.id] = _Where(ordered, frozenset(inside), theme.texts)
    return where


def _unit_bounds(corpus: Corpus, wanted: frozenset[str]) -> Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]:
    found = {}
    for text in corpus.study.texts.texts:
        if text.id in wanted:
            cut = units(text, corpus.labels.get(text.id, {}), corpus.has_speakers(text))
            found[text.id] = (tuple(unit.start for unit in cut), tuple(unit.end for unit in cut))
    return found


def _pairs(study: Study, found: list[Theme]) -> Iterator[tuple[Theme, Theme]]:
    """Every ordered pair of codes of which neither lies below the other (these would always meet)."""
    below = {code: frozenset(codes) for code, codes in descendants(study.texts.codes).items()}
    for one, other in permutations(found, 2):
        if one.code.id not in below[other.code.id] and other.code.id not in below[one.code.id]:
            yield one, other


def _of_pair(where: Mapping[str, _Where], one: str, other: str, always: bool) -> dict[str, Value]:
    a, b = where[one], where[other]
    texts = len(a.texts & b.texts)
    if not (texts or always):
        return {}
    both, either = len(a.units & b.units), len(a.units | b.units)
    key = f"{key_part(one)}.{key_part(other)}"
    return {
        f"{key}.passages": sum(_meeting(a.spans[text], b.spans[text]) for text in a.texts & b.texts),
        f"{key}.units": both,
        f"{key}.texts": texts,
        f"{key}.jaccard": both / either if either else None,
    }


def _meeting(a: tuple[list[int], list[int]], b: tuple[list[int], list[int]]) -> int:
    """Pairs of a span of `a` and one of `b` that share a character: starts before the end less ends up to the start.

    Summed over the spans of `a`, the order of its starts and ends among themselves plays no part.
    """
    return sum(bisect_left(b[0], end) for end in a[1]) - sum(bisect_right(b[1], start) for start in a[0])


def _methods(corpus: Corpus, values: Mapping[str, Value]) -> str:
    coders = corpus.planned_coders
    return (
        f"Co-occurrence of {values['codes']} codes in {f'the codings of {coders[0]}' if coders else 'all codings'}, a code "
        f"standing for those below it; {values['pairs']} pairs of codes meet in a passage. Three units, each counted for "
        f"itself: pairs of passages that share a character, units (a person's turn; a paragraph where a text has no "
        f"speakers) that carry both, texts that carry both. The Jaccard coefficient is the units with both over the "
        f"units with either. Codes that lie above one another are not paired. Counts describe these codings alone and "
        f"have no sampling error; that two codes meet does not say how they are related."
    )


def _table(found: list[Theme], pairs: list[tuple[Theme, Theme]], values: Mapping[str, Value]) -> Table:
    """The pairs that meet most, each once."""
    order = {theme.code.id: at for at, theme in enumerate(found)}
    ranked = []
    for one, other in pairs:
        key = f"{key_part(one.code.id)}.{key_part(other.code.id)}"
        both = values.get(f"{key}.units")
        if order[one.code.id] < order[other.code.id] and isinstance(both, int) and both:
            ranked.append((-both, order[one.code.id], order[other.code.id], one, other, key))
    ranked.sort(key=lambda item: item[:3])
    names = ("units", "passages", "texts", "jaccard")
    rows: list[Row] = []
    keys = []
    for *_, one, other, key in ranked[:PRINTED]:
        rows.append((_label(one), _label(other), *(values[f"{key}.{name}"] for name in names)))
        keys.append(("", "", *(f"{key}.{name}" for name in names)))
    heads = ("Turns or paragraphs with both", "Pairs of passages", "Texts with both", "Both, of either")
    columns = (("code", "Code"), ("other", "Other code"), *zip(names, heads, strict=True))
    note = f"The {len(rows)} of {len(ranked)} pairs that share most turns or paragraphs." if ranked else ""
    return Table("pairs", "Codes that occur together", columns, tuple(rows), note, tuple(keys))


def _label(theme: Theme) -> str:
    return theme.code.label or theme.code.id


def _sources(found: list[Theme]) -> dict[str, tuple[Source, ...]]:
    columns = ("text", "start", "end", "quote", "code", "coder")
    return {key_part(theme.code.id): rows_of(CODINGS_FILE, theme.codings, columns) for theme in found}


def _caveats(corpus: Corpus, codes: int) -> tuple[str, ...]:
    caveats = []
    automatic = sum(coding.automatic for coding in corpus.reported)
    if automatic:
        caveats.append(
            f"{automatic:,} of {len(corpus.reported):,} codings come from keywords: they meet where words meet."
        )
    if codes > ALL_PAIRS:
        caveats.append(f"With {codes} codes, pairs that share no text have no values: they never meet.")
    return tuple(caveats)
