"""Weights on the simplex: min |A w - b|^2 + eta |w|^2 over w >= 0 with sum 1, one problem or many at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joinedup.impact.fitting import Array

_PRE, _MOST = 100, 10_000
"""Steps before weights are set to zero, and after: the defaults of R's synthdid 0.0.9."""


def exact(columns: Array, target: Array, eta: float) -> Array:
    """The optimum; `columns` is rows x weights, `eta` the ridge.

    As the weights sum to 1, A w - b = (A - b 1')w = B w. With u = s w the non-negative least squares of
    |B u|^2 + c (1'u - 1)^2 has the same direction for every c > 0 (s = c / (c + |B w|^2)), so w = u / 1'u is exact.
    """
    from scipy.optimize import nnls

    size = columns.shape[1]
    shifted = columns - target[:, None]
    blocks = [shifted, np.sqrt(eta) * np.eye(size)] if eta > 0 else [shifted]
    scale = float(np.sqrt((shifted**2).sum(axis=0).mean() + eta)) or 1.0
    found, _ = nnls(
        np.vstack([*blocks, np.full((1, size), scale)]),
        np.append(np.zeros(sum(map(len, blocks))), scale),
        maxiter=30 * size,
    )
    return np.asarray(found / found.sum(), dtype=float)


@dataclass(frozen=True, slots=True)
class Problems:
    """Many problems by their cross products.

    `gram` is k x m x m (A'A) and `which` says which of the k each problem uses; `cross` (A'b) is problems x m, `square`
    (b'b) one a problem; `allowed` is problems x m. `eta` is each problem's ridge of the sum of squares over its `rows`,
    `least` the decrease of the mean square that stops it.
    """

    gram: Array
    which: npt.NDArray[np.int64]
    cross: Array
    square: Array
    allowed: npt.NDArray[np.bool_]
    eta: Array
    rows: Array
    least: Array

    def only(self, chosen: npt.NDArray[np.int64]) -> Problems:
        return Problems(
            self.gram,
            self.which[chosen],
            self.cross[chosen],
            self.square[chosen],
            self.allowed[chosen],
            self.eta[chosen],
            self.rows[chosen],
            self.least[chosen],
        )


def stopped(problems: Problems) -> Array:
    """The weights where the rule of R's synthdid stops (Arkhangelsky et al. 2021, American Economic Review 111).

    Frank-Wolfe from equal weights until a step takes no more than `least_decrease` off the mean squared error, at most
    100 steps; weights of at most a quarter of the largest are set to zero; up to 10,000 further steps.
    """
    start = problems.allowed / problems.allowed.sum(axis=1, keepdims=True)
    first = _frank_wolfe(problems, start, _PRE)
    sparse = np.where(first <= first.max(axis=1, keepdims=True) / 4, 0.0, first)
    return _frank_wolfe(problems, sparse / sparse.sum(axis=1, keepdims=True), _MOST)


def _frank_wolfe(problems: Problems, start: Array, most: int) -> Array:
    """Steps for all problems at once; a problem that has stopped leaves the batch."""
    weights = start.copy()
    open_ = np.arange(len(start))
    here, x = problems, start.copy()
    product = (
        np.einsum("pij,pj->pi", problems.gram[problems.which], x) if len(problems.gram) > 1 else x @ problems.gram[0]
    )
    last = np.full(len(start), np.inf)
    for step in range(most):
        x, product = _step(here, x, product)
        value = _objective(here, x, product)
        done = (last - value <= here.least) if step >= 1 else np.zeros(len(x), dtype=bool)
        last = value
        if done.any():
            weights[open_[done]] = x[done]
            left = np.flatnonzero(~done)
            open_, here, x, product, last = open_[left], here.only(left), x[left], product[left], last[left]
        if not len(open_):
            return weights
    weights[open_] = x
    return weights


def _step(problems: Problems, x: Array, product: Array) -> tuple[Array, Array]:
    """One exact line search towards the vertex with the steepest descent; `product` is A'A x."""
    each = np.arange(len(x))
    half = product - problems.cross + problems.eta[:, None] * x
    best = np.where(problems.allowed, half, np.inf).argmin(axis=1)
    column = problems.gram[problems.which, best]
    quadratic = np.einsum("pi,pi->p", x, product)
    norm = np.einsum("pi,pi->p", x, x)
    slope = half[each, best] - np.einsum("pi,pi->p", half, x)
    bend = column[each, best] - 2 * product[each, best] + quadratic
    bend = bend + problems.eta * (norm - 2 * x[each, best] + 1)
    size = np.clip(-slope / np.where(bend > 0, bend, 1.0), 0.0, 1.0)[:, None]
    moved = (1 - size) * x
    moved[each, best] += size[:, 0]
    return moved, (1 - size) * product + size * column


def _objective(problems: Problems, x: Array, product: Array) -> Array:
    squares = np.einsum("pi,pi->p", x, product - 2 * problems.cross + problems.eta[:, None] * x) + problems.square
    return np.asarray(squares / problems.rows, dtype=float)
