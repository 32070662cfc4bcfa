"""Trends over ordered cases: published cases, brute force, refusals, and the label."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.study.problems import NotComputable
from joinedup.synthesis.case_ordered_display import jonckheere_statistic, jonckheere_terpstra, kendall_tau

VALUES = st.integers(0, 4)


def test_kendall_of_hollander_and_wolfe() -> None:
    # Hollander and Wolfe (1973), p. 185 (canned tuna), as in R's ?cor.test: T = 26, tau = 0.4444, p = 0.1194; one-sided 0.05972.
    lightness = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
    liking = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]
    found = kendall_tau(lightness, liking)
    assert found.statistic == pytest.approx(16 / 36)
    assert found.p == pytest.approx(0.1194, abs=5e-5)
    assert found.p_increasing == pytest.approx(0.05972, abs=5e-6)


def test_jonckheere_of_hollander_and_wolfe() -> None:
    # Hollander and Wolfe (1999), table 6.6 (motivational effect of knowledge of performance): J = 22 + 30.5 + 26.5 = 79.
    none, rough, accurate = (
        [40, 35, 38, 43, 44, 41],
        [38, 40, 47, 44, 40, 42],
        [48, 40, 45, 43, 46, 44],
    )
    assert jonckheere_statistic([none, rough, accurate]) == 79
    with pytest.raises(NotComputable, match="17,153,136 arrangements"):
        jonckheere_terpstra([none, rough, accurate])


def test_perfect_order_has_the_least_p() -> None:
    # 6!/(2! 2! 2!) = 90 arrangements, one of them as far up, one as far down.
    found = jonckheere_terpstra([[1, 2], [3, 4], [5, 6]])
    assert (found.statistic, found.arrangements) == (12, 90)
    assert found.p_increasing == pytest.approx(1 / 90)
    assert found.p == pytest.approx(2 / 90)


@settings(max_examples=40)
@given(st.lists(st.tuples(VALUES, VALUES), min_size=3, max_size=6))
def test_kendalls_p_equals_brute_force(pairs: list[tuple[int, int]]) -> None:
    x, y = [a for a, _ in pairs], [b for _, b in pairs]
    if len(set(x)) == 1 or len(set(y)) == 1:
        with pytest.raises(NotComputable, match="tied"):
            kendall_tau(x, y)
        return

    def score(order: tuple[int, ...]) -> int:
        return sum(
            ((x[i] > x[j]) - (x[i] < x[j])) * ((order[i] > order[j]) - (order[i] < order[j]))
            for i, j in combinations(range(len(x)), 2)
        )

    every = [score(order) for order in permutations(y)]
    assert kendall_tau(x, y).p == pytest.approx(sum(abs(s) >= abs(every[0]) for s in every) / len(every))


@settings(max_examples=40)
@given(st.lists(VALUES, min_size=1, max_size=3), st.lists(VALUES, min_size=1, max_size=3), st.lists(VALUES, max_size=2))
def test_jonckheeres_p_equals_brute_force(a: list[int], b: list[int], c: list[int]) -> None:
    pooled = [*a, *b, *c]
    every = [
        jonckheere_statistic([order[: len(a)], order[len(a) : len(a) + len(b)], order[len(a) + len(b) :]])
        for order in permutations(pooled)
    ]
    centre = sum(every) / len(every)
    expected = sum(abs(j - centre) >= abs(every[0] - centre) - 1e-9 for j in every) / len(every)
    assert jonckheere_terpstra([a, b, c]).p == pytest.approx(expected)


def test_the_label_says_what_it_is() -> None:
    assert kendall_tau(range(8), range(8)).label == "descriptive, n = 8"


def test_refusals() -> None:
    with pytest.raises(NotComputable, match="at least three"):
        kendall_tau([1, 2], [1, 2])
    with pytest.raises(NotComputable, match="too many"):
        kendall_tau(range(12), range(12))
    with pytest.raises(NotComputable, match="two groups"):
        jonckheere_terpstra([[1, 2], []])
