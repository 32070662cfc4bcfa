"""Balance before and after matching or weighting."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.impact.fitting import Array


def covariate_balance(
    sites: pd.DataFrame, unit: str, treated: str, covariates: Sequence[str], weights: pd.Series[float]
) -> pd.DataFrame:
    """One row a covariate: means, standardised difference and variance ratio, before and with `weights` (by unit).

    The standardised difference is divided by sqrt((s1^2 + s0^2) / 2) of the groups BEFORE weighting both times, so that
    it can't fall by a larger spread. Variances have n - 1, weighted ones sum(w) / (sum(w)^2 - sum(w^2)) (NaN for a
    single unit); the ratio is treated / comparison. Units with a missing covariate count in none of its numbers.
    Source: Stuart (2010), Statistical Science 25; the weighted variance is that of R's cobalt.
    """
    weight: Array = np.asarray(weights.reindex(sites[unit].to_numpy()).fillna(0.0), dtype=np.float64)
    group = np.asarray(sites[treated] == 1, dtype=bool)
    return pd.DataFrame([_row(name, sites[name].to_numpy(dtype=float), group, weight) for name in covariates])


def _row(name: str, values: Array, group: npt.NDArray[np.bool_], weight: Array) -> dict[str, object]:
    known = ~np.isnan(values)
    one, other = values[known & group], values[known & ~group]
    mean_one, spread_one = _moments(one, np.ones(len(one)))
    mean_other, spread_other = _moments(other, np.ones(len(other)))
    scale = math.sqrt((spread_one + spread_other) / 2)
    after_one, after_spread_one = _moments(one, weight[known & group])
    after_other, after_spread_other = _moments(other, weight[known & ~group])
    return {
        "covariate": name,
        "treated": after_one,
        "comparison_before": mean_other,
        "comparison_after": after_other,
        "standardised_before": _ratio(mean_one - mean_other, scale),
        "standardised_after": _ratio(after_one - after_other, scale),
        "variance_ratio_before": _ratio(spread_one, spread_other),
        "variance_ratio_after": _ratio(after_spread_one, after_spread_other),
    }


def _moments(values: Array, weight: Array) -> tuple[float, float]:
    total = weight.sum()
    if total <= 0:
        return math.nan, math.nan
    mean = float(weight @ values / total)
    lost = float(total**2 - (weight**2).sum())
    return mean, float(total * (weight @ (values - mean) ** 2) / lost) if lost > 1e-12 * total**2 else math.nan


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan
