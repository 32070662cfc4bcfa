"""Double coding: how far two coders agree, code by code, over units and over characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value
from joinedup.study.texts import Code, Coding, Text
from joinedup.texts.agreement import COHEN, KRIPPENDORFF, Coefficient, TwoByTwo
from joinedup.texts.corpus import CODINGS_FILE, SPEAKERS_FILE, rows_of
from joinedup.texts.model import Corpus
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


def double_coding(study: Study) -> DoubleCoding:
    """The texts assigned to both of the plan's first two coders in its phase, with their units and codings.

    A coding counts where its phase is the plan's or not recorded. Raises NotComputable where the plan names fewer
    than two coders or no text is assigned to both.
    """
    corpus = Corpus(study)
    phase = str(study.plan("texts").get("phase", ""))
    if len(corpus.planned_coders) < 2:
        raise NotComputable(
            "One coder has no agreement: the plan must name two coders ([plan.texts] coders) who read the same texts."
        )
    coders = (corpus.planned_coders[0], corpus.planned_coders[1])
    read = {c: {row.text for row in study.texts.assignments if row.coder == c and row.phase == phase} for c in coders}
    texts = tuple(text for text in study.texts.texts if text.id in read[coders[0]] & read[coders[1]])
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
    a, b = _coded_units(double, first), _coded_units(double, second)
    return TwoByTwo(len(a & b), len(a - b), len(b - a), double.unit_count - len(a | b))


def _coded_units(double: DoubleCoding, used: Used) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for text, spans in used.items():
        found.update((text, index) for span in spans for index in overlapped(*double.bounds[text], span))
    return found


def over_characters(double: DoubleCoding, first: Used, second: Used) -> TwoByTwo:
    """The same four counts over the characters of the texts; each text's offsets are its own."""
    both = a = b = 0
    for text in double.texts:
        spans = merge(first.get(text.id, ())), merge(second.get(text.id, ()))
        both += shared_length(*spans)
        a, b = a + length(spans[0]), b + length(spans[1])
    characters = sum(len(text.content) for text in double.texts)
    return TwoByTwo(both, a - both, b - both, characters - a - b + both)


def agreement_result(study: Study) -> Result | None:
    """`texts.agreement`; None where nothing is coded."""
    if not study.texts.codings and not study.texts.assignments:
        return None
    if study.texts.codings and all(coding.automatic for coding in study.texts.codings):
        raise NotComputable("All codings were made by a rule from keywords: there are no two coders to compare.")
    double = double_coding(study)
    if not double.unit_count:
        raise NotComputable("The texts assigned to both coders hold no unit: no turn of a person, no paragraph.")
    values: dict[str, Value] = {"texts": len(double.texts), "units": double.unit_count, "coders": len(double.coders)}
    for code in study.texts.codes:
        values |= _of_code(double, code)
    alphas = [value for key, value in values.items() if key.endswith(".alpha") and isinstance(value, float)]
    values |= {"min_alpha": min(alphas, default=None), "max_alpha": max(alphas, default=None)}
    inputs = (double.texts, study.texts.speakers, study.texts.assignments, study.texts.codes, double.codings)
    return make_result(
        "texts.agreement",
        values,
        _methods(study, double),
        (*inputs, study.kinds, double.coders, double.phase),
        tables=(_table(study.texts.codes, values),),
        parameters={"first": double.coders[0], "second": double.coders[1], "phase": double.phase},
        sources=_sources(study, double),
        caveats=_caveats(study, double, values),
        references=(COHEN, KRIPPENDORFF),
    )


def _of_code(double: DoubleCoding, code: Code) -> dict[str, Value]:
    key = key_part(code.id)
    first, second = (double.used(code.id, coder) for coder in double.coders)
    names = ("kappa", "alpha", "percent", "base_rate", "either", "alpha_characters", "kappa_characters")
    if not first and not second:
        return {f"{key}.{name}": None for name in names}
    unit, character = over_units(double, first, second), over_characters(double, first, second)
    found = (
        _estimate(unit.kappa),
        _estimate(unit.alpha),
        unit.percent,
        unit.base_rate,
        unit.of_either,
        _estimate(character.alpha),
        _estimate(character.kappa),
    )
    return {f"{key}.{name}": value for name, value in zip(names, found, strict=True)}


