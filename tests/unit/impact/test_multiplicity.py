"""Romano-Wolf step-down p values against the closed test that they shorten, cases by hand, and Benjamini-Hochberg."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.impact.multiplicity import benjamini_hochberg, romano_wolf


def closed(statistics: np.ndarray, draws: np.ndarray) -> list[float]:
    """The p of each outcome by the closure of max-T tests over ALL families that hold it (Marcus et al. 1976)."""
    own, null = np.abs(statistics), np.abs(draws)
    found = [0.0] * len(own)
    for size in range(1, len(own) + 1):
        for family in combinations(range(len(own)), size):
            exceed = (null[:, family].max(axis=1) >= own[list(family)].max()).sum()
            for each in family:
                found[each] = max(found[each], (1 + exceed) / (1 + len(null)))
    return found


@given(st.integers(1, 5), st.integers(1, 30), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_the_step_down_is_the_closed_test(outcomes: int, count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    own, null = random.normal(size=outcomes) * 2, random.normal(size=(count, outcomes))
    assert romano_wolf(own, null) == pytest.approx(closed(own, null), abs=1e-15)


def test_a_case_counted_by_hand() -> None:
    draws = np.array([[2.0, 0.5, 0.1], [-1.0, 3.0, 0.2], [0.5, -1.0, 2.5], [0.1, 0.2, 0.3]])
    # Largest first: -2.6 meets the maxima 2, 3, 2.5, .3 (one as large); 1.5 without it meets 2, 1, 2.5, .3 (two);
    # 0.4 alone meets 2, 1, .5, .1 (three).
    assert romano_wolf([0.4, -2.6, 1.5], draws) == pytest.approx([4 / 5, 2 / 5, 3 / 5])


def test_perfectly_correlated_outcomes_pay_nothing() -> None:
    draws = np.random.default_rng(1).normal(size=(999, 1))
    alone = romano_wolf([2.0], draws)[0]
    assert romano_wolf([2.0, 2.0, 2.0], np.repeat(draws, 3, axis=1)) == pytest.approx([alone] * 3)


def test_no_test_is_not_counted() -> None:
    draws = np.array([[1.0, np.nan], [3.0, np.nan], [0.5, np.nan]])
    found = romano_wolf([2.0, None], draws)
    assert found[0] == pytest.approx(2 / 4) and np.isnan(found[1])


def test_enumerated_assignments_are_shares_and_ties_count() -> None:
    draws = np.array([[0.3], [0.1 + 0.2], [-0.3], [0.1]])
    assert romano_wolf([0.1 + 0.2], draws, enumerated=True) == pytest.approx([3 / 4])


@pytest.mark.parametrize("draws", [np.zeros((4, 2)), np.zeros(3), np.zeros((0, 3)), np.full((4, 3), np.nan)])
def test_draws_that_can_not_be_compared_are_refused(draws: np.ndarray) -> None:
    with pytest.raises(ValueError, match="draw"):
        romano_wolf([1.0, 2.0, 3.0], draws)


def test_benjamini_hochberg_of_their_own_example() -> None:
    # Benjamini and Hochberg (1995), section 3: 15 outcomes of a trial; at 5% four are found, by Bonferroni three.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    found = benjamini_hochberg(p)
    assert (found <= 0.05).sum() == 4 and found[3] == pytest.approx(0.0095 * 15 / 4)
