"""TOML with places: syntax errors by line and column, unknown keys with the one that was meant."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from joinedup.study.folder.reading import Reading
from joinedup.study.folder.textfile import decode
from joinedup.study.hints import did_you_mean, listed, shown
from joinedup.study.tomlplaces import toml_rows

_WHERE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


def parse_toml(reading: Reading, file: str) -> dict[str, Any] | None:
    """The content of `file` with dates as strings; None where it is absent or, with a problem, can't be read."""
    text = decode(reading, file)
    if text is None:
        return None
    try:
        return {key: _plain(value) for key, value in tomllib.loads(text).items()}
    except tomllib.TOMLDecodeError as error:
        found = _WHERE.search(str(error))
        row, column = (found[1], found[2]) if found and found[1] else ("0", "")
        what = f"The TOML can't be read: {_WHERE.sub('', str(error))}."
        remedy = "Mend the line; texts stand in double quotes, lists in square brackets."
        reading.report("J014", file, what, remedy, int(row), column)
    except (RecursionError, ValueError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        reading.report("J014", file, f"The TOML can't be read: {why}.", "Simplify the file.")
    return None


def read_toml(reading: Reading, file: str) -> TomlTable | None:
    """The same as a table that knows its places."""
    data = parse_toml(reading, file)
    return None if data is None else TomlTable(reading, file, data, "", toml_rows(reading.files[file]))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime | date | time) else value


class TomlTable:
    """A table of a TOML file; reading a key checks its type, `finish` reports the keys that nobody read."""

    def __init__(
        self, reading: Reading, file: str, data: Mapping[str, Any], path: str, rows: Mapping[str, int]
    ) -> None:
        self.file = file
        self.data = data
        self.path = path
        self._reading = reading
        self._rows = rows
        self._used: set[str] = set()

    def report(self, number: str, what: str, remedy: str, key: str = "") -> None:
        """A problem with `key` of this table, or with the table."""
        path = self._join(key) if key else self.path
        row = self._rows.get(path) or self._rows.get(self.path, 0)
        self._reading.report(number, self.file, what, remedy, row, key or self.path)

    def text(self, key: str, default: str = "", required: bool = False) -> str:
        """A string."""
        found = self._take(key, str, "a text in double quotes", default)
        if required and not (isinstance(found, str) and found.strip()):
            if key not in self.data or isinstance(self.data[key], str):
                self.report("J017", f"`{key}` is missing{self._in()}.", f'Write {key} = "...".', key)
            return default
        return str(found)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings."""
        found = self._take(key, list, 'a list of texts like ["a", "b"]', [])
        if all(isinstance(item, str) for item in found):
            return tuple(found)
        self._wrong(key, 'a list of texts like ["a", "b"]')
        return ()

    def flag(self, key: str) -> bool:
        """True or false."""
        return bool(self._take(key, bool, "true or false", False))

    def number(self, key: str, default: float | None = None) -> float | None:
        """A finite number."""
        found = self._take(key, int | float, "a number", default)
        if isinstance(found, bool) or (isinstance(found, float) and found - found != 0):
            self._wrong(key, "a number")
            return default
        return None if found is None else float(found)

    def whole(self, key: str) -> int | None:
        """A whole number."""
        found = self._take(key, int, "a whole number", None)
        if isinstance(found, bool):
            self._wrong(key, "a whole number")
            return None
        return None if found is None else int(found)

    def wholes(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        found = self._take(key, list, "a list of whole numbers like [0, 12]", [])
        if all(isinstance(item, int) and not isinstance(item, bool) for item in found):
            return tuple(found)
        self._wrong(key, "a list of whole numbers like [0, 12]")
        return ()

    def table(self, key: str) -> TomlTable:
        """A table; empty where it is absent."""
        found = self._take(key, dict, f"a table [{self._join(key)}]", {})
        return TomlTable(self._reading, self.file, found, self._join(key), self._rows)

    def tables(self, key: str) -> list[TomlTable]:
        """An array of tables."""
        found = self._take(key, list, f"tables [[{self._join(key)}]]", [])
        if not all(isinstance(item, dict) for item in found):
            self._wrong(key, f"tables [[{self._join(key)}]]")
            return []
        path = self._join(key)
        return [
            TomlTable(self._reading, self.file, item, f"{path}.{index}", self._rows)
            for index, item in enumerate(found, start=1)
        ]

    def mapping(self, key: str) -> Mapping[str, Any]:
        """A table with free keys."""
        return self.table(key).data

    def finish(self) -> None:
        """Report every key that was not read."""
        for key in self.data:
            if key not in self._used:
                near = did_you_mean(key, self._used)
                what = f"`{key}` is no key{self._in()}.{near}"
                self.report("J015", what, f"It knows {listed(sorted(self._used), 20)}.", key)

    def _take(self, key: str, kind: Any, words: str, default: Any) -> Any:
        self._used.add(key)
        found = self.data.get(key, default)
        if found is default or isinstance(found, kind):
            return found
        self._wrong(key, words)
        return default

    def _wrong(self, key: str, words: str) -> None:
        what = f"`{key}`{self._in()} is {shown(str(self.data[key]))}, not {words}."
        self.report("J016", what, f"Write {words}.", key)

    def _join(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _in(self) -> str:
        return f" of {self.path}" if self.path else ""
