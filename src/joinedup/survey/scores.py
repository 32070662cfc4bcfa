"""Scale scores of people, level scores of people, and level scores of sites with equal weight for every agency."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import stdev
from typing import TYPE_CHECKING

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value
from joinedup.study.site import Level, Site
from joinedup.study.survey import Scale
from joinedup.survey.model import (
    Respondent,
    Sources,
    answers,
    headline_wave,
    respondents,
    response_source,
    responses_file,
    roster_source,
)
from joinedup.survey.site_precision import site_intervals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST_ANSWERED = 0.5
"""The share of a scale's items that a person must have answered to have a score."""


def reverse_keyed(answers: Floats, reverse: Sequence[bool], low: float, high: float) -> Floats:
    """Answers (people x items, NaN missing) with x as low + high - x in the columns where `reverse` is true."""
    import numpy as np

    return np.where(np.asarray(reverse, dtype=bool), low + high - answers, answers)


def scale_scores(answers: Floats, least: float = LEAST_ANSWERED) -> Floats:
    """The mean of each person's answered items (people x items, NaN missing, keyed already).

    NaN where fewer than the share `least` of the items, or none, were answered.
    """
    import numpy as np

    given = ~np.isnan(answers)
    count = given.sum(axis=1)
    total = np.where(given, answers, 0.0).sum(axis=1)
    enough = (count > 0) & (count >= least * answers.shape[1])
    return np.where(enough, total / np.maximum(count, 1), np.nan)


def equal_agency_mean(scores: Sequence[float], agencies: Sequence[str]) -> float | None:
    """One site's score: the mean over agencies of the mean over the agency's people, so that each agency counts alike.

    NaN scores are left out; None where no score is left. The order of people changes nothing, not even the last digit.
    """
    found: dict[str, list[float]] = {}
    for score, agency in zip(scores, agencies, strict=True):
        if not math.isnan(score):
            found.setdefault(agency, []).append(score)
    if not found:
        return None
    return math.fsum(math.fsum(part) / len(part) for part in found.values()) / len(found)


@dataclass(frozen=True, slots=True)
class LevelScores:
    """Scores in a wave. `sites` maps a site to its score at each level that it has one for, in the study's order.

    `levels` are the levels that a scale measures; `raters` are the people with a score at a level, `raters_of` those
    behind each site; `low` and `high` are the ends of every scale.
    """

    wave: str
    levels: tuple[Level, ...]
    sites: Mapping[str, Mapping[str, float]]
    raters: Mapping[str, tuple[Respondent, ...]]
    low: float
    high: float

    @property
    def complete(self) -> tuple[str, ...]:
        """Sites with a score at every level, in the study's order."""
        return tuple(site for site, scores in self.sites.items() if len(scores) == len(self.levels))

    def raters_of(self, site: str) -> tuple[Respondent, ...]:
        """The site's people with a score at any level."""
        found = {rater.index: rater for part in self.raters.values() for rater in part if rater.entry.site == site}
        return tuple(found[index] for index in sorted(found))


def level_scores(study: Study) -> LevelScores | None:
    """The level scores of the headline wave, programme sites only; None where no scale measures a level.

    Raises NotComputable where the ranges of the scales differ (means of unlike points compare nothing), where an answer
    is no number within its range, or where nobody has a score.
    """
    levels = tuple(level for level in study.levels if scales_of(study, level))
    wave = headline_wave(study)
    if not levels or not wave:
        return None
    low, high = _common_range([scale for level in levels for scale in scales_of(study, level)])
    people = respondents(study, wave)
    if not people:
        raise NotComputable(f"No person of a programme site answered in wave {wave}.")
    by_level = {level.id: person_scores(study, wave, level, people) for level in levels}
    sites = {site.id: _site_scores(site, people, by_level) for site in study.programme_sites}
    raters = {
        level: tuple(p for p, score in zip(people, scores, strict=True) if not math.isnan(score))
        for level, scores in by_level.items()
    }
    return LevelScores(wave, levels, {site: found for site, found in sites.items() if found}, raters, low, high)


