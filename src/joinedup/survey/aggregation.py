"""From respondents to sites: whether the people of a site agree, and where its agencies differ."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from joinedup.study.analysis import make_result
from joinedup.study.inference import mean_interval
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value
from joinedup.study.survey import Scale
from joinedup.survey.model import (
    Respondent,
    Sources,
    headline_wave,
    respondents,
    response_source,
    roster_source,
)
from joinedup.survey.scores import equal_agency_mean, keyed_answers, person_scores, scale_scores, scales_of

if TYPE_CHECKING:
    import pandas as pd

LEAST_SITES = 3
SKEWED = 1.34
"""The variance of answers on five points under a slight skew (James, Demaree and Wolf 1984)."""
_REFERENCES = (
    "Bartko, J. J. (1976), On various intraclass correlation reliability coefficients, Psychological Bulletin 83, "
    "762-765.",
    "Burke, M. J., Finkelstein, L. M. and Dusig, M. S. (1999), On average deviation indices for estimating interrater "
    "agreement, Organizational Research Methods 2, 49-68.",
    "Holm, S. (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, "
    "65-70.",
    "James, L. R., Demaree, R. G. and Wolf, G. (1984), Estimating within-group interrater reliability with and without "
    "response bias, Journal of Applied Psychology 69, 85-98.",
)


@dataclass(frozen=True, slots=True)
class _Raters:
    """The people of a wave with their sites, and their mean level score (NaN without a score at every level)."""

    people: tuple[Respondent, ...]
    levels: Mapping[str, list[float]]

    @property
    def sites(self) -> list[str]:
        return [person.entry.site for person in self.people]


def aggregation(study: Study) -> Result | None:
    """`survey.aggregation`: ICC(1), ICC(2), rwg(j) and AD by scale, raters by site, differences between agencies."""
    wave = headline_wave(study)
    scales = [scale for scale in study.survey.scales if scale.items]
    if not scales or not wave or wave not in study.survey.responses:
        return None
    people = respondents(study, wave)
    if not people:
        raise NotComputable(f"No person of a programme site answered in wave {wave}.")
    levels = [level for level in study.levels if scales_of(study, level)]
    raters = _Raters(people, {level.id: person_scores(study, wave, level, people) for level in levels})
    values, told = _raters(raters)
    for scale in scales:
        told += _scale(study, wave, scale, raters, values)
    _scores(raters, scales, values)
    told += _agencies(raters, values)
    return make_result(
        "survey.aggregation",
        values,
        _methods(wave, values),
        (study.survey.scales, study.survey.roster, study.survey.responses[wave], study.sites, study.levels),
        tables=_tables(study, scales, values),
        parameters={"wave": wave, "skewed_null": SKEWED},
        sources=_sources(wave, scales, people),
        caveats=tuple(told),
        references=_REFERENCES,
    )


def _raters(raters: _Raters) -> tuple[dict[str, Value], list[str]]:
    """Raters by site: people with a score at any level."""
    scored = [
        site
        for at, site in enumerate(raters.sites)
        if any(not math.isnan(scores[at]) for scores in raters.levels.values())
    ]
    counts = {site: scored.count(site) for site in dict.fromkeys(scored)}
    if not counts:
        raise NotComputable("Nobody has a score at any level.")
    values: dict[str, Value] = {"sites": len(counts), "raters": len(scored)}
    sizes = sorted(counts.values())
    values |= {"raters.min": sizes[0], "raters.median": float(median(sizes)), "raters.max": sizes[-1]}
    values["single_rater"] = sizes.count(1)
    values |= {f"site.{key_part(site)}.raters": count for site, count in counts.items()}
    told = []
    if sizes.count(1):
        told.append(f"Sites with one rater: {sizes.count(1)}. One rater has no agreement: they are left out of it.")
    return values, told


def _scale(study: Study, wave: str, scale: Scale, raters: _Raters, values: dict[str, Value]) -> list[str]:
    answers, key = keyed_answers(study, wave, scale, raters.people), key_part(scale.id)
    scores = scale_scores(answers)
    told = _intraclass(scale, scores, raters.sites, values)
    found = _agreement(scale, answers, raters.sites)
    for name, series in found.items():
        known = series.dropna()
        values[f"{key}.{name}"] = float(known.median()) if len(known) else None
        for site, value in known.items():
            values[f"site.{key_part(str(site))}.{key}.{name}"] = float(value)
    uniform = found["rwg_uniform"]
    values[f"{key}.rwg_sites"] = int(uniform.notna().sum())
    values[f"{key}.rwg_set_to_zero"] = len(uniform.attrs["set_to_zero"])
    if "rwg_skewed" not in found:
        told.append(f"{scale.label}: no skewed null, as its published variance is for answers from 1 to 5.")
    return told


def _intraclass(scale: Scale, scores: Any, sites: Sequence[str], values: dict[str, Value]) -> list[str]:
    import numpy as np

    from joinedup.survey.intraclass import icc

    key = key_part(scale.id)
    values[f"{key}.n"] = int(np.isfinite(scores).sum())
    values[f"{key}.sites"] = len({site for site, score in zip(sites, scores, strict=True) if np.isfinite(score)})
    try:
        found = icc(scores, sites)
    except NotComputable as reason:
        return [f"{scale.label}: {reason}"]
    names = ("k", "icc1", "icc2", "f", "df_between", "df_within", "p")
    values |= {f"{key}.{name}": getattr(found, name) for name in names}
    return []


def _agreement(scale: Scale, answers: Any, sites: Sequence[str]) -> dict[str, pd.Series[float]]:
    from joinedup.survey.agreement import average_deviation, expected_variance, rwg_j

    points = round(scale.high - scale.low) + 1
    found = {"rwg_uniform": rwg_j(answers, sites, expected_variance(points))}
    if points == 5:
        found["rwg_skewed"] = rwg_j(answers, sites, SKEWED)
    found["ad"] = average_deviation(answers, sites)
    return found


def _scores(raters: _Raters, scales: Sequence[Scale], values: dict[str, Value]) -> None:
    """Each site's score over levels, the spread of its raters over scales, and the range between its agencies."""
    ranges = []
    for site in dict.fromkeys(raters.sites):
        here = [at for at, other in enumerate(raters.sites) if other == site]
        agencies = [raters.people[at].entry.agency for at in here]
        found = [equal_agency_mean([scores[at] for at in here], agencies) for scores in raters.levels.values()]
        known, key = [score for score in found if score is not None], f"site.{key_part(site)}"
        if known:
            values[f"{key}.score"] = math.fsum(known) / len(known)
        spread = [v for s in scales if isinstance(v := values.get(f"{key}.{key_part(s.id)}.ad"), float)]
        if spread:
            values[f"{key}.deviation"] = math.fsum(spread) / len(spread)
        by_agency = _agency_scores(raters, here)
        if by_agency:
            values[f"{key}.agencies"] = len(by_agency)
        if len(by_agency) > 1:
            values[f"{key}.agency_range"] = max(by_agency.values()) - min(by_agency.values())
            ranges.append(max(by_agency.values()) - min(by_agency.values()))
    values["agency_range.sites"] = len(ranges)
    values["agency_range.median"] = float(median(ranges)) if ranges else None


