"""Small SIMULATED indicator tables for the tests of indicators and impact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from joinedup.study.dates import PeriodRule
from joinedup.study.indicators import MARKS, Indicator, SiteChange
from joinedup.study.model import Indicators, Study
from joinedup.study.site import COMPARISON, PROGRAMME, Site

Cell = tuple[str, str, str, Any]
MARCH = PeriodRule("03-31", "03-31")


def table(cells: Iterable[Cell]) -> pa.Table:
    """A table of values from (site, period, indicator, value), rows counted from 2; "" was not published."""
    rows = [(site, period, indicator, str(value)) for site, period, indicator, value in cells]
    written = [value for *_, value in rows]
    return pa.table(
        {
            **{name: pa.array([row[i] for row in rows]) for i, name in enumerate(("site", "period", "indicator"))},
            "value": pa.array(written),
            "_number": pa.array([None if v in MARKS or v == "" else float(v) for v in written], pa.float64()),
            "_mark": pa.array([v if v in MARKS else None for v in written], pa.string()),
            "_row": pa.array(range(2, len(rows) + 2), pa.int32()),
        }
    )


def count(id: str = "looked_after", **parts: Any) -> Indicator:
    given: dict[str, Any] = {"label": id.replace("_", " ").capitalize(), "family": "outcome", "unit": "children"}
    return Indicator(id=id, **{**given, "period": MARCH, **parts})


def study(
    cells: Iterable[Cell],
    indicators: Iterable[Indicator] = (count(),),
    sites: Iterable[Site] = (),
    changes: Iterable[SiteChange] = (),
    plan: Mapping[str, Any] | None = None,
    **parts: Any,
) -> Study:
    return Study(
        id="small",
        title="A small study (SIMULATED)",
        sites=tuple(sites),
        indicators=Indicators(tuple(indicators), {"values.csv": table(cells)}, tuple(changes), **parts),
        settings={"plan": plan or {}},
    )


def programme(*ids: str, adopted: str = "2003-07", **parts: Any) -> tuple[Site, ...]:
    return tuple(Site(id, id.upper(), role=PROGRAMME, adopted=adopted, **parts) for id in ids)


def comparison(*ids: str, **parts: Any) -> tuple[Site, ...]:
    return tuple(Site(id, id.upper(), role=COMPARISON, **parts) for id in ids)


def shape(base: Mapping[str, float], periods: Iterable[int], effect: Mapping[str, float], start: int) -> list[Cell]:
    """Cells of base[site] + period, plus effect[site] from `start` on."""
    return [
        (site, str(period), "looked_after", level + period - 2000 + effect.get(site, 0.0) * (period >= start))
        for site, level in base.items()
        for period in periods
    ]
