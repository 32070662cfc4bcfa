"""The one way in which a table becomes CSV: UTF-8, LF, and no cell that a spreadsheet would run."""

from __future__ import annotations

import re
from collections.abc import Iterable

from joinedup.study.result import Table, Value

_RISKY = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?(e[-+]?\d+)?", re.ASCII | re.IGNORECASE)
_QUOTED = re.compile(r'[",\r\n]')
"""Python's csv.writer leaves a carriage return bare where lines end with LF; a reader then breaks the line there."""


def csv_text(table: Table) -> str:
    """`table` as CSV with its column names as header. None is an empty cell; floats keep all their digits."""
    return "".join(_line(row) for row in [[name for name, _ in table.columns], *table.rows])


def _line(row: Iterable[Value]) -> str:
    cells = [_field(safe(cell)) for cell in row]
    return (",".join(cells) if cells != [""] else '""') + "\n"


def _field(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def safe(value: Value) -> str:
    """A cell: text that a spreadsheet might take for a formula gets a quote mark; numbers never do."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_RISKY) and not _NUMBER.fullmatch(value) else value
    return repr(value) if isinstance(value, float) else str(value)
