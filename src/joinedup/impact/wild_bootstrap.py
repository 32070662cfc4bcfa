"""The restricted wild cluster bootstrap of the two-way coefficient, with weights and covariates of children.

With d the treatment and u the outcome under the null, both free of all other regressors Q (orthonormal), and for each
unit g a_g = d_g'u_g, h_g = d_g'Q_g, k_g = Q_g'u_g: under the signs v the coefficient moves by a'v / d'd and the scores are
diag(a) v - H (K'v) - d_g'd_g a'v / d'd. Unit effects are nested in the clusters and drop out, so Q has a column a period
and covariate, and a draw costs no refit. Source: Cameron, Gelbach and Miller (2008), Review of Economics and Statistics
90; Roodman, Nielsen, MacKinnon and Webb (2019), Stata Journal 19; Webb (2023), Canadian Journal of Economics 56.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.impact.effects import Effects
from joinedup.impact.fitting import Array
from joinedup.impact.inversion import Inversion
from joinedup.impact.model import WildBootstrap, check_clusters
from joinedup.impact.sufficient_statistics import Cells
from joinedup.impact.two_way import check_collinear
from joinedup.impact.weighted_cells import WeightedCells, add_up, check_contrast, gather

WEBB_BELOW = 12
"""Below this many units two-point signs give too few different draws, and Webb's six points are taken."""
CHUNK = 1_000
"""Draws worked on at a time: they then stay in the cache."""
Signs = npt.NDArray[np.int8] | Array
_WEBB = np.sqrt(np.array([0.5, 1.0, 1.5]))


def wild_cluster_bootstrap(
    cells: pd.DataFrame | Cells,
    outcome: str,
    unit: str,
    period: str,
    treated: str,
    covariates: Sequence[str] = (),
    null: float = 0.0,
    draws: int = 9999,
    seed: int = 0,
    weights: str | None = None,
    children: str = "n",
) -> WildBootstrap:
    """Two-sided p of the null that the coefficient of `treated` (as in `did`) is `null`; residuals of a unit flip together.

    All 2^(units - 1) sign vectors are enumerated where they are at most `draws` (v and -v have the same |t|); else signs
    are drawn, below 12 units Webb's six points. `.interval()` inverts the test over nulls with the same draws.
    Raises TooFewClusters below 4 treated or comparison units (with 1 or 2 treated the test hardly ever rejects), and
    otherwise what `did` raises.
    """
    sample = gather(cells, outcome, unit, period, treated, covariates, weights, children)
    check_contrast(sample)
    check_clusters(sample.n_treated(), sample.n_comparison())
    units = len(sample.units)
    enumerated = 2 ** (units - 1) <= draws
    signs = _all_signs(units) if enumerated else _draw(units, draws, np.random.default_rng(seed))
    inversion = _bootstrap(sample, signs, enumerated)
    kind = "Webb" if not enumerated and units < WEBB_BELOW else "Rademacher"
    factor = units / (units - 1) * (sample.n_rows - 1)
    factor /= sample.n_rows - len(sample.names) - len(sample.periods)
    statistic = (inversion.estimate - null) / float(np.sqrt(inversion.spread * factor))
    return WildBootstrap(
        inversion.estimate,
        statistic,
        inversion.p(null),
        null,
        len(signs),
        enumerated,
        kind,
        None if enumerated else seed,
        inversion,
    )


def _all_signs(units: int) -> Signs:
    """Every vector of signs whose first is +1; the first vector is that of the data."""
    numbers = np.arange(2 ** (units - 1))
    flips = (numbers[:, None] >> np.arange(units - 1)) & 1
    return np.column_stack([np.ones(len(numbers), dtype=np.int8), (1 - 2 * flips).astype(np.int8)])


def _draw(units: int, draws: int, random: np.random.Generator) -> Signs:
    signs = random.integers(0, 2, (draws, units), dtype=np.int8) * np.int8(2) - np.int8(1)
    return signs * _WEBB[random.integers(0, 3, (draws, units))] if units < WEBB_BELOW else signs


def _bootstrap(sample: WeightedCells, signs: Signs, enumerated: bool) -> Inversion:
    """The statistic of every row of `signs` as a ratio of polynomials in the null."""
    effects = Effects(sample)
    rows = effects(sample.columns * effects.root[:, None])
    moments = rows.T @ rows + sample.scatter.sum(axis=0)
    check_collinear(sample, moments)
    p, units = len(sample.names) - 1, len(sample.units)
    free = np.vstack([-np.linalg.solve(moments[:p, :p], moments[:p, p:]), np.eye(2)])
    both = rows @ free  # the treatment and the outcome, free of everything else
    inside = np.einsum("gij,jb->gib", sample.scatter, free)
    squares = add_up(both[:, :1] * both, sample.unit, units) + np.einsum("i,gib->gb", free[:, 0], inside)
    others = [add_up(effects.basis[:, :, None] * both[:, None, :], sample.unit, units)]
    if p:
        between = add_up(rows[:, :p, None] * both[:, None, :], sample.unit, units)
        root = np.linalg.inv(np.linalg.cholesky(moments[:p, :p]))
        others.append(np.einsum("ij,gjb->gib", root, between + inside[:, :p, :]))
    with_others = np.concatenate(others, axis=1)
    return _ratios(squares, with_others, signs, enumerated)


def _ratios(squares: Array, with_others: Array, signs: Signs, enumerated: bool) -> Inversion:
    """`squares`: d_g'd_g and d_g'y_g by unit; `with_others`: Q_g'd_g and Q_g'y_g (units x k x 2)."""
    total = squares[:, 0].sum()
    estimate = float(squares[:, 1].sum() / total)
    parts = [
        _polynomials(squares, with_others, signs[at : at + CHUNK].astype(float)) for at in range(0, len(signs), CHUNK)
    ]
    numerator, square = (np.hstack(each) for each in zip(*parts, strict=True))
    spread = float(np.sum((squares[:, 1] - squares[:, 0] * estimate) ** 2)) / total**2
    return Inversion(estimate, spread, numerator, square, enumerated, spread**0.5)


def _polynomials(squares: Array, with_others: Array, signs: Array) -> tuple[Array, Array]:
    """`numerator` and `square` of an `Inversion`: u = y - null d, so that every part is linear in the null."""
    own = squares[:, 0]
    total = own.sum()
    moved, scores = [], []
    for column, each in ((1, squares[:, 1]), (0, own)):
        moved.append(signs @ each / total)
        found = signs * each
        found -= (signs @ with_others[:, :, column]) @ with_others[:, :, 0].T
        found -= moved[-1][:, None] * own
        scores.append(found)
    pairs = ((0, 0), (0, 1), (1, 1))
    square = np.stack([np.einsum("bg,bg->b", scores[i], scores[j]) for i, j in pairs])
    return np.stack(moved), square / total**2