def scales_of(study: Study, level: Level) -> tuple[Scale, ...]:
    """The scales that measure a level."""
    return tuple(scale for scale in study.survey.scales if scale.level == level.id and scale.items)


def _common_range(scales: Sequence[Scale]) -> tuple[float, float]:
    ranges = {(scale.low, scale.high) for scale in scales}
    if len(ranges) > 1:
        told = "; ".join(f"{scale.id} {scale.low:g}-{scale.high:g}" for scale in scales)
        raise NotComputable(f"The scales have different ranges, so their points do not compare: {told}.")
    return ranges.pop()


def keyed_answers(study: Study, wave: str, scale: Scale, people: Sequence[Respondent]) -> Floats:
    """Each person's answers to the items of a scale (people x items, NaN missing), reverse keyed where declared.

    Raises NotComputable for an answer that is no number within the scale's range.
    """
    import numpy as np

    columns = [_numbers(scale, wave, item, answers(study, wave, item, people), people) for item in scale.items]
    reverse = [item in scale.reverse for item in scale.items]
    return reverse_keyed(np.array(columns).T, reverse, scale.low, scale.high)


def person_scores(study: Study, wave: str, level: Level, people: Sequence[Respondent]) -> list[float]:
    """A person's level score: the mean over the scales of the level on which the person has a score; NaN without one."""
    import numpy as np

    scores = [scale_scores(keyed_answers(study, wave, scale, people)) for scale in scales_of(study, level)]
    found: list[float] = scale_scores(np.array(scores).T, least=0.0).tolist()
    return found


def _numbers(scale: Scale, wave: str, item: str, given: Sequence[str], people: Sequence[Respondent]) -> list[float]:
    numbers = []
    for answer, person in zip(given, people, strict=True):
        try:
            number = float(answer) if answer else math.nan
        except ValueError:
            number = math.inf
        if answer and not scale.low <= number <= scale.high:
            place = f"{responses_file(wave)}:{person.row}:{item}"
            raise NotComputable(f"{place}: {answer!r} is no answer from {scale.low:g} to {scale.high:g}.")
        numbers.append(number)
    return numbers


def _site_scores(site: Site, people: Sequence[Respondent], by_level: Mapping[str, Sequence[float]]) -> dict[str, float]:
    here = [index for index, person in enumerate(people) if person.entry.site == site.id]
    agencies = [people[index].entry.agency for index in here]
    found = {level: equal_agency_mean([all_[i] for i in here], agencies) for level, all_ in by_level.items()}
    return {level: score for level, score in found.items() if score is not None}


def scores_result(study: Study) -> Result | None:
    """`survey.level-scores`: the score of every programme site at every level, with the number of raters."""
    scores = level_scores(study)
    if scores is None:
        return None
    values: dict[str, Value] = {"sites": len(scores.complete), "programme_sites": len(study.programme_sites)}
    values["raters"] = len({rater.index for part in scores.raters.values() for rater in part})
    for level in scores.levels:
        values |= _level_values(level, [found[level.id] for found in scores.sites.values() if level.id in found])
    for site, found in scores.sites.items():
        values |= {f"site.{key_part(site)}.{key_part(level)}": score for level, score in found.items()}
        values[f"site.{key_part(site)}.raters"] = len(scores.raters_of(site))
    values |= _intervals(study, scores)
    return make_result(
        "survey.level-scores",
        values,
        _methods(scores, values),
        (study.survey.scales, study.survey.roster, study.survey.responses[scores.wave], study.sites, study.levels),
        tables=(_table(study, scores, values),),
        parameters={"wave": scores.wave, "least_answered": LEAST_ANSWERED, "low": scores.low, "high": scores.high},
        sources=score_sources(study, scores),
        caveats=_caveats(study, scores),
    )


def _intervals(study: Study, scores: LevelScores) -> dict[str, Value]:
    """The interval of each site's score at each level, where the spread within agencies can be told."""
    people = respondents(study, scores.wave)
    where = [person.entry.site for person in people], [person.entry.agency for person in people]
    values: dict[str, Value] = {}
    for level in scores.levels:
        for site, (low, high) in site_intervals(person_scores(study, scores.wave, level, people), *where).items():
            key = f"site.{key_part(site)}.{key_part(level.id)}"
            values |= {f"{key}.low": low, f"{key}.high": high}
    return values


