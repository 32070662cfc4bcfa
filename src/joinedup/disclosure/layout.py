"""From a table to its cells: which group of persons each place of the frame counts, and which cells add up to which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from joinedup.disclosure.axes import axis_of
from joinedup.disclosure.hierarchy import Variable, total_labels, variables_of
from joinedup.disclosure.margins import refuse_undeclared
from joinedup.disclosure.model import Cell, CountTable
from joinedup.disclosure.status import INPUT_MARKS, Status
from joinedup.study.problems import UsageError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

MOST_PERSONS = 10**12
"""More than anybody counts, and few enough that programs in floating point tell one person from two."""
Keys = list[tuple[str, ...]]
Sum = tuple[Cell, tuple[Cell, ...]]
"""A cell and the cells that add up to it."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The cells of one table. `at[i][j]` is the cell at row i and column j of the frame; `sums` hold whatever is shown.

    `counts`: the whole numbers; a cell with a mark or without a number stands in `marks` instead. `above`: the cells
    above the authority. `structural`: zeros that everybody knows; `absent`: combinations of the labels of an axis that
    stand nowhere, such as sites in another region than their own: nobody is counted there (their mark is `z`).
    """

    table: CountTable
    variables: tuple[Variable, ...]
    at: tuple[tuple[Cell, ...], ...]
    sums: tuple[Sum, ...]
    counts: Mapping[Cell, int]
    marks: Mapping[Cell, Status]
    above: frozenset[Cell]
    structural: frozenset[Cell]
    absent: tuple[Cell, ...]


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
    named = total_labels(table.totals)
    rows, columns = axis_of(frame.index, "rows", named), axis_of(frame.columns, "columns", named)
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
    refuse_undeclared(table, variables, keys, values_of(frame))
    sums = tuple(_sums(variables, cell))
    absent = tuple(_nobody(_absent((*rows, *columns), variables, cell), sums, counts))
    marks |= dict.fromkeys(absent, Status.NOT_APPLICABLE)
    return Layout(
        table,
        variables,
        at,
        sums,
        counts,
        marks,
        frozenset(_above(table, variables, keys, at)),
        frozenset(_structural(table, frame, at, counts)),
        absent,
    )


def _twice(names: Sequence[str]) -> str:
    return next(name for name in names if names.count(name) > 1)


def _absent(
    axes: tuple[tuple[str, ...], Keys, tuple[str, ...], Keys],
    variables: Sequence[Variable],
    cell: Callable[[Mapping[str, str]], Cell],
) -> dict[Cell, None]:
    """The cells of combinations that an axis of several levels doesn't show, of labels that it does."""
    totals = {variable.name: variable.parts for variable in variables}
    found: dict[Cell, None] = {}
    for names, keys, others, across in (axes, (*axes[2:], *axes[:2])):
        if len(names) < 2:
            continue
        levels = [
            [label for label in dict.fromkeys(key[at] for key in keys) if label not in totals[name]]
            for at, name in enumerate(names)
        ]
        shown = set(keys)
        for key in (key for key in product(*levels) if key not in shown):
            found |= {cell(dict(zip((*names, *others), (*key, *other), strict=True))): None for other in across}
    return found


def _nobody(absent: Mapping[Cell, None], sums: Sequence[Sum], counts: Mapping[Cell, int]) -> Iterator[Cell]:
    """Those of the cells that hold nobody, as far as totals tell: one that is left out of a table counts persons."""
    left_out: set[Cell] = set()
    for total, parts in sums:
        missing = [part for part in parts if part in absent]
        told = total in counts and all(part in counts or part in absent for part in parts)
        if missing and told and counts[total] != sum(counts.get(part, 0) for part in parts):
            left_out.update(missing)
    return (cell for cell in absent if cell not in left_out)


def values_of(frame: pd.DataFrame) -> npt.NDArray[np.object_]:
    """The figures and marks of a frame as they stand."""
    return frame.to_numpy(dtype=object)


def _read(
    table: CountTable, frame: pd.DataFrame, at: tuple[tuple[Cell, ...], ...]
) -> tuple[dict[Cell, int], dict[Cell, Status]]:
    counts: dict[Cell, int] = {}
    marks: dict[Cell, Status] = {}
    values = values_of(frame)
    for i, row in enumerate(at):
        for j, cell in enumerate(row):
            value = values[i, j]
            status = _mark(value)
            if status is not None:
                marks[cell] = status
            elif not _is_count(value):
                raise UsageError(f"Table {table.name!r}, {cell}: {_no_count(value)}")
            else:
                counts[cell] = int(value)
    return counts, marks


def _is_count(value: object) -> bool:
    import numpy as np

    number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    return number and 0 <= value <= MOST_PERSONS and value == int(value)  # type: ignore[operator, call-overload]


def _no_count(value: object) -> str:
    """What is wrong with a value that is neither a count nor a mark, and what to do."""
    import numpy as np

    told = f"{value.item() if isinstance(value, np.generic) else value!r} is neither a count of persons nor a mark."
    if isinstance(value, str) and value.strip().replace(",", "").isdigit():
        return f"{told} It is text: turn the table's figures into numbers first, and leave the marks as they are."
    if isinstance(value, int | float | np.number) and value > MOST_PERSONS:
        return f"{told} There aren't so many persons."
    return f"{told} Counts are whole numbers from 0; marks are {', '.join(INPUT_MARKS)}."


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
    for place in table.structural:
        if isinstance(place, str) or not isinstance(place, Sequence) or len(place) != 2:
            raise UsageError(
                f"Table {table.name!r}: `structural` holds {place!r}. Give pairs of a row's and a column's label; a "
                f"label of None stands for all."
            )
        row, column = place
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
