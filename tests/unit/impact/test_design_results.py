"""The designs that a plan asks for, on small SIMULATED studies: keys, numbers computed anew, refusals, words."""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.impact import dose_response_result
from joinedup.impact.headline import Headline
from joinedup.impact.planned import DESIGNS
from joinedup.impact.precision_result import ABSENT, EFFECT, OPEN, UNDECLARED, conclusion
from joinedup.impact.results import ANALYSES
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.study.result import Result
from joinedup.study.site import Level
from joinedup.survey.scores import LevelScores

sys.path.insert(0, str(Path(__file__).parent))
from impact_studies import PERIODS, cells, comparison, count, programme, small

ALWAYS = [design for design in DESIGNS if design != "dose-response"]


def asked(design: str, **parts) -> Study:
    plan = {"designs": [design], "outcomes": ["looked_after"], "placebo_draws": 99, **parts.pop("plan", {})}
    return small(plan=plan, **parts)


def result(design: str, **parts) -> Result:
    found = ANALYSES[f"impact.{design}"](asked(design, **parts))
    assert found is not None
    return found


def two_outcomes(**plan) -> dict[str, object]:
    """The second outcome is noise; both are in the family."""
    given = [*cells(5, 9, -6.0)]
    given += [(site, period, "noise", value) for site, period, _, value in cells(5, 9, 0.0, seed=2)]
    return {
        "cells": given,
        "indicators": [count(direction="down"), count("noise")],
        "plan": {"outcomes": ["looked_after", "noise"], **plan},
    }


def staggered() -> tuple[object, ...]:
    sites = (*programme("s0", "s1"), *programme("s2", "s3", "s4", adopted="2005-01"))
    return (*sites, *comparison(*(f"c{n}" for n in range(9))))


def demeaned(values: np.ndarray) -> np.ndarray:
    return values - values.mean(axis=0) - values.mean(axis=1, keepdims=True) + values.mean()


def panel(study: Study) -> tuple[list[str], np.ndarray]:
    """The sites and their outcomes, sites x periods."""
    table = study.indicators.values["values.csv"].to_pandas()
    wide = table[table["indicator"] == "looked_after"].pivot(index="site", columns="period", values="_number")
    return wide.index.tolist(), wide.to_numpy(dtype=float)


@pytest.mark.parametrize("design", ALWAYS)
def test_every_key_is_registered_and_results_are_the_same_each_time(design: str) -> None:
    parts = two_outcomes(lag_varied=[0, 12], before_varied=[2], smallest_effects={"looked_after": 2.0})
    found = result(design, **parts)
    example = asked(
        design, **two_outcomes(lag_varied=[0, 12], before_varied=[2], smallest_effects={"looked_after": 2.0})
    )
    checker = KeyChecker(example)
    assert [key for key in found.values if not checker.knows(found.id, key)] == []
    for table in found.tables:
        assert {key for row in table.keys for key in row if key} <= set(found.values)
        assert all(len(row) == len(table.columns) for row in (*table.rows, *table.keys))
    assert found == ANALYSES[found.id](example)
    assert found.parameters["weights"] == "site"
    assert found.sources_of("looked_after.estimate")[0].file == "indicators/values.csv"
    assert "Estimand" in found.methods


@pytest.mark.parametrize("design", DESIGNS)
def test_a_design_runs_only_where_the_plan_asks_for_it(design: str) -> None:
    assert ANALYSES[f"impact.{design}"](small()) is None
    assert (
        ANALYSES[f"impact.{design}"](asked(design, indicators=[count(family="context")], plan={"outcomes": []})) is None
    )


@pytest.mark.parametrize("design", ALWAYS)
def test_one_period_before_is_refused_with_the_reason(design: str) -> None:
    given = [cell for cell in cells(5, 9, 0) if cell[1] in ("2003", "2004", "2005")]
    with pytest.raises(NotComputable, match="at least 2 periods before the programme began"):
        result(design, cells=given)


def test_dose_response_without_a_survey_is_no_result() -> None:
    assert ANALYSES["impact.dose-response"](asked("dose-response")) is None


def scored(monkeypatch: pytest.MonkeyPatch, scores: dict[str, float]) -> None:
    """As if the survey had one level with these SIMULATED scores of sites."""
    found = LevelScores("w1", (Level("gov", "Governance"),), {s: {"gov": v} for s, v in scores.items()}, {}, 1.0, 5.0)
    monkeypatch.setattr(dose_response_result, "level_scores", lambda _: found)


