"""Figures of the impact strand: effects as a forest plot, event studies as panels."""

from __future__ import annotations

import re
from typing import NamedTuple

from joinedup.report.figures.spec import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PANEL_HEADER,
    WIDTH,
    Shown,
    Spec,
    axis,
    chart,
    dots,
    figure,
    figure_table,
    keyed,
    line_at,
    number,
    panels,
    quantity,
    span,
)
from joinedup.report.model import Figure
from joinedup.study.expect import show
from joinedup.study.indicators import Indicator
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result

_STEP = re.compile(r"(before|after)_(\d+)")
_INTERVAL = ("estimate", "low", "high")
_HEADS = ("Estimate", "Low", "High")
_MANY = 8
"""More strips than this stand two to a row."""


LOG_POINTS = "log points"


class _Estimate(NamedTuple):
    indicator: Indicator
    unit: str
    prefix: str
    step: int
    estimate: float
    low: float | None
    high: float | None

    @property
    def label(self) -> str:
        return self.indicator.label or self.indicator.id

    @property
    def panel(self) -> str:
        return panels(self.label, self.unit)

    @property
    def strip(self) -> str:
        return panels(self.label, self.unit, 44)

    @property
    def least(self) -> float | None:
        """The smallest effect of interest; None for a logarithm, whose unit is not that of the declaration."""
        return None if self.unit == LOG_POINTS else self.indicator.smallest_effect

    @property
    def row(self) -> dict[str, object]:
        """What a panel plots; the smallest effect of interest is a band about 0."""
        least = self.least
        return {
            "panel": self.panel,
            "strip": self.strip,
            "step": self.step,
            "when": "before" if self.step < 0 else "after",
            "estimate": self.estimate,
            "low": self.low,
            "high": self.high,
            "least": None if least is None else -least,
            "most": least,
        }


def _estimate(study: Study, result: Result, indicator: Indicator, prefix: str, step: int = 0) -> _Estimate | None:
    estimate, low, high = (number(result.values.get(f"{prefix}.{part}")) for part in _INTERVAL)
    unit = LOG_POINTS if indicator.id in study.plan("impact").get("log", ()) else indicator.unit
    return None if estimate is None else _Estimate(indicator, unit, prefix, step, estimate, low, high)


def effects(study: Study, result: Result) -> Figure | None:
    """Forest plot: the effect with its 95% interval on each indicator, each on a scale of its own with 0 marked."""
    found = [_estimate(study, result, one, key_part(one.id)) for one in study.indicators.indicators]
    rows = [row for row in found if row is not None]
    if not rows:
        return None
    table = figure_table(
        "effects",
        "Difference in differences of each indicator, with 95% intervals",
        result,
        [("indicator", "Indicator"), ("unit", "Unit"), *zip(_INTERVAL, _HEADS, strict=True)],
        [[row.label, row.unit, *keyed(result, row.prefix, _INTERVAL)] for row in rows],
    )
    apart = sum(row.low is not None and row.high is not None and (row.low > 0 or row.high < 0) for row in rows)
    alt = (
        f"Forest plot of effects on {len(rows)} indicators with 95% intervals, each on its own scale: {apart} of "
        f"{len(rows)} intervals leave out 0. First: {rows[0].label}, {show(rows[0].estimate, '+.3g')}."
    )
    banded = any(row.least is not None for row in rows)
    note = "Each indicator has its own scale and unit. Dashed line: no effect."
    note += " Grey band: smaller than the smallest effect of interest." if banded else ""
    spec = chart([row.row for row in rows], _strips([row.strip for row in rows], banded))
    return figure("effects", "Change beyond that of comparison sites", alt, spec, table, result, note)


def _strips(labels: list[str], banded: bool) -> Spec:
    """A strip an indicator; many stand two to a row, so that they fill a page in a type that can be read."""
    x = quantity(None, tickCount=5)
    mark = {"type": "rect", "color": GREY, "opacity": 0.18}
    band = {"mark": mark, "encoding": {"x": {"field": "least", **x}, "x2": {"field": "most"}}}
    layers = [line_at(0, x), span("low", "high", x, BLUE), dots("estimate", x)]
    two = len(labels) > _MANY
    return {
        "facet": {
            "field": "strip",
            "type": "nominal",
            "sort": labels,
            "header": {**PANEL_HEADER, "labelAnchor": "start"},
        },
        "columns": 2 if two else 1,
        "spec": {
            "width": (WIDTH - 60) // (2 if two else 1),
            "height": 26,
            "layer": [band, *layers] if banded else layers,
        },
        "spacing": {"row": 18, "column": 30},
        "resolve": {"scale": {"x": "independent"}},
    }


def event_study(study: Study, result: Result) -> Figure | None:
    """Panels: differences before the first treated period and effects after it, with 95% intervals."""
    rows = [row for indicator in study.indicators.indicators for row in _steps(study, result, indicator)]
    if not rows:
        return None
    heads = ("Indicator", "Periods from the start", *_HEADS)
    cells: list[list[Shown]] = [[row.label, row.step, *keyed(result, row.prefix, _INTERVAL)] for row in rows]
    table = figure_table(
        "event-study",
        "Differences by period around the first treated one, with 95% intervals",
        result,
        list(zip(("indicator", "step", *_INTERVAL), heads, strict=True)),
        cells,
    )
    steps = [row.step for row in rows]
    alt = (
        f"Event-study panels for {len({row.panel for row in rows})} indicators: estimates with 95% intervals by "
        f"period, from {show(min(steps))} to {show(max(steps))} periods around the first treated one."
    )
    note = (
        "Squares: before the first treated period, where differences should be near 0. Dots: the effect from then on."
    )
    spec = chart([row.row for row in rows], _panels(list(dict.fromkeys(row.panel for row in rows))))
    return figure("event-study", "Before and after the start", alt, spec, table, result, note)


def _steps(study: Study, result: Result, indicator: Indicator) -> list[_Estimate]:
    key = key_part(indicator.id)
    found = []
    for name in result.values:
        prefix, _, part = name.rpartition(".")
        match = _STEP.fullmatch(prefix.removeprefix(f"{key}.")) if part == "estimate" else None
        if match and prefix.startswith(f"{key}."):
            row = _estimate(study, result, indicator, prefix, int(match[2]) * (-1 if match[1] == "before" else 1))
            found += [row] if row is not None else []
    return sorted(found, key=lambda row: row.step)


def _panels(labels: list[str]) -> Spec:
    x = {
        "field": "step",
        "type": "quantitative",
        "axis": axis("Periods from the start", format="d", tickMinStep=1, grid=False),
    }
    y = {"type": "quantitative", "axis": axis(None, tickCount=4)}
    when = {"field": "when", "type": "nominal", "legend": None}
    color = {**when, "scale": {"domain": ["before", "after"], "range": [ORANGE, BLUE]}}
    shape = {**when, "scale": {"domain": ["before", "after"], "range": ["square", "circle"]}}
    zero = {"mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]}, "encoding": {"y": {"datum": 0, **y}}}
    bar = {
        "mark": {"type": "rule", "strokeWidth": 2},
        "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}, "color": color},
    }
    dot = {
        "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
        "encoding": {"x": x, "y": {"field": "estimate", **y}, "color": color, "shape": shape},
    }
    return {
        "facet": {"field": "panel", "type": "nominal", "sort": labels, "header": PANEL_HEADER},
        "columns": 3,
        "spec": {"width": 190, "height": 110, "layer": [zero, bar, dot]},
        "resolve": {"scale": {"y": "independent"}},
    }
