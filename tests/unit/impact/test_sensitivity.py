"""HonestDiD's properties and refusals: widening with the bound, optimal length, coverage, breakdown values."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import null_space
from scipy.optimize import linprog

from joinedup.impact import honest_did
from joinedup.impact.relative_magnitudes import _unions, _vertices
from joinedup.impact.sensitivity import breakdown_value
from joinedup.impact.smoothness import _bias, _weights, critical_value
from joinedup.study.problems import NotComputable

BETA = [-0.4, 0.3, -0.2, 2.0, 2.5, 3.0]
"""Three estimates before adoption (one more, the reference, is 0), three after."""


def spread(size: int = 6, rho: float = 0.5, sd: float = 0.4) -> np.ndarray:
    return sd**2 * ((1 - rho) * np.eye(size) + rho)


@pytest.mark.parametrize("restriction", ["relative", "smoothness"])
@pytest.mark.parametrize("parameter", [0, 2, (1 / 3, 1 / 3, 1 / 3), (0.0, 1.0, -1.0)])
def test_the_interval_widens_with_the_bound(restriction: str, parameter: object) -> None:
    found = [honest_did(BETA, spread(), 3, 3, restriction, bound, parameter) for bound in (0, 0.5, 1, 2, 4)]
    for small, large in pairwise(found):
        assert large.lower <= small.lower + 1e-3
        assert large.upper >= small.upper - 1e-3


@pytest.mark.parametrize("bound", [0.5, 1.0, 2.0])
def test_relative_magnitudes_hold_the_identified_set(bound: float) -> None:
    """The first effect less any bias that the restriction allows for the estimates as they are."""
    found = honest_did(BETA, spread(sd=0.01), 3, 3, "relative", bound)
    largest = 0.7  # from -0.4 to 0.3
    assert found.lower < 2.0 - bound * largest < found.lower + 0.1
    assert found.upper - 0.1 < 2.0 + bound * largest < found.upper


def test_parallel_trends_give_the_usual_interval_or_nearly() -> None:
    """At bound 0 under relative magnitudes the steps after adoption show no bias: estimate +- about 1.96 to 2.1 errors."""
    found = honest_did([0.1, 2.0], spread(2, 0.0), 1, 1, "relative", 0.0)
    assert found.lower == pytest.approx(2.0 - 1.96 * 0.4, abs=0.06)
    assert found.upper == pytest.approx(2.0 + 1.96 * 0.4, abs=0.06)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(1, 5), st.floats(0, 3))
def test_the_vertices_give_the_linear_programme_s_optimum(seed: int, n_pre: int, n_post: int, bound: float) -> None:
    """eta = min over the other effects of the largest standardised violation: scipy's linear programming is the oracle."""
    random = np.random.default_rng(seed)
    weights = random.normal(size=n_post)
    for rows in _unions(n_pre, n_post, bound):
        after = rows[:, n_pre:]
        sd, y = random.uniform(0.5, 2.0, len(rows)), random.normal(size=len(rows))
        nuisance = after @ null_space(weights[None, :])
        limits = [(None, None)] * (1 + nuisance.shape[1])
        objective = np.eye(len(limits))[0]
        peer = linprog(objective, A_ub=-np.column_stack([sd, nuisance]), b_ub=-y, bounds=limits)
        vertices = _vertices(after, weights, sd)
        assert vertices @ nuisance == pytest.approx(0.0, abs=1e-9)
        assert (vertices @ y).max() == pytest.approx(peer.fun, abs=1e-7)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 3), st.floats(0, 2))
def test_no_other_weights_make_the_interval_shorter(seed: int, n_pre: int, n_post: int, bound: float) -> None:
    random = np.random.default_rng(seed)
    factor = random.normal(size=(n_pre + n_post, n_pre + n_post + 3))
    covariance = factor @ factor.T / (n_pre + n_post)
    weights = np.eye(n_post)[0]
    best = _weights(covariance, n_pre, weights, bound, 0.95)
    distance = np.arange(n_pre, 0, -1)
    assert best @ distance == pytest.approx(1.0, abs=1e-9)

    def length(a: np.ndarray) -> float:
        combination = np.concatenate([a, weights])
        sd = float(np.sqrt(combination @ covariance @ combination))
        return sd * critical_value(bound * _bias(a, weights) / sd, 0.95)

    for _ in range(60):
        move = random.normal(size=n_pre) * 10.0 ** random.uniform(-4, 0)
        move -= distance * (move @ distance) / (distance @ distance)
        assert length(best) <= length(best + move) * (1 + 1e-6)


