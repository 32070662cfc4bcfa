"""The fixed-length interval under smoothness: second differences of the bias of at most M.

With the bias 0 in the reference period, a linear estimator with weights a on the periods before (at distance k) and l on
those after is free of linear trends where sum k a_k = sum t l_t; what is left is the second differences, each with its own
coefficient. The interval is estimate +- sd * cv(bias / sd), cv the quantile of |N(bias / sd, 1)|, at the weights that make
it shortest; that length is convex in them. Source: Rambachan and Roth (2023), Review of Economic Studies 90, section 5;
Armstrong and Kolesar (2018), Econometrica 86.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def fixed_length_interval(
    estimates: Array, covariance: Array, n_pre: int, weights: Array, bound: float, level: float
) -> tuple[float, float]:
    """Ends of the shortest interval for `weights` of the effects after, at second differences of at most `bound`."""
    scale = math.sqrt(float(weights @ covariance[n_pre:, n_pre:] @ weights))
    best = _weights(covariance / scale**2, n_pre, weights, bound / scale, level)
    combination = np.concatenate([best, weights])
    sd = math.sqrt(float(combination @ covariance @ combination))
    centre = float(combination @ estimates)
    half = sd * critical_value(bound * _bias(best, weights) / sd, level)
    return centre - half, centre + half


def critical_value(shift: float, level: float) -> float:
    """The `level` quantile of |N(shift, 1)|."""
    from scipy.optimize import brentq
    from scipy.special import ndtr

    if shift > 8:  # the other tail is below 1e-15
        from scipy.special import ndtri

        return shift + float(ndtri(level))
    return float(brentq(lambda c: ndtr(c - shift) - ndtr(-c - shift) - level, 0.0, shift + 10.0, xtol=1e-13))


def _second_differences(n_pre: int) -> Array:
    """Coefficients (n_pre - 1 x n_pre) of the second differences before, of weights by period, earliest first."""
    distance = np.arange(n_pre, 0, -1)
    found: Array = np.maximum(distance[None, :] - np.arange(1, n_pre)[:, None], 0).astype(float)
    return found


def _after(weights: Array) -> float:
    distance = np.arange(1, len(weights) + 1)
    return float(sum(abs(weights @ np.maximum(distance - s, 0)) for s in range(len(weights))))


def _bias(before: Array, weights: Array) -> float:
    """The worst bias at a bound of 1."""
    return _after(weights) + float(np.abs(_second_differences(len(before)) @ before).sum())


def _weights(covariance: Array, n_pre: int, weights: Array, bound: float, level: float) -> Array:
    """The weights before that make the interval shortest.

    Splitting the second differences' coefficients into positive parts u, v makes the length smooth; weights by period
    follow from them and the linear constraint, which the coefficients already fulfil where the last period takes the rest.
    """
    from scipy.optimize import minimize

    size = n_pre - 1
    target = float(weights @ np.arange(1, len(weights) + 1))
    # (second differences; sum k a_k) is a square system in the weights: invert it once.
    system = np.vstack([_second_differences(n_pre), np.arange(n_pre, 0, -1)])
    inverse = np.linalg.inv(system)
    turned = inverse[:, :size]
    offset = inverse[:, size] * target
    fixed = _after(weights)
    if size == 0:
        return offset

    def length(parts: Array) -> tuple[float, Array]:
        u, v = parts[:size], parts[size:]
        combination = np.concatenate([offset + turned @ (u - v), weights])
        moved = covariance @ combination
        sd = math.sqrt(float(combination @ moved))
        bias = bound * (fixed + float(parts.sum()))
        cv = critical_value(bias / sd, level)
        slope = _slope(bias / sd, cv)
        by_sd = turned.T @ moved[:n_pre] / sd * (cv - slope * bias / sd)
        return sd * cv, np.concatenate([by_sd, -by_sd]) + slope * bound

    # Sequential quadratic programming: limited-memory methods stop early where many parts lie on their bound.
    found = minimize(
        length,
        np.full(2 * size, 1e-3),
        jac=True,
        method="SLSQP",
        bounds=[(0.0, None)] * (2 * size),
        options={"ftol": 1e-16, "maxiter": 1000},
    ).x
    best: Array = offset + turned @ (found[:size] - found[size:])
    return best


def _slope(shift: float, cv: float) -> float:
    """The derivative of the critical value by the shift."""
    return math.tanh(cv * shift)
