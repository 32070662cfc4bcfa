"""The one way in which a table becomes CSV: UTF-8, LF, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re

from joinedup.study.result import Table, Value

_RISKY = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?(e[-+]?\d+)?", re.ASCII | re.IGNORECASE)


def csv_text(table: Table) -> str:
    """`table` as CSV with its column names as header. None is an empty cell; floats keep all their digits."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([safe(name) for name, _ in table.columns])
    writer.writerows([safe(cell) for cell in row] for row in table.rows)
    return buffer.getvalue()


def safe(value: Value) -> str:
    """A cell: text that a spreadsheet might take for a formula gets a quote mark; numbers never do."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_RISKY) and not _NUMBER.fullmatch(value) else value
    return repr(value) if isinstance(value, float) else str(value)
