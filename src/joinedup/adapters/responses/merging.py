"""Responses added to those that are there: the same file twice changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from joinedup.adapters.responses.model import Refused, Responses

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Merged:
    """The table after an import: how many rows were `added`, how many were there `already`, which were refused."""

    table: pa.Table
    added: int
    already: int
    refused: tuple[Refused, ...]


def add_responses(table: pa.Table | None, incoming: Responses) -> Merged:
    """The rows of `table`, then those of `incoming` whose response id is new.

    A row with a known id and the same content is left as it is; one with other content is refused: what was imported
    is not changed silently. A row that says no version has the one of before. Columns that one side lacks are empty.
    """
    import pyarrow as pa

    new = incoming.table
    if table is None:
        return Merged(new, new.num_rows, 0, incoming.refused)
    names = list(dict.fromkeys(name for name in (*table.column_names, *new.column_names) if name != "_row"))
    old_rows = {row["response"]: row for row in _rows(table, names)}
    fresh, already, refused = list[int](), 0, list(incoming.refused)
    numbers = new.column("_row").to_pylist()
    for at, row in enumerate(_rows(new, names)):
        known = old_rows.get(row["response"])
        if known is None:
            fresh.append(at)
        elif known == _versioned(row, known):
            already += 1
        else:
            changed = next(name for name in names if known[name] != _versioned(row, known)[name])
            reason = f"it was imported before with another answer to {changed}"
            refused.append(Refused(numbers[at], reason, row["response"]))
    added = _widened(new, names).take(pa.array(fresh, pa.int64()))
    return Merged(pa.concat_tables([_widened(table, names), added]), len(fresh), already, tuple(sorted(refused)))


def _versioned(row: dict[str, str], known: dict[str, str]) -> dict[str, str]:
    """The row; one of a program that says no version answers the version that it was imported under."""
    return row if row["instrument_version"] else {**row, "instrument_version": known["instrument_version"]}


def _rows(table: pa.Table, names: list[str]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = _widened(table, names).select(names).to_pylist()
    return found


def _widened(table: pa.Table, names: list[str]) -> pa.Table:
    import pyarrow as pa

    empty = pa.array([""] * table.num_rows, pa.string())
    for name in names:
        if name not in table.column_names:
            table = table.append_column(name, empty)
    return table.select([*names, "_row"])
