"""What all figures share: palette, type, the table of plotted values, alternative text.

Colours: the categorical palette of the UK Government Analysis Function (dark blue, orange, dark grey), which keeps
apart in grey and for colour-blind readers; a second sign (shape, dash, words) always goes with a colour.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from joinedup.report.model import Cell, Figure, Inline, Line, TableBlock, Text, ValueRef
from joinedup.report.numbers import columns
from joinedup.study.result import Result, Table, Value
from joinedup.study.wording import one_of_a_kind

Spec = dict[str, Any]
Shown = str | int | tuple[str, Value]
"""A cell of a figure's table: words, a whole number that stands for itself, or a key of the result with its value."""

BLUE, ORANGE, GREY, PALE, INK, RULE = "#12436D", "#F46A25", "#6B7280", "#B9CBDD", "#1F2933", "#D5DBE1"
BLUES = ["#EEF3F8", "#B9CBDD", "#6F97BA", "#2F6699", "#12436D"]
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
WIDTH = 560
ALT_LIMIT = 250

CONFIG: Spec = {
    "font": FONT,
    "background": "white",
    "padding": 4,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "titlePadding": 8,
        "domainColor": GREY,
        "tickColor": GREY,
        "gridColor": RULE,
        "labelLimit": 400,
    },
    "legend": {
        "titleLimit": 420,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 240,
    },
    "header": {
        "labelFontSize": 12,
        "labelFontWeight": "bold",
        "labelAnchor": "start",
        "labelLimit": 700,
        "labelColor": INK,
        "labelLineHeight": 14,
    },
    "title": {"fontSize": 12, "anchor": "start", "color": INK},
}


def chart(data: Sequence[Mapping[str, object]], body: Mapping[str, Any]) -> Spec:
    """A whole specification: the data inline, the shared look, and `body`."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": [dict(row) for row in data]},
        "config": CONFIG,
        **body,
    }


def axis(title: str | None = None, **more: Any) -> Spec:
    """An axis with a title (None: none)."""
    return {"title": title, **more}


def names(labels: Sequence[str]) -> Spec:
    """A vertical axis of names, in the order given."""
    return {"type": "nominal", "sort": list(labels), "axis": axis(None, domain=False, ticks=False, labelPadding=8)}


def figure_table(
    id: str,
    caption: str,
    result: Result,
    heads: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[Shown]],
) -> TableBlock:
    """The table of what a figure shows.

    A row holds words, and (key, value) pairs of `result`; `heads` are (name, heading) pairs.
    """
    data = Table(id, caption, tuple(heads), tuple(tuple(_value(cell) for cell in row) for row in rows))
    numeric = [any(_is_number(row[at]) for row in rows) for at in range(len(heads))]
    shown = columns([(name, [row[at] for row in data.rows]) for at, (name, _) in enumerate(heads)])
    lines = tuple(
        Line(tuple(Cell((_cell(result, row[at], shown[at][number]),), numeric[at]) for at in range(len(heads))))
        for number, row in enumerate(rows)
    )
    head = tuple(Cell((Text(title),), numeric[at]) for at, (_, title) in enumerate(heads))
    return TableBlock(f"data-{id}", caption, head, lines, result=result.id, data=data)


def _is_number(cell: Shown) -> bool:
    return isinstance(cell, tuple | int | float)


def keyed(result: Result, prefix: str, keys: Sequence[str]) -> list[Shown]:
    """Cells for the keys below `prefix`."""
    return [(f"{prefix}.{key}", result.values.get(f"{prefix}.{key}")) for key in keys]


def _value(cell: Shown) -> Value:
    return cell[1] if isinstance(cell, tuple) else cell


def _cell(result: Result, cell: Shown, shown: str) -> Inline:
    if isinstance(cell, tuple) and cell[0] in result.values:
        return ValueRef(result.id, cell[0], shown)
    return Text(shown)


def figure(id: str, title: str, alt: str, spec: Spec, table: TableBlock, result: Result, note: str = "") -> Figure:
    """A figure; its alternative text is cut at a word where it is longer than screen readers bear."""
    alt, note = one_of_a_kind(alt), one_of_a_kind(note)
    if len(alt) > ALT_LIMIT:
        alt = alt[: ALT_LIMIT - 1].rsplit(" ", 1)[0] + "…"
    return Figure(id, title, alt, spec, table, result.id, note)


def number(value: Value) -> float | None:
    """A value as a number to plot; None where it is a mark or absent."""
    return float(value) if isinstance(value, float | int) else None


def panels(label: str, unit: str, width: int = 34) -> str:
    """A panel's heading: the label in lines of at most `width` characters, the unit below."""
    return "\n".join([*textwrap.wrap(label, width), *textwrap.wrap(unit, width)])


PANEL_HEADER: Spec = {"labelExpr": "split(datum.label, '\\n')", "labelFontSize": 11, "title": None}


def quantity(title: str | None, domain: tuple[float, float] | None = None, **more: Any) -> Spec:
    """A quantitative channel with a titled axis, over `domain` where it is given."""
    scale = {"scale": {"domain": list(domain)}} if domain else {}
    return {"type": "quantitative", "axis": axis(title, **more), **scale}


def dots(field: str, x: Spec, color: str = BLUE, shape: str = "circle", size: int = 100) -> Spec:
    """A layer of dots."""
    mark = {"type": "point", "filled": True, "shape": shape, "size": size, "color": color, "opacity": 1}
    return {"mark": mark, "encoding": {"x": {"field": field, **x}}}


def span(low: str, high: str, x: Spec, color: str, width: float = 2.5) -> Spec:
    """A layer of bars from `low` to `high`: intervals, ranges."""
    mark = {"type": "rule", "color": color, "strokeWidth": width, "strokeCap": "round"}
    return {"mark": mark, "encoding": {"x": {"field": low, **x}, "x2": {"field": high}}}


def line_at(value: float, x: Spec) -> Spec:
    """A dashed line across the figure at `value`."""
    return {
        "mark": {"type": "rule", "color": GREY, "strokeDash": [4, 3]},
        "encoding": {"x": {"datum": value, **x}, "y": None},
    }


def words(text: str, x: Spec, field: str, **mark: Any) -> Spec:
    """A layer of words beside the marks."""
    return {
        "mark": {"type": "text", "fontSize": 12, "color": INK, **mark},
        "encoding": {"x": {"field": field, **x}, "text": {"field": text}},
    }
