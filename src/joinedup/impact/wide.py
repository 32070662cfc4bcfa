"""A panel as matrices: units in rows, periods in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.impact.fitting import Array
from joinedup.study.problems import NotComputable

ESTIMANDS = {"site": "the average site", "child": "the average child"}
"""What `weights` may be, and the estimand that it gives."""


@dataclass(frozen=True, slots=True)
class Wide:
    """A balanced panel. `outcome` is units x periods; units and periods are sorted.

    `weights` has mean 1 over the units; `left_out` counts the units that lacked a value in some period.
    """

    units: npt.NDArray[Any]
    periods: Array
    outcome: Array
    weights: Array
    left_out: int
    rows: npt.NDArray[np.int64]

    def column(self, panel: pd.DataFrame, name: str) -> Array:
        """Another column of the same panel, units x periods. Raises NotComputable where a value is missing."""
        found = pd.to_numeric(panel[name]).to_numpy(dtype=float)[self.rows]
        if np.isnan(found).any():
            raise NotComputable(
                f"The column {name} lacks a value for {_some(self.units[np.isnan(found).any(axis=1)])}: "
                "fill it in or leave these sites out."
            )
        return found

    def constant(self, panel: pd.DataFrame, name: str) -> Array:
        """A column that a unit has once (its start, its score); missing values stay NaN. Raises NotComputable else."""
        found = pd.to_numeric(panel[name]).to_numpy(dtype=float)[self.rows]
        same = (found == found[:, :1]) | (np.isnan(found) & np.isnan(found[:, :1]))
        if not same.all():
            raise NotComputable(
                f"The column {name} changes from period to period at {_some(self.units[~same.all(axis=1)])}: "
                "it must be the same in all rows of a site."
            )
        return np.asarray(found[:, 0], dtype=float)


def wide(
    panel: pd.DataFrame, outcome: str, unit: str, period: str, weights: str | None = None, children: str = "n"
) -> Wide:
    """The units of `panel` (one row a unit and period) that have an outcome in every period.

    Units with a gap are left out and counted: a gap is never filled in. `weights` is "site" (or None: every unit counts
    the same) or "child" (a unit counts by its mean of the column `children` over all periods). Raises KeyError for an
    unknown column, ValueError for two rows of a unit in one period or an unknown weight, NotComputable where no unit is
    complete or the periods are not numbers.
    """
    if weights not in (None, *ESTIMANDS):
        raise ValueError(f'weights must be "site" or "child", not {weights!r}')
    row_units, units = pd.factorize(panel[unit], sort=True)
    row_periods, periods = pd.factorize(panel[period], sort=True)
    if not pd.api.types.is_numeric_dtype(panel[period]):
        raise NotComputable(f"The periods in {period} must be numbers (years, quarters counted from one), not text.")
    if (row_units < 0).any() or (row_periods < 0).any():
        raise ValueError(f"a row has no {unit} or no {period}")
    rows = np.full((len(units), len(periods)), -1)
    rows[row_units, row_periods] = np.arange(len(panel))
    if (rows >= 0).sum() != len(panel):
        raise ValueError("a unit has two rows in one period")
    values = pd.to_numeric(panel[outcome]).to_numpy(dtype=float)
    complete = (rows >= 0).all(axis=1) & ~np.isnan(np.where(rows >= 0, values[rows], np.nan)).any(axis=1)
    if not complete.any():
        raise NotComputable("No site has an outcome in every period: the design needs complete series.")
    rows = rows[complete]
    found = Wide(
        np.asarray(units)[complete],
        np.asarray(periods, dtype=float),
        values[rows],
        np.ones(len(rows)),
        int((~complete).sum()),
        rows,
    )
    if weights != "child":
        return found
    return Wide(
        found.units, found.periods, found.outcome, _children(found, panel, children), found.left_out, found.rows
    )


def starts(found: Wide, panel: pd.DataFrame, adopted: str) -> Array:
    """The first treated period of each unit; infinite where it is missing, infinite, or after the last period."""
    dates = found.constant(panel, adopted)
    if (dates == 0).any() and found.periods[0] > 1:
        raise NotComputable(
            f"The column {adopted} holds 0, long before the first period: leave it empty for sites that never adopt."
        )
    return np.where(np.isnan(dates) | (dates > found.periods[-1]), np.inf, dates)


def _children(found: Wide, panel: pd.DataFrame, children: str) -> Array:
    if children not in panel:
        raise NotComputable(
            f'The average child needs the number of children: there is no column {children}. Name it, or ask for "site".'
        )
    means = found.column(panel, children).mean(axis=1)
    if (means <= 0).any():
        raise NotComputable(
            f"The column {children} counts no children at {_some(found.units[means <= 0])}: leave these sites out."
        )
    return np.asarray(means / means.mean(), dtype=float)


def _some(units: Sequence[Any] | npt.NDArray[Any], most: int = 5) -> str:
    named = ", ".join(str(unit) for unit in units[:most])
    return named if len(units) <= most else f"{named} and {len(units) - most} more"
