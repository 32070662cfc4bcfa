"""The analyses of impact on small SIMULATED studies: values, keys, refusals, caveats in the plan's own words."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from joinedup.impact.results import ANALYSES as ALL
from joinedup.study.indicators import SiteChange
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker

sys.path.insert(0, str(Path(__file__).parent))
from impact_studies import cells, comparison, count, programme, small

ANALYSES = {id: ALL[id] for id in ("impact.did", "impact.event-study")}
"""The analyses that always run; those that a plan asks for are in test_design_results.py."""


@pytest.mark.parametrize("id", sorted(ANALYSES))
def test_every_key_is_registered_and_results_are_the_same_each_time(id: str) -> None:
    example = small(plan={"lag_varied": [0, 12]})
    result = ANALYSES[id](example)
    assert result is not None
    checker = KeyChecker(example)
    assert [key for key in result.values if not checker.knows(id, key)] == []
    for table in result.tables:
        assert {key for row in table.keys for key in row if key} <= set(result.values)
        assert all(len(row) == len(table.columns) for row in (*table.rows, *table.keys))
    assert result == ANALYSES[id](example)
    assert result.sources_of("looked_after.estimate")[0].file == "indicators/values.csv"


def test_a_planted_effect_is_found() -> None:
    values = ANALYSES["impact.did"](small()).values
    assert values["looked_after.low"] < -6.0 < values["looked_after.high"] < 0
    assert (values["better"], values["worse"], values["unclear"]) == (1, 0, 0)
    assert (values["programme_sites"], values["comparison_sites"], values["indicators"]) == (5, 9, 1)
    assert values["looked_after.n_before"] == 5
    assert values["looked_after.n_after"] == 4
    assert values["looked_after.p_randomisation"] == values["looked_after.smallest_p"] == 1 / 200


def test_the_event_study_says_the_periods_after_in_words() -> None:
    result = ANALYSES["impact.event-study"](small())
    assert "four periods after: Looked after" in result.methods
    assert result.values["periods_after"] == result.values["looked_after.n_after"] == 4
    assert result.values["looked_after.after_0.estimate"] == pytest.approx(-6, abs=2.5)
    assert "looked_after.before_1.estimate" not in result.values
    assert "looked_after.before_5.estimate" in result.values


def test_excluded_sites_stay_out_of_the_comparison() -> None:
    sites = (*programme("s0", "s1", "s2", "s3", "s4"), *comparison(*(f"c{n}" for n in range(8))))
    sites = (*sites, *comparison("c8", excluded="an earlier adopter"))
    values = ANALYSES["impact.did"](small(sites=sites)).values
    assert values["comparison_sites"] == 8


def test_one_period_before_is_refused_with_the_sentence_and_counted() -> None:
    rate = count("rate", unit="per 10,000")
    given = list(cells(5, 9, 0)) + [
        (site, period, "rate", value) for site, period, _, value in cells(5, 9, 0) if period in ("2003", "2004", "2005")
    ]
    result = ANALYSES["impact.did"](small(cells=given, indicators=[count(), rate]))
    assert (result.values["indicators"], result.values["refused"]) == (1, 1)
    assert any("Rate: the design needs at least 2 periods before" in caveat for caveat in result.caveats)
    assert not any(key.startswith("rate.") for key in result.values)


def test_where_all_is_refused_the_reason_is_the_result() -> None:
    given = [cell for cell in cells(5, 9, 0) if cell[1] in ("2003", "2004")]
    for analysis in ANALYSES.values():
        with pytest.raises(NotComputable, match="at least 2 periods"):
            analysis(small(cells=given))


def test_an_outcome_without_a_value_is_refused_with_the_sentence() -> None:
    for analysis in ANALYSES.values():
        with pytest.raises(NotComputable, match="it has no values"):
            analysis(small(cells=()))


def test_without_comparison_sites_it_is_refused() -> None:
    with pytest.raises(NotComputable, match="no comparison site"):
        ANALYSES["impact.did"](small(comparison_sites=0))


def test_without_outcomes_there_is_no_result() -> None:
    for analysis in ANALYSES.values():
        assert analysis(small(indicators=[count(family="context")])) is None


def test_three_comparison_sites_give_no_clustered_interval_but_randomisation() -> None:
    result = ANALYSES["impact.did"](small(programme_sites=8, comparison_sites=3))
    assert result.values["looked_after.low"] is None
    assert result.values["looked_after.p"] is None
    assert result.values["looked_after.draws"] == 165
    assert result.values["looked_after.smallest_p"] == pytest.approx(1 / 165)
    assert (result.values["better"], result.values["worse"], result.values["unclear"]) == (0, 0, 0)
    assert any("Too few sites for an interval" in caveat for caveat in result.caveats)
    study_of_events = ANALYSES["impact.event-study"](small(programme_sites=8, comparison_sites=3))
    assert study_of_events.values["looked_after.after_0.high"] is None


def test_logarithms_leave_out_what_is_not_positive_and_say_so() -> None:
    given = list(cells(5, 9, 0))
    given[0] = (*given[0][:3], 0)
    given[1] = (*given[1][:3], "c")
    result = ANALYSES["impact.did"](small(cells=given, plan={"log": ["looked_after"]}))
    assert any("not above 0 and have no logarithm: Looked after (1)." in caveat for caveat in result.caveats)
    assert any(
        "Cells without a number (marked or not published), left as gaps: Looked after (1)." in caveat
        for caveat in result.caveats
    )
    assert result.tables[0].rows[0][1] == "log points"
    assert abs(result.values["looked_after.estimate"]) < 0.2


def test_staggered_adoption_is_named_and_the_plan_s_caveats_come_first() -> None:
    sites = (*programme("s0", "s1"), *programme("s2", "s3", "s4", adopted="2005-01"))
    sites = (*sites, *comparison(*(f"c{n}" for n in range(9))))
    result = ANALYSES["impact.did"](small(sites=sites, plan={"caveats": ["COVID fell into the same spring."]}))
    assert result.caveats[0] == "COVID fell into the same spring."
    weights = [result.values[f"looked_after.bacon.{kind}.weight"] for kind in ("never", "earlier", "later")]
    assert sum(weights) == pytest.approx(1)
    parts = [result.values[f"looked_after.bacon.{kind}.estimate"] for kind in ("never", "earlier", "later")]
    assert np.dot(weights, parts) == pytest.approx(result.values["looked_after.estimate"])
    assert any(f"have a weight of {weights[2]:.0%}" in caveat for caveat in result.caveats)
    assert any("two-way fixed effects mix comparisons" in caveat for caveat in result.caveats)
    assert any("not the headline" in caveat for caveat in result.caveats)
    events = ANALYSES["impact.event-study"](small(sites=sites))
    assert events.values["looked_after.cohorts"] == 2
    assert any("cohorts of 2, 3 sites" in caveat for caveat in events.caveats)


def test_programme_sites_without_a_date_or_not_yet_treated_are_left_out_and_named() -> None:
    sites = (*programme("s0", "s1", "s2"), *programme("s3", adopted=""), *programme("s4", adopted="2020"))
    result = ANALYSES["impact.did"](small(sites=(*sites, *comparison(*(f"c{n}" for n in range(9))))))
    assert result.values["programme_sites"] == 3
    assert any("without a date of adoption, left out: Looked after (S3)." in caveat for caveat in result.caveats)
    assert any("not treated in any period, left out: Looked after (S4)." in caveat for caveat in result.caveats)


def test_lags_are_varied() -> None:
    result = ANALYSES["impact.did"](small(plan={"lag_varied": [0, 12, 24]}))
    values = result.values
    assert values["looked_after.lag_0.estimate"] == values["looked_after.estimate"]
    assert abs(values["looked_after.lag_24.estimate"]) < abs(values["looked_after.estimate"])
    assert [row[1] for row in result.tables[1].rows] == [0, 12, 24]


def test_assignments_are_drawn_within_strata() -> None:
    sites = (*programme("s0", region="N"), *programme("s1", "s2", "s3", "s4", region="S"))
    sites = (
        *sites,
        *comparison("c0", "c1", "c2", region="N"),
        *comparison(*(f"c{n}" for n in range(3, 9)), region="S"),
    )
    result = ANALYSES["impact.did"](small(sites=sites, plan={"strata": "region", "draws": 4999}))
    assert result.values["looked_after.draws"] == 4 * 210
    assert "within each region" in result.methods


def test_merged_sites_count_once() -> None:
    changes = [SiteChange("c0", "c1", "2004", "merge")]
    given = [cell for cell in cells(5, 9, 0) if not (cell[0] == "c0" and cell[1] >= "2004")]
    result = ANALYSES["impact.did"](small(cells=given, changes=changes))
    assert result.values["comparison_sites"] == 8
    assert any("1 merged codes were summed" in caveat for caveat in result.caveats)


def test_where_no_period_is_late_enough_the_refusal_says_so() -> None:
    given = [cell for cell in cells(5, 9, 0) if cell[1] <= "2003"]
    with pytest.raises(NotComputable, match="none of its periods begins late enough"):
        ANALYSES["impact.did"](small(cells=given))
