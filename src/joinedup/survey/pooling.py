"""Estimates from several imputations as one: Rubin's rules."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import same_rows, vector


@dataclass(frozen=True, slots=True)
class Pooled:
    """The pooled estimate with its variance within, between and in all, and 95% t interval with `df`.

    `riv` is the relative increase of the variance for what is missing, `fmi` the share of information missing.
    """

    estimate: float
    se: float
    df: float
    ci: tuple[float, float]
    within: float
    between: float
    total: float
    riv: float
    fmi: float
    m: int


def pool(estimates: Any, variances: Any, df_complete: float | None = None) -> Pooled:
    """Rubin's rules (1987) for m estimates and their variances (squared standard errors), one of each an imputation.

    T = W + (1 + 1/m) B. Degrees of freedom are Barnard and Rubin's (1999, Biometrika 86) where those of the complete
    data, `df_complete`, are given, else Rubin's (m - 1) / lambda^2, lambda = (1 + 1/m) B / T; infinite where the
    estimates do not differ. Raises NotComputable with fewer than two imputations or a blank, ValueError for a variance
    that is not positive.
    """
    from scipy.stats import t

    found, squared = vector(estimates, "estimates"), vector(variances, "variances")
    same_rows(len(found), variances=squared)
    m = len(found)
    if m < 2 or not np.isfinite(found).all() or not np.isfinite(squared).all():
        raise NotComputable(f"Pooling needs at least two imputations, each with its estimate; there are {m}.")
    if not (squared > 0).all():
        raise ValueError("every variance is positive")
    if df_complete is not None and not df_complete > 0:
        raise ValueError("the degrees of freedom of the complete data are positive")
    estimate, within, between = float(found.mean()), float(squared.mean()), float(found.var(ddof=1))
    total = within + (1 + 1 / m) * between
    riv = (1 + 1 / m) * between / within
    df = _degrees_of_freedom(m, (total - within) / total, df_complete)
    fmi = (riv + (0.0 if math.isinf(df) else 2 / (df + 3))) / (riv + 1) if between > 0 else 0.0
    half = float(t.ppf(0.975, df)) * math.sqrt(total)
    ci = estimate - half, estimate + half
    return Pooled(estimate, math.sqrt(total), df, ci, within, between, total, riv, fmi, m)


def _degrees_of_freedom(m: int, missing: float, complete: float | None) -> float:
    old = (m - 1) / missing**2 if missing > 0 else math.inf
    if complete is None or math.isinf(complete):
        return old
    observed = (complete + 1) / (complete + 3) * complete * (1 - missing)
    return observed if math.isinf(old) else old * observed / (old + observed)
