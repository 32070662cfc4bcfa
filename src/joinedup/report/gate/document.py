"""The report as it may leave: marks instead of hidden values, tables instead of figures that would show them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from joinedup.report.gate.as_shown import as_shown
from joinedup.report.gate.digits import few_digits, is_of_persons
from joinedup.report.gate.hidden_columns import without_hidden_columns
from joinedup.report.gate.labels import without_counts
from joinedup.report.gate.persons import WITHHELD_FIGURES
from joinedup.report.gate.sentences import gated_sentences
from joinedup.report.gate.values import Values
from joinedup.report.model import (
    Bullets,
    Document,
    Figure,
    FigureBlock,
    Paragraph,
    Section,
    TableBlock,
    Text,
    ValueRef,
    walk,
)
from joinedup.study.result import Result, Table

WITHHELD = "left out of the release, because it tells of single persons."
LEFT_OUT = "The figure is left out of the release: it would show counts that are suppressed."
NOT_DRAWN = "Sites whose score is suppressed stand in no figure."
SPOKEN = "suppressed"
"""What a screen reader says for a mark."""


def released_document(document: Document, values: Values, watermark: str) -> Document:
    """`document` with every hidden value as its mark, rounded ones rounded, and no figure that draws any of them."""
    rebuilt: tuple[Section, ...] = _rebuilt(document.sections, lambda part: _released(part, values))
    sections = tuple(_told(section, values) for section in rebuilt)
    meta = {**document.meta, "watermark": watermark, "legend": _legend(values) if values.hidden else ""}
    return replace(document, sections=sections, meta=meta)


def gated_result(result: Result, values: Values) -> Result:
    """`result` as the pages of a release are written from it: what may not leave is not there to be written.

    The numbers of the rows behind a value go too: three rows are three persons. So does the digest of the inputs: who
    knows all of them but one tries what that one can be.
    """
    own = {key: values.changed.get((result.id, key), value) for key, value in result.values.items()}
    tables = tuple(_table(table, result.id, values) for table in result.tables)
    if is_of_persons(result.id):
        own = {key: few_digits(value) for key, value in own.items()}
        tables = tuple(replace(one, rows=tuple(tuple(map(few_digits, row)) for row in one.rows)) for one in tables)
    caveats = (*result.caveats, NOT_DRAWN) if result.id in values.bare else result.caveats
    told = replace(result, values=own, tables=tables, caveats=caveats, sources={}, inputs="")
    return without_counts(gated_sentences(told, result, values), values.changed)


def released_result(gated: Result) -> Result:
    """A `gated` result as it leaves as data: its values and tables, without quotes."""
    return replace(gated, quotes=())


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
            spoken = SPOKEN if (result, key) in values.hidden else ""
            return replace(part, shown=as_shown(values.changed[result, key], part.shown), spoken=spoken)
        case FigureBlock(figure=figure) if figure.id in WITHHELD_FIGURES:
            return Paragraph((Text(f"{figure.title}: {WITHHELD}"),), "note")
        case FigureBlock(figure=figure) if _draws(figure, values):
            return _noted(figure.table, LEFT_OUT)
        case TableBlock(data=data, result=result):
            told = part if data is None else replace(part, data=_table(data, result, values))
            left = without_hidden_columns(told, values)
            return _noted(left, _legend(values)) if isinstance(left, TableBlock) and _marked(left, values) else left
    return part


def _told(section: Section, values: Values) -> Section:
    """The section, with what a mark says at its end where a paragraph or a list of its own holds one."""
    said = [block for block in section.blocks if isinstance(block, Paragraph | Bullets)]
    if not any(isinstance(part, ValueRef) and part.spoken for block in said for part in walk(block)):
        return section
    return replace(section, blocks=(*section.blocks, Paragraph((Text(_legend(values)),), "note")))


def _marked(table: TableBlock, values: Values) -> bool:
    """Whether a mark stands in the table as it is printed."""
    refs = (part for line in table.lines for part in walk(line) if isinstance(part, ValueRef))
    return any((ref.result, ref.key) in values.hidden for ref in refs)


def _noted(table: TableBlock, words: str) -> TableBlock:
    """The table with `words` at its foot, once."""
    return table if words in table.note else replace(table, note=" ".join(filter(None, [table.note, words])))


def _legend(values: Values) -> str:
    return f"{values.profile.legend}."


def _draws(figure: Figure, values: Values) -> bool:
    """Whether a figure draws a value that is hidden: all that it draws stands in its table. Rounded ones it draws rounded."""
    refs = {(part.result, part.key) for part in walk(figure.table) if isinstance(part, ValueRef)}
    data = figure.table.data
    keys = {(figure.result, key) for row in (data.keys if data else ()) for key in row if key}
    return bool((refs | keys) & values.hidden)


def _table(table: Table, result: str, values: Values) -> Table:
    if not table.keys:
        return table
    rows = tuple(
        tuple(values.changed.get((result, key), cell) if key else cell for cell, key in zip(row, keys, strict=True))
        for row, keys in zip(table.rows, table.keys, strict=True)
    )
    return replace(table, rows=rows)
