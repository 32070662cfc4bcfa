"""Agreement between coders: worked examples of the literature, brute force, properties, refusals."""

from __future__ import annotations

import itertools
import math
import random
import tracemalloc
from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from joinedup.study.problems import NotComputable
from joinedup.texts.agreement import (
    Coefficient,
    TwoByTwo,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    overlap,
    percent_agreement,
    scott_pi,
)


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


CATEGORIES = (1, 2, 3, 4, 5)


def counts_of(ratings: list[list[int | None]]) -> list[list[int]]:
    return [[sum(v == k for v in unit) for k in CATEGORIES] for unit in zip(*ratings, strict=True)]


def moved() -> list[list[int | None]]:
    """irrCAC's cac.raw4raters: the same ratings, but the one of unit 12 is the third coder's, not the second's."""
    table = [list(row) for row in KRIPPENDORFF]
    table[1][11], table[2][11] = None, 3
    return table


@pytest.mark.parametrize(
    ("found", "estimate", "se"),
    [
        (gwet_ac1(KRIPPENDORFF), 0.77544, 0.14295),
        (fleiss_kappa(counts_of(KRIPPENDORFF)), 0.76117, 0.15302),
        (krippendorff_alpha(KRIPPENDORFF), 0.74342, 0.14557),
        (conger_kappa(moved()), 0.76282, 0.14917),
        (brennan_prediger(KRIPPENDORFF), 0.77273, 0.14472),
    ],
)
def test_coefficients_and_errors_of_irrcac_on_the_same_data(found: Coefficient, estimate: float, se: float) -> None:
    """Gwet, K. L., irrCAC 1.0 (R), vignette "Calculating chance-corrected agreement coefficients", cac.raw4raters."""
    assert found.estimate == pytest.approx(estimate, abs=5.1e-6)
    assert found.se == pytest.approx(se, abs=5.1e-6)
    assert found.ci is not None
    assert found.ci[1] == 1


def test_interval_of_ac1() -> None:
    ci = gwet_ac1(KRIPPENDORFF).ci
    assert ci == (pytest.approx(0.46081, abs=5e-6), 1.0)


# Three abstractors' categories by two raters (Gwet; irrCAC's cont3x3abstractors).
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]


def test_coefficients_and_errors_of_the_abstractors() -> None:
    a, b = expand(ABSTRACTORS)
    kappa, pi, ac1 = cohen_kappa(a, b), scott_pi(a, b), gwet_ac1([a, b])
    assert (kappa.estimate, kappa.se) == (pytest.approx(0.79641, abs=5e-6), pytest.approx(0.05891, abs=5e-6))
    assert (ac1.estimate, ac1.se) == (pytest.approx(0.84933, abs=5e-6), pytest.approx(0.04322, abs=5e-6))
    assert pi.estimate == pytest.approx(0.79624, abs=5e-6)
    assert brennan_prediger([a, b]).estimate == pytest.approx(0.835)
    assert conger_kappa([a, b]).estimate == pytest.approx(kappa.estimate)
    assert conger_kappa([a, b]).se == pytest.approx(kappa.se)
    assert fleiss_kappa(
        [[int(x == k) + int(y == k) for k in range(3)] for x, y in zip(a, b, strict=True)]
    ).estimate == (pytest.approx(pi.estimate))


def test_fleiss_1971() -> None:
    """Fleiss, J. L. (1971), Psychological Bulletin 76(5): ten subjects of the table, 14 ratings, 5 categories."""
    table = "0 0 0 0 14/0 2 6 4 2/0 0 3 5 6/0 3 9 2 0/2 2 8 1 1/7 7 0 0 0/3 2 6 3 0/2 5 3 2 2/6 5 2 1 0/0 2 2 3 7"
    found = fleiss_kappa([[int(n) for n in row.split()] for row in table.split("/")])
    assert found.observed == pytest.approx(0.378, abs=5e-4)
    assert found.expected == pytest.approx(0.213, abs=5e-4)
    assert found.estimate == pytest.approx(0.210, abs=5e-4)
    assert (found.units, found.coders) == (10, 14)


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


def test_the_standard_error_of_alpha_is_that_of_the_jackknife() -> None:
    """An independent way to the same number: leave out each of 400 units in turn."""
    draw = random.Random(7)
    truth = [draw.choice("aaabbc") for _ in range(400)]
    table = [[value if draw.random() < 0.8 else draw.choice("abc") for value in truth] for _ in range(3)]
    for coefficient in (krippendorff_alpha, gwet_ac1, conger_kappa, brennan_prediger):
        found = coefficient(table)
        without = [coefficient([row[:n] + row[n + 1 :] for row in table]).estimate for n in range(400)]
        mean = math.fsum(without) / 400
        jackknife = math.sqrt(399 / 400 * math.fsum((value - mean) ** 2 for value in without))
        assert found.se == pytest.approx(jackknife, rel=0.02)


