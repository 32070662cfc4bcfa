"""The designs that a plan asks for, on small SIMULATED studies: keys, numbers computed anew, refusals, words."""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from joinedup.impact import dose_response_result
from joinedup.impact.planned import DESIGNS
from joinedup.impact.results import ANALYSES
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.study.site import Level
from joinedup.survey.scores import LevelScores

sys.path.insert(0, str(Path(__file__).parent))
from impact_design_helpers import asked, demeaned, panel, result, staggered, two_outcomes
from impact_studies import PERIODS, cells, comparison, count, programme, small

ALWAYS = [design for design in DESIGNS if design != "dose-response"]


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
