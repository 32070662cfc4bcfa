"""Effects of covariates on topics' shares, by the method of composition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from joinedup.texts.topic_model.corpus import Floats, Integers
from joinedup.texts.topic_model.estimation import Estimate
from joinedup.texts.topic_model.laplace import softmax

DRAWS = 100


@dataclass(frozen=True, slots=True)
class Term:
    """A coefficient: its estimate, standard error, 95% interval and p-value."""

    estimate: float
    se: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Regression:
    """Of topics' shares on the design matrix: `estimates` and `errors` are columns of the design x k."""

    estimates: Floats
    errors: Floats
    freedom: int

    def term(self, column: int, topic: int) -> Term:
        """The coefficient of a column of the design for a topic, with its 95% interval (t)."""
        from scipy.stats import t

        value, se = float(self.estimates[column, topic]), float(self.errors[column, topic])
        wide = float(t.ppf(0.975, self.freedom)) * se
        return Term(value, se, value - wide, value + wide, float(2 * t.sf(abs(value / se), self.freedom)))


def compose(
    estimate: Estimate, design: Floats, clusters: Sequence[str] | None, seed: int, draws: int = DRAWS
) -> Regression:
    """Linear regression of every topic's share on `design`, over draws of the shares from their approximate posterior.

    The variance of a coefficient is the mean of its sampling variances plus the variance of its estimates over draws
    (Treier and Jackman 2008, American Journal of Political Science 52(1), 201-217; Roberts et al. 2014), so that how
    unsurely a text's topics are known is part of the error. With `clusters` (one a text) the sampling variance allows
    for texts of one cluster to be alike (CR1); the degrees of freedom are then the clusters less one.
    """
    random = np.random.default_rng(seed)
    roots = np.linalg.cholesky(estimate.nu)
    groups = np.unique(list(clusters), return_inverse=True)[1] if clusters is not None else None
    bread = np.linalg.inv(design.T @ design)
    found, within = [], []
    for _ in range(draws):
        noise = random.standard_normal(estimate.eta.shape)
        shares = softmax(estimate.eta + np.einsum("dij,dj->di", roots, noise))
        coefficients: Floats = bread @ design.T @ shares
        found.append(coefficients)
        within.append(_variance(design, bread, shares - design @ coefficients, groups))
    between = np.var(found, axis=0, ddof=1) if draws > 1 else np.zeros_like(found[0])
    freedom = len(design) - design.shape[1] if groups is None else int(groups.max())
    return Regression(np.mean(found, axis=0), np.sqrt(np.mean(within, axis=0) + (1 + 1 / draws) * between), freedom)


def _variance(design: Floats, bread: Floats, left: Floats, groups: Integers | None) -> Floats:
    """Sampling variances, columns of the design x k."""
    n, p = design.shape
    if groups is None:
        found: Floats = np.diag(bread)[:, None] * (left**2).sum(axis=0) / (n - p)
        return found
    count = int(groups.max()) + 1
    correction = count / (count - 1) * (n - 1) / (n - p)
    columns = []
    for at in range(left.shape[1]):
        scores = np.zeros((count, p))
        np.add.at(scores, groups, design * left[:, [at]])
        columns.append(np.diag(bread @ (scores.T @ scores) @ bread) * correction)
    return np.column_stack(columns)
