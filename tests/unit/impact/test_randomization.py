"""Randomisation inference: equal to refitting every assignment, and to p-values counted by hand."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.impact.randomization import randomization_test
from joinedup.impact.reassignment import Reassignment
from joinedup.impact.weighted_cells import gather
from joinedup.study.problems import NotComputable


def toy(changes: dict[str, float], treated: set[str], strata: dict[str, str] | None = None) -> pd.DataFrame:
    """Two periods; a site's value changes by `changes[site]`. The coefficient is a difference of mean changes."""
    rows = [
        (site, period, 10.0 * n + (change if period == 2 else 0.0), 2.0 if site in treated else np.nan)
        for n, (site, change) in enumerate(changes.items())
        for period in (1, 2)
    ]
    frame = pd.DataFrame(rows, columns=["site", "period", "y", "adopted"])
    return frame.assign(stratum=frame["site"].map(strata or dict.fromkeys(changes, "")))


def test_one_of_five_sites_counted_by_hand() -> None:
    """Changes 5, 1, 2, 3, 4: only site a itself is as far from the mean of the others as the data (5 - 2.5 = 2.5).
    Sites d (4 v 2.75), c, b (1 v 3.5: -2.5) follow: |-2.5| ties with 2.5, so p = 2/5."""
    test = randomization_test(toy({"a": 5, "b": 1, "c": 2, "d": 3, "e": 4}, {"a"}), "y", "site", "period", "adopted")
    assert test.estimate == pytest.approx(2.5)
    assert (test.p, test.draws, test.enumerated, test.seed) == (0.4, 5, True, None)
    assert test.smallest_p == 0.4


def test_two_of_four_sites_counted_by_hand() -> None:
    """Changes 10, 6 | 1, 0: 8 - 0.5 = 7.5; of the 6 assignments only this one and its mirror image reach 7.5."""
    test = randomization_test(toy({"a": 10, "b": 6, "c": 1, "d": 0}, {"a", "b"}), "y", "site", "period", "adopted")
    assert test.estimate == pytest.approx(7.5)
    assert test.p == pytest.approx(2 / 6)
    assert test.smallest_p == pytest.approx(2 / 6)
    assert test.assignments == 6


def test_strata_counted_by_hand() -> None:
    """North a 9 | b 0, c 1; south d 4 | e 2: 3 x 2 assignments. Sums of treated changes 13, 11, 4, 2, 5, 3 with mean
    change 16/5 a site: difference of means is largest in size for 13 (the data) alone: p = 1/6."""
    strata = {"a": "N", "b": "N", "c": "N", "d": "S", "e": "S"}
    cells = toy({"a": 9, "b": 0, "c": 1, "d": 4, "e": 2}, {"a", "d"}, strata)
    test = randomization_test(cells, "y", "site", "period", "adopted", strata="stratum")
    assert (test.assignments, test.p) == (6, pytest.approx(1 / 6))
    assert randomization_test(cells, "y", "site", "period", "adopted").assignments == 10


def test_eight_against_three_gives_165_assignments() -> None:
    sites = {f"s{n}": float(n * n) for n in range(11)}
    test = randomization_test(toy(sites, {f"s{n}" for n in range(3, 11)}), "y", "site", "period", "adopted")
    assert test.assignments == test.draws == 165
    assert test.smallest_p == pytest.approx(1 / 165)


