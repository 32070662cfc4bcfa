"""Minimum detectable effects against published multipliers, the generalised least squares of the panel, and refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from joinedup.impact.precision import achieved_precision, minimum_detectable_did, minimum_detectable_effect
from joinedup.study.problems import NotComputable


def test_the_multiplier_of_the_textbook() -> None:
    # Bloom (1995): 2.80 standard errors for 80% power in a two-sided test at 5%; 3.24 for 90%; quantiles of the normal.
    assert minimum_detectable_effect(1.0) == pytest.approx(1.959963984540054 + 0.8416212335729143, abs=1e-12)
    assert minimum_detectable_effect(1.0, power=0.9) == pytest.approx(3.2415, abs=1e-4)


def test_few_degrees_of_freedom_cost() -> None:
    # t quantiles with 10 df: 2.228139 (.975) and 0.879058 (.8), any table of Student's t.
    assert minimum_detectable_effect(0.5, df=10) == pytest.approx(0.5 * (2.228139 + 0.879058), abs=1e-6)


def test_power_at_the_smallest_effect() -> None:
    found = achieved_precision(1.0, smallest_effect=minimum_detectable_effect(1.0))
    assert found.half_width == pytest.approx(1.959963984540054)
    assert found.power == pytest.approx(0.8, abs=1e-5)
    assert achieved_precision(1.0).power is None


def regression_error(treated: int, comparison: int, before: int, after: int, sd: float, rho: float) -> float:
    """The error of the two-way coefficient from the whole panel's covariance: (X'X)^-1 X'VX (X'X)^-1."""
    sites, periods = treated + comparison, before + after
    site, period = np.repeat(np.arange(sites), periods), np.tile(np.arange(periods), sites)
    columns = [(site < treated) & (period >= before)]
    columns += [site == each for each in range(sites)] + [period == each for each in range(1, periods)]
    x = np.column_stack(columns).astype(float)
    within = sd**2 * rho ** np.abs(np.subtract.outer(np.arange(periods), np.arange(periods)))
    pseudo = np.linalg.pinv(x)
    return math.sqrt((pseudo @ np.kron(np.eye(sites), within) @ pseudo.T)[0, 0])


@given(
    st.integers(1, 4), st.integers(20, 24), st.integers(1, 4), st.integers(1, 4), st.sampled_from([0.0, 0.3, 0.8, -0.4])
)
@settings(max_examples=25, deadline=None)
def test_the_design_has_the_error_of_its_regression(
    treated: int, comparison: int, before: int, after: int, rho: float
) -> None:
    found = minimum_detectable_did(treated, comparison, before, after, 2.5, rho, alpha=0.06)
    assert found.se == pytest.approx(regression_error(treated, comparison, before, after, 2.5, rho), rel=1e-9)
    assert found.df == treated + comparison - 2


def test_the_minimum_detectable_effect_is_found_as_often_as_it_says() -> None:
    """5 of 60 sites: t of the sites' changes, 4,000 simulated panels, within four Monte-Carlo errors of 80%."""
    design = minimum_detectable_did(5, 55, 3, 4, 1.0, 0.5)
    random = np.random.default_rng(20231)
    noise = random.normal(size=(4000, 60, 7))
    for period in range(1, 7):
        noise[:, :, period] = 0.5 * noise[:, :, period - 1] + math.sqrt(0.75) * noise[:, :, period]
    change = noise[:, :, 3:].mean(axis=2) - noise[:, :, :3].mean(axis=2)
    change[:, :5] += design.minimum_detectable
    spread = change[:, :5].var(axis=1, ddof=1) * 4 + change[:, 5:].var(axis=1, ddof=1) * 54
    statistic = (change[:, :5].mean(axis=1) - change[:, 5:].mean(axis=1)) / np.sqrt(spread / 58 * (1 / 5 + 1 / 55))
    share = (np.abs(statistic) > t.ppf(0.975, 58)).mean()
    assert share == pytest.approx(0.8, abs=4 * math.sqrt(0.16 / 4000))


def test_too_few_assignments_find_nothing() -> None:
    with pytest.raises(NotComputable, match=r"12 assignments: the smallest p .* is 0\.083"):
        minimum_detectable_did(1, 11, 3, 3, 1.0)
    with pytest.raises(NotComputable, match=r"is 0\.100"):
        minimum_detectable_did(3, 3, 3, 3, 1.0)
    assert minimum_detectable_did(3, 8, 3, 3, 1.0).smallest_p == pytest.approx(1 / 165)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"se": 0.0}, "standard error"),
        ({"se": float("nan")}, "standard error"),
        ({"se": 1.0, "alpha": 0.0}, "alpha"),
        ({"se": 1.0, "power": 1.0}, "power"),
        ({"se": 1.0, "df": 0}, "degrees of freedom"),
    ],
)
def test_arguments_outside_their_range(arguments: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        minimum_detectable_effect(**arguments)


def test_design_arguments_outside_their_range() -> None:
    with pytest.raises(ValueError, match="period before"):
        minimum_detectable_did(5, 20, 0, 3, 1.0)
    with pytest.raises(ValueError, match="autocorrelation"):
        minimum_detectable_did(5, 20, 2, 3, 1.0, 1.0)
    with pytest.raises(ValueError, match="smallest effect"):
        achieved_precision(1.0, smallest_effect=0.0)
