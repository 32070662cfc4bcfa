"""The report as it may leave: marks instead of hidden values, tables instead of figures that would show them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from joinedup.report.gate.persons import WITHHELD_FIGURES
from joinedup.report.gate.values import Values
from joinedup.report.model import Document, Figure, FigureBlock, Paragraph, TableBlock, Text, ValueRef, walk
from joinedup.study.expect import show
from joinedup.study.result import Result, Table, Value

WITHHELD = "left out of the release, because it tells of single persons."
LEFT_OUT = "The figure is left out of the release: it would show counts that are suppressed."


def released_document(document: Document, values: Values, watermark: str) -> Document:
    """`document` with every hidden value as its mark, rounded ones rounded, and no figure that draws any of them."""
    sections = _rebuilt(document.sections, lambda part: _released(part, values))
    return replace(document, sections=sections, meta={**document.meta, "watermark": watermark})


def released_result(result: Result, values: Values) -> Result:
    """`result` as it may leave as data: its values and tables, without the rows behind them."""
    own = {key: values.changed.get((result.id, key), value) for key, value in result.values.items()}
    tables = tuple(_table(table, result.id, values) for table in result.tables)
    return replace(result, values=own, tables=tables, sources={}, quotes=())


def _rebuilt(part: Any, change: Callable[[Any], Any]) -> Any:
    """`part` with every part below it changed, the innermost first."""
    if isinstance(part, tuple):
        return tuple(_rebuilt(item, change) for item in part)
    if not dataclasses.is_dataclass(part) or isinstance(part, Table | type):
        return part
    if isinstance(part, FigureBlock | TableBlock):
        part = change(part)
    fields = {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}
    inner = {name: _rebuilt(value, change) for name, value in fields.items() if _may_hold_parts(value)}
    return change(replace(part, **inner))


def _may_hold_parts(value: object) -> bool:
    return isinstance(value, tuple) or (dataclasses.is_dataclass(value) and not isinstance(value, Table))


def _released(part: Any, values: Values) -> Any:
    match part:
        case ValueRef(result=result, key=key) if (result, key) in values.changed:
            return replace(part, shown=_shown(values.changed[result, key], part.shown))
        case FigureBlock(figure=figure) if figure.id in WITHHELD_FIGURES:
            return Paragraph((Text(f"{figure.title}: {WITHHELD}"),), "note")
        case FigureBlock(figure=figure) if _draws(figure, values):
            return replace(figure.table, note=" ".join(filter(None, [figure.table.note, LEFT_OUT])))
        case TableBlock(data=Table() as data, result=result):
            return replace(part, data=_table(data, result, values))
    return part


def _draws(figure: Figure, values: Values) -> bool:
    """Whether a figure draws a value that may not leave as it is: all that it draws stands in its table."""
    refs = {(part.result, part.key) for part in walk(figure.table) if isinstance(part, ValueRef)}
    data = figure.table.data
    keys = {(figure.result, key) for row in (data.keys if data else ()) for key in row if key}
    return bool((refs | keys) & values.changed.keys())


def _table(table: Table, result: str, values: Values) -> Table:
    if not table.keys:
        return table
    rows = tuple(
        tuple(values.changed.get((result, key), cell) if key else cell for cell, key in zip(row, keys, strict=True))
        for row, keys in zip(table.rows, table.keys, strict=True)
    )
    return replace(table, rows=rows)


def _shown(value: Value, before: str) -> str:
    if isinstance(value, float):
        return show(value, ".1%" if "%" in before else ".3g")
    return show(value)
