"""Properties and refusals of estimates, weights, pooling, adjusted p values and the permutation test."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.study.inference import mean_interval
from joinedup.study.problems import NotComputable
from joinedup.survey import (
    benjamini_hochberg,
    estimate_mean,
    estimate_proportions,
    estimate_total,
    holm,
    pool,
    post_stratify,
    rake,
    sign_flip_test,
)

numbers = st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=20)


def roster(n: int = 60, seed: int = 2) -> pd.DataFrame:
    """SIMULATED respondents with two attributes."""
    draw = np.random.default_rng(seed)
    return pd.DataFrame({"agency": draw.choice(list("hse"), n), "size": draw.choice(["big", "small"], n)})


@settings(deadline=None)
@given(numbers, st.integers(0, 30))
def test_a_simple_mean_is_the_mean_over_sites(values: list[float], unseen: int) -> None:
    size = len(values) + unseen
    found, wanted = estimate_mean(values, fpc=size), mean_interval(values, size)
    assert found.estimate == pytest.approx(wanted.mean, abs=1e-9)
    assert found.se == pytest.approx(wanted.se, abs=1e-9)
    assert found.ci == pytest.approx((wanted.low, wanted.high), abs=1e-7)


@settings(deadline=None)
@given(numbers, st.floats(0.1, 100))
def test_only_the_proportions_of_weights_matter_for_a_mean(values: list[float], unit: float) -> None:
    weights = np.arange(1, len(values) + 1)
    once, again = estimate_mean(values, weights), estimate_mean(values, weights * unit)
    assert (again.estimate, again.se) == pytest.approx((once.estimate, once.se), abs=1e-9)


def test_rows_in_another_order_with_clusters_and_strata() -> None:
    draw = np.random.default_rng(1)
    frame = pd.DataFrame({"y": draw.normal(size=40), "s": np.repeat([1, 2], 20), "c": np.tile(range(5), 8)})
    mixed = frame.sample(frac=1, random_state=3)
    once = estimate_mean(frame.y, strata=frame.s, cluster=frame.c)
    again = estimate_mean(mixed.y, strata=mixed.s, cluster=mixed.c)
    assert (again.estimate, again.se, again.df) == (pytest.approx(once.estimate), pytest.approx(once.se), 8)


def test_two_strata_by_hand() -> None:
    """Means 2 and 10, s^2 = 2 each, n = 2 of N = 4 and 2 of 12: mean 8, variance (1/4)^2 .5 + (3/4)^2 (10/12)."""
    size = [4, 4, 12, 12]
    found = estimate_mean([1, 3, 9, 11], strata=list("aabb"), fpc=size)
    assert found.estimate == pytest.approx(8)
    assert found.se**2 == pytest.approx(0.0625 * 0.5 + 0.5625 * 10 / 12)
    assert estimate_total([1, 3, 9, 11], strata=list("aabb"), fpc=size).estimate == pytest.approx(128)


def test_a_blank_was_not_sampled() -> None:
    """30 of 35 sites answered: the blanks are no part of the sample, so this is not a census."""
    found = estimate_mean([*range(1, 31), *[None] * 5], fpc=35)
    assert (found.se, found.n, found.left_out) == (pytest.approx(0.60749, abs=5e-6), 30, 5)


def test_proportions_add_up_and_stay_within_0_and_1() -> None:
    found = estimate_proportions(["a"] * 9 + ["b"] + [None], fpc=35)
    assert found["estimate"].sum() == pytest.approx(1)
    assert found["n"].tolist() == [9, 1]
    assert ((found["low"] > 0) & (found["high"] < 1)).all()
    everyone = estimate_proportions(["a"] * 10)
    assert everyone.loc["a", "low"] == pytest.approx(0.025**0.1)  # Clopper & Pearson: (alpha/2)^(1/n)
    assert everyone.loc["a", "interval"] == "exact"
    census = estimate_proportions(["a"] * 10 + ["b"] * 25, fpc=35)
    assert census.loc["a", ["low", "high", "interval"]].tolist() == pytest.approx([10 / 35, 10 / 35, "census"])


def test_estimates_refused() -> None:
    with pytest.raises(NotComputable, match="single sampling unit"):
        estimate_mean([1, 2, 3], strata=list("aab"))
    with pytest.raises(NotComputable, match="Nobody answered"):
        estimate_mean([None, None])
    with pytest.raises(NotComputable, match="single sampling unit"):
        estimate_mean([1.0])
    with pytest.raises(NotComputable, match="size of the population"):
        estimate_total([1, 2, 3])
    with pytest.raises(NotComputable, match="no stratum or no cluster"):
        estimate_mean([1, 2, 3], strata=["a", "a", None])
    with pytest.raises(NotComputable, match="no number"):
        estimate_mean(["often", "never"])


def test_a_wholly_sampled_stratum_of_one_adds_no_error() -> None:
    found = estimate_mean([1, 3, 9], strata=list("aab"), fpc=[4, 4, 1])
    assert found.se**2 == pytest.approx((4 / 5) ** 2 * (1 - 2 / 4) * 2 / 2)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"fpc": 2}, "smaller than the sample"),
        ({"fpc": [5, 5, 6]}, "differs within a stratum"),
        ({"fpc": 9, "strata": list("aab")}, "given for each row"),
        ({"weights": [1, 0, 1]}, "positive"),
        ({"weights": [1, 1]}, "weights has 2 rows, not 3"),
        ({"interval": "bootstrap"}, "'t' or 'normal'"),
        ({"weights": pd.Series([1, 1, 1], index=[7, 8, 9]), "cluster": pd.Series([1, 2, 3])}, "row labels"),
    ],
)
def test_arguments_that_make_no_sense(arguments: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        estimate_mean([1, 2, 3], **arguments)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=40)
@given(st.tuples(*[st.integers(50, 500)] * 3), st.floats(0.2, 0.8), st.integers(0, 50))
def test_raking_meets_the_margins(counts: tuple[int, int, int], big: float, seed: int) -> None:
    frame = roster(120, seed)
    total = sum(counts)
    margins = {
        "agency": dict(zip("hse", counts, strict=True)),
        "size": {"big": big * total, "small": (1 - big) * total},
    }
    found = rake(frame, margins)
    assert found.margins["weighted"].tolist() == pytest.approx(found.margins["population"].tolist(), rel=1e-9)
    assert (found.weights > 0).all()
    assert found.deff >= 1 - 1e-12
    mixed = frame.sample(frac=1, random_state=1)
    assert rake(mixed, margins).weights[frame.index].tolist() == pytest.approx(found.weights.tolist(), rel=1e-7)


def test_raking_keeps_the_odds_ratios_of_the_sample() -> None:
    frame = roster(200)
    found = rake(frame, {"agency": {"h": 300, "s": 500, "e": 200}, "size": {"big": 700, "small": 300}}).weights
    before = pd.crosstab(frame["agency"], frame["size"]).to_numpy(dtype=float)
    after = found.groupby([frame["agency"], frame["size"]]).sum().unstack().to_numpy()
    assert after[0, 0] * after[1, 1] / (after[0, 1] * after[1, 0]) == pytest.approx(
        before[0, 0] * before[1, 1] / (before[0, 1] * before[1, 0])
    )


def test_margins_that_are_met_leave_the_weights_alone() -> None:
    frame = roster()
    found = rake(frame, {name: (frame[name].value_counts() * 3).to_dict() for name in frame})
    assert found.weights.tolist() == pytest.approx([3.0] * 60)
    assert found.deff == pytest.approx(1)


def test_margins_may_be_series() -> None:
    frame = roster()
    counts = frame["size"].value_counts() * 2
    assert rake(frame, {"size": counts}).weights.tolist() == pytest.approx([2.0] * 60)  # type: ignore[dict-item]
    assert post_stratify(frame["size"], counts).weights.tolist() == pytest.approx([2.0] * 60)  # type: ignore[arg-type]


def test_trimming_bounds_the_weights_and_tells_what_it_misses() -> None:
    frame = pd.DataFrame({"agency": ["h"] * 50 + ["s"] * 10})
    free = rake(frame, {"agency": {"h": 50, "s": 50}})
    assert free.largest == pytest.approx(5)
    cut = rake(frame, {"agency": {"h": 50, "s": 50}}, trim=2)
    mean = 100 / 60
    assert cut.largest == pytest.approx(2 * mean)
    assert "missed by up to" in cut.warnings[-1]
    lenient = rake(frame, {"agency": {"h": 50, "s": 50}}, trim=(0.1, 4))
    assert lenient.weights.tolist() == pytest.approx(free.weights.tolist())
    assert lenient.warnings == ()


def test_raking_refused() -> None:
    frame = pd.DataFrame({"agency": ["h"] * 10 + ["s"] * 4})
    with pytest.raises(NotComputable, match="Category s of margin agency has 4 respondents"):
        rake(frame, {"agency": {"h": 20, "s": 20}})
    with pytest.raises(NotComputable, match="Category x of margin agency has 0 respondents"):
        rake(frame.head(10), {"agency": {"h": 20, "x": 20}})
    with pytest.raises(NotComputable, match="no count for: s"):
        rake(frame, {"agency": {"h": 20}})
    with pytest.raises(NotComputable, match="no count for: nan"):
        rake(pd.DataFrame({"agency": ["h"] * 10 + [np.nan]}), {"agency": {"h": 20}})
    with pytest.raises(NotComputable, match="different populations: agency 60, size 70"):
        rake(roster(), {"agency": {"h": 20, "s": 20, "e": 20}, "size": {"big": 30, "small": 40}})
    apart = pd.DataFrame({"a": ["x"] * 10 + ["y"] * 10, "b": ["x"] * 10 + ["y"] * 10})
    with pytest.raises(NotComputable, match="does not converge"):
        rake(apart, {"a": {"x": 5, "y": 5}, "b": {"x": 4, "y": 6}})


def test_raking_arguments() -> None:
    frame = roster()
    with pytest.raises(ValueError, match="no column"):
        rake(frame, {"region": {"north": 3}})
    with pytest.raises(ValueError, match="at least one margin"):
        rake(frame, {})
    with pytest.raises(ValueError, match="positive count"):
        rake(frame, {"size": {"big": 0, "small": 4}})
    with pytest.raises(ValueError, match="trim is a number above 1"):
        rake(frame, {"size": {"big": 4, "small": 4}}, trim=0.5)
    with pytest.raises(ValueError, match="begin from is positive"):
        rake(frame, {"size": {"big": 4, "small": 4}}, weights=[0.0] * 60)
    with pytest.raises(ValueError, match="leave weights out"):
        weighted = post_stratify(frame["size"], {"big": 40, "small": 40})
        estimate_mean(range(60), weights=[1] * 60, calibration=weighted)


def test_a_margin_of_the_calibration_itself_is_known_without_error() -> None:
    frame = roster()
    weighted = post_stratify(frame["size"], {"big": 40, "small": 60})
    found = estimate_mean((frame["size"] == "big").astype(float), calibration=weighted)
    assert (found.estimate, found.se) == (pytest.approx(0.4), pytest.approx(0, abs=1e-12))


def test_pooling_equal_estimates_adds_nothing() -> None:
    found = pool([2.0, 2.0, 2.0], [0.5, 0.5, 0.5])
    assert (found.total, found.df, found.fmi) == (0.5, math.inf, 0)
    assert found.ci[1] - 2 == pytest.approx(1.959963985 * 0.5**0.5)
    assert pool([2.0, 2.0], [0.5, 0.5], df_complete=10).df == pytest.approx(11 / 13 * 10)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-10, 10), st.floats(0.1, 5)), min_size=2, max_size=8), st.floats(1, 200))
def test_pooled_degrees_of_freedom_stay_below_both_bounds(parts: list[tuple[float, float]], complete: float) -> None:
    """Barnard and Rubin (1999): never more than those of the complete data, nor than Rubin's."""
    found = pool([q for q, _ in parts], [u for _, u in parts], complete)
    assert 0 < found.df <= complete
    assert found.df <= pool([q for q, _ in parts], [u for _, u in parts]).df
    assert found.total >= found.within


