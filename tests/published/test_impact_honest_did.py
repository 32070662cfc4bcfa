"""HonestDiD beside R's HonestDiD 0.2.8 (commit 6813f02, its functions in R 4.2.2 over lp_solve 5.5 and GLPK), on made-up estimates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from joinedup.impact import honest_did, relative_magnitudes

SEVEN = ([-0.4, 0.3, -0.2, 0.1, 0.0, 2.0, 2.5], (0.16 * (0.5 + 0.5 * np.eye(7))).tolist(), 5, 2)
APART = np.abs(np.subtract.outer(np.arange(6), np.arange(6)))
ERRORS = np.array([0.12, 0.11, 0.09, 0.10, 0.13, 0.17])
COVARIANCE = np.outer(ERRORS, ERRORS) * 0.5 ** (APART / 2)
SIX = ([0.10, -0.04, 0.06, 0.45, 0.60, 0.80], COVARIANCE.tolist(), 3, 3)
FOUR = (SIX[0][:4], COVARIANCE[:4, :4].tolist(), 3, 1)
MEAN = (1 / 3, 1 / 3, 1 / 3)

SEVEN_CASES = [
    # parameter, bound, R's ends on its finer grid, R's first stage: the first eight polyhedra (the same by symmetry), the last two
    (0, 0.5, (0.889289289, 3.110710711), (2.7546757, 2.7341177, 2.6562579)),
    (0, 1.0, (0.361961962, 3.638038038), (2.6924416, 2.8507525, 2.6093630)),
    (0, 1.5, (-0.253853854, 4.253853854), (2.8274994, 2.8676772, 2.7829722)),
    (0, 2.0, (-0.897297297, 4.897297297), (2.8971909, 2.8628032, 2.9369658)),
    (1, 0.5, (0.856856857, 4.142942943), (1.7657522, 1.9666316, 1.7196745)),
    (1, 1.0, (-0.383983984, 5.384184184), (2.1374342, 2.2712795, 2.1375417)),
    ((0.5, 0.5), 1.0, (0.043691372, 4.456173159), (2.2989213, 2.4024173, 2.2388827)),
]


def with_first_stage(monkeypatch: pytest.MonkeyPatch, values: Sequence[float]) -> None:
    """Take R's simulated first-stage critical values: the rest is then free of chance."""
    given = iter(values)
    monkeypatch.setattr(relative_magnitudes, "_first_stage", lambda *_: next(given))


@pytest.mark.parametrize(("parameter", "bound", "ends", "first"), SEVEN_CASES)
def test_ends_equal_r_given_its_first_stage(
    parameter: int | tuple[float, ...],
    bound: float,
    ends: tuple[float, float],
    first: tuple[float, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R's grid had steps of .0004 (.00035 for the mean) about each end: the end lies within one step beyond its last point."""
    with_first_stage(monkeypatch, [first[0]] * 8 + list(first[1:]))
    found = honest_did(*SEVEN, "relative", bound, parameter)
    assert ends[0] - 0.00045 < found.lower < ends[0] + 0.00005
    assert ends[1] - 0.00005 < found.upper < ends[1] + 0.00045


@pytest.mark.parametrize(("parameter", "bound", "ends", "_"), SEVEN_CASES)
def test_ends_equal_r_but_for_its_draws(
    parameter: int | tuple[float, ...], bound: float, ends: tuple[float, float], _: object
) -> None:
    """R simulates the first stage with 1,000 draws: its ends move by some hundredths of the standard error of .35 to .4."""
    found = honest_did(*SEVEN, "relative", bound, parameter)
    assert (found.lower, found.upper) == pytest.approx(ends, abs=0.025)


@pytest.mark.parametrize(
    ("parameter", "bound", "ends", "step", "first"),
    [
        (0, 1.0, (0.074, 0.80066667), 0.00066667, (2.6438592, 2.6756595, 2.7045686, 2.6654557, 2.6948203, 2.6750986)),
        (2, 0.5, (0.21775, 1.35958333), 0.00070833, (1.776819, 1.7778192, 1.7495229, 1.7143974, 1.8296267, 1.8432136)),
        (2, 2.0, (-0.985, 2.54731667), 0.00198333, (2.5109913, 2.471121, 2.4445551, 2.4153631, 2.4278684, 2.493994)),
        (
            MEAN,
            1.0,
            (-0.0318382, 1.23095785),
            0.000778,
            (2.1919837, 2.1529613, 2.1492234, 2.0858359, 2.1705981, 2.2788653),
        ),
        (
            MEAN,
            2.0,
            (-0.58353389, 1.77604407),
            0.00136077,
            (2.5114334, 2.524198, 2.4450113, 2.4554616, 2.4741571, 2.5393953),
        ),
    ],
)
def test_ends_of_three_periods_after_equal_r_given_its_first_stage(
    parameter: int | tuple[float, ...],
    bound: float,
    ends: tuple[float, float],
    step: float,
    first: tuple[float, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_first_stage(monkeypatch, first)
    found = honest_did(*SIX, "relative", bound, parameter)
    assert -1.1 * step < found.lower - ends[0] < 0.1 * step
    assert -0.1 * step < found.upper - ends[1] < 1.1 * step


@pytest.mark.parametrize(
    ("bound", "several", "one", "first"),
    [
        (
            0.5,
            (0.18241206, 0.70854271),
            (0.17958333, 0.71416667),
            (2.781821, 2.8206384, 2.7599565, 2.7939329, 2.8676938, 2.6302267),
        ),
        (
            1.0,
            (0.07386935, 0.80000000),
            (0.06866667, 0.80666667),
            (2.6637084, 2.6671057, 2.7077538, 2.7216687, 2.6987003, 2.6461569),
        ),
    ],
)
def test_one_period_after_equals_r_s_test_for_several(
    bound: float,
    several: tuple[float, float],
    one: tuple[float, float],
    first: tuple[float, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R's own branch for one period leaves the second stage uncut at the first stage's critical value, unlike its branch for
    several and Andrews, Roth and Pakes: its ends (`one`) lie a little outside. Steps of .0005."""
    with_first_stage(monkeypatch, first)
    found = honest_did(*FOUR, "relative", bound)
    assert -0.00055 < found.lower - several[0] < 0.00005
    assert -0.00005 < found.upper - several[1] < 0.00055
    assert one[0] < found.lower
    assert found.upper < one[1]


@pytest.mark.parametrize(
    ("errors", "rho", "bound", "expected"),
    [
        ((0.08, 0.29, 0.18, 0.27, 0.30), 0.9, 0.01, (0.3446562131, 0.8875939036)),
        ((0.06, 0.27, 0.29, 0.12, 0.27, 0.16), 0.5, 0.01, (0.2585161257, 0.8210516375)),
        ((0.19, 0.06, 0.07, 0.21, 0.16, 0.11), 0.9, 0.05, (0.3543147510, 0.8018230651)),
    ],
)
def test_smoothness_takes_the_shortest_interval_where_many_weights_are_zero(
    errors: tuple[float, ...], rho: float, bound: float, expected: tuple[float, float]
) -> None:
    """R's bias and variance of the estimator, the frontier between them by quadprog 1.5-8, the folded normal's exact quantile."""
    size = len(errors)
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    covariance = (np.outer(errors, errors) * rho**apart).tolist()
    estimates = [*(0.08, 0.09, 0.01, -0.08, -0.10)[: size - 1], 0.50]
    found = honest_did(estimates, covariance, size - 1, 1, "smoothness", bound)
    assert (found.lower, found.upper) == pytest.approx(expected, abs=3e-6)
    assert found.upper - found.lower <= expected[1] - expected[0] + 1e-8