def _level_values(level: Level, scores: Sequence[float]) -> dict[str, Value]:
    key = key_part(level.id)
    return {
        f"{key}.mean": math.fsum(scores) / len(scores) if scores else None,
        f"{key}.sd": stdev(scores) if len(scores) > 1 else None,
        f"{key}.min": min(scores, default=None),
        f"{key}.max": max(scores, default=None),
        f"{key}.sites": len(scores),
    }


def scoring_rules(scores: LevelScores) -> str:
    """How a site gets its score: the sentences that every analysis of these scores prints."""
    return (
        f"A person's scale score is the mean of the answered items after reverse keying ({scores.low:g} to "
        f"{scores.high:g}), given at least half of the scale's items; refused, don't know, not applicable and not "
        f"asked count as missing. A person's level score is the mean over the level's scales. A site's score is the "
        f"mean over agencies of the mean over the agency's people: agencies count alike, however many of their people "
        f"answered."
    )


def _methods(scores: LevelScores, values: Mapping[str, Value]) -> str:
    return (
        f"{scoring_rules(scores)} Wave {scores.wave}: {values['raters']} raters; {values['sites']}/"
        f"{values['programme_sites']} programme sites have a score at every level. Mean, standard deviation (n - 1) "
        f"and range are over sites. The 95% t interval of a single site's score takes the spread of people within an "
        f"agency of a site as the same everywhere: it says how far other people of these agencies might move the score."
    )


def _caveats(study: Study, scores: LevelScores) -> tuple[str, ...]:
    unmeasured = [level.label for level in study.levels if level not in scores.levels]
    found = []
    if unmeasured:
        found.append(f"No scale measures: {', '.join(unmeasured)}.")
    if any(len(scores.raters_of(site)) == 1 for site in scores.sites):
        found.append("Where a site has a single rater, agreement within it can't be judged.")
    return tuple(found)


def _table(study: Study, scores: LevelScores, values: Mapping[str, Value]) -> Table:
    parts = [key_part(level.id) for level in scores.levels]
    rows: list[Row] = []
    keys: list[tuple[str, ...]] = []
    for site in scores.sites:
        prefix = f"site.{key_part(site)}"
        row = [key if (key := f"{prefix}.{part}") in values else "" for part in (*parts, "raters")]
        keys.append(("", *row))
        rows.append((study.site_by_id[site].name, *(values.get(key) for key in row)))
    means = [f"{part}.mean" for part in parts]
    keys.append(("", *means, ""))
    rows.append(("Mean over sites", *(values[key] for key in means), None))
    columns = (("site", "Site"), *((key_part(lv.id), lv.label) for lv in scores.levels), ("raters", "Raters"))
    note = f"Points from {scores.low:g} to {scores.high:g}; agencies count alike within a site."
    return Table("by_site", "Scores by site and level", columns, tuple(rows), note, tuple(keys))


def score_sources(study: Study, scores: LevelScores) -> Sources:
    """The rows and columns of answers behind each level, each site, and each site at each level."""
    items = {lv.id: [item for scale in scales_of(study, lv) for item in scale.items] for lv in scores.levels}
    every = [item for names in items.values() for item in names]
    people = [rater for site in scores.sites for rater in scores.raters_of(site)]
    found: Sources = {"": (response_source(scores.wave, people, every), roster_source(p.entry for p in people))}
    for level, names in items.items():
        found[key_part(level)] = (response_source(scores.wave, scores.raters[level], names),)
    for site in scores.sites:
        here, prefix = scores.raters_of(site), f"site.{key_part(site)}"
        found[prefix] = (response_source(scores.wave, here, every), roster_source(p.entry for p in here))
        for level, names in items.items():
            some = [rater for rater in scores.raters[level] if rater.entry.site == site]
            found[f"{prefix}.{key_part(level)}"] = (response_source(scores.wave, some, names),)
    return found
