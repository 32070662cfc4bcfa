"""What can and what can't be said of impact, in plain words made from the results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from joinedup.report.model import Block, Bullets, Heading, Inlines, Text
from joinedup.report.prose import inlines, ref
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Value

DID, EVENTS, CURVE, PRECISION = (
    "impact.did",
    "impact.event-study",
    "impact.specification-curve",
    "impact.precision",
)
RANDOMISATION, FAMILY = "impact.randomisation", "impact.multiplicity"
SPELT_OUT = 3
"""More outcomes than this are summed up."""
Results = Mapping[str, Result]
Outcome = tuple[str, str]
"""The key and the label of an outcome."""


def is_staggered(results: Results) -> bool:
    """Whether sites began at different times on some outcome."""
    events = results.get(EVENTS)
    return events is not None and any(
        key.endswith(".cohorts") and isinstance(value, int) and value > 1 for key, value in events.values.items()
    )


def can_and_cannot(study: Study, results: Results) -> list[Block]:
    """Bullets: what the designs show together, then the study's own cautions. Only where further designs were asked for."""
    if not study.plan("impact").get("designs"):
        return []
    told: list[Inlines] = [inlines(results, sentence) for sentence in _sentences(study, results)]
    declared = [(Text(str(text)),) for text in study.plan("impact").get("caveats", ())]
    if not told and not declared:
        return []
    blocks: list[Block] = [Heading(3, (Text("What can and can’t be said"),), "part-impact.words")]
    return [*blocks, Bullets((*told, *declared))]


def _sentences(study: Study, results: Results) -> Iterator[str]:
    shown = [(key_part(one.id), one.label or one.id) for one in study.indicators.indicators]
    shown = [outcome for outcome in shown if _value(results, DID, f"{outcome[0]}.estimate") is not None]
    if len(shown) > SPELT_OUT:
        yield from _summed_up(results)
    for outcome in shown if len(shown) <= SPELT_OUT else ():
        yield from _trends(results, outcome)
        yield from _sign(results, outcome)
        yield from _reach(results, outcome)
    test = results.get(RANDOMISATION)
    if test is not None and str(test.parameters.get("mechanism", "")).endswith("not design-based"):
        yield (
            "The programme’s sites were not drawn by lot. A p value from exchanging them with others asks how unusual they "
            "are, not what the programme did."
        )


def _summed_up(results: Results) -> Iterator[str]:
    """The same over many outcomes, in numbers."""
    if _value(results, EVENTS, "tested_before"):
        yield (
            "Outcomes on which the groups did not move alike before the programme (joint test, p below 0.05): "
            f"{ref(EVENTS, 'apart_before')} of {ref(EVENTS, 'tested_before')}. That the test sees nothing is no proof of likeness."
        )
    if PRECISION in results and not results[PRECISION].refused:
        yield (
            f"What the intervals allow us to say: outcomes with a difference, {ref(PRECISION, 'difference')}; with none as large "
            f"as the smallest of interest, {ref(PRECISION, 'absent')}; inconclusive, {ref(PRECISION, 'open')}."
        )
    if FAMILY in results and not results[FAMILY].refused:
        yield (
            f"Adjusted for their number, {ref(FAMILY, 'below_5')} of {ref(FAMILY, 'family')} outcomes have a p below 0.05 "
            "(Romano and Wolf)."
        )


def _value(results: Results, id: str, key: str) -> Value:
    found = results.get(id)
    return found.values.get(key) if found else None


def _trends(results: Results, outcome: Outcome) -> Iterator[str]:
    """Whether the groups moved alike before."""
    part, label = outcome
    p = _value(results, EVENTS, f"{part}.pretrend_p")
    if not isinstance(p, float):
        return
    stated = f"(joint test of the years before: p = {ref(EVENTS, f'{part}.pretrend_p', 'p')})"
    if p < 0.05:
        yield (
            f"{label}: the groups did not move alike before the programme {stated}. What came after can’t be put down to it."
        )
    else:
        yield (
            f"{label}: the test sees no difference in how the groups moved before {stated}. That is no proof of likeness: it "
            "would miss a difference that is small beside the intervals."
        )


def _sign(results: Results, outcome: Outcome) -> Iterator[str]:
    """Whether the sign depends on what is chosen, and on how far one looks back."""
    part, label = outcome
    above, number = (_value(results, CURVE, f"{part}.{key}") for key in ("above_zero", "specifications"))
    if not isinstance(above, int) or not isinstance(number, int):
        return
    clear, held = (ref(CURVE, f"{part}.{key}") for key in ("clear", "with_interval"))
    counted = f"{ref(CURVE, f'{part}.above_zero')} of {ref(CURVE, f'{part}.specifications')} defensible specifications"
    intervals = f"{clear} of the {held} with an interval leave out 0"
    if 0 < above < number:
        yield f"{label}: the sign depends on choices. {counted} lie above 0; {intervals}.{_look_back(results, part)}"
    else:
        side = "above" if above else "below"
        yield (
            f"{label}: all {ref(CURVE, f'{part}.specifications')} defensible specifications lie {side} 0, yet they share their "
            f"data: {intervals}."
        )


def _look_back(results: Results, part: str) -> str:
    """The medians by base period, where they have different signs."""
    curve = results[CURVE].values
    whole = curve.get(f"{part}.before_all.median")
    others = [(int(key.split("_")[-1].split(".")[0]), value) for key, value in _before(curve, part)]
    opposed = [number for number, value in others if isinstance(whole, float) and value * whole < 0]
    if not opposed:
        return ""
    number = min(opposed)
    years = "the last period alone" if number == 1 else f"the last {number} alone"
    return (
        f" Measured against all periods before the start the median estimate is "
        f"{ref(CURVE, f'{part}.before_all.median', '+.3f')}, against {years} "
        f"{ref(CURVE, f'{part}.before_{number}.median', '+.3f')}."
    )


def _before(curve: Mapping[str, Value], part: str) -> Iterator[tuple[str, float]]:
    for key, value in curve.items():
        stem = key.removeprefix(f"{part}.before_")
        if stem != key and stem.endswith(".median") and stem.split(".")[0].isdigit() and isinstance(value, float):
            yield key, value


def _reach(results: Results, outcome: Outcome) -> Iterator[str]:
    """Whether the design could have found the smallest effect of interest, and what its interval allows to say."""
    part, label = outcome
    if _value(results, PRECISION, f"{part}.detectable") is None:
        return
    found = ref(PRECISION, f"{part}.detectable", ".3f")
    if _value(results, PRECISION, f"{part}.smallest_effect") is None:
        yield f"{label}: an effect smaller than {found} would most likely have been missed."
        return
    yield (
        f"{label}: an effect smaller than {found} would most likely have been missed; the smallest of interest is "
        f"{ref(PRECISION, f'{part}.smallest_effect', '.2g')}. All that the interval allows us to say: "
        f"{ref(PRECISION, f'{part}.conclusion')}."
    )
