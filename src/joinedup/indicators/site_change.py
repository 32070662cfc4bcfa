"""The change of one indicator at every site: what a map shows, and a mean hides."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import pandas as pd

from joinedup.indicators.panel import changes_sentence, panel, sources
from joinedup.indicators.timing import groups, periods_before, programme_start
from joinedup.study.analysis import make_result
from joinedup.study.indicators import Indicator
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Table, Value


def mapped(study: Study) -> Indicator | None:
    """The indicator of the plan ([plan.indicators] map), by default the first planned outcome of impact."""
    named = [study.plan("indicators").get("map"), *study.plan("impact").get("outcomes", ())]
    return next((study.indicator_by_id[id] for id in named if id in study.indicator_by_id), None)


def site_change(study: Study) -> Result | None:
    """The change at each site from the last period before the start to the last period, boundary changes applied.

    None without an indicator, values or a map of sites. Raises NotComputable where no site has both numbers.
    """
    indicator = mapped(study)
    if indicator is None or not study.layout.hexes:
        return None
    frame = panel(study, indicator.id).dropna(subset=["value"])
    if frame.empty:
        return None
    before = periods_before(indicator, frame["period"], programme_start(study))
    last = max(frame["period"])
    if not before or before[-1] == last:
        raise NotComputable(f"{indicator.label}: there is no period both before and after the start.")
    cells = frame[frame["period"].isin([before[-1], last])]
    both = cells.pivot_table(index="site", columns="period", values="value").dropna()
    if both.shape != (len(both), 2) or both.empty:
        raise NotComputable(f"{indicator.label}: no site has a number in both {before[-1]} and {last}.")
    change = (both[last] - both[before[-1]]).round(9)
    values = _values(study, indicator, before[-1], last, change)
    known = [site for site in study.sites if site.id in change.index]
    rows = tuple((site.name or site.id, values[f"site.{key_part(site.id)}.change"]) for site in known)
    keys = tuple(("", f"site.{key_part(site.id)}.change") for site in known)
    title = f"{indicator.label}: change from {before[-1]} to {last} at each site ({indicator.unit})"
    return make_result(
        "indicators.site-change",
        values,
        _methods(study, indicator, values),
        (study.indicators, study.sites, study.programme, dict(study.plan("indicators"))),
        tables=(Table("site-change", title, (("site", "Site"), ("change", "Change")), rows, "", keys),),
        sources={"": sources(cells[cells["site"].isin(change.index)])},
    )


def _values(study: Study, indicator: Indicator, first: str, last: str, change: pd.Series[float]) -> dict[str, Value]:
    sites = groups(study)
    programme = [float(size) for site, size in change.items() if site in sites.programme]
    others = [float(size) for site, size in change.items() if site in sites.all_others]
    values: dict[str, Value] = {"indicator": indicator.id, "from": first, "to": last, "sites": len(change)}
    for role, sizes in (("programme", programme), ("others", others)):
        values |= {f"{role}.{name}": value for name, value in _counts(sizes).items()}
    return values | {f"site.{key_part(str(site))}.change": float(size) for site, size in change.items()}


def _counts(sizes: Sequence[float]) -> dict[str, Value]:
    return {
        "sites": len(sizes),
        "rose": sum(size > 0 for size in sizes),
        "fell": sum(size < 0 for size in sizes),
        "median": statistics.median(sizes) if sizes else None,
    }


def _methods(study: Study, indicator: Indicator, values: dict[str, Value]) -> str:
    text = (
        f"{indicator.label}: the number of {values['to']} less that of {values['from']}, the last period before the start, "
        f"at the {values['sites']} sites that have both. A description: a site's change is no effect of the programme, and "
        "small places change more by chance."
    )
    return " ".join(filter(None, (text, changes_sentence(study, [indicator.id]))))
