"""What the columns of a panel may hold: periods and starts are numbers, outcomes finite, units have one row a period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.study.problems import NotComputable

Array = npt.NDArray[np.float64]


def numbers(panel: pd.DataFrame, name: str) -> Array:
    """The column as floats, NaN where missing. Raises NotComputable for text, dates and infinite values."""
    found = _floats(panel[name])
    if found is None:
        raise NotComputable(f"The column {name} must hold numbers; it holds {_example(panel[name])}.")
    if np.isinf(found).any():
        raise NotComputable(f"The column {name} holds an infinite value: correct it, or leave it empty.")
    return found


def periods_of(panel: pd.DataFrame, period: str) -> Array:
    """The periods as floats. Raises NotComputable for dates and text that is no number, ValueError where one is missing."""
    if not isinstance(panel, pd.DataFrame):
        raise TypeError(f"a panel is a pandas frame with one row a unit and period, not {type(panel).__name__}")
    found = _floats(panel[period])
    if found is None:
        raise NotComputable(
            f"The periods in {period} must be numbers (years, quarters counted from one), not text or dates: it holds "
            f"{_example(panel[period])}."
        )
    if not np.isfinite(found).all():
        raise ValueError(f"a row has no {period}")
    return found


def dated(panel: pd.DataFrame, unit: str, period: str, adopted: str) -> pd.DataFrame:
    """`panel` with periods as numbers and `adopted`, a unit's first treated period, as floats: NaN where never.

    Missing, infinite and later than the last period all mean never. Raises NotComputable for text or dates, for a start
    that changes within a unit, and for 0 where the periods begin later (some programs mean never by it).
    """
    when = periods_of(panel, period)
    start = _floats(panel[adopted])
    if start is None:
        raise NotComputable(
            f"The column {adopted} must hold the first treated period as a number, as {period} does; it holds "
            f"{_example(panel[adopted])}."
        )
    if (start == 0).any() and when.min() > 1:
        raise NotComputable(
            f"The column {adopted} holds 0, long before the first period: leave it empty for sites that never adopt."
        )
    never = np.isnan(start) | (start > when.max(initial=-np.inf))
    found = panel.assign(**{period: when, adopted: np.where(never, np.nan, start)})
    if _changes(found, unit, adopted):
        changing = found.groupby(unit, observed=True)[adopted].nunique(dropna=False) > 1
        raise NotComputable(
            f"The column {adopted} changes from period to period at {named(changing.index[changing])}: "
            "it must be the same in all rows of a site."
        )
    return found


def _changes(panel: pd.DataFrame, unit: str, name: str) -> bool:
    """Whether a column of floats differs between the rows of a unit; two missing values are the same."""
    codes, units = numbered(panel, unit)
    of, values = codes[codes >= 0], panel[name].to_numpy()[codes >= 0]
    one = np.empty(len(units))
    one[of] = values
    return not np.array_equal(values, one[of], equal_nan=True)


def numbered(panel: pd.DataFrame, name: str) -> tuple[npt.NDArray[np.intp], pd.Index[Any]]:
    """The number of each row's value in the column, -1 where it is missing, and the values by their numbers."""
    codes, values = pd.factorize(panel[name])
    return codes, pd.Index(values)


def check_single(panel: pd.DataFrame, unit: str, period: str) -> None:
    """Raises ValueError where a row has no unit or period, or a unit has two rows in one period."""
    (units, _), (periods, known) = numbered(panel, unit), numbered(panel, period)
    if (units < 0).any() or (periods < 0).any():
        raise ValueError(f"a row has no {unit} or no {period}")
    if len(np.unique(units * len(known) + periods)) < len(panel):
        twice = panel.duplicated([unit, period]).to_numpy()
        where = [_plain(panel[name].iloc[int(twice.argmax())]) for name in (unit, period)]
        raise ValueError(
            f"a unit has two rows (two cells) in one period: {unit} {where[0]} in {period} {where[1]}, the first of "
            f"{int(twice.sum())}. Give each unit one row a period."
        )


def named(units: Sequence[Any] | npt.NDArray[Any] | pd.Index[Any], most: int = 5) -> str:
    """The first of the units by name, and how many more."""
    shown = ", ".join(str(unit) for unit in units[:most])
    return shown if len(units) <= most else f"{shown} and {len(units) - most} more"


def _floats(column: pd.Series[Any]) -> Array | None:
    """The column as floats; None where a value is neither a number, nor text of one, nor missing."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "biuf":
        return column.to_numpy(dtype=float, copy=True)
    plain = column.dtype.kind in "biufOST" or isinstance(column.dtype, pd.StringDtype | pd.CategoricalDtype)
    if not plain:
        return None
    given = column.astype(object) if isinstance(column.dtype, pd.CategoricalDtype) else column
    filled = given.map(lambda value: None if value == "" else value) if given.dtype.kind == "O" else given
    found = pd.to_numeric(filled, errors="coerce")
    if (found.isna() & filled.notna()).any():
        return None
    return np.asarray(found.to_numpy(dtype=float, na_value=np.nan), dtype=float)


def _example(column: pd.Series[Any]) -> str:
    """The first value that is no number, as a reader sees it."""
    present = column.dropna()
    if column.dtype.kind != "O" or isinstance(column.dtype, pd.PeriodDtype):
        return f"{_plain(present.iloc[0])} ({column.dtype})"
    return next(f"“{value}”" for value in present if np.isnan(pd.to_numeric(str(value), errors="coerce")))


def _plain(value: Any) -> str:
    """A unit or a period in a sentence: whole numbers without a point."""
    return f"{value:g}" if isinstance(value, float) else str(value)
