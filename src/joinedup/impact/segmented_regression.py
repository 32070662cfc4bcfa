"""Interrupted time series by segmented regression, for sites without comparison."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from joinedup.impact.fitting import Array
from joinedup.impact.wide import ESTIMANDS, wide
from joinedup.study.problems import NotComputable

_BEFORE, _AFTER = 4, 3
"""Fewest periods: with fewer a level, a slope and their errors are hardly more than the points themselves."""
_LIKED = 8
"""Below this many periods on either side the error is too small more often than not: the methods sentence says so."""


@dataclass(frozen=True, slots=True)
class Change:
    """A coefficient with its Newey-West error, two-sided p and 95% interval (t)."""

    estimate: float
    se: float
    p: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class InterruptedTimeSeries:
    """`level`: the jump at the start; `slope`: the change of the trend a period; `last`: the gap in the last period.

    `path` has period, observed, fitted, expected (the trend before, drawn on). `lags` are those of the error.
    """

    level: Change
    slope: Change
    last: Change
    path: pd.DataFrame
    lags: int
    sites: int
    methods: str


def interrupted_time_series(
    panel: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    start: float,
    lags: int | None = None,
    weights: str | None = None,
    children: str = "n",
) -> InterruptedTimeSeries:
    """The sites' mean path before and from `start` on: outcome ~ 1 + time + after + after x (time - start).

    `panel` has one row a unit and period (equally spaced); units with a gap are left out. `weights` "site" or "child"
    says what the mean is of. Errors are Newey-West (Bartlett) with `lags`, by default floor(4 (n / 100)^(2/9)), times
    n / (n - 4), and t with n - 4 degrees of freedom. There is no comparison: whatever else changed at the start counts
    as effect. Raises NotComputable with fewer than 4 periods before or 3 from the start on, or unequal spacing.
    Sources: Wagner et al. (2002), J Clin Pharm Ther 27; Newey and West (1987), Econometrica 55.
    """
    found = wide(panel, outcome, unit, period, weights, children)
    periods = found.periods
    _check(periods, float(start), lags)
    observed = np.asarray(found.weights @ found.outcome / found.weights.sum(), dtype=float)
    after = (periods >= start).astype(float)
    since = np.where(after == 1, periods - start, 0.0)
    design = np.column_stack([np.ones(len(periods)), periods - start, after, since])
    used = lags if lags is not None else math.floor(4 * (len(periods) / 100) ** (2 / 9))
    beta, covariance = _newey_west(design, observed, used)
    df = len(periods) - design.shape[1]
    contrasts = np.array([[0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, since[-1]]], dtype=float)
    level, slope, last = (_change(row, beta, covariance, df) for row in contrasts)
    path = pd.DataFrame({"period": periods, "observed": observed, "fitted": design @ beta})
    few = min(int(after.sum()), int((1 - after).sum())) < _LIKED
    methods = (
        f"Interrupted time series for {ESTIMANDS[weights or 'site']}: segmented regression of the mean of "
        f"{len(found.units)} sites over {len(periods)} periods, {int(after.sum())} of them from {start:g} on; Newey-West "
        f"errors with {used} lags, t with {df} degrees of freedom. No comparison: other changes at the start are not "
        "told apart from the programme."
    )
    if few:
        methods += f" Fewer than {_LIKED} periods on one side: the errors are likely too small."
    return InterruptedTimeSeries(
        level, slope, last, path.assign(expected=design[:, :2] @ beta[:2]), used, len(found.units), methods
    )


def _check(periods: Array, start: float, lags: int | None) -> None:
    before, after = int((periods < start).sum()), int((periods >= start).sum())
    if before < _BEFORE or after < _AFTER:
        raise NotComputable(
            f"There are {before} periods before {start:g} and {after} from it on; an interrupted time series needs "
            f"{_BEFORE} and {_AFTER}. With fewer, show the series and say what it can't tell."
        )
    if not np.allclose(np.diff(periods), periods[1] - periods[0]):
        raise NotComputable("The periods are not equally spaced: a trend a period has no meaning. Fill or cut the gap.")
    if lags is not None and not 0 <= lags < len(periods):
        raise ValueError("lags must be from 0 to one less than the number of periods")


def _newey_west(design: Array, outcome: Array, lags: int) -> tuple[Array, Array]:
    n, k = design.shape
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ outcome
    scores = design * (outcome - design @ beta)[:, None]
    meat = scores.T @ scores
    for lag in range(1, lags + 1):
        cross = scores[lag:].T @ scores[:-lag]
        meat = meat + (1 - lag / (lags + 1)) * (cross + cross.T)
    return np.asarray(beta, dtype=float), np.asarray(inverse @ meat @ inverse * n / (n - k), dtype=float)


def _change(row: Array, beta: Array, covariance: Array, df: int) -> Change:
    from scipy.stats import t

    estimate, se = float(row @ beta), math.sqrt(max(float(row @ covariance @ row), 0.0))
    half = float(t.ppf(0.975, df)) * se
    p = float(2 * t.sf(abs(estimate) / se, df)) if se > 0 else float("nan")
    return Change(estimate, se, p, estimate - half, estimate + half)