def _estimate(coefficient: Callable[[], Coefficient]) -> float | None:
    try:
        return coefficient().estimate
    except NotComputable:
        return None


def _methods(study: Study, double: DoubleCoding) -> str:
    corpus = Corpus(study)
    turns = sum(len(double.units[text.id]) for text in double.texts if corpus.has_speakers(text))
    parts = [f"{turns} speakers' turns"] if turns else []
    if double.unit_count > turns:
        parts.append(f"{double.unit_count - turns} paragraphs of texts without speakers")
    phase = f" in the phase {double.phase}" if double.phase else ""
    characters = sum(len(text.content) for text in double.texts)
    return (
        f"Two coders, {double.coders[0]} and {double.coders[1]}, read the same {len(double.texts)} texts{phase}; texts "
        f"assigned to one of them alone are left out. The unit of agreement is the speaker's turn, in a text without "
        f"speakers the paragraph: {double.unit_count} units ({' and '.join(parts)}); the interviewer's turns are no "
        f"units. A unit counts as coded by a coder where one of the coder's codings of that very code (not of "
        f"a code below it) shares a character with it. By code: Cohen's kappa, Krippendorff's nominal alpha, the share "
        f"of units in which the coders agree, the base rate (share of units coded, mean of both coders), and of the "
        f"units that either coded the share that both did. Kappa and alpha over the {characters:,} characters of the "
        f"texts stand beside: a coarse unit forgives differences of length, a fine one punishes them. One coefficient "
        f"describes these texts; no sampling error is given."
    )


_COLUMNS = (
    ("alpha", "Alpha (units)"),
    ("kappa", "Kappa (units)"),
    ("percent", "Units agreed"),
    ("either", "Both, of either"),
    ("base_rate", "Base rate"),
    ("alpha_characters", "Alpha (characters)"),
    ("kappa_characters", "Kappa (characters)"),
)


def _table(codes: Iterable[Code], values: Mapping[str, Value]) -> Table:
    rows: list[Row] = []
    keys: list[tuple[str, ...]] = []
    for code in codes:
        keys.append(("", *(f"{key_part(code.id)}.{name}" for name, _ in _COLUMNS)))
        rows.append((code.label or code.id, *(values[key] for key in keys[-1][1:])))
    note = "An empty cell: not defined, because neither coder used the code or nothing varies."
    return Table("by_code", "Agreement by code", (("code", "Code"), *_COLUMNS), tuple(rows), note, tuple(keys))


def _caveats(study: Study, double: DoubleCoding, values: Mapping[str, Value]) -> tuple[str, ...]:
    seen = {coding.code for coding in double.codings}
    found = []
    unused = [code.label or code.id for code in study.texts.codes if code.id not in seen]
    if unused:
        found.append(f"Neither coder used these codes, so they have no agreement: {', '.join(unused)}.")
    flat = [c.label or c.id for c in study.texts.codes if c.id in seen and values[f"{key_part(c.id)}.alpha"] is None]
    if flat:
        found.append(
            f"No coefficient is defined for these codes, because both coders treated every unit alike or coded outside "
            f"units only: {', '.join(flat)}."
        )
    bare = [text.id for text in double.texts if not double.units[text.id]]
    if bare:
        found.append(f"These texts were read by both but hold no unit: {', '.join(bare)}.")
    others = Corpus(study).planned_coders[2:]
    if others:
        found.append(f"Further coders of the plan are not compared: {', '.join(others)}.")
    return tuple(found)


def _sources(study: Study, double: DoubleCoding) -> dict[str, tuple[Source, ...]]:
    shared = {text.id for text in double.texts}
    assigned = (
        row
        for row in study.texts.assignments
        if row.text in shared and row.coder in double.coders and row.phase == double.phase
    )
    speakers = (row for row in study.texts.speakers if row.text in shared)
    frame = (
        *rows_of("texts/assignments.csv", assigned, ("text", "coder", "phase")),
        *rows_of(SPEAKERS_FILE, speakers, ("text", "speaker", "person")),
    )
    found = {"": frame}
    for code in study.texts.codes:
        codings = (coding for coding in double.codings if coding.code == code.id)
        columns = ("text", "start", "end", "quote", "code", "coder")
        found[key_part(code.id)] = (*rows_of(CODINGS_FILE, codings, columns), *frame)
    return found
