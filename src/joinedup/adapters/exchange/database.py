"""A SQLite database of another program: untrusted, read only, with limits on size and time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from joinedup.adapters.extract.clock import CLOCK
from joinedup.adapters.extract.model import LONGEST_TEXT, RefusedError

_SIGN = b"SQLite format 3\x00"
LARGEST = 1_000_000_000
"""Bytes of a database that is looked at."""
_SECONDS = 60.0
_STEPS = 100_000
_A_ROW, _A_BYTE = 2e-5, 1e-7
"""Processor time that taking a row and a byte of it may take."""
_TWICE = 2
"""A table may be read twice; more than that only pages that several rows share could give."""

Row = dict[str, object]


def size_of(path: Path) -> int:
    """Bytes of the file; 0 where it can't be looked at, which opening it will say."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


class Database:
    """An opened database. Only its tables are read: a view may run for ever, and triggers never run."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            head = file.read(len(_SIGN))
        if not head:
            raise RefusedError("J320")
        if head != _SIGN:
            raise RefusedError("J323", "no SQLite database")
        if path.stat().st_size > LARGEST:
            raise RefusedError("J321", limit=LARGEST // 1_000_000)
        self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        self._connection.text_factory = lambda data: data.decode("utf-8", "replace")
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4 * LONGEST_TEXT)
        self._left = _TWICE * path.stat().st_size
        until = time.monotonic() + _SECONDS
        self._connection.set_progress_handler(lambda: int(time.monotonic() > until), _STEPS)
        try:
            self.columns = self._read_columns()
        except RefusedError:
            self._connection.close()
            raise

    def __enter__(self) -> Database:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def _read_columns(self) -> dict[str, tuple[str, ...]]:
        """The tables with their columns."""
        try:
            self._connection.execute("PRAGMA trusted_schema = OFF")
            self._connection.execute("PRAGMA temp_store = MEMORY")  # a child may write no file, not even to sort
            names = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return {
                name: tuple(str(row[1]) for row in self._connection.execute(f"PRAGMA table_info({_quoted(name)})"))
                for (name,) in names
            }
        except sqlite3.Error as error:
            raise RefusedError("J330", f"the database can't be read ({str(error)[:80]})") from None

    def rows(self, table: str, order: str) -> Iterator[Row]:
        """The rows of a table by the column `order`; none where there is no such table."""
        if table not in self.columns:
            return
        by = f" ORDER BY {_quoted(order)}" if order in self.columns[table] else ""
        try:
            for row in self._connection.execute(f"SELECT * FROM {_quoted(table)}{by}"):
                size = sum(len(cell) for cell in row if isinstance(cell, str | bytes))
                self._left -= size
                CLOCK.earn(_A_ROW + _A_BYTE * size)
                if self._left < 0:
                    raise RefusedError("J330", "its rows share their bytes, so that they hold more than the file")
                yield dict(zip(self.columns[table], row, strict=True))
        except (sqlite3.Error, ValueError) as error:
            raise RefusedError("J330", f"its table {table} can't be read ({str(error)[:80]})") from None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def text(row: Row, column: str) -> str:
    """A cell as text; empty where it is null or the table has no such column."""
    value = row.get(column)
    return "" if value is None or isinstance(value, bytes) else str(value)


def whole(row: Row, column: str) -> int | None:
    """A cell as a whole number; None where it is none."""
    try:
        return int(str(row.get(column)))
    except ValueError:
        return None