def test_dose_response_is_the_slope_of_site_effects_on_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = {"s0": 1.0, "s1": 2.0, "s2": 2.5, "s3": 4.0, "s4": 4.5}
    scored(monkeypatch, scores)
    found = result("dose-response")
    effects = [result("site-effects").values[f"looked_after.site.{site}.effect"] for site in scores]
    slope = np.polyfit(list(scores.values()), effects, 1)[0]
    assert found.values["looked_after.gov.slope"] == pytest.approx(slope)
    assert found.values["looked_after.gov.effect"] == pytest.approx(np.mean(effects))
    assert found.values["looked_after.gov.sites"] == 5
    assert found.values["slopes"] == 1
    assert "not the effect of a higher score" in found.methods


def test_dose_response_refuses_three_scored_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    scored(monkeypatch, {"s0": 1.0, "s1": 2.0, "s2": 3.0})
    with pytest.raises(NotComputable, match="at least 4 are needed to see a slope"):
        result("dose-response")


def test_synthetic_did_finds_a_planted_effect_and_its_gap_is_its_estimate() -> None:
    values = result("synthetic-did").values
    assert values["looked_after.estimate"] == pytest.approx(-6, abs=1.5)
    assert values["looked_after.low"] < values["looked_after.estimate"] < values["looked_after.high"] < 0
    after = [values[f"looked_after.gap.{period}"] for period in range(2004, 2008)]
    assert np.mean(after) == pytest.approx(values["looked_after.estimate"])
    for period in PERIODS:
        parts = [values[f"looked_after.{name}.{period}"] for name in ("programme", "synthetic", "gap")]
        assert parts[0] - parts[1] == pytest.approx(parts[2])
    assert (values["looked_after.first_treated"], values["looked_after.cohorts"]) == (2004, 1)
    assert 1 <= values["looked_after.effective_sites"] <= 9


def test_synthetic_did_goes_start_by_start_weighted_by_site_periods() -> None:
    values = result("synthetic-did", sites=staggered()).values
    early = result("synthetic-did", sites=[s for s in staggered() if s.id not in ("s2", "s3", "s4")]).values
    late = result("synthetic-did", sites=[s for s in staggered() if s.id not in ("s0", "s1")]).values
    # 2 sites treated from 2004 (4 periods) and 3 from 2006 (2005-07 is over before 31 March 2006): shares 8 and 9 of 17.
    periods = {
        start: 2008 - start
        for start in (int(early["looked_after.first_treated"]), int(late["looked_after.first_treated"]))
    }
    first, last = (
        2 * periods[int(early["looked_after.first_treated"])],
        3 * periods[int(late["looked_after.first_treated"])],
    )
    expected = (first * early["looked_after.estimate"] + last * late["looked_after.estimate"]) / (first + last)
    assert values["looked_after.estimate"] == pytest.approx(expected)
    assert "start by start" in result("synthetic-did", sites=staggered()).methods


def test_too_few_comparison_sites_for_placebos_leave_the_estimate_without_an_error() -> None:
    found = result("synthetic-did", programme_sites=5, comparison_sites=6)
    assert found.values["looked_after.se"] is None
    assert found.values["looked_after.p"] is None
    assert any("too few for placebo groups" in caveat for caveat in found.caveats)


def test_three_programme_sites_have_a_placebo_p_but_no_interval() -> None:
    values = result("synthetic-did", programme_sites=3).values
    assert values["looked_after.low"] is None
    assert 0 < values["looked_after.p"] <= 1


def test_cohorts_of_fewer_than_ten_sites_get_a_permutation_p_and_no_analytic_error() -> None:
    found = result("group-time")
    assert found.values["looked_after.simple.se"] is None
    assert found.values["looked_after.simple.inferred"] == "permutation of adoption"
    assert found.values["looked_after.simple.p"] < 0.05
    assert found.values["looked_after.pretest_p"] is None
    assert any("no analytic error" in caveat for caveat in found.caveats)


def test_group_time_by_hand_and_with_analytic_errors_where_cohorts_are_large() -> None:
    example = asked("group-time", programme_sites=10, comparison_sites=12)
    values = result("group-time", programme_sites=10, comparison_sites=12).values
    sites, y = panel(example)
    own = np.array([site.startswith("s") for site in sites])
    change = y - y[:, [4]]
    for at, period in enumerate(PERIODS):
        if period != 2003:
            by_hand = change[own, at].mean() - change[~own, at].mean()
            assert values[f"looked_after.cohort_2004.in_{period}.estimate"] == pytest.approx(by_hand)
    assert values["looked_after.simple.inferred"] == "analytic"
    se = np.sqrt(sum(change[g, 5].var() / g.sum() for g in (own, ~own)))
    assert values["looked_after.cohort_2004.in_2004.se"] == pytest.approx(se)


