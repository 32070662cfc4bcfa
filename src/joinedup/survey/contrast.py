"""Contrasts between levels, paired by site: the site is the unit, and both readings of the sites stand side by side."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from joinedup.study.analysis import make_result
from joinedup.study.inference import MeanInterval, mean_interval
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value
from joinedup.study.site import Level
from joinedup.survey.model import Sources
from joinedup.survey.scores import LevelScores, level_scores, score_sources, scoring_rules

LEAST_SITES = 3
_TIE = 1e-9
_REFERENCES = (
    "Cochran, W. G. (1977), Sampling Techniques, 3rd ed., section 2.6 (finite population correction).",
    "Student (1908), The probable error of a mean, Biometrika 6(1), 1-25 (paired t).",
)


@dataclass(frozen=True, slots=True)
class Contrast:
    """A paired contrast of two scores: its mean over sites, the sites in which the first is ahead, two readings.

    `these` asks about the `population` of sites itself (no sampling error where all are there); `like_these` takes the
    sites as a sample of many like them.
    """

    estimate: float
    ahead: int
    these: MeanInterval
    like_these: MeanInterval


def contrast(first: Sequence[float], second: Sequence[float], population: int) -> Contrast:
    """The paired contrast first - second over sites (one pair of finite scores a site), of `population` sites in all.

    Differences within 1e-9 points are ties: neither is ahead. Raises ValueError for fewer than two sites.
    """
    differences = [a - b for a, b in zip(first, second, strict=True)]
    these, like_these = mean_interval(differences, population), mean_interval(differences)
    return Contrast(these.mean, sum(d > _TIE for d in differences), these, like_these)


def contrast_result(study: Study) -> Result | None:
    """`survey.level-contrast`: every pair of levels once, in the study's order, paired by site."""
    scores = level_scores(study)
    if scores is None:
        return None
    _refuse(scores)
    population = len(study.programme_sites)
    at = {lv.id: [scores.sites[site][lv.id] for site in scores.complete] for lv in scores.levels}
    pairs = {(a, b): contrast(at[a.id], at[b.id], population) for a, b in combinations(scores.levels, 2)}
    values: dict[str, Value] = {"sites": len(scores.complete), "sites_asked": _sites_asked(study, scores.wave)}
    values["programme_sites"] = population
    values |= {key_part(level): math.fsum(found) / len(found) for level, found in at.items()}
    for (a, b), pair in pairs.items():
        values |= _pair_values(_pair_key(a, b), pair)
    return make_result(
        "survey.level-contrast",
        values,
        _methods(scores, population, len(pairs)),
        (study.survey.scales, study.survey.roster, study.survey.responses[scores.wave], study.sites, study.levels),
        tables=(_table(pairs, values), _means_table(scores, values)),
        parameters={"wave": scores.wave, "confidence": 0.95, "least_sites": LEAST_SITES},
        sources=_sources(study, scores, pairs),
        caveats=_caveats(study, scores, pairs),
        references=_REFERENCES,
    )


def _refuse(scores: LevelScores) -> None:
    if len(scores.levels) < 2:
        raise NotComputable(f"Only one level is measured by a scale ({scores.levels[0].label}): nothing to contrast.")
    if len(scores.complete) < LEAST_SITES:
        raise NotComputable(
            f"A contrast paired by site needs at least {LEAST_SITES} sites with a score at every level; "
            f"wave {scores.wave} has {len(scores.complete)}."
        )


def _sites_asked(study: Study, wave: str) -> int:
    asked = {entry.site for entry in study.survey.roster if entry.wave == wave}
    return sum(site.id in asked for site in study.programme_sites)


def _pair_key(a: Level, b: Level) -> str:
    return f"{key_part(a.id)}_vs_{key_part(b.id)}"


def _pair_values(key: str, pair: Contrast) -> dict[str, Value]:
    values: dict[str, Value] = {f"{key}.estimate": pair.estimate, f"{key}.sites_ahead": pair.ahead}
    for name, reading in (("these", pair.these), ("like_these", pair.like_these)):
        values[f"{key}.{name}.estimate"] = reading.mean
        values[f"{key}.{name}.low"], values[f"{key}.{name}.high"] = reading.low, reading.high
        values[f"{key}.{name}.p"] = reading.p
    return values