def _agency_scores(raters: _Raters, here: Sequence[int]) -> dict[str, float]:
    """The mean over levels of each agency at a site, of agencies with a score at every level."""
    found: dict[str, float] = {}
    for agency in sorted({raters.people[at].entry.agency for at in here}):
        own = [at for at in here if raters.people[at].entry.agency == agency]
        means = []
        for scores in raters.levels.values():
            known = [scores[at] for at in own if not math.isnan(scores[at])]
            if known:
                means.append(math.fsum(known) / len(known))
        if means and len(means) == len(raters.levels):
            found[agency] = math.fsum(means) / len(means)
    return found


def _agencies(raters: _Raters, values: dict[str, Value]) -> list[str]:
    """Whether an agency sees its sites higher or lower than the site's other agencies do: paired by site."""
    from joinedup.survey.multiplicity import holm

    away: dict[str, list[float]] = {}
    for site in dict.fromkeys(raters.sites):
        found = _agency_scores(raters, [at for at, other in enumerate(raters.sites) if other == site])
        for agency, score in found.items():
            others = [other for name, other in found.items() if name != agency]
            if others:
                away.setdefault(agency, []).append(score - math.fsum(others) / len(others))
    tested = sorted(agency for agency, found in away.items() if len(found) >= LEAST_SITES)
    few = sorted(away.keys() - set(tested))
    intervals = {agency: mean_interval(away[agency]) for agency in tested}
    adjusted = holm([intervals[agency].p for agency in tested])
    for agency, p_holm in zip(tested, adjusted, strict=True):
        key, found_interval = f"agency.{key_part(agency)}", intervals[agency]
        values |= {f"{key}.deviation": found_interval.mean, f"{key}.sites": found_interval.n}
        values |= {f"{key}.low": found_interval.low, f"{key}.high": found_interval.high, f"{key}.p": found_interval.p}
        values[f"{key}.p_holm"] = float(p_holm)
    return [f"In fewer than {LEAST_SITES} sites, so not compared: {', '.join(few)}."] if few else []


