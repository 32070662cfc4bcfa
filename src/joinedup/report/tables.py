"""A result's table as a block: numbers become references where the table names their keys."""

from __future__ import annotations

from joinedup.report.model import Cell, Code, Inline, Line, TableBlock, Text, ValueRef
from joinedup.report.numbers import columns
from joinedup.study.result import Result, Table, Value

_NAMES = ("file", "sha256")
"""Columns of names of files and of digests: they have no spaces, so that only code may be broken over lines."""


def table_block(result: Result, table: Table) -> TableBlock:
    """`table` of `result` as a block, with the table itself as data for a file."""
    numeric = [_is_numeric([row[at] for row in table.rows]) for at in range(len(table.columns))]
    cells = [(name, [row[at] for row in table.rows]) for at, (name, _) in enumerate(table.columns)]
    told = iter(columns([one for at, one in enumerate(cells) if numeric[at]]))
    shown = [next(told) if numeric[at] else [_text(cell) for cell in one] for at, (_, one) in enumerate(cells)]
    return TableBlock(
        id=table_id(result, table),
        caption=table.title,
        head=tuple(Cell((Text(title),), numeric[at]) for at, (_, title) in enumerate(table.columns)),
        lines=tuple(
            Line(
                tuple(
                    Cell((_inline(result, table, at, number, shown[at][number]),), numeric[at])
                    for at in range(len(table.columns))
                )
            )
            for number in range(len(table.rows))
        ),
        note=table.note,
        result=result.id,
        data=table,
    )


def table_id(result: Result, table: Table) -> str:
    """An id for a table of a result that is unique in a report, and the name of its file."""
    return f"t-{result.id}-{table.id}".replace(".", "-").replace("_", "-")


def _is_numeric(values: list[Value]) -> bool:
    return any(isinstance(value, float | int) for value in values)


def _text(value: Value) -> str:
    return "" if value is None else str(value)


def _inline(result: Result, table: Table, at: int, number: int, shown: str) -> Inline:
    if table.columns[at][0] in _NAMES:
        return Code(shown)
    key = table.keys[number][at] if table.keys else ""
    return ValueRef(result.id, key, shown) if key and key in result.values and at else Text(shown)