def _methods(scores: LevelScores, population: int, pairs: int) -> str:
    n = len(scores.complete)
    if n == population:
        these = f"all {population} programme sites are there, a census of sites without sampling error"
    else:
        these = (
            f"{n} of {population} programme sites are there, so the standard error is "
            f"sqrt((1 - {n}/{population}) s^2 / {n}), with a t interval on {n - 1} degrees of freedom; the other sites are taken to be missing at random"
        )
    return (
        f"{scoring_rules(scores)} The contrast of two levels is the mean over sites of the paired difference of the "
        f"site's scores, in points; the site is the unit, and the {n}/{population} programme sites with a score at "
        f"every level are used (wave {scores.wave}). Reading 'these sites': {these}. Reading 'sites like these': the "
        f"sites as a sample of many like them, 95% interval and two-sided p from the paired t test with {n - 1} "
        f"degrees of freedom. p is not adjusted for the {pairs} contrasts."
    )


def _caveats(study: Study, scores: LevelScores, pairs: Mapping[tuple[Level, Level], Contrast]) -> tuple[str, ...]:
    lost = [study.site_by_id[site].name for site in scores.sites if site not in scores.complete]
    flat = [f"{a.label} and {b.label}" for (a, b), pair in pairs.items() if pair.like_these.se == 0]
    found = []
    if lost:
        found.append(f"Without a score at every level, so left out: {', '.join(lost)}.")
    if flat:
        found.append(f"The difference is the same at every site, so there is no test: {'; '.join(flat)}.")
    return tuple(found)


def _table(pairs: Mapping[tuple[Level, Level], Contrast], values: Mapping[str, Value]) -> Table:
    columns = (
        ("estimate", "Difference"),
        ("sites_ahead", "Sites ahead"),
        ("these.low", "These sites: low"),
        ("these.high", "These sites: high"),
        ("these.p", "These sites: p"),
        ("like_these.low", "Sites like these: low"),
        ("like_these.high", "Sites like these: high"),
        ("like_these.p", "Sites like these: p"),
    )
    keys = tuple(("", *(f"{_pair_key(a, b)}.{name}" for name, _ in columns)) for a, b in pairs)
    rows: tuple[Row, ...] = tuple(
        (f"{a.label} - {b.label}", *(values[key] for key in row[1:])) for (a, b), row in zip(pairs, keys, strict=True)
    )
    headed = (("contrast", "Contrast"), *((name.replace(".", "_"), heading) for name, heading in columns))
    census = values["sites"] == values["programme_sites"]
    note = f"Mean over {values['sites']}/{values['programme_sites']} sites of the paired difference, in points"
    note += "; a census of sites has no sampling error, so 'these sites' has no interval and no p." if census else "."
    return Table("contrasts", "Contrasts between levels", headed, rows, note, keys)


def _means_table(scores: LevelScores, values: Mapping[str, Value]) -> Table:
    keys = tuple(("", key_part(level.id)) for level in scores.levels)
    rows: tuple[Row, ...] = tuple((level.label, values[key_part(level.id)]) for level in scores.levels)
    note = (
        f"Mean over the {values['sites']} sites with a score at every level; {scores.low:g} to {scores.high:g} points."
    )
    return Table("means", "Mean score by level", (("level", "Level"), ("mean", "Mean over sites")), rows, note, keys)


def _sources(study: Study, scores: LevelScores, pairs: Iterable[tuple[Level, Level]]) -> Sources:
    """Those of the scores, with only the sites that are used; a contrast rests on the rows of both levels."""
    sites = {site: scores.sites[site] for site in scores.complete}
    raters = {lv: tuple(p for p in part if p.entry.site in sites) for lv, part in scores.raters.items()}
    used = LevelScores(scores.wave, scores.levels, sites, raters, scores.low, scores.high)
    found = {key: rows for key, rows in score_sources(study, used).items() if not key.startswith("site.")}
    for a, b in pairs:
        found[_pair_key(a, b)] = (*found[key_part(a.id)], *found[key_part(b.id)])
    return found
