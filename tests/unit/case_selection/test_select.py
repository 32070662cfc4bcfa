"""Case selection: what is refused, what is said, work that ends before the proof, and a choice already made."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.study.problems import NotComputable
from joinedup.synthesis.case_selection import assess, differences, gower, near_optimal, select

# Distances on a line of length 10: d(p, q) = |x - z| / 10.
LINE = pd.DataFrame({"x": [0.0, 1.0, 4.0, 6.0, 9.0, 10.0]}, index=list("abcdef"))


def many(n: int, columns: int = 5) -> pd.DataFrame:
    random = np.random.default_rng(7)
    return pd.DataFrame(random.normal(size=(n, columns)), columns=list("abcde")[:columns]).rename(
        lambda at: f"s{at:02}"
    )


def test_by_hand_on_a_line() -> None:
    assert select(LINE, 3, "max-min").sites == ("a", "c", "e")
    assert select(LINE, 3, "max-min").objective == pytest.approx(0.4)
    assert select(LINE, 3, "max-min").alternatives == (("a", "c", "f"), ("a", "d", "f"), ("b", "d", "f"))
    widest = select(LINE, 2, "max-sum")
    assert (widest.sites, widest.objective, widest.alternatives) == (("a", "f"), 1.0, ())


def test_residuals_by_hand() -> None:
    # y = x but for one site in ten that lies 10 above the line: the fit through all has the largest residual there.
    sites = pd.DataFrame({"x": np.arange(10.0), "y": np.arange(10.0)}, index=[f"s{at}" for at in range(10)])
    sites.loc["s4", "y"] += 10
    assert select(sites, 1, "deviant", outcome="y").sites == ("s4",)
    assert select(sites, 1, "influential", outcome="y").sites == ("s4",)
    # Residuals of a single outlier of size d are d times the column of I - H: 10 (1 - 1/10 - .25/82.5).
    assert select(sites, 1, "deviant", outcome="y").objective == pytest.approx(10 * (0.9 - 0.25 / 82.5))
    assert "s4" not in select(sites, 3, "typical", outcome="y").sites


def test_a_pathway_case_is_one_that_the_first_predictor_explains() -> None:
    sites = pd.DataFrame({"cause": [0, 0, 0, 0, 1, 1.0], "z": [0, 1, 0, 1, 0, 1.0]}, index=list("abcdef"))
    sites["y"] = 6 * sites["cause"] + np.array([0.2, -0.2, -0.2, 0.2, 0.1, -0.1])
    assert select(sites, 2, "pathway", outcome="y", predictors=("cause", "z")).sites == ("e", "f")


def test_weights_scale_the_distances() -> None:
    sites = pd.DataFrame({"x": [0.0, 1.0, 2.0], "kind": ["p", "p", "q"]}, index=list("abc"))
    found = gower(sites, {"x": 3.0})
    assert found.loc["a", "b"] == pytest.approx(3 * 0.5 / 4)
    assert found.loc["a", "c"] == pytest.approx(1.0)
    assert gower(sites, {"x": 0.0}).loc["a", "b"] == 0.0


@given(st.integers(0, 999), st.permutations(range(9)))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_changes_nothing(seed: int, order: list[int]) -> None:
    random = np.random.default_rng(seed)
    sites = pd.DataFrame({"a": random.integers(0, 4, 9), "k": random.choice(list("pq"), 9)}, index=list("abcdefghi"))
    for strategy in ("max-min", "max-sum", "diverse", "typical"):
        assert select(sites, 3, strategy) == select(sites.iloc[order], 3, strategy)


def test_more_choice_is_never_worse() -> None:
    sites = many(20)
    free = select(sites, 6, "max-sum").objective
    assert select(sites, 6, "max-sum", exclude=["s03"]).objective <= free
    assert select(sites, 6, "max-sum", must=["s03", "s07"]).objective <= free
    assert {"s03", "s07"} <= set(select(sites, 6, "max-min", must=["s03", "s07"]).sites)


def test_work_that_ends_first_is_not_proven_and_has_a_bound() -> None:
    found = select(many(64), 20, "max-sum", nodes=200)
    assert not found.proven
    assert found.bound > found.objective
    assert len(found.sites) == 20
    assert select(many(64), 3, "max-sum").proven
    hard = select(many(60), 15, "max-min", nodes=30)
    assert not hard.proven
    assert hard.bound >= select(many(60), 15, "max-min").objective - 1e-12 >= hard.objective - 1e-12


def test_branching_and_looking_at_every_set_agree() -> None:
    from joinedup.synthesis.case_selection.branching import branch
    from joinedup.synthesis.case_selection.halves import join
    from joinedup.synthesis.case_selection.selecting import make_task

    sites = many(16).round(1)
    sites["kind"] = ["p", "q"] * 8
    for quota in (None, {"kind": {"p": (1, 2)}}):
        task = make_task(sites, 5, "max-sum", quota=quota, must=["s02"])
        whole, branched = join(task.goal.worth, task.room), branch(task.goal, task.room, 10**6)
        assert whole is not None
        assert branched is not None
        assert branched.value == pytest.approx(whole.value)
        assert branched.sets == whole.sets


def test_many_ties_are_cut_off_and_said() -> None:
    alike = pd.DataFrame({"x": [1.0] * 20}, index=[f"s{at:02}" for at in range(20)])
    for strategy in ("max-min", "max-sum", "typical", "diverse"):
        found = select(alike, 4, strategy)
        assert found.sites == ("s00", "s01", "s02", "s03")
        assert (len(found.alternatives), found.complete, found.proven) == (99, False, True)
        assert found.alternatives[0] == ("s00", "s01", "s02", "s04")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"strategy": "maxmin"}, "Did you mean `max-min`"),
        ({"k": 0, "strategy": "typical"}, "k is 0"),
        ({"k": 7}, "k is 7"),
        ({"k": 1}, "at least 2"),
        ({"must": ["zz"]}, "no site"),
        ({"exclude": ["A"]}, "Did you mean `a`"),
        ({"must": ["a"], "exclude": ["a"]}, "in `must` and in `exclude`"),
        ({"must": ["a", "b", "c", "d"]}, "4 in `must`"),
        ({"weights": {"y": 1}}, "has no attribute"),
        ({"weights": {"x": -1}}, "from 0 on"),
        ({"weights": {"x": 0}}, "nothing tells sites apart"),
        ({"quota": {"kind": {"p": 1}}}, "has no attribute"),
        ({"quota": {"x": 2}}, "not of the form"),
        ({"quota": {"x": {5.0: 2}}}, "No site has x"),
        ({"quota": {"x": {4.0: (2, 1)}}}, "from 2 to 1"),
        ({"strategy": "deviant"}, "needs an `outcome`"),
        ({"strategy": "pathway", "outcome": "x"}, "needs `predictors`"),
        ({"outcome": "z"}, "no attribute"),
        ({"outcome": "x", "predictors": ("x",)}, "outcome and a predictor"),
    ],
)
def test_refusals_of_what_contradicts_itself(how: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match="(?s)" + said.replace("(", r"\(")):
        select(LINE, **{"k": 3, **how})


def test_refusals_of_what_is_not_defined() -> None:
    with pytest.raises(NotComputable, match="No set of 3 sites"):
        select(LINE, 3, quota={"x": {4.0: 1, 6.0: 1, 9.0: 1, 10.0: 1}})
    constant = LINE.assign(y=2.0)
    with pytest.raises(NotComputable, match="does not vary"):
        select(constant, 2, "extreme", outcome="y")
    with pytest.raises(NotComputable, match="no attribute in common"):
        select(pd.DataFrame({"x": [1, np.nan, 2], "z": [np.nan, 1, 2]}, index=list("abc")), 2)
    alone = LINE.assign(kind=["p", *"qqqqq"], y=[5.0, 1, 2, 4, 3, 1])
    with pytest.raises(NotComputable, match="passes through a"):
        select(alone, 2, "influential", outcome="y", predictors=("kind",))
    few = many(4).assign(y=[1.0, 2, 3, 5])
    with pytest.raises(NotComputable, match="take fewer predictors"):
        select(few, 2, "deviant", outcome="y")
    with pytest.raises(ValueError, match="once"):
        select(pd.DataFrame({"x": [1.0, 2.0]}, index=["a", "a"]), 2)


def test_a_site_without_the_outcome_cannot_be_chosen_and_this_is_said() -> None:
    sites = many(12).assign(y=np.arange(12.0))
    sites.loc["s11", "y"] = np.nan
    found = select(sites, 2, "extreme", outcome="y")
    assert found.sites == ("s00", "s10")
    assert found.notes == ("s11 can't be chosen: a value that extreme needs is missing there.",)
    with pytest.raises(NotComputable, match="s11 must be chosen"):
        select(sites, 2, "extreme", outcome="y", must=["s11"])


def test_regret_is_what_is_lost_against_the_optimum() -> None:
    found = assess(LINE, ["a", "b", "f"], "max-min")
    assert found.objective == pytest.approx(0.1)
    assert found.regret == pytest.approx(0.3)
    assert found.regret_share == pytest.approx(0.75)
    assert assess(LINE, ["a", "c", "f"], "max-min").regret == 0.0
    with pytest.raises(ValueError, match="does not keep"):
        assess(LINE, ["a", "b"], "max-min", exclude=["a"])
    with pytest.raises(ValueError, match="zz"):
        assess(LINE, ["a", "zz"], "max-min")


def test_the_place_among_random_choices_is_near_the_exact_one() -> None:
    sites, chosen = many(12), ["s01", "s04", "s06", "s09"]
    distance = gower(sites)
    values = {s: sum(distance.loc[a, b] for a, b in combinations(s, 2)) for s in combinations(sites.index, 4)}
    exact = np.mean([value >= values[tuple(chosen)] - 1e-9 for value in values.values()])
    found = assess(sites, chosen, "max-sum", draws=4000)
    assert found.draws == 4000
    assert found.as_good == pytest.approx(exact, abs=4 * 0.5 / 4000**0.5)


def test_standardised_differences_by_hand() -> None:
    sites = pd.DataFrame({"x": [1.0, 2, 3, 4], "kind": ["p", "p", "p", "q"]}, index=list("abcd"))
    found = differences(sites, ["c", "d"]).set_index(["attribute", "category"])
    assert found.loc[("x", ""), "standardised"] == pytest.approx((3.5 - 2.5) / 1.25**0.5)
    assert found.loc[("kind", "q"), "standardised"] == pytest.approx((0.5 - 0.25) / (0.25 * 0.75) ** 0.5)
    assert found.loc[("kind", "p"), ["chosen", "all"]].tolist() == [0.5, 0.75]
    whole = differences(sites.assign(same=1.0), list("abcd"))
    assert whole["standardised"].tolist() == pytest.approx([0.0, 0.0, 0.0, np.nan], nan_ok=True)


def test_an_attribute_that_no_site_has_is_not_compared() -> None:
    sites = pd.DataFrame({"x": [1.0, 2, 3], "unread": [np.nan] * 3}, index=list("abc"))
    assert differences(sites, ["a"])["attribute"].tolist() == ["x"]


def test_near_optimal_of_a_line() -> None:
    found = near_optimal(LINE, 2, "max-sum", within=0.1)
    assert found["sites"].tolist() == [("a", "f"), ("a", "e"), ("b", "f")]
    assert found["objective"].tolist() == pytest.approx([1.0, 0.9, 0.9])
