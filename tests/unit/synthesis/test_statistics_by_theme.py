"""Statistics by theme: the exact p equals brute force over all splits, the interval is Welch's, refusals."""

from __future__ import annotations

from itertools import combinations
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.study.problems import NotComputable
from joinedup.synthesis.statistics_by_theme import by_theme

SCORES = st.lists(st.integers(2, 10).map(lambda n: n / 2), min_size=1, max_size=5)


def test_three_against_three_by_hand() -> None:
    found = by_theme([5, 6, 7], [1, 2, 3])
    assert (found.difference, found.splits) == (4, 20)
    assert found.p == pytest.approx(2 / 20)
    assert found.smallest_p == pytest.approx(2 / 20)


def test_interval_of_students_sleep_data() -> None:
    # R 4.x, t.test(extra ~ group, data = sleep): 95 percent confidence interval -3.3654832 to 0.2054832.
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = by_theme(first, second)
    assert (found.low, found.high) == pytest.approx((-3.3654832, 0.2054832), abs=5e-8)
    assert found.splits == 184_756


@settings(max_examples=60)
@given(SCORES, SCORES)
def test_exact_p_equals_brute_force(present: list[float], absent: list[float]) -> None:
    pooled = [*present, *absent]
    every = []
    for chosen in combinations(range(len(pooled)), len(present)):
        rest = [value for at, value in enumerate(pooled) if at not in chosen]
        every.append(abs(fmean(pooled[at] for at in chosen) - fmean(rest)))
    observed = abs(fmean(present) - fmean(absent))
    assert by_theme(present, absent).p == pytest.approx(sum(d >= observed - 1e-9 for d in every) / len(every))


@given(SCORES, SCORES)
def test_turning_the_groups_turns_the_difference_and_keeps_p(present: list[float], absent: list[float]) -> None:
    one, other = by_theme(present, absent), by_theme(absent, present)
    assert one.difference == pytest.approx(-other.difference)
    assert one.p == pytest.approx(other.p)


def test_one_site_has_no_interval() -> None:
    assert by_theme([3.0], [1.0, 2.0]).low is None


def test_refusals() -> None:
    with pytest.raises(NotComputable, match="nothing to compare"):
        by_theme([1.0], [])
    with pytest.raises(NotComputable, match="too many"):
        by_theme(range(17), range(18))
