"""One unit left out at a time: how much the estimate hangs on each, and the clustered error CR3 from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from joinedup.impact.effects import Effects
from joinedup.impact.fitting import Array
from joinedup.impact.sufficient_statistics import Cells
from joinedup.impact.weighted_cells import WeightedCells, add_up, check_contrast, gather

_NOTHING = 1e-9


def leave_one_out(
    cells: pd.DataFrame | Cells,
    outcome: str,
    unit: str,
    period: str,
    treated: str,
    covariates: Sequence[str] = (),
    weights: str | None = None,
    children: str = "n",
) -> pd.Series[float]:
    """The coefficient of `treated` (as in `did`) without each unit in turn, by unit; NaN where it can't be had without.

    Raises what `did` raises.
    """
    sample = gather(cells, outcome, unit, period, treated, covariates, weights, children)
    check_contrast(sample)
    return pd.Series(coefficients_without(sample)[:, -1], index=pd.Index(sample.units, name=unit), name="estimate")


def jackknife_errors(without: Array, beta: Array) -> Array:
    """The CR3 error of each coefficient: sqrt((G-1)/G * sum over units of (b_g - b)^2), b_g those `without` unit g.

    NaN where a coefficient can't be had without some unit, e.g. with one treated unit. It is larger than CR1 where
    single units weigh much; it does not rescue one or two treated units.
    Source: MacKinnon, Nielsen and Webb (2023), Journal of Econometrics 232, CV3; Bell and McCaffrey (2002).
    """
    units = len(without)
    found: Array = np.sqrt((units - 1) / units * ((without - beta) ** 2).sum(axis=0))
    return found


def coefficients_without(sample: WeightedCells) -> Array:
    """The coefficients of covariates and treatment without each unit (units x coefficients); NaN where lost.

    A unit's effect goes with it and those of the others stay, so that each refit is a solve of periods and regressors.
    """
    parts, periods = unit_moments(sample)
    return solve_moments(parts.sum(axis=0) - parts, periods, len(sample.names))


def unit_moments(sample: WeightedCells) -> tuple[Array, int]:
    """Each unit's cross products of period indicators, regressors and outcome, free of its own effect; and the number
    of period indicators, which come first. They add up over units: any sample of units is a sum of them."""
    effects = Effects(sample)
    periods = (sample.period[:, None] == np.arange(1, len(sample.periods))).astype(float)
    rows = effects.within_units(np.hstack([periods, sample.columns]) * effects.root[:, None])
    m = periods.shape[1]
    parts = add_up(rows[:, :, None] * rows[:, None, :], sample.unit, len(sample.units))
    parts[:, m:, m:] += sample.scatter
    return parts, m


def solve_moments(moments: Array, periods: int, size: int) -> Array:
    """For each of `moments` the `size` coefficients after `periods` nuisance columns, before the outcome; NaN where lost."""
    cross = moments[:, :periods, periods:]
    inverse = np.linalg.pinv(moments[:, :periods, :periods], rcond=1e-12, hermitian=True)
    rest = moments[:, periods:, periods:] - np.swapaxes(cross, 1, 2) @ inverse @ cross
    own = np.einsum("gii->gi", moments)[:, periods : periods + size]
    scale = np.sqrt(np.where(own > 0, own, 1.0))
    inner = rest[:, :size, :size] / (scale[:, :, None] * scale[:, None, :])
    kept = np.linalg.eigvalsh(inner)[:, 0] > _NOTHING
    found = np.full((len(moments), size), np.nan)
    found[kept] = np.linalg.solve(inner[kept], rest[kept, :size, size:] / scale[kept, :, None])[:, :, 0] / scale[kept]
    return found
