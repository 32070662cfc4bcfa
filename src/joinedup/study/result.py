"""What an analysis computed, and where it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from joinedup.study.texts import Passage

if TYPE_CHECKING:
    import pandas as pd

Value = float | int | str | None
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of a file of the study folder that stand behind values; rows count as in a text editor."""

    file: str
    rows: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()


def merged(sources: Iterable[Source]) -> tuple[Source, ...]:
    """`sources` with one entry a file: all its rows and columns, in order."""
    rows: dict[str, set[int]] = {}
    columns: dict[str, dict[str, None]] = {}
    for source in sources:
        rows.setdefault(source.file, set()).update(source.rows)
        columns.setdefault(source.file, {}).update(dict.fromkeys(source.columns))
    return tuple(Source(file, tuple(sorted(rows[file])), tuple(columns[file])) for file in sorted(rows))


@dataclass(frozen=True, slots=True)
class Table:
    """A table that a reader sees. `columns` are (name, heading) pairs; None is an empty cell, a mark is a string.

    `keys`, where given, has the shape of `rows` and names the value key behind each cell (empty: none).
    """

    id: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    note: str = ""
    keys: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """A cleared passage with how its speaker may be named: by profession or by site, never by both.

    `place` is where it stands in its source, "page 3"; empty where that is not known or may not be said.
    """

    passage: Passage
    code: str
    attribution: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """Values of one analysis, with the hash of its inputs, its parameters and the version of the code.

    `values`: flat mapping of keys (snake_case, with "." between parts) to numbers, strings or None.
    `sources`: for a key, or the beginning of keys up to a ".", the rows behind it; "" stands for all.
    `refused`: why the analysis was not done (then `values` is empty).
    """

    id: str
    title: str
    values: Mapping[str, Value]
    methods: str
    inputs: str
    version: str
    tables: tuple[Table, ...] = ()
    parameters: Mapping[str, Value] = field(default_factory=dict)
    quotes: tuple[Quote, ...] = ()
    sources: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    refused: str = ""

    def table(self, id: str | None = None) -> pd.DataFrame:
        """A table of the result as a pandas frame: the first, or the one named `id`.

        A result without tables gives its values as a frame of `key` and `value`.
        """
        import pandas as pd

        if not self.tables and id is None:
            return pd.DataFrame({"key": list(self.values), "value": list(self.values.values())})
        table = next((t for t in self.tables if id in (None, t.id)), None)
        if table is None:
            raise KeyError(f"{self.id} has no table {id!r}; it has {', '.join(t.id for t in self.tables)}")
        return pd.DataFrame(list(table.rows), columns=[name for name, _ in table.columns])

    @property
    def files(self) -> tuple[str, ...]:
        """The files of the study folder behind the values, sorted."""
        return tuple(sorted({source.file for sources in self.sources.values() for source in sources}))

    def sources_of(self, key: str) -> tuple[Source, ...]:
        """The rows behind `key`: its own, else those of the longest beginning that has any, else all."""
        parts = key.split(".")
        for length in range(len(parts), 0, -1):
            found = self.sources.get(".".join(parts[:length]))
            if found:
                return found
        return self.sources.get("", ())
