"""From a table to its cells: which group of persons each place of the frame counts, and which cells add up to which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from joinedup.disclosure.hierarchy import Variable, variables_of
from joinedup.disclosure.model import DEFAULT_TOTAL, Cell, CountTable
from joinedup.disclosure.status import INPUT_MARKS, Status
from joinedup.study.problems import UsageError

if TYPE_CHECKING:
    import pandas as pd

Sum = tuple[Cell, tuple[Cell, ...]]
"""A cell and the cells that add up to it."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The cells of one table. `at[i][j]` is the cell at row i and column j of the frame; `sums` hold whatever is shown.

    `counts`: the whole numbers; a cell with a mark or without a number stands in `marks` instead. `above`: the cells
    above the authority. `structural`: zeros that everybody knows.
    """

    table: CountTable
    variables: tuple[Variable, ...]
    at: tuple[tuple[Cell, ...], ...]
    sums: tuple[Sum, ...]
    counts: Mapping[Cell, int]
    marks: Mapping[Cell, Status]
    above: frozenset[Cell]
    structural: frozenset[Cell]


def frame_of(counts: pd.DataFrame | pd.Series[int]) -> pd.DataFrame:
    """The counts as a frame; a series is a frame of one column. Raises UsageError for anything else."""
    import pandas as pd

    if not isinstance(counts, pd.DataFrame | pd.Series):
        raise UsageError(
            f"A table of counts is a pandas DataFrame or Series whose axes bear the names of their variables, not a "
            f"{type(counts).__name__}."
        )
    return counts.to_frame() if isinstance(counts, pd.Series) else counts


def laid_out(table: CountTable) -> Layout:
    """The layout of a table; raises UsageError where its counts or totals can't be meant."""
    frame = frame_of(table.counts)
    rows, columns = _axis(frame.index, "rows"), _axis(frame.columns, "columns")
    names = (*rows[0], *columns[0])
    if len(set(names)) < len(names):
        raise UsageError(
            f"Table {table.name!r}: two of its axes are both called {_twice(names)!r}. Give each its own name."
        )
    shown = {name: [key[at] for key in keys] for found, keys in (rows, columns) for at, name in enumerate(found)}
    variables = variables_of(shown, table.totals)
    roots = {variable.name: variable.root for variable in variables}

    def cell(labels: Mapping[str, str]) -> Cell:
        at = ((name, label) for name, label in labels.items() if label != roots[name])
        return Cell(table.population, tuple(sorted(at)))

    keys = [[dict(zip(names, (*row, *column), strict=True)) for column in columns[1]] for row in rows[1]]
    at = tuple(tuple(cell(labels) for labels in row) for row in keys)
    counts, marks = _read(table, frame, at)
    _refuse_hidden_total(table, frame)
    return Layout(
        table,
        variables,
        at,
        tuple(_sums(variables, cell)),
        counts,
        marks,
        frozenset(_above(table, variables, keys, at)),
        frozenset(_structural(table, frame, at, counts)),
    )


def _twice(names: Sequence[str]) -> str:
    return next(name for name in names if names.count(name) > 1)


