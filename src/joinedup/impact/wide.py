"""A panel as matrices: units in rows, periods in columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.impact.fitting import Array
from joinedup.impact.panel_columns import check_single, dated, named, numbers, periods_of
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
        found = numbers(panel, name)[self.rows]
        if np.isnan(found).any():
            raise NotComputable(
                f"The column {name} lacks a value for {named(self.units[np.isnan(found).any(axis=1)])}: "
                "fill it in or leave these sites out."
            )
        return found


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
    periods, row_periods = np.unique(periods_of(panel, period), return_inverse=True)
    check_single(panel, unit, period)
    row_units, units = pd.factorize(panel[unit], sort=True)
    rows = np.full((len(units), len(periods)), -1)
    rows[row_units, row_periods] = np.arange(len(panel))
    values = numbers(panel, outcome)
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


def starts(found: Wide, panel: pd.DataFrame, unit: str, period: str, adopted: str) -> Array:
    """The first treated period of each unit; infinite where it is missing, infinite, or after the last period."""
    dates = dated(panel, unit, period, adopted)[adopted].to_numpy(dtype=float)[found.rows[:, 0]]
    return np.where(np.isnan(dates), np.inf, dates)


def _children(found: Wide, panel: pd.DataFrame, children: str) -> Array:
    if children not in panel:
        raise NotComputable(
            f'The average child needs the number of children: there is no column {children}. Name it, or ask for "site".'
        )
    means = found.column(panel, children).mean(axis=1)
    if (means <= 0).any():
        raise NotComputable(
            f"The column {children} counts no children at {named(found.units[means <= 0])}: leave these sites out."
        )
    return np.asarray(means / means.mean(), dtype=float)
