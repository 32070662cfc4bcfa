"""The survey's chapter: who answered, what the sites said, how far each level has come."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters import survey_quality as quality
from joinedup.report.chapters.common import figures, lead, methods, paragraph, section, tables
from joinedup.report.figures.survey import level_contrasts, level_means, response_by_agency, site_heat_map
from joinedup.report.figures.survey_people import response_grid
from joinedup.report.figures.survey_sites import hex_map
from joinedup.report.model import Block
from joinedup.report.prose import ref
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result

TITLE = "What the survey says"
_RESPONSE, _ANSWERS, _SCORES, _CONTRAST = (
    "survey.response",
    "survey.site-answers",
    "survey.level-scores",
    "survey.level-contrast",
)


def blocks(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """The chapter; empty where the study holds no survey."""
    response, scores, contrast = (results.get(id) for id in (_RESPONSE, _SCORES, _CONTRAST))
    agreement = results.get(quality.AGGREGATION)
    headline = lead(results, *_extremes(study, scores), *_response_sentences(response))
    return [
        *headline,
        *section(
            results,
            _RESPONSE,
            "Who answered",
            paragraph(
                results,
                f"The rates below are people who answered out of people asked ({ref(_RESPONSE, 'people_answered')} of "
                f"{ref(_RESPONSE, 'people_asked')} in all).",
            ),
            figures(*(draw(study, response) for draw in (response_by_agency, response_grid) if response)),
            tables(results, _RESPONSE, without=("by_site",)),
            methods(results, _RESPONSE),
        ),
        *quality.nonresponse(results),
        *section(
            results,
            _ANSWERS,
            "What the sites said of themselves",
            paragraph(
                results,
                f"The counts are of sites, not of persons; {ref(_ANSWERS, 'sites')} programme sites were asked.",
            ),
            tables(results, _ANSWERS),
            methods(results, _ANSWERS),
        ),
        *quality.typology(study, results),
        *quality.item_answers(study, results),
        *quality.reliability(study, results),
        *quality.aggregation(study, results),
        *section(
            results,
            _SCORES,
            "How far each level has come",
            figures(
                *(draw(study, scores) for draw in (level_means, site_heat_map) if scores),
                hex_map(study, agreement) if agreement else None,
            ),
            tables(results, _SCORES, without=("by_site",)),
            methods(results, _SCORES),
        ),
        *section(
            results,
            _CONTRAST,
            "Which levels are ahead",
            paragraph(results, *_largest(study, contrast)),
            figures(level_contrasts(study, contrast) if contrast else None),
            methods(results, _CONTRAST),
        ),
        *quality.sensitivity(study, results),
        *quality.change(study, results),
    ]


def _response_sentences(response: Result | None) -> tuple[str, ...]:
    if response is None:
        return ()
    people = (
        f"{ref(_RESPONSE, 'people_answered')} of {ref(_RESPONSE, 'people_asked')} people answered "
        f"({ref(_RESPONSE, 'rate', '.0%')})."
    )
    asked = f"Of {ref(_RESPONSE, 'sites_asked')} sites asked, {ref(_RESPONSE, 'sites_answered')} answered; {people}"
    return (asked,)


def _extremes(study: Study, scores: Result | None) -> tuple[str, ...]:
    if scores is None:
        return ()
    means = {
        level.label: (value, f"{key_part(level.id)}.mean")
        for level in study.levels
        if isinstance(value := scores.values.get(f"{key_part(level.id)}.mean"), float | int)
    }
    if len(means) < 2:
        return ()
    best, worst = (choose(means, key=lambda label: means[label][0]) for choose in (max, min))
    return (
        f"*{best}* is furthest along, at {ref(_SCORES, means[best][1], '.2f')} points on average over "
        f"{ref(_SCORES, 'sites')} sites; *{worst}* is least far, at {ref(_SCORES, means[worst][1], '.2f')}.",
    )


def _largest(study: Study, contrast: Result | None) -> tuple[str, ...]:
    if contrast is None:
        return ()
    labels = {key_part(level.id): level.label for level in study.levels}
    pairs = []
    for key, value in contrast.values.items():
        stem, _, end = key.rpartition(".")
        first, versus, second = stem.partition("_vs_")
        if end == "estimate" and versus and first in labels and second in labels and isinstance(value, float | int):
            pairs.append((abs(value), stem, labels[first], labels[second]))
    if not pairs:
        return ()
    _, stem, first, second = max(pairs)
    return (
        f"The largest difference is between {first.lower()} and {second.lower()}: "
        f"{ref(_CONTRAST, f'{stem}.estimate', '+.2f')} points; the first is ahead in "
        f"{ref(_CONTRAST, f'{stem}.sites_ahead')} of {ref(_CONTRAST, 'sites')} sites.",
        "Read for *these* sites, that is the difference, without sampling error where every site answered.",
        f"Read for *sites like these*, the 95% interval runs from {ref(_CONTRAST, f'{stem}.like_these.low', '+.2f')} to "
        f"{ref(_CONTRAST, f'{stem}.like_these.high', '+.2f')}.",
    )