def test_critical_values_are_quantiles_of_the_folded_normal() -> None:
    """scipy's folded normal is an independent implementation."""
    from scipy.stats import foldnorm

    for shift in (0.0, 0.3, 1.0, 3.0, 7.0, 9.0, 30.0):
        assert critical_value(shift, 0.95) == pytest.approx(foldnorm.ppf(0.95, shift), abs=1e-8)


def test_a_linear_trend_does_no_harm_under_smoothness() -> None:
    before, after = np.arange(-4, -1) + 1.0, np.arange(3) + 1.0
    tilted = np.concatenate([before * 5.0, after * 5.0 + 2.0])
    flat = np.concatenate([before * 0.0, after * 0.0 + 2.0])
    first, second = (honest_did(beta, spread(), 3, 3, "smoothness", 0.2) for beta in (tilted, flat))
    assert (first.lower, first.upper) == (pytest.approx(second.lower, abs=1e-5), pytest.approx(second.upper, abs=1e-5))


def test_intervals_cover_the_effect_under_the_worst_bias() -> None:
    """SIMULATED: 300 samples; the bias steps after adoption by the largest step before, the effect is 0 in truth."""
    random = np.random.default_rng(8)
    bias = np.array([-2.0, -1.0, 1.0, 2.0])  # steps of 1 before and after the reference, whose bias is 0
    covariance = spread(4, 0.3, 0.3)
    draws = random.multivariate_normal(bias, covariance, 300)
    held = {"relative": 0, "smoothness": 0}
    for restriction, bound in (("relative", 1.0), ("smoothness", 0.0)):
        for beta in draws:
            found = honest_did(beta, covariance, 2, 2, restriction, bound)
            held[restriction] += found.lower <= 0 <= found.upper
    assert held["relative"] >= 0.92 * 300
    assert held["smoothness"] >= 0.92 * 300


@pytest.mark.parametrize("restriction", ["relative", "smoothness"])
def test_the_breakdown_value_is_where_zero_comes_in(restriction: str) -> None:
    value = breakdown_value(BETA, spread(), 3, 3, restriction)
    assert honest_did(BETA, spread(), 3, 3, restriction, value * 0.995).excludes_zero
    assert not honest_did(BETA, spread(), 3, 3, restriction, value * 1.005).excludes_zero
    assert breakdown_value([0.1, 0.2, 0.1, 0.0, 0.1, 0.1], spread(), 3, 3, restriction) == 0.0


def test_the_same_call_gives_the_same_ends() -> None:
    assert honest_did(BETA, spread(), 3, 3) == honest_did(BETA, spread(), 3, 3)


def test_refusals() -> None:
    with pytest.raises(NotComputable, match="at least one estimate before"):
        honest_did([1.0], [[1.0]], 0, 1)
    with pytest.raises(NotComputable, match="missing"):
        honest_did([np.nan, 1.0], np.eye(2), 1, 1)
    with pytest.raises(NotComputable, match="not of full rank"):
        honest_did([0.0, 1.0], np.ones((2, 2)), 1, 1)
    with pytest.raises(ValueError, match="restriction"):
        honest_did([0.0, 1.0], np.eye(2), 1, 1, "linear")
    with pytest.raises(ValueError, match="6 estimates"):
        honest_did([0.0, 1.0], np.eye(2), 3, 3)
    with pytest.raises(ValueError, match="0 or more"):
        honest_did([0.0, 1.0], np.eye(2), 1, 1, bound=-1.0)
    with pytest.raises(ValueError, match="2 weights"):
        honest_did([0.0, 1.0, 1.0], np.eye(3), 1, 2, parameter=(1.0,))
