"""Figures of the indicators strand: balance before the start, trends as small multiples."""

from __future__ import annotations

from collections.abc import Mapping
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
    names,
    number,
    panels,
    quantity,
)
from joinedup.report.model import Figure
from joinedup.study.expect import show
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result

GROUPS = {"programme": "Programme sites", "comparison": "Comparison sites", "all_others": "All other sites"}
_MANY = 12
"""More panels than this stand four to a row, so that they fill a page in a type that can be read."""
_LIMIT = 0.25
"""Differences beyond a quarter of a standard deviation ask for more than regression (Imbens and Rubin 2015)."""


def balance(study: Study, result: Result) -> Figure | None:
    """Dots: programme minus comparison before the start, in pooled standard deviations, by indicator."""
    rows = []
    for indicator in study.indicators.indicators:
        key = key_part(indicator.id)
        size = number(result.values.get(f"{key}.standardised"))
        if size is not None:
            rows.append((indicator.label or indicator.id, key, size))
    rows.sort(key=lambda row: (-row[2], row[0]))
    if not rows:
        return None
    widest = max(0.5, *(abs(row[2]) for row in rows)) * 1.1
    x = quantity("programme minus comparison, in standard deviations", (-widest, widest), tickCount=6)
    data = [{"indicator": label, "size": size} for label, _, size in rows]
    body = {
        "width": WIDTH - 220,
        "height": {"step": 24},
        "encoding": {"y": {"field": "indicator", **names([row[0] for row in rows])}},
        "layer": [line_at(-_LIMIT, x), line_at(_LIMIT, x), line_at(0, x), dots("size", x)],
    }
    keys = ("period", "programme", "comparison", "difference", "standardised", "n_programme", "n_comparison")
    heads = ("Period", "Programme", "Comparison", "Difference", "In SD", "n programme", "n comparison")
    table = figure_table(
        "balance",
        "Programme and comparison sites before the start",
        result,
        [("indicator", "Indicator"), *zip(keys, heads, strict=True)],
        [[label, *keyed(result, key, keys)] for label, key, _ in rows],
    )
    beyond = sum(abs(row[2]) > _LIMIT for row in rows)
    most = max(rows, key=lambda row: abs(row[2]))
    alt = (
        f"Dot plot of standardised differences before the start, {len(rows)} indicators: {beyond} beyond 0.25; the "
        f"largest is {most[0]}, {show(most[2], '+.2f')}."
    )
    note = "Dashed lines: 0 and a quarter of a standard deviation either way."
    return figure("balance", "How alike were the sites before the start?", alt, chart(data, body), table, result, note)


class _Series(NamedTuple):
    label: str
    key: str
    unit: str
    values: Mapping[str, Mapping[str, float]]


def trends(study: Study, result: Result) -> Figure | None:
    """Small multiples: mean over programme and comparison sites by period, the start marked."""
    series = [one for one in _series(study, result) if any(one.values.values())]
    if not series:
        return None
    shown = [group for group in GROUPS if any(one.values[group] for one in series)]
    shown = [group for group in shown if group != "all_others" or "comparison" not in shown]
    data = [
        {
            "series": panels(one.label, one.unit, 28 if len(series) > _MANY else 34),
            "group": GROUPS[group],
            "period": int(period),
            "value": value,
            "alone": len(one.values[group]) == 1,
            "ink": (BLUE, ORANGE, GREY)[at],
        }
        for one in series
        for at, group in enumerate(shown)
        for period, value in sorted(one.values[group].items())
    ]
    periods = sorted({str(row["period"]) for row in data})
    rows: list[list[Shown]] = [
        [one.label, period, *((f"{one.key}.{group}.{period}", one.values[group].get(period)) for group in shown)]
        for one in series
        for period in periods
        if any(period in one.values[group] for group in shown)
    ]
    table = figure_table(
        "trends",
        "Mean over sites by indicator and period",
        result,
        [("indicator", "Indicator"), ("period", "Period"), *((group, GROUPS[group]) for group in shown)],
        rows,
    )
    start = study.programme.started[:4]
    alt = (
        f"Small multiples of {len(series)} indicators, {periods[0]} to {periods[-1]}: means over "
        f"{' and '.join(GROUPS[group].lower() for group in shown)}; a dashed line marks the start in {start}."
    )
    spec = chart(data, _multiples(list(dict.fromkeys(str(row["series"]) for row in data)), shown, start))
    note = f"Dashed line: the start of the programme, {start}. Each panel has its own scale." if start else ""
    return figure("trends", "Indicators over the years", alt, spec, table, result, note)


def _series(study: Study, result: Result) -> list[_Series]:
    found = []
    for indicator in study.indicators.indicators:
        key = key_part(indicator.id)
        values: dict[str, dict[str, float]] = {group: {} for group in GROUPS}
        for group in GROUPS:
            prefix = f"{key}.{group}."
            for name, value in result.values.items():
                period = name.removeprefix(prefix)
                if name.startswith(prefix) and period.isdigit() and (size := number(value)) is not None:
                    values[group][period] = size
        found.append(_Series(indicator.label or indicator.id, key, indicator.unit, values))
    return found


def _multiples(series: list[str], groups: list[str], start: str) -> Spec:
    labels = [GROUPS[group] for group in groups]
    legend = {"title": None, "orient": "top", "symbolType": "stroke", "symbolStrokeWidth": 2.2}
    group = {"field": "group", "type": "nominal", "legend": legend}
    colors = {"domain": labels, "range": [BLUE, ORANGE, GREY][: len(labels)]}
    dashes = {"domain": labels, "range": [[1, 0], [6, 3], [2, 2]][: len(labels)]}
    x = {"field": "period", "type": "quantitative", "scale": {"zero": False, "nice": False},
         "axis": axis(None, format="d", tickMinStep=1, tickCount=4, grid=False)}  # fmt: skip
    y = {"field": "value", "type": "quantitative", "scale": {"zero": False}, "axis": axis(None, tickCount=4)}
    line = {
        "mark": {"type": "line", "strokeWidth": 2.2},
        "encoding": {"x": x, "y": y, "color": {**group, "scale": colors}, "strokeDash": {**group, "scale": dashes}},
    }
    dot = {
        "transform": [{"filter": "datum.alone"}],
        "mark": {"type": "point", "filled": True, "size": 30, "opacity": 1},
        "encoding": {"x": x, "y": y, "color": {"field": "ink", "type": "nominal", "scale": None}},
    }
    layers = [line, dot]
    if start.isdigit():
        mark = {"type": "rule", "color": INK, "strokeDash": [3, 3]}
        layers.insert(0, {"mark": mark, "encoding": {"x": {"datum": int(start), "type": "quantitative"}}})
    columns, width, height = (3, 190, 110) if len(series) <= _MANY else (4, 145, 90)
    return {
        "facet": {"field": "series", "type": "nominal", "sort": series, "header": PANEL_HEADER},
        "columns": columns,
        "spec": {"width": width, "height": height, "layer": layers},
        "resolve": {"scale": {"y": "independent"}, "axis": {"x": "independent" if len(series) % columns else "shared"}},
    }
