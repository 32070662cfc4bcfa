"""Agreement between coders: worked examples of the literature, brute force, properties, refusals."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from joinedup.study.problems import NotComputable
from joinedup.texts.agreement import TwoByTwo, cohen_kappa, krippendorff_alpha, percent_agreement


def rows(text: str) -> list[int | None]:
    return [None if cell == "." else int(cell) for cell in text.split()]


# Krippendorff, K. (2011), Computing Krippendorff's alpha-reliability, section D: 4 coders, 12 units, missing data.
KRIPPENDORFF = [
    rows("1 2 3 3 2 1 4 1 2 . . ."),
    rows("1 2 3 3 2 2 4 1 2 5 . 3"),
    rows(". 3 3 3 2 3 4 2 2 5 1 ."),
    rows("1 2 3 3 2 4 4 1 2 5 1 ."),
]


@pytest.mark.parametrize(
    ("level", "paper", "digits"),
    [
        ("nominal", 0.743, 0.74342),
        ("ordinal", 0.815, 0.8154),
        ("interval", 0.849, 0.8491),
        ("ratio", 0.797, 0.7974),
    ],
)
def test_alpha_of_krippendorff_2011(level: str, paper: float, digits: float) -> None:
    alpha = krippendorff_alpha(KRIPPENDORFF, level)
    assert alpha.estimate == pytest.approx(paper, abs=5e-4)
    assert alpha.estimate == pytest.approx(digits, abs=5e-5)
    assert (alpha.units, alpha.coders) == (11, 4)
    assert alpha.expected is not None
    assert alpha.estimate == pytest.approx(1 - alpha.observed / alpha.expected)


def expand(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """The ratings of two coders that a table of counts stands for."""
    pairs = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    return [i for i, _ in pairs], [j for _, j in pairs]


@pytest.mark.parametrize(
    ("table", "kappa", "observed"),
    [
        ([[20, 5], [10, 15]], 0.400, 0.70),
        ([[45, 15], [25, 15]], 0.1304, 0.60),
        ([[25, 35], [5, 35]], 0.2593, 0.60),
        ([[2500, 2500], [2500, 2500]], 0.0, 0.50),
        # Three abstractors' categories by two raters (Gwet; irrCAC's cont3x3abstractors).
        ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], 0.79641, 0.89),
    ],
)
def test_kappa_of_published_tables(table: list[list[int]], kappa: float, observed: float) -> None:
    a, b = expand(table)
    found = cohen_kappa(a, b)
    assert found.estimate == pytest.approx(kappa, abs=5e-5)
    assert found.observed == pytest.approx(observed)
    assert percent_agreement(a, b).estimate == pytest.approx(observed)
    if len(table) == 2:
        counts = TwoByTwo(table[0][0], table[0][1], table[1][0], table[1][1])
        assert counts.kappa().estimate == pytest.approx(found.estimate)


def test_alpha_of_the_abstractors() -> None:
    assert krippendorff_alpha(expand([[13, 0, 0], [0, 20, 7], [0, 4, 56]])).estimate == pytest.approx(0.79726, abs=5e-6)


def test_weighted_kappa_by_hand() -> None:
    """Cohen (1968): 1 - sum(v o) / sum(v e). Here o: 1 apart twice, 2 apart once; e from the margins by hand.

    Margins are (3, 2, 1) and (2, 2, 2) of 6. Linear: sum(v o) = 4; sum(v e) = (3*(0+2+4) + 2*(2+0+2) + 1*(4+2+0)) / 6
    = (18 + 8 + 6) / 6 = 32/6. Quadratic: sum(v o) = 6; sum(v e) = (3*(0+2+8) + 2*(2+0+2) + 1*(8+2+0)) / 6 = 48/6.
    """
    a, b = [1, 1, 1, 2, 2, 3], [1, 1, 2, 2, 3, 3]
    assert cohen_kappa(a, b, "linear").estimate == pytest.approx(1 - 2 / (32 / 6))
    a, b = [1, 1, 1, 2, 2, 3], [1, 3, 2, 1, 2, 3]
    assert cohen_kappa(a, b, "linear").estimate == pytest.approx(1 - 4 / (32 / 6))
    assert cohen_kappa(a, b, "quadratic").estimate == pytest.approx(1 - 6 / 8)


def distance(level: str, x: float, y: float, values: Counter[float]) -> float:
    """The metrics as Krippendorff (2011) writes them."""
    if level == "nominal":
        return float(x != y)
    if level == "interval":
        return (x - y) ** 2
    if level == "ratio":
        return 0.0 if x == y else ((x - y) / (x + y)) ** 2
    low, high = min(x, y), max(x, y)
    between = sum(n for value, n in values.items() if low <= value <= high)
    return float(between - (values[low] + values[high]) / 2) ** 2 if x != y else 0.0


def brute_alpha(ratings: list[list[float | None]], level: str) -> float:
    """Alpha over explicit pairs of ratings, never by counts."""
    units = [[v for v in unit if v is not None] for unit in zip(*ratings, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    flat = [v for unit in units for v in unit]
    values = Counter(flat)
    observed = sum(
        sum(distance(level, x, y, values) for x, y in itertools.permutations(unit, 2)) / (len(unit) - 1)
        for unit in units
    ) / len(flat)
    pairs = itertools.permutations(flat, 2)
    expected = sum(distance(level, x, y, values) for x, y in pairs) / (len(flat) * (len(flat) - 1))
    return 1 - observed / expected


ratings = st.integers(2, 4).flatmap(
    lambda coders: st.integers(1, 8).flatmap(
        lambda units: st.lists(
            st.lists(st.sampled_from([None, 0, 1, 2, 5, 0.5]), min_size=units, max_size=units),
            min_size=coders,
            max_size=coders,
        )
    )
)


@given(ratings, st.sampled_from(["nominal", "ordinal", "interval", "ratio"]))
def test_alpha_from_counts_equals_brute_force(table: list[list[float | None]], level: str) -> None:
    try:
        found = krippendorff_alpha(table, level).estimate
    except NotComputable:
        pairable = [[v for v in unit if v is not None] for unit in zip(*table, strict=True)]
        assert len({v for unit in pairable if len(unit) > 1 for v in unit}) <= 1
        return
    assert found == pytest.approx(brute_alpha(table, level), abs=1e-9)


@given(ratings, st.randoms(use_true_random=False))
def test_the_order_of_coders_and_units_changes_nothing(table: list[list[float | None]], random: object) -> None:
    try:
        before = krippendorff_alpha(table, "interval").estimate
    except NotComputable:
        return
    columns = list(zip(*table, strict=True))
    random.shuffle(columns)  # type: ignore[attr-defined]
    turned = [list(row) for row in zip(*columns, strict=True)][::-1]
    assert krippendorff_alpha(turned, "interval").estimate == pytest.approx(before, abs=1e-12)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1))
def test_kappa_is_symmetric_and_at_most_one(pairs: list[tuple[str, str]]) -> None:
    a, b = [x for x, _ in pairs], [y for _, y in pairs]
    assume(len(set(a) | set(b)) > 1)
    kappa = cohen_kappa(a, b).estimate
    assert kappa == pytest.approx(cohen_kappa(b, a).estimate)
    assert kappa <= 1
    assert math.isclose(kappa, 1) == (a == b)


@given(*(st.integers(0, 6) for _ in range(4)))
def test_four_counts_stand_for_the_ratings(both: int, first: int, second: int, neither: int) -> None:
    counts = TwoByTwo(both, first, second, neither)
    a = [1] * both + [1] * first + [0] * second + [0] * neither
    b = [1] * both + [0] * first + [1] * second + [0] * neither
    assume(len(set(a) | set(b)) == 2)
    assert counts.kappa().estimate == pytest.approx(cohen_kappa(a, b).estimate)
    assert counts.alpha().estimate == pytest.approx(krippendorff_alpha([a, b]).estimate)
    assert counts.percent == pytest.approx(percent_agreement(a, b).estimate)
    assert counts.base_rate == pytest.approx((sum(a) + sum(b)) / (2 * len(a)))


def test_real_valued_ratings_do_not_explode() -> None:
    """2 x 3,000 distinct values: a matrix of values by values for each unit would need hundreds of gigabytes."""
    a = [math.sin(n) for n in range(3000)]
    b = [value + 0.1 * math.cos(7 * n) for n, value in enumerate(a)]
    observed = math.fsum((x - y) ** 2 for x, y in zip(a, b, strict=True)) * 2 / 6000
    flat = a + b
    mean = math.fsum(flat) / 6000
    expected = 2 * math.fsum((x - mean) ** 2 for x in flat) / 5999
    assert krippendorff_alpha([a, b], "interval").estimate == pytest.approx(1 - observed / expected, abs=1e-12)
    shifted = [[x + 2 for x in a], [y + 2 for y in b]]
    assert 0.9 < krippendorff_alpha(shifted, "ratio").estimate < 1


@pytest.mark.parametrize("bad", [[[1, 1, 2]], []])
def test_one_coder_has_no_agreement(bad: list[list[int]]) -> None:
    with pytest.raises(NotComputable, match="One coder has no agreement"):
        krippendorff_alpha(bad)


def test_no_variation_and_no_units_are_said_in_words() -> None:
    with pytest.raises(NotComputable, match="without variation"):
        krippendorff_alpha([[1, 1], [1, 1]])
    with pytest.raises(NotComputable, match="without variation"):
        cohen_kappa([1, 1], [1, 1])
    with pytest.raises(NotComputable, match="No unit was rated"):
        krippendorff_alpha([[1, None], [None, 1]])
    with pytest.raises(NotComputable, match="No unit was rated"):
        cohen_kappa([], [])
    with pytest.raises(NotComputable, match="no units"):
        TwoByTwo(0, 0, 0, 0).alpha()
    with pytest.raises(NotComputable, match="0 or more"):
        krippendorff_alpha([[-1, 2], [1, 2]], "ratio")
    with pytest.raises(ValueError, match="same units"):
        cohen_kappa([1], [1, 2])
    with pytest.raises(ValueError, match="level"):
        krippendorff_alpha([[1], [1]], "cardinal")


def test_missing_ratings_are_left_out_however_they_are_written() -> None:
    nan = float("nan")
    assert cohen_kappa([1, 2, nan, 1], [1, 1, 2, None]).units == 2
    with_none = krippendorff_alpha([[1, 2, None], [1, 1, 2]])
    assert krippendorff_alpha([[1, 2, nan], [1, 1, 2]]) == with_none
