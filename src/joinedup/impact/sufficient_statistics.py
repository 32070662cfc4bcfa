"""The cell table: rows of children become unit x period cells of sums, by one expression that any engine can run.

Sums, never means: sums add up over cells, engines and releases, and least squares with regressors that are constant in a
cell, or whose cross products are carried, depends on the rows through them only (Wong, Forsell, Lewis, Mao and Wardrop
2021, "You only compress once", arXiv 2102.11297).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from joinedup.impact.engine import open_table
from joinedup.study.digest import digest
from joinedup.study.problems import NotComputable

UNIT, PERIOD, TREATED, N = "unit", "period", "treated", "n"
_COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Cells:
    """Sufficient statistics of children by unit, period and treatment.

    `frame` has the columns unit, period, treated (0 or 1), n (children with nothing missing), sum_y, sum_yy and for the
    covariates, numbered from 1 in their order, sum_x1, sum_x1_y, sum_x1_x1, sum_x1_x2 and so on. It is sorted. Sums of
    whole numbers and counts are exact, sums of floats depend on the order of rows by about 1e-12 of their size.
    `outcome`, `unit`, `period`, `treated` and `covariates` are the names in the source; `left_out` counts the children
    that lacked one of them.
    """

    frame: pd.DataFrame
    outcome: str
    unit: str
    period: str
    treated: str
    covariates: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def n_children(self) -> int:
        return int(self.frame[N].sum())

    @property
    def digest(self) -> str:
        """The same for the same rows on every engine: floats count to 9 significant digits."""
        names = (self.outcome, self.unit, self.period, self.treated, self.covariates)
        columns = {name: self.frame[name].tolist() for name in self.frame}
        return digest(names, {name: [_plain(value) for value in values] for name, values in columns.items()})

    def check_names(self, outcome: str, unit: str, period: str, treated: str, covariates: Sequence[str]) -> None:
        """Raises NotComputable where an estimate asks for what the cells do not hold, with the reason."""
        if unit != self.unit:
            raise NotComputable(
                f"The cells are of {self.unit} by {self.period}; effects or clusters of {unit} can't be had from them: fixed "
                f"effects of children and clusters finer than cells need the rows. Make the cells by {unit}."
            )
        for held, asked in ((self.outcome, outcome), (self.period, period), (self.treated, treated)):
            if held != asked:
                raise NotComputable(f"The cells hold {held}, not {asked}: make a cell table with {asked}.")
        for name in covariates:
            if name not in self.covariates:
                raise NotComputable(
                    f"The cells hold no cross products of {name}, and means by cell would give another coefficient: make "
                    f"the cell table with {name} among its covariates."
                )


def cell_table(
    source: Any,
    unit: str,
    period: str,
    outcome: str,
    treated: str,
    covariates: Sequence[str] = (),
    engine: Any = None,
) -> Cells:
    """Sufficient statistics of the rows of `source`, one a child and period, by unit, period and treatment.

    `source` is an Ibis table, a Parquet file, a folder of them, or a pandas frame; `engine` says what opens
    them: "spark" or "spark://host:port" (the extra joinedup[spark]), an Ibis connection, by default DuckDB in memory. `outcome` and `covariates` are numbers or booleans; `treated` is 0 or 1 and
    may differ between the children of a cell. Rows with a missing value (null or NaN) are left out and counted.
    Raises KeyError for an unknown column, NotComputable for a column of text, a treatment that is not 0 or 1, or when
    nothing is left; squares of whole numbers beyond 64 bits raise the engine's own error.
    """
    table = open_table(source, engine)
    for name in (unit, period, outcome, treated, *covariates):
        if name not in table.columns:
            raise KeyError(name)
    found = expression(table, unit, period, outcome, treated, covariates).to_pandas()
    complete = found[_COMPLETE].astype(bool)
    left_out = int(found.loc[~complete, N].sum())
    frame = found[complete].drop(columns=_COMPLETE)
    if frame.empty:
        raise NotComputable(f"No row has {', '.join((unit, period, outcome, treated, *covariates))} all filled in.")
    other = sorted(set(frame[TREATED].tolist()) - {0, 1})
    if other:
        raise NotComputable(f"{treated} must be 0 or 1 in every row; it is also {other[0]}.")
    frame = frame.assign(treated=frame[TREATED].astype("int64")).sort_values([UNIT, PERIOD, TREATED])
    return Cells(frame.reset_index(drop=True), outcome, unit, period, treated, tuple(covariates), left_out)


def expression(table: Any, unit: str, period: str, outcome: str, treated: str, covariates: Sequence[str]) -> Any:
    """The Ibis expression of the cell table; rows with something missing are cells of their own (complete is false)."""
    numbers = {"y": _number(table[outcome])} | {f"x{i}": _number(table[x]) for i, x in enumerate(covariates, 1)}
    keys = {UNIT: table[unit], PERIOD: table[period], TREATED: _number(table[treated])}
    parts = keys | numbers
    complete = _present(parts[UNIT])
    for column in list(parts.values())[1:]:
        complete = complete & _present(column)
    rows = table.select(**parts, **{_COMPLETE: complete})
    sums = {N: rows.count(), "sum_y": rows.y.sum(), "sum_yy": (rows.y * rows.y).sum()}
    names = [name for name in numbers if name != "y"]
    for i, name in enumerate(names):
        sums[f"sum_{name}"] = rows[name].sum()
        sums[f"sum_{name}_y"] = (rows[name] * rows.y).sum()
        for other in names[i:]:
            sums[f"sum_{name}_{other}"] = (rows[name] * rows[other]).sum()
    return rows.group_by([UNIT, PERIOD, TREATED, _COMPLETE]).aggregate(**sums)


def _number(column: Any) -> Any:
    """Whole numbers and booleans as 64-bit integers, so that their sums are exact; all else as doubles."""
    kind = column.type()
    if kind.is_boolean() or kind.is_integer():
        return column.cast("int64")
    if kind.is_floating() or kind.is_decimal():
        return column.cast("float64")
    raise NotComputable(f"{column.get_name()} is {kind}, not a number.")


def _present(column: Any) -> Any:
    return column.notnull() & ~column.isnan() if column.type().is_floating() else column.notnull()


def _plain(value: Any) -> Any:
    found = value.item() if hasattr(value, "item") else value
    return found if isinstance(found, bool | int | float | str) or found is None else str(found)
