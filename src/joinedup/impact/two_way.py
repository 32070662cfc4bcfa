"""Difference in differences by two-way fixed effects on cells."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from joinedup.impact.effects import Effects
from joinedup.impact.fitting import Array, Fit
from joinedup.impact.jackknife import coefficients_without, jackknife_errors
from joinedup.impact.model import DidFit
from joinedup.impact.sufficient_statistics import Cells
from joinedup.impact.weighted_cells import WeightedCells, add_up, check_contrast, gather
from joinedup.impact.wide import ESTIMANDS
from joinedup.study.problems import NotComputable

_NOTHING = 1e-10
"""A regressor of which the effects and the regressors before it leave less than this share has no coefficient."""


def did(
    cells: pd.DataFrame | Cells,
    outcome: str,
    unit: str,
    period: str,
    treated: str,
    covariates: Sequence[str] = (),
    weights: str | None = None,
    children: str = "n",
) -> DidFit:
    """The coefficient of `treated` (0 or 1) in `outcome ~ treated + covariates | unit + period`.

    `cells` is a frame with one row a unit and period, or the `Cells` of a cell table: then the result is that of the
    children's rows, covariates of children included. Rows of a frame with a missing outcome or covariate are left out,
    never filled in. `weights` says the estimand: "site" (every cell weighs the same: the average site; the default of a
    frame) or "child" (every child weighs the same: the average child; the default of `Cells`; a frame has its number of
    children in the column `children`). The error is CRV1 by unit, (N-1)/(N-k) * G/(G-1), with N the children where they
    are the weight, else the cells. With staggered adoption and effects that vary the coefficient mixes comparisons, some
    with units treated earlier (Goodman-Bacon 2021, Journal of Econometrics 225): see `bacon`.
    Raises NotComputable with the reason where treatment does not vary within the effects, where a regressor is collinear,
    and where the cells can't bear the question; KeyError for an unknown column.
    """
    sample = gather(cells, outcome, unit, period, treated, covariates, weights, children)
    check_contrast(sample)
    found = solve(sample)
    effect = found.term(treated)
    return DidFit(
        effect.estimate,
        effect.se,
        effect.n_cells,
        effect.n_units,
        sample.n_treated(),
        sample.n_comparison(),
        sample.n_children,
        ESTIMANDS[sample.weights],
        {name: found.term(name) for name in covariates},
        float(jackknife_errors(coefficients_without(sample), found.beta)[-1]),
    )


def solve(sample: WeightedCells) -> Fit:
    """Coefficients of the covariates and the treatment with their covariance, clustered by unit."""
    beta, influence, factor = influences(sample)
    units = len(sample.units)
    return Fit(sample.names, beta, factor * influence.T @ influence, len(sample.unit), units)


def influences(sample: WeightedCells) -> tuple[Array, Array, float]:
    """The coefficients, the influence of each unit on them (units x coefficients), and the factor of CR1.

    The covariance is the factor times the sum of the units' squares: (N-1)/(N-k) * G/(G-1), NaN where N is not above k.
    """
    effects = Effects(sample)
    rows = effects(sample.columns * effects.root[:, None])
    moments = rows.T @ rows + sample.scatter.sum(axis=0)
    check_collinear(sample, moments)
    k = len(sample.names)
    inverse = np.linalg.inv(moments[:k, :k])
    beta = inverse @ moments[:k, k]
    scores = _scores(sample, rows, np.append(-beta, 1.0))
    units = len(sample.units)
    lost = k + len(sample.periods)
    factor = (sample.n_rows - 1) / (sample.n_rows - lost) * units / (units - 1) if sample.n_rows > lost else math.nan
    return beta, scores @ inverse, factor


def _scores(sample: WeightedCells, rows: Array, residual: Array) -> Array:
    """For each unit the sum of regressor times residual (units x regressors); `residual` combines the columns."""
    k = len(sample.names)
    between = add_up(rows[:, :k] * (rows @ residual)[:, None], sample.unit, len(sample.units))
    found: Array = between + sample.scatter[:, :k, :] @ residual
    return found


def check_collinear(sample: WeightedCells, moments: Array) -> None:
    """Raises NotComputable that names the regressors of which the effects, or the ones before, leave nothing."""
    k = len(sample.names)
    means = np.average(sample.columns[:, :k], axis=0, weights=sample.weight)
    total = sample.weight @ (sample.columns[:, :k] - means) ** 2 + np.diagonal(sample.scatter.sum(axis=0))[:k]
    left = moments[:k, :k].copy()
    lost = []
    for i, name in enumerate(sample.names):
        if left[i, i] <= total[i] * _NOTHING:
            lost.append(name)
            continue
        left[i + 1 :, i + 1 :] -= np.outer(left[i + 1 :, i], left[i, i + 1 :]) / left[i, i]
    if lost:
        raise NotComputable(f"The effects of units and periods leave nothing to estimate {', '.join(lost)} from.")