def test_ac2_is_ac1_where_there_are_two_categories() -> None:
    a, b = expand([[20, 5], [10, 15]])
    assert gwet_ac2([a, b]).estimate == pytest.approx(gwet_ac1([a, b]).estimate)
    assert gwet_ac1([a, b]).estimate == pytest.approx(TwoByTwo(20, 5, 10, 15).ac1().estimate)


@pytest.mark.parametrize(
    ("weights", "estimate", "se"), [("linear", 0.5415634949, 0.1401953628), ("quadratic", 0.680125441, 0.1046943834)]
)
def test_ac2_takes_numbers_by_their_distance(weights: str, estimate: float, se: float) -> None:
    """Nobody gave a 4, which is no step of 1: irrCAC 0.4.4 (Python), `CAC(data, weights=...).gwet()`."""
    ratings = [[1, 2, 3, 5, 2, 1, 5, 3], [1, 2, 5, 5, 2, 3, 5, 1], [1, 1, 3, 5, 2, 1, 3, 3]]
    found = gwet_ac2(ratings, weights)
    assert found.estimate == pytest.approx(estimate, abs=1e-9)
    assert found.se == pytest.approx(se, abs=1e-9)


def test_ac2_by_hand() -> None:
    """Shares 2/6, 2/6, 2/6; quadratic weights 1, 3/4, 0, sum 6; Pa = (1 + 3/4 + 1) / 3; Pe = 6 * (6/9) / 6 = 2/3."""
    assert gwet_ac2([[1, 2, 3], [1, 3, 3]], "quadratic").observed == pytest.approx((1 + 0.75 + 1) / 3)
    shares = [1 / 3, 1 / 6, 1 / 2]
    expected = (3 + 2 * 2 * 0.75) * sum(p * (1 - p) for p in shares) / 6
    assert gwet_ac2([[1, 2, 3], [1, 3, 3]], "quadratic").expected == pytest.approx(expected)


def test_of_what_either_coded() -> None:
    found = overlap([1, 1, 1, 0, 0, None], [1, 1, 0, 1, 0, 1])
    assert (found.estimate, found.units) == (0.5, 4)
    with pytest.raises(NotComputable, match="Neither coder"):
        overlap([0, 0], [0, 0])


def test_agreement_in_all_units_has_no_spread_and_so_no_interval() -> None:
    for found in (
        cohen_kappa([1, 2, 2], [1, 2, 2]),
        gwet_ac1([[1, 2, 2], [1, 2, 2]]),
        krippendorff_alpha([[1, 2], [1, 2]]),
    ):
        assert found.estimate == 1
        assert found.ci is None


def test_refusals_of_the_coefficients_of_many_coders() -> None:
    for coefficient in (gwet_ac1, conger_kappa, brennan_prediger, krippendorff_alpha):
        with pytest.raises(NotComputable, match="One coder has no agreement"):
            coefficient([[1, 2]])
        with pytest.raises(NotComputable, match="No unit was rated by two"):
            coefficient([[1, None], [None, 1]])
        with pytest.raises(NotComputable, match="No unit was rated by two"):
            coefficient([[None, None], [None, None]])
        with pytest.raises(NotComputable):
            coefficient([[1, 1], [1, 1]])
    with pytest.raises(NotComputable, match="without variation"):
        fleiss_kappa([[3, 0], [3, 0]])
    with pytest.raises(ValueError, match="0 or more"):
        fleiss_kappa([[-1, 2]])
    with pytest.raises(NotComputable, match="rated nothing"):
        conger_kappa([[1, 2], [1, 1], [None, None]])
    with pytest.raises(ValueError, match="needs numbers"):
        krippendorff_alpha([["a", "b"], ["a", "a"]], "interval")
    with pytest.raises(ValueError, match="weights"):
        cohen_kappa([1, 2], [1, 1], "cubic")


def test_words_and_numbers_and_arrays_rate_alike() -> None:
    words = [
        ["x" if v == 1 else "y" if v == 2 else None if v is None else f"z{v}" for v in row] for row in KRIPPENDORFF
    ]
    assert krippendorff_alpha(words) == krippendorff_alpha(KRIPPENDORFF)
    array = np.array([[np.nan if v is None else v for v in row] for row in KRIPPENDORFF])
    assert krippendorff_alpha(array, "ratio") == krippendorff_alpha(KRIPPENDORFF, "ratio")
    large = [[2**53 + 1, 2**53, 1], [2**53, 2**53, 1]]  # equal as floats, not as numbers
    assert krippendorff_alpha(large).observed > 0


def test_a_million_units_stay_in_memory() -> None:
    """Four coders, 1,000,000 units, 20 values: chance alone, so alpha is 0 within a few standard errors."""
    draws = np.random.default_rng(1).integers(0, 20, (4, 1_000_000)).astype(float)
    tracemalloc.start()
    found = krippendorff_alpha(draws)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.se is not None
    assert abs(found.estimate) < 4 * found.se
    assert peak < 0.5 * 2**30
