"""Trends: means by group and period, and the slope before the programme began."""

from __future__ import annotations

import numpy as np
import pandas as pd

from joinedup.indicators.panel import published, sources
from joinedup.indicators.timing import Groups, groups, periods_before, programme_start
from joinedup.study.analysis import make_result
from joinedup.study.dates import date_words
from joinedup.study.indicators import Indicator
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value

ROLES = {"programme": "Programme sites", "comparison": "Comparison sites", "all_others": "All others"}


def trends(study: Study) -> Result | None:
    """Means over sites by group and period, as published and under the codes of the day; None without any value.

    The slope before is the least-squares slope a year of the mean over all sites, over the periods before the start.
    """
    frames = {found.id: published(study, found.id) for found in study.indicators.indicators}
    frames = {id: frame[frame["value"].notna()] for id, frame in frames.items() if frame["value"].notna().any()}
    if not frames:
        return None
    sites = groups(study)
    start = _start(study)
    values: dict[str, Value] = {}
    found_in: dict[str, tuple[Source, ...]] = {}
    tables = []
    directed = improving = 0
    for id, frame in frames.items():
        indicator = study.indicator_by_id[id]
        part = key_part(id)
        own = _means(part, frame, sites) | _balanced(part, frame, sites)
        slope = own[f"{part}.slope_before"] = _slope_before(indicator, frame, sites, start)
        if slope is not None and indicator.direction in ("up", "down"):
            directed += 1
            improving += slope > 0 if indicator.direction == "up" else slope < 0
        values |= own
        found_in |= {part: sources(frame), **_sources(part, frame, sites)}
        tables.append(_table(indicator, frame, own))
    values |= {"indicators": len(frames), "directed": directed, "improving_before": improving}
    return make_result(
        "indicators.trends",
        values,
        _methods(values, start),
        (study.indicators, study.sites, study.programme),
        tables=tuple(tables),
        sources=found_in,
        caveats=_break_caveats(study, frames),
    )


def _start(study: Study) -> str:
    try:
        return programme_start(study)
    except NotComputable:
        return ""


def _means(part: str, frame: pd.DataFrame, sites: Groups) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for role in ROLES:
        cells = frame[frame["site"].isin(sites.of(role))]
        for period, group in cells.groupby("period", sort=True)["value"]:
            values[f"{part}.{role}.{key_part(str(period))}"] = float(group.mean())
            values[f"{part}.n_{role}.{key_part(str(period))}"] = len(group)
    return values


def _sources(part: str, frame: pd.DataFrame, sites: Groups) -> dict[str, tuple[Source, ...]]:
    """The rows behind each mean."""
    return {
        f"{part}.{role}.{key_part(str(period))}": sources(cells)
        for role in ROLES
        for period, cells in frame[frame["site"].isin(sites.of(role))].groupby("period", sort=True)
    }


def _balanced(part: str, frame: pd.DataFrame, sites: Groups) -> dict[str, Value]:
    """Means in the first and the last period over the sites with a number in both."""
    ends = sorted(set(frame["period"]))[:: max(frame["period"].nunique() - 1, 1)]
    values: dict[str, Value] = {}
    if len(ends) < 2:
        return values
    for role in ROLES:
        cells = frame[frame["site"].isin(sites.of(role)) & frame["period"].isin(ends)]
        both = cells.pivot_table(index="site", columns="period", values="value").dropna()
        if len(both) and both.shape[1] == len(ends):
            values[f"{part}.n_{role}_both"] = len(both)
            for end in ends:
                values[f"{part}.{role}_both.{key_part(end)}"] = float(both[end].mean())
    return values


def _slope_before(indicator: Indicator, frame: pd.DataFrame, sites: Groups, start: str) -> float | None:
    known = frame[frame["site"].isin(sites.programme | sites.all_others)]
    before = periods_before(indicator, known["period"], start) if start else []
    if len(before) < 2:
        return None
    means = known[known["period"].isin(before)].groupby("period")["value"].mean()
    return float(np.polyfit([int(period) for period in means.index], means.to_numpy(), 1)[0])


def _table(indicator: Indicator, frame: pd.DataFrame, values: dict[str, Value]) -> Table:
    part = key_part(indicator.id)
    rows: list[Row] = []
    keys = []
    periods = sorted(set(frame["period"]))
    roles = {
        role: heading for role, heading in ROLES.items() if role != "all_others" or _excluded(part, periods, values)
    }
    for period in periods:
        names = [f"{part}.{kind}{role}.{key_part(period)}" for role in roles for kind in ("", "n_")]
        rows.append((period, *(values.get(name) for name in names)))
        keys.append(("", *(name if name in values else "" for name in names)))
    columns = [("period", "Period")]
    for role, heading in roles.items():
        columns += [(role, heading), (f"n_{role}", "n")]
    title = f"{indicator.label}: means over sites" + (f" ({indicator.unit})" if indicator.unit else "")
    return Table(f"trends-{part.replace('_', '-')}", title, tuple(columns), tuple(rows), indicator.note, tuple(keys))


def _excluded(part: str, periods: list[str], values: dict[str, Value]) -> bool:
    """Whether some other site is no comparison site, in any period."""
    ends = [key_part(period) for period in periods]
    return any(values.get(f"{part}.n_all_others.{end}") != values.get(f"{part}.n_comparison.{end}") for end in ends)


def _break_caveats(study: Study, frames: dict[str, pd.DataFrame]) -> tuple[str, ...]:
    declared = (study.indicator_by_id[id] for id in frames)
    return tuple(
        f"{found.label}: the definition changed in {', '.join(found.breaks)}; values before and after it can't be compared."
        for found in declared
        if found.breaks
    )


def _methods(values: dict[str, Value], start: str) -> str:
    text = (
        f"Means over sites are shown for {values['indicators']} indicators, by group and period, as published and under "
        "the codes of the day; every site with a number counts once, so the sites may differ between periods."
    )
    if not start:
        return text
    return (
        f"{text} Before {date_words(start)} the mean over all sites was already improving, by its least-squares slope, on "
        f"{values['improving_before']} of the {values['directed']} indicators for which one direction is better."
    )
