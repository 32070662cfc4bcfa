"""A linear model with a random intercept for each group, by restricted maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import Codes, Floats, item_table

_LARGEST_SHARE = 1 - 1e-9


@dataclass(frozen=True)
class RandomIntercept:
    """Coefficients with their covariance, the variance between groups and within, and `df` = n - groups - p + 1."""

    coefficients: Floats
    covariance: Floats
    between: float
    within: float
    df: int
    n: int
    groups: int


def random_intercept(y: Floats, x: Floats, group: Codes) -> RandomIntercept:
    """y (n) on x (n x p, an intercept included) with a normal intercept for each group (n numbers from 0 on), by REML.

    The likelihood is maximised over the share of the variance that lies between groups (Laird & Ware 1982, Biometrics
    38); 0 is a possible answer. Raises NotComputable where x is collinear, nothing is left for the residuals, or there
    are fewer than two groups or none with two rows.
    """
    from scipy.optimize import minimize_scalar

    sizes = np.bincount(group)
    groups, (n, p) = int((sizes > 0).sum()), x.shape
    if groups < 2 or sizes.max() < 2:
        raise NotComputable("A random intercept needs at least two groups, and more than one row in some of them.")
    if np.linalg.matrix_rank(x) < p or n - p < 1:
        raise NotComputable("The model has more terms than the data can tell apart.")
    sums = np.zeros((len(sizes), p + 1))
    both = np.column_stack([x, y])
    np.add.at(sums, group, both)
    squares = both.T @ both

    def deviance(share: float) -> float:
        return _profile(share, squares, sums, sizes, n)[0]

    best = minimize_scalar(deviance, bounds=(0.0, _LARGEST_SHARE), method="bounded", options={"xatol": 1e-11})
    share = 0.0 if deviance(0.0) <= best.fun else float(best.x)
    _, coefficients, inverse, within = _profile(share, squares, sums, sizes, n)
    between = within * share / (1 - share)
    return RandomIntercept(coefficients, within * inverse, between, within, n - groups - p + 1, n, groups)


def _profile(share: float, squares: Floats, sums: Floats, sizes: Codes, n: int) -> tuple[float, Floats, Floats, float]:
    """-2 restricted log-likelihood (less a constant) at a share of the variance, and what maximises it there."""
    ratio = share / (1 - share)
    shrink = ratio / (1 + sizes * ratio)
    weighted = squares - (sums * shrink[:, None]).T @ sums
    inner, cross, p = weighted[:-1, :-1], weighted[:-1, -1], len(squares) - 1
    inverse = np.asarray(np.linalg.inv(inner), dtype=float)
    coefficients = inverse @ cross
    within = float(weighted[-1, -1] - cross @ coefficients) / (n - p)
    if within <= 0:
        raise NotComputable("The model leaves no variance within groups.")
    deviance = (n - p) * np.log(within) + np.log1p(sizes * ratio).sum() + np.linalg.slogdet(inner)[1]
    return float(deviance), coefficients, inverse, within


def mixed_level_contrasts(scores: Any, confidence: float = 0.95) -> pd.DataFrame:
    """Every pair of levels compared by a mixed model of `scores` (sites x levels, blank where there is no score).

    Levels are fixed, sites random intercepts (REML); t with n - sites - levels + 1 degrees of freedom (containment).
    With every score there it is the analysis of variance of sites by levels: one error variance for all pairs, where
    the paired test has one for each. Index: pairs (first, second); columns estimate, se, df, low, high, p.
    Raises NotComputable with fewer than two levels or three sites, or as `random_intercept`.
    """
    from scipy.stats import t

    table = item_table(scores)
    if table.shape[1] < 2 or len(table.dropna(how="all")) < 3:
        raise NotComputable("A mixed model of levels needs at least two levels and three sites.")
    values = table.to_numpy(dtype=float)
    sites, levels = np.nonzero(np.isfinite(values))
    found = random_intercept(
        values[sites, levels], np.eye(table.shape[1])[levels], np.unique(sites, return_inverse=True)[1]
    )
    if found.df < 1:
        raise NotComputable("Too few sites have scores at more than one level.")
    rows = {}
    for a, b in combinations(range(table.shape[1]), 2):
        estimate = float(found.coefficients[a] - found.coefficients[b])
        se = float(np.sqrt(found.covariance[a, a] + found.covariance[b, b] - 2 * found.covariance[a, b]))
        half = float(t.ppf((1 + confidence) / 2, found.df)) * se
        p = 2 * float(t.sf(abs(estimate) / se, found.df))
        rows[table.columns[a], table.columns[b]] = (estimate, se, found.df, estimate - half, estimate + half, p)
    pairs = pd.MultiIndex.from_tuples(list(rows), names=["first", "second"])
    return pd.DataFrame(list(rows.values()), index=pairs, columns=["estimate", "se", "df", "low", "high", "p"])
