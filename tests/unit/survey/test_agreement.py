"""Properties and refusals of ICC, rwg, average deviation and the mixed model. Data are SIMULATED or by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.study.inference import mean_interval
from joinedup.study.problems import NotComputable
from joinedup.survey import (
    average_deviation,
    expected_variance,
    icc,
    icc_two_way,
    mixed_level_contrasts,
    rwg,
    rwg_j,
)
from joinedup.survey.mixed import random_intercept

ratings = st.lists(st.integers(1, 5), min_size=12, max_size=12)
GROUP = np.repeat(["x", "y", "z"], 4)


@settings(deadline=None, max_examples=40)
@given(ratings, st.permutations(range(12)), st.integers(-20, 20))
def test_nothing_depends_on_the_order_of_raters_or_on_a_constant(
    values: list[int], order: list[int], constant: int
) -> None:
    table = np.array(values).reshape(4, 3).repeat(3, axis=0) + np.arange(12)[:, None] % 2
    for statistic in (lambda v, g: rwg_j(v, g, 2), average_deviation):
        once, again = statistic(table, GROUP), statistic(table[order] + constant, GROUP[order])
        assert again.tolist() == pytest.approx(once.tolist(), abs=1e-12)
    once, again = icc(table[:, 0], GROUP), icc(table[order, 0] + constant, GROUP[order])
    assert again.icc1 == pytest.approx(once.icc1, abs=1e-9)


@given(ratings)
def test_one_item_has_the_same_rwg_in_every_form_but_below_0(values: list[int]) -> None:
    single = rwg(values, GROUP, 2)
    james, lindell = rwg_j(np.array(values)[:, None], GROUP, 2), rwg_j(np.array(values)[:, None], GROUP, 2, "lindell")
    assert james.tolist() == pytest.approx(single.tolist())
    assert lindell.clip(lower=0).tolist() == pytest.approx(single.tolist())
    assert ((single >= 0) & (single <= 1)).all()


def test_rwg_j_by_hand() -> None:
    """Two items of three raters: variances 1 and 1/3, mean 2/3; q = 2/3; james 2q/(2q + 1/3) = .8, lindell 2/3."""
    items = [[1, 4], [2, 4], [3, 5]]
    assert rwg_j(items, ["s"] * 3, 2)["s"] == pytest.approx(0.8)
    assert rwg_j(items, ["s"] * 3, 2, form="lindell")["s"] == pytest.approx(2 / 3)


def test_disagreement_is_0_by_james_and_negative_by_lindell() -> None:
    items = [[1, 5], [5, 1]]
    assert rwg_j(items, ["s"] * 2, 2)["s"] == 0
    assert rwg_j(items, ["s"] * 2, 2).attrs["set_to_zero"] == ["s"]
    lindell = rwg_j(items, ["s"] * 2, 2, form="lindell")
    assert lindell["s"] == pytest.approx(1 - 8 / 2)
    assert lindell.attrs["set_to_zero"] == []


def test_average_deviation_by_hand() -> None:
    """Item one: 1 1 4, mean 2, deviations 1 1 2 (mean 4/3), from the median 0 0 3 (mean 1); item two: all alike."""
    items = [[1, 3], [1, 3], [4, 3]]
    assert average_deviation(items, ["s"] * 3)["s"] == pytest.approx(2 / 3)
    assert average_deviation(items, ["s"] * 3, about="median")["s"] == pytest.approx(0.5)
    assert average_deviation([1, 1, 4], ["s"] * 3)["s"] == pytest.approx(4 / 3)


def test_one_rater_is_never_agreement() -> None:
    items = pd.DataFrame({"a": [4, 4, np.nan, 2, 3], "b": [4, 5, 1, 2, np.nan]})
    group = ["one", "two", "two", "three", "none"]
    for found in (rwg_j(items, group, 2), average_deviation(items, group)):
        assert found.isna().all()
        assert found.attrs["not_computable"] == {
            "none": "nobody answered every item",
            "one": "one rater has no agreement",
            "three": "one rater has no agreement",
            "two": "one rater has no agreement",
        }


def test_expected_variances() -> None:
    """Uniform (A^2 - 1) / 12; the skewed nulls of James, Demaree & Wolf (1984): 1.34, .90, .44."""
    assert [expected_variance(points) for points in (5, 7)] == pytest.approx([2, 4])
    assert expected_variance(5, "slight") == pytest.approx(1.34)
    assert expected_variance(5, "moderate") == pytest.approx(0.90)
    assert expected_variance(5, "heavy") == pytest.approx(0.44)
    with pytest.raises(NotComputable, match="5 points, not 7"):
        expected_variance(7, "slight")
    with pytest.raises(ValueError, match="two points"):
        expected_variance(1)


def test_icc_by_hand() -> None:
    """Groups 1 3, 5 7, 9 11: MSB = 32, MSW = 2, k = 2: ICC(1) = 30/34, ICC(2) = 30/32."""
    found = icc([1, 3, 5, 7, 9, 11], list("aabbcc"))
    assert (found.icc1, found.icc2, found.f) == pytest.approx((30 / 34, 30 / 32, 16))
    reml = icc([1, 3, 5, 7, 9, 11], list("aabbcc"), estimator="reml")
    assert (reml.icc1, reml.icc2) == pytest.approx((30 / 34, 30 / 32), abs=1e-7)  # balanced: the same


def test_icc_is_negative_where_groups_are_more_alike_than_chance() -> None:
    found = icc([1, 3, 1, 3, 1, 3], list("aabbcc"))
    assert found.icc1 == pytest.approx(-1)
    assert found.icc2 is None
    assert icc([1, 3, 1, 3, 1, 3], list("aabbcc"), estimator="reml").icc1 == 0


def test_blanks_are_left_out_of_an_icc() -> None:
    whole = icc([1, 3, 5, 7, 9, 11], list("aabbcc"))
    blank = icc([1, 3, np.nan, 5, 7, 9, 11, 4], [*"aaabbcc", None])
    assert (blank.icc1, blank.n) == (whole.icc1, 6)


@pytest.mark.parametrize(
    ("values", "group", "reason"),
    [
        ([1, 2, 3], list("aaa"), "two groups"),
        ([1, 2, 3], list("abc"), "two values"),
        ([2] * 4, list("aabb"), "the same"),
    ],
)
def test_icc_refusals(values: list[int], group: list[str], reason: str) -> None:
    with pytest.raises(NotComputable, match=reason):
        icc(values, group)


def test_icc_two_way_of_raters_who_only_differ_in_level() -> None:
    """Perfect consistency, no agreement: ICC(3,1) is 1, ICC(2,1) below."""
    found = icc_two_way([[1, 3], [2, 4], [3, 5], [np.nan, 1]])
    assert (found.icc3_1, found.icc3_k, found.dropped, found.n) == (pytest.approx(1), pytest.approx(1), 1, 3)
    assert found.icc2_1 == pytest.approx(1 / 3)


@settings(deadline=None, max_examples=30)
@given(st.permutations(range(6)), st.permutations(range(4)))
def test_icc_two_way_does_not_depend_on_order(rows: list[int], columns: list[int]) -> None:
    table = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
    once, again = icc_two_way(table), icc_two_way(table[np.ix_(rows, columns)])
    assert (again.icc1_1, again.icc2_k, again.icc3_1) == pytest.approx((once.icc1_1, once.icc2_k, once.icc3_1))


def test_icc_two_way_refusals() -> None:
    with pytest.raises(NotComputable, match="there are 1 and 3"):
        icc_two_way([[1, 2, 3]])
    with pytest.raises(NotComputable, match="there are 2 and 1"):
        icc_two_way([[1], [2]])
    with pytest.raises(NotComputable, match="All ratings are the same"):
        icc_two_way([[2, 2], [2, 2]])
    with pytest.raises(NotComputable, match="tell no targets apart"):
        icc_two_way([[1, 2], [1, 2]])


def test_arguments_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="'mean' or 'n0'"):
        icc([1, 2], [1, 2], k="max")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="null variance is positive"):
        rwg([1, 2], [1, 1], 0)
    with pytest.raises(ValueError, match="'james' or 'lindell'"):
        rwg_j([[1], [2]], [1, 1], 2, form="other")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'mean' or 'median'"):
        average_deviation([1, 2], [1, 1], about="mode")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="group has 1 rows, not 2"):
        rwg([1, 2], [1], 2)


def test_a_mixed_model_of_two_levels_is_the_paired_test() -> None:
    scores = np.random.default_rng(4).normal(size=(12, 1)) * 2 + np.random.default_rng(5).normal(size=(12, 2))
    found = mixed_level_contrasts(pd.DataFrame(scores, columns=["a", "b"])).iloc[0]
    paired = mean_interval((scores[:, 0] - scores[:, 1]).tolist())
    assert (found["estimate"], found["df"]) == (pytest.approx(paired.mean), 11)
    assert (found["se"], found["p"]) == pytest.approx((paired.se, paired.p), abs=1e-6)


def test_mixed_model_refusals() -> None:
    with pytest.raises(NotComputable, match="two levels and three sites"):
        mixed_level_contrasts([[1, 2], [2, 3]])
    with pytest.raises(NotComputable, match="at least two groups"):
        mixed_level_contrasts([[1, np.nan], [np.nan, 2], [3, np.nan]])
    with pytest.raises(NotComputable, match="can tell apart"):
        random_intercept(np.arange(4.0), np.ones((4, 2)), np.array([0, 0, 1, 1]))
    with pytest.raises(NotComputable, match="no variance within"):
        random_intercept(np.array([1.0, 1, 2, 2]), np.eye(2)[[0, 0, 1, 1]], np.array([0, 0, 1, 1]))
