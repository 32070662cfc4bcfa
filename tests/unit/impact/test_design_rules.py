"""Sensitivity, sites, precision, several outcomes, exploratory ones, children as weights: SIMULATED studies, refusals."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.impact.headline import Headline
from joinedup.impact.precision_result import ABSENT, EFFECT, OPEN, UNDECLARED, conclusion
from joinedup.impact.results import ANALYSES
from joinedup.study.problems import NotComputable

sys.path.insert(0, str(Path(__file__).parent))
from impact_design_helpers import asked, demeaned, panel, result, two_outcomes
from impact_studies import cells, count, small


def test_sensitivity_leaves_out_each_site_as_refitting_does() -> None:
    values = result("sensitivity").values
    example = asked("sensitivity")
    names, y = panel(example)
    for site in ("s0", "s4"):
        left = [at for at, name in enumerate(names) if name != site]
        treated = np.zeros((len(left), 9))
        treated[[names[at].startswith("s") for at in left], 5:] = 1
        d = demeaned(treated)
        by_hand = (d * demeaned(y[left])).sum() / (d * d).sum()
        assert values[f"looked_after.without.{site}.estimate"] == pytest.approx(by_hand)
    without = [value for key, value in values.items() if ".without." in key]
    assert (values["looked_after.without_low"], values["looked_after.without_high"]) == (min(without), max(without))


def test_sensitivity_leaves_out_comparison_sites_too_and_gives_the_jackknife() -> None:
    values = result("sensitivity").values
    names, y = panel(asked("sensitivity"))
    on = np.zeros(y.shape)
    on[[name.startswith("s") for name in names], 5:] = 1

    def estimate(left: list[int]) -> float:
        d = demeaned(on[left])
        return float((d * demeaned(y[left])).sum() / (d * d).sum())

    everywhere = list(range(len(names)))
    each = np.array([estimate([at for at in everywhere if at != gone]) for gone in everywhere])
    comparison = each[[not name.startswith("s") for name in names]]
    found = [values[f"looked_after.without_comparison_{end}"] for end in ("low", "high")]
    assert found == pytest.approx([comparison.min(), comparison.max()])
    se = np.sqrt((len(each) - 1) / len(each) * ((each - estimate(everywhere)) ** 2).sum())
    assert values["looked_after.jackknife.se"] == pytest.approx(se)
    assert values["looked_after.without_turned"] == sum(
        each[at] * estimate(everywhere) < 0 for at in everywhere if names[at].startswith("s")
    )


def test_few_sites_have_no_jackknife_interval() -> None:
    values = result("sensitivity", programme_sites=3).values
    assert not any("jackknife" in key for key in values) and "looked_after.without_comparison_low" in values


def test_honest_did_is_refused_for_small_cohorts_and_given_for_large_ones() -> None:
    small_cohort = result("sensitivity")
    assert not any(".honest." in key for key in small_cohort.values)
    assert any("HonestDiD" in caveat and "too small" in caveat for caveat in small_cohort.caveats)
    values = result("sensitivity", programme_sites=12, comparison_sites=14).values
    assert values["looked_after.honest.breakdown"] > 0
    widths = [
        values[f"looked_after.honest.bound_{n}.high"] - values[f"looked_after.honest.bound_{n}.low"]
        for n in (0, 50, 100)
    ]
    assert widths == sorted(widths)
    events = ANALYSES["impact.event-study"](asked("sensitivity", programme_sites=12, comparison_sites=14))
    assert events is not None
    after = [events.values[f"looked_after.after_{n}.estimate"] for n in range(4)]
    assert values["looked_after.honest.estimate"] == pytest.approx(np.mean(after))


def test_site_effects_sum_to_the_difference_in_differences() -> None:
    values = result("site-effects").values
    effects = [values[f"looked_after.site.s{n}.effect"] for n in range(5)]
    did = ANALYSES["impact.did"](small())
    assert did is not None
    assert np.mean(effects) == pytest.approx(did.values["looked_after.estimate"])
    assert values["looked_after.mean"] == pytest.approx(np.mean(effects))
    assert values["looked_after.spread"] == pytest.approx(np.std(effects, ddof=1))
    low, high = values["looked_after.placebo_low"], values["looked_after.placebo_high"]
    assert values["looked_after.outside"] == sum(not low <= effect <= high for effect in effects)


def test_site_effects_refuse_three_comparison_sites() -> None:
    with pytest.raises(NotComputable, match="too few to tell a site's effect from the noise"):
        result("site-effects", comparison_sites=3)


def interval(low: float, high: float) -> Headline:
    return Headline((low + high) / 2, 1.0, low, high, 9)


def test_no_effect_needs_the_interval_within_the_smallest_effect() -> None:
    assert conclusion(interval(-0.4, 0.3), 0.5) == ABSENT
    assert conclusion(interval(-0.6, 0.3), 0.5) == OPEN
    assert conclusion(interval(-0.6, 0.3), None) == UNDECLARED
    assert conclusion(interval(0.1, 2.0), 0.5) == EFFECT
    assert conclusion(interval(0.1, 0.3), 0.5) == ABSENT  # clear of 0, and smaller than what is of interest


@settings(max_examples=60, deadline=None)
@given(st.floats(-5, 5), st.floats(0.01, 5), st.floats(0.01, 3))
def test_an_interval_beyond_the_smallest_effect_never_says_no_effect(middle: float, half: float, least: float) -> None:
    said = conclusion(interval(middle - half, middle + half), least)
    assert (said == ABSENT) == (abs(middle) + half < least)


def test_precision_refuses_too_few_sites_and_says_what_could_be_found() -> None:
    with pytest.raises(NotComputable, match="too few sites for an error clustered by site"):
        result("precision", comparison_sites=3)
    values = result("precision", plan={"smallest_effects": {"looked_after": 2.0}}).values
    did = ANALYSES["impact.did"](small())
    assert did is not None
    assert values["looked_after.low"] == pytest.approx(did.values["looked_after.low"])
    assert values["looked_after.detectable"] > values["looked_after.half_width"]
    assert values["looked_after.conclusion"] == EFFECT


def test_several_outcomes_are_adjusted_together_and_exploratory_ones_are_not() -> None:
    values = result("multiplicity", **two_outcomes()).values
    assert values["family"] == 2
    for part in ("looked_after", "noise"):
        assert values[f"{part}.p_benjamini_hochberg"] >= values[f"{part}.p"]
    assert values["looked_after.p_romano_wolf"] <= values["noise.p_romano_wolf"]
    p = sorted(values[f"{part}.p"] for part in ("looked_after", "noise"))
    assert values["looked_after.p_benjamini_hochberg"] == pytest.approx(min(2 * p[0], p[1]))
    third = [(site, period, "third", value) for site, period, _, value in cells(5, 9, 0.0, seed=3)]
    parts = two_outcomes(exploratory=["third"])
    parts |= {"cells": [*parts["cells"], *third], "indicators": [*parts["indicators"], count("third")]}
    found = result("multiplicity", **parts)
    assert found.values["third.family"] == 0
    assert "third.p_romano_wolf" not in found.values
    assert "Third (exploratory)" in [row[0] for row in found.tables[0].rows]


def test_one_outcome_is_no_family_and_few_sites_have_no_test() -> None:
    with pytest.raises(NotComputable, match="at least two that can be tested"):
        result("multiplicity")
    with pytest.raises(NotComputable, match="Take the randomisation test"):
        result("multiplicity", comparison_sites=3)


def test_what_the_plan_does_not_hold_is_marked_exploratory() -> None:
    found = ANALYSES["impact.did"](small())
    assert found is not None
    assert any("every estimate is exploratory" in caveat for caveat in found.caveats)
    planned = ANALYSES["impact.did"](small(plan={"outcomes": ["looked_after"]}))
    assert planned is not None
    assert not any("xploratory" in caveat for caveat in planned.caveats)


def test_the_average_child_weighs_sites_by_their_children_and_says_so() -> None:
    children = [
        (f"{kind}{n}", "2003", "children", 10 if n else 1000)
        for kind, most in (("s", 5), ("c", 9))
        for n in range(most)
    ]
    given = [*cells(5, 9, -6.0), *children]
    parts = {"cells": given, "indicators": [count(direction="down"), count("children", family="context")]}
    example = small(**parts, plan={"outcomes": ["looked_after"], "weights": "child", "children": "children"})
    found = ANALYSES["impact.did"](example)
    assert found is not None
    names, y = panel(example)
    w = np.array([1000.0 if name.endswith("0") else 10.0 for name in names])
    own = np.array([name.startswith("s") for name in names])
    change = y[:, 5:].mean(axis=1) - y[:, :5].mean(axis=1)
    by_hand = np.average(change[own], weights=w[own]) - np.average(change[~own], weights=w[~own])
    assert found.values["looked_after.estimate"] == pytest.approx(by_hand)
    assert "the average child" in found.methods
    assert found.parameters["weights"] == "child"
    events = ANALYSES["impact.event-study"](example)
    assert events is not None
    first = y[:, 5] - y[:, 4]
    by_hand = np.average(first[own], weights=w[own]) - np.average(first[~own], weights=w[~own])
    assert events.values["looked_after.after_0.estimate"] == pytest.approx(by_hand)
    with pytest.raises(NotComputable, match="need `children` in"):
        ANALYSES["impact.did"](small(plan={"weights": "child"}))
