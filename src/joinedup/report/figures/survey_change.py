"""Figures of change between waves, and of one contrast by several methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from joinedup.report.figures.spec import (
    BLUE,
    GREY,
    ORANGE,
    WIDTH,
    Spec,
    chart,
    dots,
    figure,
    figure_table,
    keyed,
    line_at,
    names,
    number,
    quantity,
    span,
    words,
)
from joinedup.report.model import Figure, TableBlock
from joinedup.study.expect import show
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result

_PARTS, _HEADS = ("first", "second", "change"), ("First wave", "Second wave", "Change")
Row = tuple[str, str, float, float]


def _rows(result: Result, named: Mapping[str, str]) -> list[Row]:
    found = []
    for label, key in named.items():
        first, second = (number(result.values.get(f"{key}.{wave}")) for wave in ("first", "second"))
        if first is not None and second is not None:
            found.append((label, key, first, second))
    return found


def _range(study: Study) -> tuple[float, float]:
    scales = study.survey.scales
    return min((s.low for s in scales), default=1.0), max((s.high for s in scales), default=5.0)


def change_by_level(study: Study, result: Result) -> Figure | None:
    """Arrows: mean over sites at each level, from the first wave to the second."""
    rows = _rows(result, {level.label: key_part(level.id) for level in study.levels})
    if not rows:
        return None
    title = "From the first wave to the second, by level"
    table = _table("change-by-level", title, result, rows, "Level")
    most = max(rows, key=lambda row: abs(row[3] - row[2]))
    alt = (
        f"Arrows from the first wave to the second at {len(rows)} levels. The largest change: {most[0]}, from "
        f"{most[2]:.2f} to {most[3]:.2f} points."
    )
    note = "Mean over sites that have a score in both waves. The arrow points to the second wave."
    spec = chart(_data(rows), _arrows(study, rows, 34, labelled=True))
    return figure("change-by-level", title, alt, spec, table, result, note)


def change_by_site(study: Study, result: Result) -> Figure | None:
    """Arrows: each site's score over levels, from the first wave to the second."""
    named = {site.name: f"site.{key_part(site.id)}" for site in study.programme_sites}
    rows = sorted(_rows(result, named), key=lambda row: (-row[3], row[0]))
    if not rows:
        return None
    title = "From the first wave to the second, site by site"
    table = _table("change-by-site", title, result, rows, "Site")
    down = sum(second < first for _, _, first, second in rows)
    most = max(rows, key=lambda row: abs(row[3] - row[2]))
    alt = (
        f"Arrows from the first wave to the second at {len(rows)} sites, in order of the second: {down} fell. The "
        f"largest change: {most[0]}, from {show(most[2])} to {show(most[3])} points."
    )
    note = "Each site's score, mean over levels. Blue arrows: it rose; orange, dashed: it fell."
    spec = chart(_data(rows), _arrows(study, rows, 17))
    return figure("change-by-site", title, alt, spec, table, result, note)


def _table(id: str, caption: str, result: Result, rows: Sequence[Row], what: str) -> TableBlock:
    heads = [("row", what), *zip(_PARTS, _HEADS, strict=True)]
    return figure_table(id, caption, result, heads, [[label, *keyed(result, key, _PARTS)] for label, key, _, _ in rows])


def _data(rows: Sequence[Row]) -> list[dict[str, object]]:
    return [
        {
            "row": label,
            "first": first,
            "second": second,
            "way": "up" if second >= first else "down",
            "text": show(second, ".2f"),
        }
        for label, _, first, second in rows
    ]


def _arrows(study: Study, rows: Sequence[Row], step: int, labelled: bool = False) -> Spec:
    low, high = _range(study)
    x = quantity(f"score, {low:g} to {high:g}", (low, high))
    layers: list[Spec] = []
    for way, color, angle, dash in (("up", BLUE, 90, [1, 0]), ("down", ORANGE, -90, [4, 2])):
        only = [{"filter": f"datum.way == '{way}'"}]
        rule = {"type": "rule", "color": color, "strokeWidth": 2, "strokeDash": dash}
        head = {
            "type": "point",
            "shape": "triangle-up",
            "angle": angle,
            "filled": True,
            "color": color,
            "size": 80,
            "opacity": 1,
        }
        layers.append(
            {"transform": only, "mark": rule, "encoding": {"x": {"field": "first", **x}, "x2": {"field": "second"}}}
        )
        layers.append({"transform": only, "mark": head, "encoding": {"x": {"field": "second", **x}}})
    start = {"type": "point", "filled": True, "size": 24, "color": GREY, "opacity": 1}
    layers.append({"mark": start, "encoding": {"x": {"field": "first", **x}}})
    if labelled:
        layers.append(words("text", x, "second", align="left", dx=10))
    return {
        "width": WIDTH - 160,
        "height": {"step": step},
        "encoding": {"y": {"field": "row", **names([row[0] for row in rows])}},
        "layer": layers,
    }


_METHODS = {
    "paired": "paired by site",
    "mixed": "mixed model",
    "complete_cases": "complete cases",
    "imputed": "multiple imputation",
    "unweighted": "people, unweighted",
    "raked": "people, weighted to the roster",
}


def methods_compared(study: Study, result: Result) -> Figure | None:
    """Dots with intervals: the first level less the last, by each method that gives points."""
    levels = [level for level in study.levels if any(key_part(level.id) in key.split(".")[0] for key in result.values)]
    if len(levels) < 2:
        return None
    stem = f"{key_part(levels[0].id)}_vs_{key_part(levels[-1].id)}"
    rows = [
        (label, f"{stem}.{method}", estimate)
        for method, label in _METHODS.items()
        if (estimate := number(result.values.get(f"{stem}.{method}.estimate"))) is not None
    ]
    if not rows:
        return None
    data = [
        {"method": label, "estimate": estimate, **{end: result.values.get(f"{key}.{end}") for end in ("low", "high")}}
        for label, key, estimate in rows
    ]
    x = quantity("difference in points of the scale", tickCount=6)
    body = {
        "width": WIDTH - 220,
        "height": {"step": 26},
        "encoding": {"y": {"field": "method", **names([row[0] for row in rows])}},
        "layer": [line_at(0, x), span("low", "high", x, ORANGE, 4), dots("estimate", x, BLUE, "diamond")],
    }
    parts, heads = ("estimate", "low", "high", "p"), ("Difference", "Low", "High", "p")
    title = f"{levels[0].label} minus {levels[-1].label.lower()}, by each method"
    table = figure_table(
        "methods-compared",
        title,
        result,
        [("method", "Method"), *zip(parts, heads, strict=True)],
        [[label, *keyed(result, key, parts)] for label, key, _ in rows],
    )
    least, most = min(row[2] for row in rows), max(row[2] for row in rows)
    alt = (
        f"Dot plot of one difference by {len(rows)} methods, with 95% intervals: {title.split(',')[0].lower()} is from "
        f"{show(least, '+.2f')} to {show(most, '+.2f')} points."
    )
    return figure(
        "methods-compared", title, alt, chart(data, body), table, result, "Diamonds: estimates; bars: 95% intervals."
    )
