"""Synthetic control and synthetic DiD: optimality, placebos counted by hand, staggered starts, refusals."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.impact import synthetic_control, synthetic_did
from joinedup.impact.simplex import exact
from joinedup.study.problems import NotComputable


def simulated(
    seed: int = 1, sites: int = 12, periods: int = 10, starts: dict[int, int] | None = None, noise: float = 0.3
) -> pd.DataFrame:
    """SIMULATED: two factors; site -> start in `starts` (default: sites 0 and 1 from 7); an effect of 2."""
    random = np.random.default_rng(seed)
    starts = {0: 7, 1: 7} if starts is None else starts
    factors = random.normal(size=(2, periods)).cumsum(axis=1)
    outcome = random.normal(size=(sites, 1)) + random.random((sites, 2)) @ factors
    outcome = outcome + noise * random.normal(size=outcome.shape)
    rows = [
        (f"s{site:02}", t, outcome[site, t] + 2 * treated, int(treated), starts.get(site, np.nan), 10 + 5 * site)
        for site in range(sites)
        for t in range(periods)
        for treated in [site in starts and t >= starts[site]]
    ]
    return pd.DataFrame(rows, columns=["site", "t", "y", "treated", "adopted", "n"])


def run(design, panel: pd.DataFrame, treated="treated", start=None, **options):
    return design(panel, "y", "site", "t", treated, start, **options)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 20), st.integers(1, 15), st.integers(0, 10_000), st.sampled_from([1e-8, 0.1, 5.0]))
def test_exact_weights_meet_the_optimality_conditions(size: int, rows: int, seed: int, eta: float) -> None:
    """On the simplex the gradient is the same where weights are positive, and nowhere smaller."""
    random = np.random.default_rng(seed)
    columns, target = random.normal(size=(rows, size)) * 10, random.normal(size=rows) * 10
    weights = exact(columns, target, eta)
    assert weights.sum() == pytest.approx(1)
    assert weights.min() >= 0
    gradient = columns.T @ (columns @ weights - target) + eta * weights
    scale = np.abs(columns.T @ columns).max()
    assert gradient[weights > 1e-9].max() - gradient.min() <= 1e-8 * scale


def test_the_best_of_two_donors_by_hand() -> None:
    """Donors at 0 and 10, the treated at 3 in every period: weights 0.7 and 0.3, effect 5 - 3 = 2."""
    paths = {"a": [0.0] * 4, "b": [10.0] * 4, "t": [3.0, 3.0, 3.0, 5.0]}
    panel = pd.DataFrame(
        [(s, t, y) for s, path in paths.items() for t, y in enumerate(path)], columns=["site", "t", "y"]
    )
    found = run(synthetic_control, panel, "t", 3)
    assert found.weights.to_dict() == pytest.approx({"a": 0.7, "b": 0.3})
    assert found.estimate == pytest.approx(2.0)


@pytest.mark.parametrize("design", [synthetic_control, synthetic_did])
@pytest.mark.parametrize("solver", ["exact", "synthdid"])
def test_a_planted_effect_is_found(design, solver: str) -> None:
    found = run(design, simulated(sites=30, periods=30, starts={0: 24, 1: 24}, noise=0.05), solver=solver, ridge=0.01)
    assert found.estimate == pytest.approx(2.0, abs=0.15)
    assert solver in found.methods or "exact optimum" in found.methods


def test_a_column_a_list_and_a_start_mean_the_same() -> None:
    panel = simulated()
    one = run(synthetic_did, panel)
    assert run(synthetic_did, panel, ["s00", "s01"], 7).estimate == one.estimate
    assert run(synthetic_did, panel, pd.Series(["s00", "s01"]), 7).estimate == one.estimate
    assert run(synthetic_did, panel, "treated", 7).estimate == one.estimate
    assert run(synthetic_did, panel, "treated", "adopted").estimate == one.estimate
    ever = panel.assign(ever=panel["adopted"].notna().astype(int))
    assert run(synthetic_did, ever, "ever", 7).estimate == one.estimate


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.floats(-20, 20))
def test_synthetic_did_ignores_levels_of_sites_and_periods(seed: int, size: float) -> None:
    panel = simulated(seed)
    moved = panel.assign(y=panel["y"] + size * panel["site"].str[1:].astype(int) + size * (panel["t"] % 3))
    assert run(synthetic_did, moved, ridge=1.0).estimate == pytest.approx(
        run(synthetic_did, panel, ridge=1.0).estimate, abs=1e-4
    )


@pytest.mark.parametrize("design", [synthetic_control, synthetic_did])
def test_the_published_rule_stops_at_the_same_place_whatever_the_level(design) -> None:
    panel = simulated()
    high = panel.assign(y=panel["y"] + 1e6)
    one, other = (run(design, frame, solver="synthdid").estimate for frame in (panel, high))
    assert other == pytest.approx(one, abs=1e-6)


def test_units_that_never_change_do_no_harm() -> None:
    found = run(synthetic_did, simulated().assign(y=3.0))
    assert found.estimate == pytest.approx(0)
    assert found.perfect
    assert found.ratio is None


def test_staggered_starts_go_cohort_by_cohort_weighted_by_site_periods() -> None:
    panel = simulated(starts={0: 5, 1: 7, 2: 7})
    whole = run(synthetic_did, panel)
    early = run(synthetic_did, panel[~panel["site"].isin(["s01", "s02"])])
    late = run(synthetic_did, panel[panel["site"] != "s00"])
    assert whole.estimate == pytest.approx((5 * early.estimate + 6 * late.estimate) / 11, abs=1e-9)
    assert list(whole.weights.columns) == [5.0, 7.0]
    assert whole.weights.sum().tolist() == pytest.approx([1, 1])
    assert "2 starts" in whole.methods
    placebos = whole.placebos(draws=50, seed=3)
    assert (placebos.draws, placebos.enumerated, placebos.seed) == (50, False, 3)
    assert whole.placebos(draws=50, seed=3).estimates.tolist() == placebos.estimates.tolist()
    with pytest.raises(NotComputable, match="one start"):
        whole.in_time(3)


def test_the_average_child_weighs_the_treated_by_their_children() -> None:
    panel = simulated()
    children = run(synthetic_control, panel, weights="child")
    path = panel[panel["site"].isin(["s00", "s01"])].pivot(index="t", columns="site", values="y")
    wanted = (10 * path["s00"] + 15 * path["s01"]) / 25
    assert children.path["treated"].tolist() == pytest.approx(wanted.tolist())
    assert "average child" in children.methods


@pytest.mark.parametrize("design", [synthetic_control, synthetic_did])
def test_placebos_equal_refitting_each_assignment(design) -> None:
    panel = simulated(sites=8)
    found = run(design, panel)
    placebos = found.placebos()
    controls = [f"s{site:02}" for site in range(2, 8)]
    rest = panel[panel["site"].isin(controls)].assign(y=lambda frame: frame["y"])
    each = [run(design, rest, list(pair), 7).estimate for pair in combinations(controls, 2)]
    assert placebos.enumerated
    assert placebos.draws == 15
    assert placebos.smallest_p == 1 / 16
    assert sorted(placebos.estimates) == pytest.approx(sorted(each), abs=1e-9)
    assert placebos.se == pytest.approx(np.std(each))
    assert placebos.p == (1 + sum(abs(e) >= abs(found.estimate) for e in each)) / 16
    assert placebos.high - placebos.low == pytest.approx(2 * 1.959964 * placebos.se, rel=1e-6)


def test_perfect_fits_before_are_left_out_of_the_rank_and_counted() -> None:
    """3 periods before and 25 donors: most placebos are matched exactly, whatever came after."""
    panel = simulated(sites=26, periods=5, starts={0: 3})
    found = run(synthetic_control, panel)
    placebos = found.placebos()
    assert placebos.perfect > 0
    assert np.isnan(placebos.ratios).sum() == placebos.perfect
    assert (found.ratio is None) == (placebos.ratio_p is None)
    if placebos.ratio_p is not None:
        assert placebos.ratio_p >= 1 / (25 - placebos.perfect + 1)


def test_a_placebo_in_time_uses_only_what_came_before() -> None:
    panel = simulated(noise=0.05)
    found = run(synthetic_did, panel)
    earlier = found.in_time(5)
    before = panel[panel["t"] < 7].assign(treated=0)
    assert earlier.estimate == pytest.approx(run(synthetic_did, before, ["s00", "s01"], 5).estimate)
    assert abs(earlier.estimate) < 1
    for start in (1, 7):
        with pytest.raises(NotComputable, match="placebo start"):
            found.in_time(start)


def test_predictors_are_matched_too() -> None:
    panel = simulated()
    random = np.random.default_rng(2)
    by_site = dict(zip(panel["site"].unique(), random.normal(size=12), strict=True))
    panel = panel.assign(poverty=panel["site"].map(by_site), constant=1.0)
    plain, matched = run(synthetic_control, panel), run(synthetic_control, panel, predictors=["poverty"])
    wanted = (by_site["s00"] + by_site["s01"]) / 2
    gaps = [abs(fit.weights @ [by_site[site] for site in fit.weights.index] - wanted) for fit in (plain, matched)]
    assert gaps[1] < gaps[0]
    with pytest.raises(NotComputable, match="same at all comparison sites"):
        run(synthetic_control, panel, predictors=["constant"])
    with pytest.raises(NotComputable, match="no value at s03"):
        run(
            synthetic_control,
            panel.assign(poverty=panel["poverty"].where(panel["site"] != "s03")),
            predictors=["poverty"],
        )


def test_refusals_say_why() -> None:
    panel = simulated()
    with pytest.raises(NotComputable, match="ridge above 0"):
        run(synthetic_control, simulated(sites=40, periods=6, starts={0: 3}, noise=1.0), ridge=0)
    with pytest.raises(NotComputable, match="fewer than 2 periods"):
        run(synthetic_did, simulated(starts={0: 1}))
    with pytest.raises(NotComputable, match="too few for placebo groups"):
        run(synthetic_did, simulated(sites=5, starts={0: 7, 1: 7, 2: 7})).placebos()
    with pytest.raises(NotComputable, match="is not in site"):
        run(synthetic_did, panel, "s99", 7)
    with pytest.raises(NotComputable, match="has a gap"):
        run(synthetic_did, panel[(panel["site"] != "s00") | (panel["t"] != 4)], "s00", 7)
    with pytest.raises(NotComputable, match="Say when treatment started"):
        run(synthetic_did, panel, "s00")
    with pytest.raises(NotComputable, match="not within the periods"):
        run(synthetic_did, panel, "s00", 99)
    with pytest.raises(NotComputable, match="neither a period nor a column"):
        run(synthetic_did, panel, "s00", "june")
    with pytest.raises(NotComputable, match="is treated from 7, not 5"):
        run(synthetic_did, panel, "treated", 5)
    with pytest.raises(NotComputable, match="none to compare"):
        run(synthetic_did, simulated(sites=2))
    with pytest.raises(NotComputable, match="No site"):
        run(synthetic_did, panel.assign(treated=0), "treated", 7)
    with pytest.raises(NotComputable, match="must stay"):
        run(synthetic_did, panel.assign(treated=(panel["t"] == 7) * panel["treated"]))
    with pytest.raises(NotComputable, match="must hold 0 and 1"):
        run(synthetic_did, panel.assign(treated=panel["treated"] * 2))
    with pytest.raises(ValueError, match="solver must be"):
        run(synthetic_did, panel, solver="fast")
    with pytest.raises(ValueError, match="negative"):
        run(synthetic_did, panel, ridge=-1)