def _methods(wave: str, values: Mapping[str, Value]) -> str:
    return (
        f"Agreement of the {values['raters']} raters of {values['sites']} programme sites in wave {wave}, items keyed. "
        f"By scale: ICC(1) and ICC(2) of people's scale scores from the one-way analysis of variance by site, k the "
        f"mean number of raters; rwg(j) of the items under a uniform null and under a slightly skewed one (expected "
        f"variance {SKEWED:g} on five points), negative values set to 0; the average deviation (AD) from the item's "
        f"mean; medians over sites with two raters or more, who answered every item of the scale. The range between "
        f"agencies is the highest less the lowest agency's mean at a site, over levels. An agency's difference is the "
        f"mean over sites of its score less the mean of the site's other agencies; 95% t interval over sites, p "
        f"adjusted for the number of agencies (Holm)."
    )


_COLUMNS = (
    ("n", "People"),
    ("k", "Raters a site"),
    ("icc1", "ICC(1)"),
    ("icc2", "ICC(2)"),
    ("f", "F"),
    ("p", "p"),
    ("rwg_uniform", "rwg(j), uniform"),
    ("rwg_skewed", "rwg(j), skewed"),
    ("ad", "AD"),
    ("rwg_sites", "Sites with rwg(j)"),
)


def _tables(study: Study, scales: Sequence[Scale], values: Mapping[str, Value]) -> tuple[Table, ...]:
    keys = [("", *(_present(f"{key_part(s.id)}.{name}", values) for name, _ in _COLUMNS)) for s in scales]
    rows: list[Row] = [(s.label, *(values.get(key) for key in row[1:])) for s, row in zip(scales, keys, strict=True)]
    note = "Median over sites of rwg(j) and AD (points). The .70 that is often asked of rwg(j) is a convention; none is applied."
    by_scale = Table(
        "scales", "Agreement within sites", (("scale", "Scale"), *_COLUMNS), tuple(rows), note, tuple(keys)
    )
    return (by_scale, *_agency_table(study, values), _site_table(study, values))


def _present(key: str, values: Mapping[str, Value]) -> str:
    return key if key in values else ""


def _agency_table(study: Study, values: Mapping[str, Value]) -> tuple[Table, ...]:
    names = ("deviation", "low", "high", "p", "p_holm", "sites")
    heads = ("Difference", "Low", "High", "p", "p (Holm)", "Sites")
    agencies = sorted({entry.agency for entry in study.survey.roster})
    found = [agency for agency in agencies if f"agency.{key_part(agency)}.deviation" in values]
    if not found:
        return ()
    keys = tuple(("", *(f"agency.{key_part(agency)}.{name}" for name in names)) for agency in found)
    rows: tuple[Row, ...] = tuple(
        (agency, *(values[key] for key in row[1:])) for agency, row in zip(found, keys, strict=True)
    )
    note = "Points; below 0 the agency sees its sites less far along than the other agencies there do."
    columns = (("agency", "Agency"), *zip(names, heads, strict=True))
    return (Table("agencies", "How each agency sees its sites", columns, rows, note, keys),)


def _site_table(study: Study, values: Mapping[str, Value]) -> Table:
    names = ("score", "deviation", "agency_range", "agencies", "raters")
    heads = ("Score", "Deviation of raters", "Range between agencies", "Agencies", "Raters")
    sites = [site for site in study.programme_sites if f"site.{key_part(site.id)}.score" in values]
    keys = tuple(("", *(_present(f"site.{key_part(site.id)}.{name}", values) for name in names)) for site in sites)
    rows: tuple[Row, ...] = tuple(
        (site.name, *(values.get(key) for key in row[1:])) for site, row in zip(sites, keys, strict=True)
    )
    columns = (("site", "Site"), *zip(names, heads, strict=True))
    note = "Counts of people by site are small: for the study's team, not for print."
    return Table("by_site", "Agreement and disagreement at each site", columns, rows, note, keys)


def _sources(wave: str, scales: Sequence[Scale], people: Sequence[Respondent]) -> Sources:
    every = [item for scale in scales for item in scale.items]
    found: Sources = {"": (response_source(wave, people, every), roster_source(person.entry for person in people))}
    for scale in scales:
        found[key_part(scale.id)] = (response_source(wave, people, scale.items),)
    for site in dict.fromkeys(person.entry.site for person in people):
        here = [person for person in people if person.entry.site == site]
        found[f"site.{key_part(site)}"] = (
            response_source(wave, here, every),
            roster_source(person.entry for person in here),
        )
        for scale in scales:
            found[f"site.{key_part(site)}.{key_part(scale.id)}"] = (response_source(wave, here, scale.items),)
    return found
