"""The interval under relative magnitudes: no step of the bias after adoption larger than M times the largest before.

Which step before is largest, and its sign, give a union of polyhedra A bias <= 0; an effect is in the interval where some
polyhedron does not reject it. The test is the conditional one of Andrews, Roth and Pakes with least-favourable first stage:
eta = max of v'y over the vertices v of the dual polytope {v >= 0, X'v = 0, sd'v = 1} is compared with a normal truncated to
the values for which the same vertex stays the largest. With first differences the dual has few vertices, all known: the
one combination of steps (and its negative) that isolates the effect asked for, and every step against itself.
Sources: Rambachan and Roth (2023), Review of Economic Studies 90, section 3; Andrews, Roth and Pakes (2023), Review of
Economic Studies 90.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
FIRST_STAGE = 0.1
"""Share of the size spent on the least-favourable first stage (kappa = alpha / 10)."""
_DRAWS, _SEED, _POINTS, _TOLERANCE = 20_000, 0, 1_000, 1e-4
# 1,000 draws (as R takes) move an end by up to 1.6% of the interval's width from seed to seed, 20,000 by up to 0.2%.


def relative_magnitudes_interval(
    estimates: Array, covariance: Array, n_pre: int, weights: Array, bound: float, level: float
) -> tuple[float, float]:
    """Ends of the interval for `weights` of the effects after; every end is found to 1e-4 of the standard error."""
    values, basis = np.linalg.eigh(covariance)
    root = (basis * np.sqrt(np.maximum(values, 0))) @ basis.T
    tests = [
        _Polyhedron(estimates, root, n_pre, weights, steps, level) for steps in _unions(n_pre, len(weights), bound)
    ]
    sd = math.sqrt(float(weights @ covariance[n_pre:, n_pre:] @ weights))
    estimate = float(weights @ estimates[n_pre:])
    reach = 20.0
    while True:
        grid = estimate + sd * np.linspace(-reach, reach, _POINTS)
        kept = _accepted(tests, grid)
        if not kept[0] and not kept[-1]:
            break
        reach *= 2
    if not kept.any():
        return math.nan, math.nan
    inside = np.flatnonzero(kept)
    low = _end(tests, grid[inside[0]], grid[inside[0] - 1], sd)
    high = _end(tests, grid[inside[-1]], grid[inside[-1] + 1], sd)
    return low, high


def _accepted(tests: list[_Polyhedron], values: Array) -> Flags:
    found: Flags = np.any([test.accepts(values) for test in tests], axis=0)
    return found


def _end(tests: list[_Polyhedron], inside: float, outside: float, sd: float) -> float:
    while abs(outside - inside) > _TOLERANCE * sd:
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if _accepted(tests, np.array([middle]))[0] else (inside, middle)
    return float(inside)


def _unions(n_pre: int, n_post: int, bound: float) -> Iterator[Array]:
    """For each step before and sign the rows (2 n_post x periods): +-step after - bound * sign * step before <= 0."""
    steps = np.diff(np.insert(np.eye(n_pre + n_post), n_pre, 0.0, axis=0), axis=0)
    after = steps[n_pre:]
    for largest in steps[:n_pre]:
        for sign in (1.0, -1.0):
            yield np.vstack([after, -after]) - bound * sign * largest


@cache
def _normals(size: int) -> Array:
    return np.random.default_rng(_SEED).standard_normal((size, _DRAWS))


def _first_stage(moved: Array, kappa: float) -> float:
    """The 1 - kappa quantile of the largest of the vertices' values `moved` times standard normals."""
    return float(np.quantile((moved @ _normals(moved.shape[1])).max(axis=0), 1 - kappa))


class _Polyhedron:
    """The test of one polyhedron, for any value of the effect."""

    def __init__(self, estimates: Array, root: Array, n_pre: int, weights: Array, rows: Array, level: float) -> None:
        """`root` is the symmetric square root of the estimates' covariance: unique, so that the draws are."""
        alpha = 1 - level
        kappa = alpha * FIRST_STAGE
        self._size = (alpha - kappa) / (1 - kappa)
        spread = rows @ root
        vertices = _vertices(rows[:, n_pre:], weights, np.linalg.norm(spread, axis=1))
        # An effect of 1 in the direction of the weights moves the rows by this; nuisance effects cancel at the vertices.
        direction = rows[:, n_pre:] @ (weights / (weights @ weights))
        self._level, self._slope = vertices @ rows @ estimates, vertices @ direction
        moved = vertices @ spread
        self._covariance = moved @ moved.T
        self._first = _first_stage(moved, kappa)

    def accepts(self, values: Array) -> Flags:
        """Whether the test does not reject each of `values`."""
        y = self._level - np.multiply.outer(values, self._slope)
        largest = y.argmax(axis=1)
        eta = y.max(axis=1)
        variance = np.diag(self._covariance)[largest]
        ratio = self._covariance[largest] / variance[:, None]
        rest = y - ratio * eta[:, None]
        gap = 1 - ratio
        with np.errstate(divide="ignore", invalid="ignore"):
            bounds = rest / gap
        low = np.where(gap > 1e-10, bounds, -np.inf).max(axis=1)
        high = np.minimum(np.where(gap < -1e-10, bounds, np.inf).min(axis=1), self._first)
        above = _share_above(eta, low, high, np.sqrt(variance))
        found: Flags = (eta <= 0) | ((eta <= self._first) & (above >= self._size))
        return found


def _vertices(after: Array, weights: Array, sd: Array) -> Array:
    """Vertices (and points that are no vertices but do no harm) of the dual polytope, in rows.

    `after` are the rows' coefficients of the effects. A combination m of the steps with m'D = l' sees the effects only
    through l; written with positive weights on a step and on its negative it and -m are vertices, and so is every step
    beside its negative, which sees no effect at all.
    """
    n = len(weights)
    isolating = np.linalg.solve(after[:n].T, weights)
    positive, negative = np.maximum(isolating, 0), np.maximum(-isolating, 0)
    pairs = np.hstack([np.eye(n), np.eye(n)])
    found = np.vstack([np.concatenate([positive, negative]), np.concatenate([negative, positive]), pairs])
    scaled: Array = found / (found @ sd)[:, None]
    return scaled


def _share_above(eta: Array, low: Array, high: Array, sd: Array) -> Array:
    """P(T > eta) of a normal T with mean 0, truncated to [low, high]; stable in the tails."""
    from scipy.special import log_ndtr

    a, x, b = low / sd, np.minimum(eta, high) / sd, high / sd
    flip = a > 0  # both ends above 0: take the mirrored tail, where differences keep their digits

    def log_between(first: Array, second: Array) -> Array:
        upper = np.where(flip, log_ndtr(-first), log_ndtr(second))
        lower = np.where(flip, log_ndtr(-second), log_ndtr(first))
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Array = upper + np.log1p(-np.exp(np.minimum(lower - upper, 0.0)))
        return found

    with np.errstate(invalid="ignore"):
        found: Array = np.exp(log_between(x, b) - log_between(a, b))
    return np.nan_to_num(found, nan=0.0)
