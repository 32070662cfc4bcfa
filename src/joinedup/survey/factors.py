"""Exploratory factors by minimum residuals, and McDonald's omega total."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, Literal

import numpy as np

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import (
    Floats,
    enough,
    item_table,
    pairwise_correlation,
    reverse_items,
)

_LEAST_UNIQUENESS = 0.005


def omega_total(
    items: Any,
    reverse: Iterable[Hashable] = (),
    estimator: Literal["minres", "ml"] = "minres",
    factors: int = 1,
) -> float:
    """McDonald's omega total: the share of the variance of the sum that common factors explain (McDonald 1999).

    `items` is respondents x items, blank where unanswered; `reverse` as in `cronbach_alpha`. The two estimators differ:
    "minres" takes the uniquenesses u of `factors` minimum residual factors of the pairwise correlations and gives
    1 - sum(u) / sum of the correlation matrix (Revelle & Zinbarg 2009, Psychometrika 74); "ml" takes the loadings l and
    residual variances e of a one-factor maximum likelihood model of the complete rows, in the items' own units, and
    gives (sum l)^2 / ((sum l)^2 + sum e).
    Raises NotComputable with fewer than 3 items or 10 respondents, or for an item that does not vary.
    """
    table = reverse_items(item_table(items), reverse)
    if estimator == "ml":
        if factors != 1:
            raise ValueError("the maximum likelihood omega is that of one factor")
        from joinedup.survey.confirmatory import cfa

        return float(cfa(table, {"scale": list(table.columns)}).factors["omega"].iloc[0])
    if estimator != "minres":
        raise ValueError(f"estimator is 'minres' or 'ml', not {estimator!r}")
    table = table.dropna(how="all")
    correlation, counts = pairwise_correlation(table)
    enough(int(counts.min()), table.shape[1], "Omega")
    if not np.isfinite(correlation).all():
        raise NotComputable("Omega can't be computed: an item does not vary.")
    return float(1 - minres_uniquenesses(correlation, factors).sum() / correlation.sum())


def minres_uniquenesses(correlation: Floats, factors: int = 1) -> Floats:
    """The uniquenesses (k) of the minimum residual solution (Harman & Jones 1966, Psychometrika 31).

    Least squares over all residuals, minimised over the uniquenesses (at least .005); its minimum is that of the
    off-diagonal residuals. Raises NotComputable for more factors than k items can identify, or without convergence.
    """
    from scipy.optimize import minimize

    k = len(correlation)
    if factors < 1 or (k - factors) ** 2 < k + factors:
        raise NotComputable(f"{k} items can't identify {factors} factors.")
    start = 1 / np.diag(np.linalg.pinv(correlation))
    found = minimize(
        _residuals,
        np.clip(start, _LEAST_UNIQUENESS, 1.0),
        args=(correlation, factors),
        jac=True,
        method="L-BFGS-B",
        bounds=[(_LEAST_UNIQUENESS, 1.0)] * k,
        options={"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-9},
    )
    if not found.success:
        raise NotComputable("The minimum residual factors did not converge.")
    return np.asarray(found.x, dtype=float)


def _residuals(uniqueness: Floats, correlation: Floats, factors: int) -> tuple[float, Floats]:
    """Half the sum of squared residuals at the best loadings for these uniquenesses, and its gradient."""
    reduced = correlation - np.diag(uniqueness)
    values, vectors = np.linalg.eigh(reduced)
    kept = vectors[:, -factors:] * np.sqrt(np.clip(values[-factors:], 0.0, None))
    residual = reduced - kept @ kept.T
    return float((residual**2).sum() / 2), -np.diag(residual)
