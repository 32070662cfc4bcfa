"""Costs and effects: the net-benefit regression itself, refitted bootstrap samples, limits of the curve, words, refusals."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from joinedup.impact import TooFewClusters, did
from joinedup.impact.costs import QUADRANTS, CostEffect, cost_effect, paired
from joinedup.impact.costs import _counts as counts
from joinedup.impact.model import Estimate
from joinedup.impact.weighted_cells import gather


def panel(effect: float = 2.0, cost: float = 30.0, sites: int = 30, treated: int = 10, seed: int = 4) -> pd.DataFrame:
    """SIMULATED: a planted effect and a planted cost whose noises hang together."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame([(s, y) for s in range(sites) for y in range(6)], columns=["site", "year"])
    frame["treated"] = ((frame["site"] < treated) & (frame["year"] >= 3)).astype(float)
    noise = random.normal(size=(len(frame), 2))
    frame["e"] = random.normal(size=sites)[frame["site"]] + frame["year"] + effect * frame["treated"] + noise[:, 0]
    frame["c"] = 100 + cost * frame["treated"] + 5 * noise[:, 0] + 5 * noise[:, 1]
    return frame.assign(n=random.integers(20, 90, len(frame)))


def fitted(frame: pd.DataFrame, **options: object) -> CostEffect:
    return cost_effect(frame, "e", "c", "site", "year", "treated", **{"draws": 400, "seed": 7, **options})


@given(st.integers(0, 500), st.floats(0, 200), st.sampled_from(["site", "child"]))
@settings(max_examples=25, deadline=None)
def test_it_is_the_regression_of_net_benefit(seed: int, threshold: float, weights: str) -> None:
    """Hoch, Briggs and Willan (2002): NB = threshold x effect - cost, regressed on the programme."""
    frame = panel(seed=seed)
    regressed = did(frame.assign(nb=threshold * frame["e"] - frame["c"]), "nb", "site", "year", "treated", (), weights)
    found = fitted(frame, weights=weights, draws=1).net_benefit(threshold)
    assert (found.estimate, found.se) == pytest.approx((regressed.estimate, regressed.se), rel=1e-8)
    assert found.ci == pytest.approx(regressed.ci, rel=1e-8)


def test_planted_effect_and_cost_are_found_and_less_may_be_better() -> None:
    found = fitted(panel())
    assert found.effect.estimate == pytest.approx(2, abs=0.5) and found.cost.estimate == pytest.approx(30, abs=4)
    assert found.ratio == found.cost.estimate / found.effect.estimate
    mirrored = fitted(panel(effect=-2.0), better="down")
    assert mirrored.effect.estimate == pytest.approx(2, abs=0.5)


def test_every_bootstrap_sample_is_a_refit_of_its_units() -> None:
    frame = panel(sites=12, treated=5)
    found = fitted(frame, draws=6)
    drawn = counts(gather(frame, "e", "site", "year", "treated"), 6, np.random.default_rng(7))
    assert (drawn[:, :5].sum(axis=1) == 5).all() and (drawn[:, 5:].sum(axis=1) == 7).all()
    for row, own in zip(drawn, found.draws, strict=True):
        copies = [
            frame[frame["site"] == site].assign(site=f"{site}-{copy}")
            for site, number in enumerate(row)
            for copy in range(int(number))
        ]
        for at, name in enumerate(("e", "c")):
            assert did(pd.concat(copies), name, "site", "year", "treated").estimate == pytest.approx(own[at], rel=1e-8)


def test_the_bootstrap_spreads_as_the_clustered_error() -> None:
    found = fitted(panel(sites=80, treated=40), draws=4000)
    assert found.draws.std(axis=0) == pytest.approx([found.effect.se, found.cost.se], rel=0.08)
    assert np.cov(found.draws.T)[0, 1] == pytest.approx(found.covariance, rel=0.2)


@given(st.integers(0, 300), st.floats(-1, 1), st.floats(-10, 10))
@settings(max_examples=20, deadline=None)
def test_limits_of_the_curve_shares_and_information(seed: int, effect: float, cost: float) -> None:
    found = fitted(panel(effect, cost, 14, 6, seed), draws=200)
    at_nothing, beyond_price = found.acceptability([0.0, 1e12])
    assert at_nothing == (found.draws[:, 1] < 0).mean() and beyond_price == (found.draws[:, 0] > 0).mean()
    assert sum(found.quadrants.values()) == pytest.approx(1) and tuple(found.quadrants) == QUADRANTS
    assert all(found.perfect_information(threshold) >= 0 for threshold in (0, 1, 50))
    always = fitted(panel(20.0, -200.0, 14, 6, seed), draws=50)
    assert always.quadrants[QUADRANTS[1]] == 1 and always.perfect_information(10) == 0


def test_fieller_s_interval_ends_where_the_net_benefit_stops_to_differ_from_nothing() -> None:
    found = fitted(panel())
    low, high = found.ratio_interval
    assert low < found.ratio < high
    for threshold in (low, high):
        benefit = found.net_benefit(threshold)
        assert abs(benefit.estimate) / benefit.se == pytest.approx(t.ppf(0.975, 29), rel=1e-9)
    assert fitted(panel(effect=0.05)).ratio_interval is None


def planted(effect: float, cost: float) -> CostEffect:
    return CostEffect(Estimate(effect, 1.0, 9, 9), Estimate(cost, 1.0, 9, 9), 0.0, np.zeros((1, 2)), 0)


@pytest.mark.parametrize(
    ("effect", "cost", "words", "ratio"),
    [
        (2.0, 6.0, "price of a unit of effect", 3.0),
        (-2.0, -6.0, "saved for each unit of effect given up", 3.0),
        (2.0, -6.0, "more effect at no higher cost", None),
        (2.0, 0.0, "more effect at no higher cost", None),
        (-2.0, 6.0, "less effect at no lower cost", None),
        (-2.0, 0.0, "less effect at no lower cost", None),
        (0.0, 6.0, "no difference in effect", None),
        (0.0, -6.0, "no difference in effect", None),
        (0.0, 0.0, "no difference in effect", None),
    ],
)
def test_words_come_before_a_ratio(effect: float, cost: float, words: str, ratio: float | None) -> None:
    found = planted(effect, cost)
    assert words in found.words and found.ratio == ratio


def test_refusals() -> None:
    few = fitted(panel(treated=3))
    assert math.isfinite(few.net_benefit(10).estimate)
    for asked in (lambda: few.net_benefit(10).p, lambda: few.effect.ci, lambda: few.ratio_interval):
        with pytest.raises(TooFewClusters, match="3 treated"):
            asked()
    with pytest.raises(ValueError, match="better"):
        fitted(panel(), better="more")
    first = gather(panel(), "e", "site", "year", "treated")
    other = gather(panel(sites=29), "c", "site", "year", "treated")
    with pytest.raises(ValueError, match="same units"):
        paired(first, other, 1, 0)
    with pytest.raises(ValueError, match="bootstrap"):
        fitted(panel(), draws=0)
