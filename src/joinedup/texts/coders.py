"""Double coding: which texts two coders both read, and how far their codings of one code meet, text by text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.texts import Coding, Text
from joinedup.texts.agreement import TwoByTwo
from joinedup.texts.model import Corpus
from joinedup.texts.phases import independent_phase, planned_coders, readers
from joinedup.texts.spans import Span, length, merge, overlapped, shared_length
from joinedup.texts.turns import Unit, units

Used = Mapping[str, Sequence[Span]]
"""Text -> the spans that one coder gave one code."""


@dataclass(frozen=True)
class DoubleCoding:
    """What two coders did with the texts that both were to read."""

    coders: tuple[str, str]
    phase: str
    texts: tuple[Text, ...]
    units: Mapping[str, tuple[Unit, ...]]
    codings: tuple[Coding, ...]

    @cached_property
    def unit_count(self) -> int:
        return sum(map(len, self.units.values()))

    @cached_property
    def bounds(self) -> Mapping[str, tuple[list[int], list[int]]]:
        """Text -> where its units start, where they end."""
        return {text: ([u.start for u in found], [u.end for u in found]) for text, found in self.units.items()}

    @cached_property
    def _used(self) -> Mapping[tuple[str, str], dict[str, list[Span]]]:
        found: dict[tuple[str, str], dict[str, list[Span]]] = {}
        for coding in self.codings:
            passage, by_text = coding.passage, found.setdefault((coding.code, coding.coder), {})
            by_text.setdefault(passage.text, []).append((passage.start, passage.end))
        return found

    def used(self, code: str, coder: str) -> Used:
        """Where `coder` used `code`."""
        return self._used.get((code, coder), {})


def double_coding(study: Study, pair: tuple[str, str] | None = None) -> DoubleCoding:
    """The texts assigned to both of `pair` (default: the plan's first two coders), with their units and codings.

    A coding counts where its phase is the independent one or not recorded. Raises NotComputable where the plan names
    fewer than two coders or no text is assigned to both.
    """
    corpus, planned = Corpus(study), planned_coders(study)
    if len(planned) < 2:
        raise NotComputable(
            "One coder has no agreement: the plan must name two coders ([plan.texts] coders) who read the same texts."
        )
    phase, by_text = independent_phase(study), readers(study)
    coders = pair or (planned[0], planned[1])
    texts = tuple(text for text in study.texts.texts if set(coders) <= set(by_text[text.id]))
    if not texts:
        named = f" in the phase {phase!r}" if phase else ""
        raise NotComputable(f"No text is assigned to both {coders[0]} and {coders[1]}{named}.")
    shared = {text.id for text in texts}
    return DoubleCoding(
        coders,
        phase,
        texts,
        {text.id: units(text, corpus.labels.get(text.id, {}), corpus.has_speakers(text)) for text in texts},
        tuple(
            coding
            for coding in study.texts.codings
            if coding.coder in coders and coding.passage.text in shared and coding.phase in ("", phase)
        ),
    )


def over_units(double: DoubleCoding, first: Used, second: Used) -> TwoByTwo:
    """Both, first alone, second alone, neither, over units; a unit is coded where a coding shares a character with it."""
    return summed(units_by_text(double, first, second))


def over_characters(double: DoubleCoding, first: Used, second: Used) -> TwoByTwo:
    """The same four counts over the characters of the texts; each text's offsets are its own."""
    return summed(characters_by_text(double, first, second))


def units_by_text(double: DoubleCoding, first: Used, second: Used) -> Iterator[TwoByTwo]:
    """The four counts over units, a text at a time, in the order of the texts."""
    for text in double.texts:
        a, b = (_coded_units(double, text.id, used.get(text.id, ())) for used in (first, second))
        both = len(a & b)
        yield TwoByTwo(both, len(a) - both, len(b) - both, len(double.units[text.id]) - len(a) - len(b) + both)


def _coded_units(double: DoubleCoding, text: str, spans: Sequence[Span]) -> set[int]:
    return {index for span in spans for index in overlapped(*double.bounds[text], span)}


def characters_by_text(double: DoubleCoding, first: Used, second: Used) -> Iterator[TwoByTwo]:
    """The four counts over characters, a text at a time, in the order of the texts."""
    for text in double.texts:
        spans = merge(first.get(text.id, ())), merge(second.get(text.id, ()))
        both, a, b = shared_length(*spans), length(spans[0]), length(spans[1])
        yield TwoByTwo(both, a - both, b - both, len(text.content) - a - b + both)


def summed(counts: Iterator[TwoByTwo]) -> TwoByTwo:
    """The four counts of several texts together."""
    both = first = second = neither = 0
    for one in counts:
        both, first, second = both + one.both, first + one.first, second + one.second
        neither += one.neither
    return TwoByTwo(both, first, second, neither)