def simulated(seed: int, units: int = 9, periods: int = 5, holes: int = 6) -> pd.DataFrame:
    """A SIMULATED unbalanced panel with two starts and a covariate."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame([(u, p) for u in range(units) for p in range(periods)], columns=["site", "period"])
    frame["adopted"] = frame["site"].map({0: 2.0, 1: 2.0, 2: 3.0})
    frame["y"] = random.normal(size=len(frame)) + frame["site"] * 0.3
    frame["x"] = random.normal(size=len(frame))
    frame["stratum"] = ""
    return frame.drop(index=random.choice(frame.index, holes, replace=False))


def refitted(frame: pd.DataFrame, adopted: dict[int, float], covariates: list[str]) -> float:
    """The coefficient by least squares on all dummies: the slow way."""
    treated = (frame["period"] >= frame["site"].map(adopted)).astype(float)
    dummies = pd.get_dummies(frame[["site", "period"]].astype(str), dtype=float)
    design = np.column_stack([treated, frame[covariates], dummies])
    return float(np.linalg.lstsq(design, frame["y"], rcond=None)[0][0])


@pytest.mark.parametrize("covariates", [[], ["x"]])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_staggered_assignment_equals_refitting(seed: int, covariates: list[str]) -> None:
    frame = simulated(seed)
    frame = frame[frame.groupby("site")["site"].transform("size") > 1]
    given = frame.assign(on=(frame["period"] >= frame["adopted"]).astype(float))
    data = np.array([1, 1, 2, 0, 0, 0, 0, 0, 0])
    statistic = Reassignment(gather(given, "y", "site", "period", "on", covariates), [2.0, 3.0], data, False)
    for early in combinations(range(9), 2):
        late = next(u for u in range(9) if u not in early)
        labels = np.array([[1 if u in early else 2 if u == late else 0 for u in range(9)]])
        adopted = {**dict.fromkeys(early, 2.0), late: 3.0}
        assert statistic(labels)[0][0, 0] == pytest.approx(refitted(frame, adopted, covariates), abs=1e-10)


@pytest.mark.parametrize("seed", [4, 5])
def test_enumerated_p_equals_brute_force(seed: int) -> None:
    frame = simulated(seed, units=6, holes=3)
    found = [
        refitted(frame, {early[0]: 2.0, early[1]: 2.0, late: 3.0}, [])
        for early in combinations(range(6), 2)
        for late in set(range(6)) - set(early)
    ]
    observed = refitted(frame, {0: 2.0, 1: 2.0, 2: 3.0}, [])
    test = randomization_test(frame, "y", "site", "period", "adopted")
    assert test.assignments == len(found) == 60
    assert test.estimate == pytest.approx(observed)
    assert test.p == pytest.approx(np.mean(np.abs(found) >= abs(observed) * (1 - 1e-9)))


def test_drawn_p_counts_the_data_and_is_the_same_for_the_same_seed() -> None:
    frame = simulated(6, units=30)
    first, again = (randomization_test(frame, "y", "site", "period", "adopted", 199, 11) for _ in range(2))
    assert first == again
    assert not first.enumerated
    assert first.seed == 11
    assert first.smallest_p == 1 / 200
    assert first.p * 200 == pytest.approx(round(first.p * 200))
    assert first.p >= first.smallest_p


def test_drawn_p_is_near_the_enumerated_one() -> None:
    frame = simulated(7, units=6, holes=3)
    exact = randomization_test(frame, "y", "site", "period", "adopted", draws=60)
    drawn = randomization_test(frame, "y", "site", "period", "adopted", draws=59, seed=1)
    many = [randomization_test(frame, "y", "site", "period", "adopted", draws=59, seed=seed).p for seed in range(60)]
    assert exact.enumerated
    assert not drawn.enumerated
    assert np.mean(many) == pytest.approx(exact.p, abs=0.03)


def test_nothing_to_reassign_is_refused() -> None:
    strata = {"a": "N", "b": "N", "c": "S", "d": "S"}
    with pytest.raises(NotComputable, match="only one way"):
        cells = toy({"a": 1, "b": 2, "c": 3, "d": 4}, {"a", "b"}, strata)
        randomization_test(cells, "y", "site", "period", "adopted", strata="stratum")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-9, 9), min_size=4, max_size=6), st.permutations(range(4)))
def test_p_does_not_depend_on_the_order_of_rows_or_on_site_levels(changes: list[int], order: list[int]) -> None:
    sites = {f"s{n}": float(change) for n, change in enumerate(changes)}
    cells = toy(sites, {"s0", "s1"})
    shuffled = cells.iloc[list(order) + list(range(4, len(cells)))]
    lifted = shuffled.assign(y=shuffled["y"] + shuffled["site"].map({s: 7.0 * n for n, s in enumerate(sites)}))
    first = randomization_test(cells, "y", "site", "period", "adopted")
    second = randomization_test(lifted, "y", "site", "period", "adopted")
    assert first.estimate == pytest.approx(second.estimate, abs=1e-9)
    if abs(first.estimate) > 1e-6:
        assert first.p == second.p
    assert 0 < first.p <= 1


def test_p_is_uniform_over_all_assignments_of_one_outcome() -> None:
    """Under the sharp null the p of the assignment that came out is at most u in at most a share u of cases."""
    changes = {"a": 3.0, "b": -1.0, "c": 0.5, "d": 8.0, "e": 2.0}
    found = [
        randomization_test(toy(changes, {one}), "y", "site", "period", "adopted").p
        for one, *_ in permutations(changes, 1)
    ]
    assert all(np.mean(np.array(found) <= u + 1e-12) <= u + 1e-12 for u in (0.2, 0.4, 0.6, 0.8, 1.0))
