"""The parts of the impact chapter that a plan asks for, one a design."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from joinedup.report.chapters.common import figures, methods, paragraph, section, tables
from joinedup.report.figures.impact_designs import (
    assignments,
    outcomes,
    site_effects,
    specifications,
    synthetic_paths,
    without_each,
)
from joinedup.report.model import Block
from joinedup.report.prose import ref
from joinedup.study.model import Study
from joinedup.study.result import Result

Results = Mapping[str, Result]
SYNTHETIC, GROUPS, TEST = "impact.synthetic-did", "impact.group-time", "impact.randomisation"
CURVE, SENSITIVITY, SITES = "impact.specification-curve", "impact.sensitivity", "impact.site-effects"
PRECISION, FAMILY, DOSE = "impact.precision", "impact.multiplicity", "impact.dose-response"
_SMALLEST = (
    "An effect is detectable if a test at 5% would find it in 80 of 100 studies like this one. Where the smallest effect of "
    "interest is not detectable, finding nothing says little."
)
AS_DID = "The cautions told of the difference in differences hold for this design, too."


def design_blocks(study: Study, results: Results, known: Collection[str]) -> list[Block]:
    """The designs that ran, in the order in which an evaluator would argue; `known` are cautions said already."""
    said = [*known, AS_DID]
    return [
        *_synthetic(study, results, said),
        *_groups(results, said),
        *_test(study, results, said),
        *_curve(study, results, said),
        *_sensitivity(study, results, said),
        *_sites(study, results, said),
        *_precision(results, said),
        *_family(results, said),
        *_dose(results, said),
    ]


def _each(study: Study, results: Results, id: str) -> Iterator[tuple[str, str]]:
    """Key and label of every outcome of a result."""
    found = results.get(id)
    if found is not None:
        yield from ((part, label) for part, label, _ in outcomes(study, found))


def _synthetic(study: Study, results: Results, said: Collection[str]) -> list[Block]:
    told = [
        f"{label}: {ref(SYNTHETIC, f'{part}.estimate', '+.3f')} (95% interval from {ref(SYNTHETIC, f'{part}.low', '+.3f')} to "
        f"{ref(SYNTHETIC, f'{part}.high', '+.3f')})."
        for part, label in _each(study, results, SYNTHETIC)
    ]
    drawn = results.get(SYNTHETIC)
    return section(
        results,
        SYNTHETIC,
        "Synthetic difference in differences",
        paragraph(
            results,
            "Comparison sites are weighted until their past runs parallel to that of the programme sites.",
            *told,
        ),
        figures(synthetic_paths(study, drawn) if drawn else None),
        _summary(results, SYNTHETIC),
        methods(results, SYNTHETIC, said),
    )


def _summary(results: Results, id: str, *without: str) -> list[Block]:
    """The result's own tables but for refusals, which stand beside the difference in differences."""
    found = results.get(id)
    shown = (
        [table.id for table in found.tables if table.id.startswith(("path-", "sites-", "without-", "curve-"))]
        if found
        else []
    )
    return tables(results, id, ("refused", *shown, *without))


def _by_start(results: Results) -> list[str]:
    """The tables of effects by start, where there is one start alone: these are the event study again."""
    found = results.get(GROUPS)
    if found is None or any(
        key.endswith(".cohorts") and isinstance(value, int) and value > 1 for key, value in found.values.items()
    ):
        return []
    return [table.id for table in found.tables if table.id.startswith("effects-")]


def _groups(results: Results, said: Collection[str]) -> list[Block]:
    return section(
        results,
        GROUPS,
        "Effects by start and period",
        paragraph(
            results,
            f"For {ref(GROUPS, 'indicators')} outcomes, sites with the same start have effects of their own, measured from the "
            "last period before it.",
            "All sites share one start: this is the event study again, on complete series."
            if _by_start(results)
            else "",
        ),
        _summary(results, GROUPS, *_by_start(results)),
        methods(results, GROUPS, said),
    )


def _test(study: Study, results: Results, said: Collection[str]) -> list[Block]:
    told = [
        f"{label}: p = {ref(TEST, f'{part}.p', 'p')}, from {ref(TEST, f'{part}.draws')} assignments."
        for part, label in _each(study, results, TEST)
    ]
    found = results.get(TEST)
    mechanism = str(found.parameters.get("mechanism", "")) if found else ""
    return section(
        results,
        TEST,
        "Randomisation inference",
        paragraph(results, *told, f"What it rests on: {mechanism}." if mechanism else ""),
        figures(assignments(study, found) if found else None),
        _summary(results, TEST),
        methods(results, TEST, said),
    )