def test_pooling_refused() -> None:
    with pytest.raises(NotComputable, match="at least two imputations"):
        pool([1.0], [1.0])
    with pytest.raises(NotComputable, match="at least two imputations, each with its estimate"):
        pool([1.0, np.nan], [1.0, 1.0])
    with pytest.raises(ValueError, match="variance is positive"):
        pool([1.0, 2.0], [1.0, 0.0])
    with pytest.raises(ValueError, match="degrees of freedom"):
        pool([1.0, 2.0], [1.0, 1.0], df_complete=0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=15))
def test_adjusted_p_are_larger_keep_their_order_and_holm_is_the_stricter(p: list[float]) -> None:
    strict, lenient = holm(p), benjamini_hochberg(p)
    order = np.argsort(p, kind="stable")
    assert (strict >= lenient - 1e-15).all()
    assert (lenient >= np.array(p) - 1e-15).all()
    assert (np.diff(strict[order]) >= 0).all()
    assert (strict <= 1).all()


def test_a_blank_p_is_no_test() -> None:
    assert holm([0.01, None, 0.04])[[0, 2]].tolist() == pytest.approx([0.02, 0.04])
    assert np.isnan(holm([0.01, None, 0.04])[1])
    with pytest.raises(ValueError, match="from 0 to 1"):
        holm([1.2])


def test_sign_flips_of_darwin_by_all_patterns() -> None:
    """Fisher (1935), section 21: Darwin's 15 pairs of maize; 1726 of 32768 patterns, 5.267%."""
    darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    found = sign_flip_test(darwin)
    assert (found.exact, found.permutations) == (True, 32768)
    assert found.p == pytest.approx(1726 / 32768)


def test_drawn_sign_flips_are_near_the_exact_ones_and_repeat_with_their_seed() -> None:
    values = np.random.default_rng(1).normal(0.5, 1, size=35)
    found = sign_flip_test(values, seed=7)
    assert found == sign_flip_test(values, seed=7)
    assert found.p == pytest.approx(mean_interval(values.tolist()).p or 0, abs=0.02)
    assert not found.exact
    assert sign_flip_test(-values, seed=7).p == found.p


def test_sign_flips_refused() -> None:
    with pytest.raises(NotComputable, match="at least 3 sites; there are 2"):
        sign_flip_test([1.0, 2.0, None])
