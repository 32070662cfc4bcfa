"""The t interval over sites and the paired contrast against published and independently computed digits."""

from __future__ import annotations

import pytest

from joinedup.study.inference import mean_interval
from joinedup.survey.contrast import contrast

# Student (1908), The probable error of a mean, Biometrika 6(1), 1-25: hours of sleep gained with two drugs, ten patients.
FIRST = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
SECOND = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)


def test_student_sleep_as_a_contrast_of_sites_like_these() -> None:
    """R: t.test(extra ~ group, data = sleep, paired = TRUE): t = -4.0621, df = 9, p-value = 0.002833."""
    found = contrast(FIRST, SECOND, population=10)
    reading = found.like_these
    assert found.estimate == pytest.approx(-1.58, abs=1e-12)
    assert reading.mean / reading.se == pytest.approx(-4.0621, abs=5e-5)
    assert reading.n - 1 == 9
    assert reading.p == pytest.approx(0.002833, abs=5e-7)
    assert (reading.low, reading.high) == pytest.approx((-2.4598858, -0.7001142), abs=5e-8)
    assert found.ahead == 0  # one patient gained the same with both


def test_student_sleep_read_as_a_census() -> None:
    found = contrast(FIRST, SECOND, population=10).these
    assert (found.se, found.low, found.high, found.p) == (0.0, found.mean, found.mean, None)


@pytest.mark.parametrize(("n", "mean", "se"), [(30, 15.5, 0.60749), (35, 18.0, 0.0)])
def test_finite_population_of_35(n: int, mean: float, se: float) -> None:
    """R package survey: svymean over y = 1..n with fpc = 35 (the tiny cases of acceptance/survey/api)."""
    found = mean_interval(list(range(1, n + 1)), population=35)
    assert found.mean == pytest.approx(mean, abs=1e-12)
    assert found.se == pytest.approx(se, abs=5e-6)
    assert (found.se == 0) is (se == 0)


def test_finite_population_is_the_formula_by_hand() -> None:
    """n = 4 of N = 9, values 2 4 4 6: s^2 = 8/3, se = sqrt((1 - 4/9) * (8/3) / 4) = sqrt(10/27)."""
    found = mean_interval([2, 4, 4, 6], population=9)
    assert found.se == pytest.approx((10 / 27) ** 0.5, abs=1e-14)
    assert found.high - found.mean == pytest.approx(3.182446305 * (10 / 27) ** 0.5, abs=1e-8)  # t(.975, 3)


@pytest.mark.parametrize("values", [[], [1.0], [1.0, float("nan")], [1.0, float("inf")]])
def test_too_little_for_a_mean_over_sites(values: list[float]) -> None:
    with pytest.raises(ValueError, match="at least two finite"):
        mean_interval(values)


def test_more_sites_than_there_are() -> None:
    with pytest.raises(ValueError, match="part of 2"):
        mean_interval([1.0, 2.0, 3.0], population=2)


def test_no_spread_no_test() -> None:
    found = mean_interval([0.1 + 0.2, 0.3, 0.3])
    assert (found.se, found.p, found.low, found.high) == (0.0, None, found.mean, found.mean)