def test_randomisation_by_enumeration_in_numpy() -> None:
    example = asked("randomisation", plan={"draws": 4999})
    values = result("randomisation", plan={"draws": 4999}).values
    sites, y = panel(example)
    outcome, estimates = demeaned(y), []
    own = tuple(at for at, site in enumerate(sites) if site.startswith("s"))
    for chosen in combinations(range(len(sites)), 5):
        treated = np.zeros_like(y)
        treated[list(chosen), 5:] = 1
        d = demeaned(treated)
        estimates.append((d * outcome).sum() / (d * d).sum())
        if chosen == own:
            estimate = estimates[-1]
    assert values["looked_after.estimate"] == pytest.approx(estimate)
    assert values["looked_after.draws"] == len(estimates) == 2002
    assert values["looked_after.p"] == pytest.approx(np.mean(np.abs(estimates) >= abs(estimate) * (1 - 1e-9)))
    assert values["looked_after.p_low"] == values["looked_after.p"] == values["looked_after.p_high"]
    shares = [value for key, value in values.items() if key.endswith(".share")]
    assert sum(shares) == pytest.approx(1)
    assert len(shares) == 31


def test_what_a_permutation_rests_on_is_said_in_the_exact_words() -> None:
    regions = {
        "sites": (
            *programme("s0", "s1", "s2", "s3", "s4", region="N"),
            *comparison(*(f"c{n}" for n in range(9)), region="N"),
        )
    }
    plain = result("randomisation")
    assert (
        "permutation test assuming exchangeability within the whole sample of sites; not design-based" in plain.methods
    )
    assert "the smallest attainable p is 0.005" in plain.methods
    within = result("randomisation", **regions, plan={"strata": "region"})
    assert within.parameters["mechanism"] == "permutation test assuming exchangeability within region; not design-based"
    drawn = result("randomisation", plan={"assignment": "random"})
    assert "by lot within the whole sample of sites; design-based" in drawn.methods


def test_few_sites_keep_the_permutation_p_and_lose_the_wild_bootstrap() -> None:
    found = result("randomisation", programme_sites=8, comparison_sites=3)
    assert found.values["looked_after.p_wild"] is None
    assert found.values["looked_after.p"] is not None
    assert any("clustered and bootstrapped p and intervals are wrong" in caveat for caveat in found.caveats)


def test_assignments_too_few_for_any_p_below_five_per_cent_are_named() -> None:
    found = result("randomisation", programme_sites=2, comparison_sites=4)
    assert found.values["looked_after.smallest_p"] > 0.05
    assert any("the assignments are too few" in caveat for caveat in found.caveats)


def test_the_curve_holds_every_combination_and_equals_the_single_designs() -> None:
    sites = [*small().sites]
    sites += [*comparison("c9", excluded="an earlier adopter")]
    given = list(cells(5, 10, -6.0))
    coding = [{"id": "later", "label": "a year later", "column": "late"}]
    sites = [
        type(site)(
            site.id,
            site.name,
            role=site.role,
            adopted=site.adopted,
            excluded=site.excluded,
            extra={"late": "2004-07" if site.is_programme else ""},
        )
        for site in sites
    ]
    plan = {"lag_varied": [0, 18], "before_varied": [2], "coding": coding}
    found = result("specification-curve", sites=sites, cells=given, plan=plan)
    values = found.values
    assert values["looked_after.specifications"] == 2 * 3 * 2 * 2
    assert values["looked_after.refused"] == 0
    rows = {
        tuple(values[f"looked_after.spec_{n}.{name}"] for name in ("coding", "lag", "excluded", "before")): values[
            f"looked_after.spec_{n}.estimate"
        ]
        for n in range(1, 25)
    }
    estimates = list(rows.values())
    assert estimates == sorted(estimates)
    # By two-way demeaning: all ten comparison sites, the last two periods before.
    names, y = panel(asked("specification-curve", sites=sites, cells=given, plan=plan))
    kept = y[:, 3:]
    treated = np.zeros_like(kept)
    treated[[site.startswith("s") for site in names], 2:] = 1
    d = demeaned(treated)
    by_hand = (d * demeaned(kept)).sum() / (d * d).sum()
    assert rows["declared", 6, "in the comparison", 2] == pytest.approx(by_hand)
    did = ANALYSES["impact.did"](asked("specification-curve", sites=sites, cells=given))
    assert did is not None
    assert rows["declared", 6, "left out", 0] == pytest.approx(did.values["looked_after.estimate"])
    assert values["looked_after.before_2.specifications"] == 12
    assert values["looked_after.low"] == min(estimates)
    assert values["looked_after.different"] < 24  # half a year and a year of lag come to the same cells


def test_refused_specifications_are_counted_with_their_reason() -> None:
    found = result("specification-curve", plan={"before_varied": [9]})
    assert (found.values["looked_after.specifications"], found.values["looked_after.refused"]) == (1, 1)
    assert any("there are no 9 periods before the programme began" in caveat for caveat in found.caveats)


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