def _curve(study: Study, results: Results, said: Collection[str]) -> list[Block]:
    told = [
        f"{label}: from {ref(CURVE, f'{part}.low', '+.3f')} to {ref(CURVE, f'{part}.high', '+.3f')} over "
        f"{ref(CURVE, f'{part}.specifications')} specifications, median {ref(CURVE, f'{part}.median', '+.3f')}."
        for part, label in _each(study, results, CURVE)
    ]
    found = results.get(CURVE)
    return section(
        results,
        CURVE,
        "Every defensible choice",
        paragraph(results, *told),
        figures(specifications(study, found) if found else None),
        _summary(results, CURVE),
        methods(results, CURVE, said),
    )


def _sensitivity(study: Study, results: Results, said: Collection[str]) -> list[Block]:
    told = [paragraph(results, *_leaning(results, part, label)) for part, label in _each(study, results, SENSITIVITY)]
    found = results.get(SENSITIVITY)
    return section(
        results,
        SENSITIVITY,
        "Sensitivity",
        [block for blocks in told for block in blocks],
        figures(without_each(study, found) if found else None),
        _summary(results, SENSITIVITY),
        methods(results, SENSITIVITY, said),
    )


def _leaning(results: Results, part: str, label: str) -> Iterator[str]:
    """How far an outcome's estimate leans on single sites, on the error's form, and on trends that were parallel."""

    def shown(key: str) -> str:
        return ref(SENSITIVITY, f"{part}.{key}", "+.3f")

    yield (
        f"{label}: the estimate is {shown('estimate')}. With one programme site at a time left out it runs from "
        f"{shown('without_low')} to {shown('without_high')}; with one comparison site left out, from "
        f"{shown('without_comparison_low')} to {shown('without_comparison_high')}."
    )
    yield f"Its 95% interval by the jackknife (CR3) runs from {shown('jackknife.low')} to {shown('jackknife.high')}."
    zero = _breakdown(results, part) == 0
    yield (
        f"If trends were not parallel, the breakdown value is {ref(SENSITIVITY, f'{part}.honest.breakdown', '.2g')}"
        + (": the interval holds 0 even with parallel trends." if zero else ".")
    )


def _breakdown(results: Results, part: str) -> object:
    return results[SENSITIVITY].values.get(f"{part}.honest.breakdown")


def _sites(study: Study, results: Results, said: Collection[str]) -> list[Block]:
    told = [
        f"{label}: {ref(SITES, f'{part}.outside')} of {ref(SITES, f'{part}.sites')} programme sites changed more or less than "
        f"the range of the comparison sites. The standard deviation of the changes is {ref(SITES, f'{part}.spread', '.3f')} "
        f"over programme sites and {ref(SITES, f'{part}.noise', '.3f')} over comparison sites."
        for part, label in _each(study, results, SITES)
    ]
    found = results.get(SITES)
    return section(
        results,
        SITES,
        "Site by site",
        paragraph(
            results,
            *told,
            "The range holds the middle 95% of the comparison sites, so that one site in twenty is outside it by chance.",
        ),
        figures(site_effects(study, found) if found else None),
        _summary(results, SITES),
        methods(results, SITES, said),
    )


def _precision(results: Results, said: Collection[str]) -> list[Block]:
    return section(
        results,
        PRECISION,
        "What could have been found",
        paragraph(results, _SMALLEST if results.get(PRECISION) else ""),
        _summary(results, PRECISION),
        methods(results, PRECISION, said),
    )


def _family(results: Results, said: Collection[str]) -> list[Block]:
    return section(
        results,
        FAMILY,
        "Several outcomes at once",
        paragraph(results, f"{ref(FAMILY, 'family')} outcomes of the plan’s family are tested together."),
        _summary(results, FAMILY),
        methods(results, FAMILY, said),
    )


def _dose(results: Results, said: Collection[str]) -> list[Block]:
    return section(
        results,
        DOSE,
        "Effects by the survey’s scores",
        paragraph(
            results,
            f"{ref(DOSE, 'below_5')} of {ref(DOSE, 'slopes')} slopes of an outcome on a score have a p below 0.05. Scores were "
            "not assigned to sites: such a slope is an association.",
        ),
        _summary(results, DOSE),
        methods(results, DOSE, said),
    )
