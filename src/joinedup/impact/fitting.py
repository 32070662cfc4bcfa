"""Coefficients with their clustered covariance, and the rows that an estimate rests on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.impact.model import Estimate
from joinedup.impact.panel_columns import check_single, numbered, numbers
from joinedup.study.problems import NotComputable

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients of `names` with their clustered covariance matrix."""

    names: tuple[str, ...]
    beta: Array
    covariance: Array
    n_cells: int
    n_units: int

    def combine(self, weights: Array, groups: tuple[int, int] | None = None) -> Estimate:
        """The linear combination `weights` (one a coefficient), with t(clusters - 1); `groups` as in `Estimate`."""
        se = math.sqrt(max(float(weights @ self.covariance @ weights), 0.0))
        return Estimate(float(weights @ self.beta), se, self.n_cells, self.n_units, groups)

    def term(self, name: str) -> Estimate:
        return self.combine(np.array([float(name == other) for other in self.names]))


def sample(cells: pd.DataFrame, needed: Sequence[str], unit: str, period: str) -> pd.DataFrame:
    """The rows that an estimate rests on: nothing missing in `needed`, and units with at least two such rows.

    A unit with one cell is explained by its own effect and informs nothing. The `needed` columns come back as floats.
    Raises ValueError for two cells of a unit in one period, NotComputable for text and infinite values.
    """
    columns = {name: numbers(cells, name) for name in needed}
    filled = np.flatnonzero(~np.isnan(np.column_stack(list(columns.values()))).any(axis=1))
    used = cells.assign(**columns).iloc[filled]
    check_single(used, unit, period)
    if used.empty:
        raise NotComputable(f"No row has {', '.join(needed)} all filled in: there is nothing to estimate from.")
    codes, units = numbered(used, unit)
    several = np.flatnonzero(np.bincount(codes, minlength=len(units))[codes] > 1)
    return used.iloc[several].reset_index(drop=True)
