"""The one way in which a table leaves as CSV: UTF-8, LF, and no cell that a spreadsheet would run.

Files of the study folder are written by `study.folder` instead: there a cell is kept as a person wrote it, sign for
sign, because the next run reads it again, and a quote mark put before it would become part of the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from joinedup.study.result import Table, Value
from joinedup.study.spreadsheet_cells import safe

_QUOTED = re.compile(r'[",\r\n]')
"""Python's csv.writer leaves a carriage return bare where lines end with LF; a reader then breaks the line there."""


def csv_text(table: Table) -> str:
    """`table` as CSV with its column names as header. None is an empty cell; floats keep all their digits."""
    return csv_lines([[name for name, _ in table.columns], *table.rows])


def csv_lines(rows: Iterable[Iterable[Value]]) -> str:
    """`rows` as CSV, under the same rules; the first is the header."""
    shown: dict[str, str] = {}
    return "".join(_line(row, shown) for row in rows)


def csv_bytes(rows: Iterable[Iterable[Value]]) -> bytes:
    """`rows` as a CSV file; half a pair of surrogates, which no file can hold, becomes a question mark."""
    return csv_lines(rows).encode("utf-8", "replace")


def _line(row: Iterable[Value], shown: dict[str, str]) -> str:
    """`shown` remembers the texts of the table: columns repeat themselves."""
    cells = []
    for cell in row:
        if not isinstance(cell, str):
            cells.append(safe(cell))
            continue
        if cell not in shown:
            shown[cell] = _field(safe(cell))
        cells.append(shown[cell])
    return (",".join(cells) if cells != [""] else '""') + "\n"


def _field(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
