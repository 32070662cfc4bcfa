"""Small tables of the folder whose rows are frozen types of the study."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from joinedup.study.folder.csvfile import Columns, CsvRow, read_rows, write_rows
from joinedup.study.folder.reading import Reading

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """A file and the type of its rows.

    `fields` maps each column, in declared order, to the field that it fills. `make` and `cells` stand in for the
    plain mapping where a cell is more than a string.
    """

    file: str
    type: Callable[..., T]
    fields: Mapping[str, str]
    required: tuple[str, ...]
    make: Callable[[Reading, CsvRow], T] | None = None
    cells: Callable[[T], Mapping[str, str]] = field(default=lambda _: {})

    @property
    def columns(self) -> Columns:
        return Columns(tuple(self.fields), self.required)

    def read(self, reading: Reading) -> tuple[T, ...]:
        """The rows of the file; empty where it is absent."""
        make = self.make or self._make
        return tuple(make(reading, row) for row in read_rows(reading, self.file, self.columns))

    def _make(self, _: Reading, row: CsvRow) -> T:
        return self.type(**self.arguments(row))

    def arguments(self, row: CsvRow) -> dict[str, Any]:
        """The plain mapping of a row to the type's fields."""
        found: dict[str, Any] = {name: row.cells[column] for column, name in self.fields.items()}
        return {**found, "extra": dict(row.extra), "row": row.row}

    def write(self, items: Iterable[T]) -> bytes:
        """The canonical form: declared columns, then further ones in the order in which rows name them."""
        rows = list(items)
        extra = list(dict.fromkeys(name for item in rows for name in item.extra))  # type: ignore[attr-defined]
        return write_rows((*self.fields, *extra), (self._cells(item, extra) for item in rows))

    def _cells(self, item: T, extra: list[str]) -> list[str]:
        own = self.cells(item)
        declared = [own[column] if column in own else str(getattr(item, name)) for column, name in self.fields.items()]
        return declared + [item.extra.get(name, "") for name in extra]  # type: ignore[attr-defined]


def same(*columns: str) -> dict[str, str]:
    """Columns that are named as their fields."""
    return {column: column for column in columns}
