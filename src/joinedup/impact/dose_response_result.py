"""The analysis impact.dose-response: whether areas with higher scores in the survey changed more."""

from __future__ import annotations

from collections.abc import Sequence

from joinedup.impact.cells import ADOPTED, OUTCOME, PERIOD, SITE, Sample
from joinedup.impact.designs import Found, Own, Report, design_result, name_of
from joinedup.impact.dose import dose_response
from joinedup.impact.planned import asked, draws_of, seed_of
from joinedup.impact.words import unit_of
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value
from joinedup.survey.scores import LevelScores, level_scores

_PARTS = ("sites", "slope", "per_sd", "effect", "p", "smallest_p")
_HEADS = (
    "Sites with a score",
    "Effect per point of score",
    "Per standard deviation",
    "Effect at the mean score",
    "p, permutation",
    "Smallest p possible",
)


def dose_response_result(study: Study) -> Result | None:
    """The effect on each planned outcome by the survey's level scores of the sites (headline wave).

    None unless the plan asks for it and the study holds level scores. Raises NotComputable where every outcome is refused.
    """
    scores = level_scores(study) if asked(study, "dose-response") else None
    if scores is None:
        return None
    return design_result(
        study, "dose-response", lambda found: _one(study, found, scores), lambda found: _report(study, found, scores)
    )


def _one(study: Study, found: Sample, scores: LevelScores) -> Own:
    values: dict[str, Value] = {}
    told = []
    for level in scores.levels:
        by_site = {site: levels[level.id] for site, levels in scores.sites.items() if level.id in levels}
        frame = found.frame.assign(score=found.frame[SITE].map(by_site))
        try:
            fit = dose_response(
                frame, OUTCOME, SITE, PERIOD, ADOPTED, "score", draws=draws_of(study), seed=seed_of(study)
            )
        except NotComputable as reason:
            told.append(f"{level.label}: {reason}")
            continue
        own = (len(fit.table), fit.slope, fit.per_sd, fit.effect, fit.p, fit.smallest_p)
        values |= {f"{key_part(level.id)}.{part}": value for part, value in zip(_PARTS, own, strict=True)}
    if not values:
        raise NotComputable(" ".join(told))
    return Own(values, tuple(told))


def _report(study: Study, found: Sequence[Found], scores: LevelScores) -> Report:
    tests = sum(key.endswith(".slope") for each in found for key in each.own.values)
    by_chance = tests * 0.05
    below = sum(
        key.endswith(".p") and isinstance(value, float) and value < 0.05
        for each in found
        for key, value in each.own.values.items()
    )
    return Report(
        "Estimand: by how much the programme's effect is larger in an area whose score is higher, every area counting once. "
        "Estimator: two-way fixed effects with the treatment and its product with the area's score at a level (less the mean "
        f"score; survey of wave {scores.wave}, agencies counting alike). p is by permutation of the scores among the "
        "programme areas. Scores were not assigned to areas: a slope is an association, not the effect of a higher score. "
        f"Of {tests} slopes, {by_chance:.0f} would have a p below 0.05 by chance; {below} have.",
        [_table(study, found, scores)],
        {"slopes": tests, "below_5": below},
        {"draws": draws_of(study), "seed": seed_of(study), "wave": scores.wave},
    )


def _table(study: Study, found: Sequence[Found], scores: LevelScores) -> Table:
    rows: list[Row] = []
    keys = []
    for each in found:
        for level in scores.levels:
            names = [f"{key_part(level.id)}.{part}" for part in _PARTS]
            if names[0] in each.own.values:
                rows.append(
                    (
                        name_of(study, each),
                        unit_of(each.sample),
                        level.label,
                        *(each.own.values[name] for name in names),
                    )
                )
                keys.append(("", "", "", *(f"{each.part}.{name}" for name in names)))
    heads = (("outcome", "Outcome"), ("unit", "Unit"), ("level", "Level"), *zip(_PARTS, _HEADS, strict=True))
    return Table("slopes", "Effects by the score of the area", heads, tuple(rows), keys=tuple(keys))
