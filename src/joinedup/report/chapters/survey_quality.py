"""The parts of the survey's chapter that say how far its answers may be believed, and what changed between waves."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters.common import figures, methods, paragraph, section, tables
from joinedup.report.describe import Describer
from joinedup.report.figures.survey_change import change_by_level, change_by_site, methods_compared
from joinedup.report.figures.survey_people import likert
from joinedup.report.figures.survey_sites import ranked_sites
from joinedup.report.model import Block
from joinedup.report.prose import and_list, ref
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result

NONRESPONSE, ITEMS, RELIABILITY = "survey.nonresponse", "survey.item-answers", "survey.reliability"
AGGREGATION, SENSITIVITY, CHANGE, TYPOLOGY = (
    "survey.aggregation",
    "survey.sensitivity",
    "survey.change",
    "survey.typology",
)
_MOST_APART = 5
Results = Mapping[str, Result]


def nonresponse(results: Results) -> list[Block]:
    """Who did not answer, and weights for it."""
    return section(
        results,
        NONRESPONSE,
        "Who did not answer",
        paragraph(
            results,
            f"The response rate (AAPOR's RR2) is {ref(NONRESPONSE, 'rr2', '.1%')}.",
            f"To make those who answered like the roster, {ref(NONRESPONSE, 'agency.dissimilarity', '.1%')} of them "
            f"would have to be of another agency, and {ref(NONRESPONSE, 'type.dissimilarity', '.1%')} of another type "
            "of site.",
            f"Weights for both have a design effect of {ref(NONRESPONSE, 'weights.deff', '.2f')}: the table on mean "
            "scores says how far they move what the survey finds.",
        ),
        tables(results, NONRESPONSE, without=("comparison", "weighted")),
        tables(results, NONRESPONSE, without=("outcomes", "rates")),
        methods(results, NONRESPONSE),
    )


def typology(study: Study, results: Results) -> list[Block]:
    """Types of sites."""
    found = results.get(TYPOLOGY)
    kinds = [n for n in range(1, 10) if found and f"type_{n}.sites" in found.values]
    sizes = and_list([f"{ref(TYPOLOGY, f'type_{n}.sites')} in type {n}" for n in kinds])
    strongest = _strongest(study, found)
    return section(
        results,
        TYPOLOGY,
        "Types of sites",
        paragraph(
            results,
            f"From {ref(TYPOLOGY, 'items')} answers, the {ref(TYPOLOGY, 'sites')} sites fall into "
            f"{ref(TYPOLOGY, 'types')} types: {sizes}.",
            f"In samples drawn from the sites the least stable type is found again with a similarity of "
            f"{ref(TYPOLOGY, 'stability.min', '.2f')} (1 is the same sites).",
            *strongest,
        ),
        tables(results, TYPOLOGY),
        methods(results, TYPOLOGY),
    )


def _strongest(study: Study, found: Result | None) -> tuple[str, ...]:
    """The answer that tells the types apart best, in words."""
    if found is None:
        return ()
    strengths = [
        (value, key.removesuffix(".strength"))
        for key, value in found.values.items()
        if key.endswith(".strength") and isinstance(value, float)
    ]
    if not strengths:
        return ()
    key = max(strengths, key=lambda pair: pair[0])[1]
    label = Describer(study).label("item", key).rstrip("?.")
    kinds = [n for n in range(1, 10) if f"{key}.type_{n}" in found.values]
    told = "; ".join(f"type {n}, “{ref(TYPOLOGY, f'{key}.type_{n}')}”" for n in kinds)
    return (f"They differ most in “{label}”: {told}.",)


def item_answers(study: Study, results: Results) -> list[Block]:
    """What the respondents answered to each item."""
    found = results.get(ITEMS)
    return section(
        results,
        ITEMS,
        "What the respondents answered",
        paragraph(
            results,
            f"Each of the {ref(ITEMS, 'people')} people counts alike here; these are answers of people, not of sites.",
        ),
        figures(*(likert(study, found) if found and not found.refused else ())),
        methods(results, ITEMS),
    )


def reliability(study: Study, results: Results) -> list[Block]:
    """How well the items measure."""
    found = results.get(RELIABILITY)
    alphas = [
        (value, key)
        for scale in study.survey.scales
        if found and isinstance(value := found.values.get(key := f"{key_part(scale.id)}.alpha"), float)
    ]
    span: tuple[str, ...] = ()
    if len(alphas) > 1:
        low, high = min(alphas)[1], max(alphas)[1]
        span = (
            f"Cronbach's alpha of the scales runs from {ref(RELIABILITY, low, '.2f')} to "
            f"{ref(RELIABILITY, high, '.2f')}.",
        )
    return section(
        results,
        RELIABILITY,
        "How well the items measure",
        paragraph(
            results,
            *span,
            f"A model with one factor a scale has CFI {ref(RELIABILITY, 'cfa.cfi', '.3f')}, RMSEA "
            f"{ref(RELIABILITY, 'cfa.rmsea', '.3f')} and SRMR {ref(RELIABILITY, 'cfa.srmr', '.3f')} on the "
            f"{ref(RELIABILITY, 'cfa.n')} people who answered every item.",
        ),
        tables(results, RELIABILITY, without=("items", "factors")),
        tables(results, RELIABILITY, without=("scales", "fit")),
        methods(results, RELIABILITY),
    )


def aggregation(study: Study, results: Results) -> list[Block]:
    """Whether the people of a site agree, and where its agencies differ."""
    found = results.get(AGGREGATION)
    return section(
        results,
        AGGREGATION,
        "Do the people of a site agree?",
        paragraph(
            results,
            f"A site's score rests on a median of {ref(AGGREGATION, 'raters.median', '.0f')} raters.",
            f"Within a site the highest and the lowest agency lie {ref(AGGREGATION, 'agency_range.median', '.2f')} "
            f"points apart (median of {ref(AGGREGATION, 'agency_range.sites', '.0f')} sites).",
            *_furthest_apart(study, found),
            *_agencies(study, found),
        ),
        figures(ranked_sites(study, found) if found else None),
        tables(results, AGGREGATION, without=("by_site",)),
        methods(results, AGGREGATION),
    )


def _furthest_apart(study: Study, found: Result | None) -> tuple[str, ...]:
    if found is None:
        return ()
    keys = {site.name: f"site.{key_part(site.id)}.agency_range" for site in study.programme_sites}
    values = {name: found.values.get(key) for name, key in keys.items()}
    ranges = sorted((-value, name) for name, value in values.items() if isinstance(value, float))
    if not ranges:
        return ()
    apart = and_list([f"{name} ({ref(AGGREGATION, keys[name], '.1f')})" for _, name in ranges[:_MOST_APART]])
    suppressed = any(isinstance(value, str) for value in values.values())
    among = f"Of the {len(ranges)} sites of which it is told, agencies" if suppressed else "Agencies"
    return (f"{among} differ most at {apart}: there a single score hides a disagreement, which is a finding.",)


def _agencies(study: Study, found: Result | None) -> tuple[str, ...]:
    """The agencies whose view differs from the others' beyond chance, after Holm's adjustment."""
    if found is None:
        return ()
    told = []
    for agency in sorted({entry.agency for entry in study.survey.roster}):
        key = f"agency.{key_part(agency)}"
        p = found.values.get(f"{key}.p_holm")
        if isinstance(p, float) and p < 0.05:
            told.append(f"{agency} ({ref(AGGREGATION, f'{key}.deviation', '+.2f')} points)")
    if not told:
        return ()
    return (
        f"Agencies that see their sites otherwise than the other agencies there do: {and_list(told)}; so a site's plain "
        "mean depends on who answered, and agencies count alike.",
    )


def sensitivity(study: Study, results: Results) -> list[Block]:
    """Whether the contrast depends on the method."""
    found = results.get(SENSITIVITY)
    return section(
        results,
        SENSITIVITY,
        "Does the contrast depend on the method?",
        paragraph(
            results,
            f"{ref(SENSITIVITY, 'missing_share', '.1%')} of the answers to the items are missing; "
            f"{ref(SENSITIVITY, 'complete_people')} people answered every item.",
        ),
        figures(methods_compared(study, found) if found else None),
        tables(results, SENSITIVITY),
        methods(results, SENSITIVITY),
    )


def change(study: Study, results: Results) -> list[Block]:
    """What changed between the waves."""
    found = results.get(CHANGE)
    return section(
        results,
        CHANGE,
        "What changed between the waves",
        paragraph(
            results,
            f"{ref(CHANGE, 'sites')} of {ref(CHANGE, 'programme_sites')} sites have a score at every level in both "
            f"waves; {ref(CHANGE, 'people_both')} people answered in both.",
            *_changes(study, found),
            "There is no comparison group here: this is change, not effect.",
        ),
        figures(*(draw(study, found) for draw in (change_by_level, change_by_site) if found)),
        tables(results, CHANGE, without=("by_site",)),
        methods(results, CHANGE),
    )


def _changes(study: Study, found: Result | None) -> tuple[str, ...]:
    keys = [(level.label, key_part(level.id)) for level in study.levels]
    known = [(label, key) for label, key in keys if found and f"{key}.change" in found.values]
    if not known:
        return ()
    told = and_list([f"{label.lower()} {ref(CHANGE, f'{key}.change', '+.2f')}" for label, key in known])
    return (f"Mean change in points: {told}.",)