def _axis(index: pd.Index[str], fallback: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The variables of an axis and the labels of each of its places; one nameless column is no variable."""
    if index.nlevels == 1 and len(index) == 1 and index.name is None and fallback == "columns":
        return (), [()]
    found: tuple[str, ...]
    keys: list[tuple[str, ...]]
    if index.nlevels == 1:
        found = (str(index.name) if index.name is not None else fallback,)
        keys = [(str(label),) for label in index]
    else:
        found = tuple(str(name) if name is not None else f"{fallback} {at + 1}" for at, name in enumerate(index.names))
        keys = [tuple(str(label) for label in key) for key in index]
    if len(set(keys)) < len(keys):
        double = next(key for key in keys if keys.count(key) > 1)
        raise UsageError(f"The label {', '.join(double)} stands twice among the {fallback}. Give each its own label.")
    return found, keys


def _read(
    table: CountTable, frame: pd.DataFrame, at: tuple[tuple[Cell, ...], ...]
) -> tuple[dict[Cell, int], dict[Cell, Status]]:
    counts: dict[Cell, int] = {}
    marks: dict[Cell, Status] = {}
    values = frame.to_numpy(dtype=object)
    for i, row in enumerate(at):
        for j, cell in enumerate(row):
            value = values[i, j]
            status = _mark(value)
            if status is not None:
                marks[cell] = status
            elif not _is_count(value):
                raise UsageError(
                    f"Table {table.name!r}, {cell}: {value!r} is neither a count of persons nor a mark. "
                    f"Counts are whole numbers from 0; marks are {', '.join(INPUT_MARKS)}."
                )
            else:
                counts[cell] = int(value)
    return counts, marks


def _is_count(value: object) -> bool:
    import numpy as np

    number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    return number and 0 <= value < float("inf") and value == int(value)  # type: ignore[operator, call-overload]


def _mark(value: object) -> Status | None:
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return Status.NOT_AVAILABLE
    return INPUT_MARKS.get(value.strip()) if isinstance(value, str) else None


def _sums(variables: Sequence[Variable], cell: Callable[[Mapping[str, str]], Cell]) -> Iterator[Sum]:
    for variable in variables:
        others = [other for other in variables if other is not variable]
        for labels in product(*(other.labels for other in others)):
            rest = dict(zip((other.name for other in others), labels, strict=True))
            for total, parts in variable.parts.items():
                yield cell({**rest, variable.name: total}), tuple(cell({**rest, variable.name: p}) for p in parts)


def _above(
    table: CountTable, variables: Sequence[Variable], keys: list[list[dict[str, str]]], at: tuple[tuple[Cell, ...], ...]
) -> Iterator[Cell]:
    totals = next((variable.parts for variable in variables if variable.name == table.unit), {})
    for labels, cells in zip(keys, at, strict=True):
        for found, cell in zip(labels, cells, strict=True):
            if table.above or found.get(table.unit) in totals:
                yield cell


def _structural(
    table: CountTable, frame: pd.DataFrame, at: tuple[tuple[Cell, ...], ...], counts: Mapping[Cell, int]
) -> Iterator[Cell]:
    rows, columns = list(frame.index), list(frame.columns)
    for row, column in table.structural:
        places = [
            (i, j)
            for i in range(len(rows))
            for j in range(len(columns))
            if row in (None, rows[i]) and column in (None, columns[j])
        ]
        if not places:
            raise UsageError(f"Table {table.name!r}: `structural` names ({row!r}, {column!r}), which is no cell of it.")
        for i, j in places:
            if counts.get(at[i][j], 0):
                raise UsageError(
                    f"Table {table.name!r}, {at[i][j]}: a structural zero holds {counts[at[i][j]]} persons."
                )
            yield at[i][j]


def _refuse_hidden_total(table: CountTable, frame: pd.DataFrame) -> None:
    """A margin that isn't declared would be taken for one more category, and solve what it should protect."""
    if table.totals != DEFAULT_TOTAL:
        return
    import numpy as np
    import pandas as pd

    values = frame.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    for axis, labels, kind in ((0, list(frame.index), "row"), (1, list(frame.columns), "column")):
        if DEFAULT_TOTAL in labels or len(labels) < 4:
            continue
        last = values.take(-1, axis=axis)
        rest = values.sum(axis=axis) - last
        if len(last) > 1 and np.isfinite(rest).all() and last.any() and (rest == last).all():
            raise UsageError(
                f"Table {table.name!r}: the last {kind}, {labels[-1]!r}, is the sum of the others, but `totals` doesn't "
                f"say that it is a total. Name it in `totals`: an undeclared total gives hidden counts away."
            )
