"""A result's table as a block: numbers become references where the table names their keys."""

from __future__ import annotations

from joinedup.report.model import Cell, Inline, Line, TableBlock, Text, ValueRef
from joinedup.report.numbers import column
from joinedup.study.result import Result, Table, Value


def table_block(result: Result, table: Table, prefix: str = "t-") -> TableBlock:
    """`table` of `result` as a block, with the table itself as data for a file."""
    numeric = [_is_numeric([row[at] for row in table.rows]) for at in range(len(table.columns))]
    shown = [
        column(name, [row[at] for row in table.rows]) if numeric[at] else [_text(row[at]) for row in table.rows]
        for at, (name, _) in enumerate(table.columns)
    ]
    return TableBlock(
        id=prefix + anchor(result.id, table.id),
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


def anchor(result: str, table: str) -> str:
    """An id for a table: the result's id and the table's, once each."""
    stem = result.replace(".", "-")
    own = table.replace(".", "-").removeprefix(stem).strip("-")
    return f"{stem}-{own}" if own else stem


def _is_numeric(values: list[Value]) -> bool:
    return any(isinstance(value, float | int) for value in values)


def _text(value: Value) -> str:
    return "" if value is None else str(value)


def _inline(result: Result, table: Table, at: int, number: int, shown: str) -> Inline:
    key = table.keys[number][at] if table.keys else ""
    return ValueRef(result.id, key, shown) if key and key in result.values and at else Text(shown)
