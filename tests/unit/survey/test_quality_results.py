"""What says how far the survey may be believed: each result against direct calls on a small study, and its refusals."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from joinedup.study.model import Study, Survey
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.study.result import Result
from joinedup.survey.aggregation import aggregation
from joinedup.survey.agreement import average_deviation, rwg_j
from joinedup.survey.change_result import change_result, compared_waves
from joinedup.survey.confirmatory import cfa
from joinedup.survey.cumulative_logit import proportional_odds
from joinedup.survey.intraclass import icc
from joinedup.survey.item_answers import item_answers
from joinedup.survey.mixed import mixed_level_contrasts
from joinedup.survey.nonresponse import nonresponse, rates
from joinedup.survey.permutation import sign_flip_test
from joinedup.survey.reliability import cronbach_alpha
from joinedup.survey.reliability_result import reliability
from joinedup.survey.results import ANALYSES
from joinedup.survey.scores import level_scores
from joinedup.survey.sensitivity import sensitivity
from joinedup.survey.site_types import typology
from joinedup.survey.typology_result import typology_result
from tests.builders import make_instrument, make_responses, make_roster, make_scales, make_study
from tests.survey_sample import LEVELS, SITES, small_study


@pytest.fixture(scope="module")
def study() -> Study:
    return small_study()


@pytest.fixture(scope="module")
def results(study: Study) -> dict[str, Result]:
    found = {id: analysis(study) for id, analysis in ANALYSES.items() if id != "survey.site-answers"}
    assert all(result is not None for result in found.values())
    return {id: result for id, result in found.items() if result is not None}


def test_every_key_is_registered_and_leads_to_rows(study: Study, results: dict[str, Result]) -> None:
    keys = KeyChecker(study)
    for id, result in results.items():
        assert result.values
        assert [key for key in result.values if not keys.knows(id, key)] == []
        assert [key for key in result.values if not any(source.rows for source in result.sources_of(key))] == []


def test_tables_show_the_values_that_they_name(results: dict[str, Result]) -> None:
    for result in results.values():
        for table in result.tables:
            assert len(table.keys) == len(table.rows)
            for row, keys in zip(table.rows, table.keys, strict=True):
                assert len(row) == len(keys) == len(table.columns)
                assert all(cell == result.values[key] for cell, key in zip(row, keys, strict=True) if key)


def test_the_same_study_gives_the_same_values(study: Study, results: dict[str, Result]) -> None:
    for analysis in (sensitivity, typology_result):
        again = analysis(study)
        assert again is not None
        assert again.values == results[again.id].values


def _frame(study: Study, level: str, wave: str = "w2") -> pd.DataFrame:
    table = study.survey.responses[wave].to_pandas().set_index("person")
    items = table[[f"{level}_{n}" for n in (1, 2, 3)]].replace("", np.nan).astype(float)
    order = [
        e.person
        for e in sorted(study.survey.roster, key=lambda e: (int(e.site[1:]), e.agency, e.role, e.person))
        if e.wave == wave
    ]
    return items.loc[[person for person in order if person in items.index]]


def test_rates_by_hand() -> None:
    found = rates({"complete": 6, "partial": 2, "refused": 1, "no contact": 1, "unknown": 2, "not eligible": 5})
    assert found["rr1"] == 6 / 12
    assert found["rr2"] == 8 / 12
    assert found["rr6"] == 8 / 10
    assert found["refusal_rate"] == 1 / 12
    assert found["contact_rate"] == 9 / 12
    assert found["cooperation_rate"] == 8 / 9
    assert set(rates({"not eligible": 3}).values()) == {None}


def test_nonresponse_compares_with_the_roster_and_weights_to_it(study: Study, results: dict[str, Result]) -> None:
    values = results["survey.nonresponse"].values
    asked = [entry for entry in study.survey.roster if entry.wave == "w2"]
    answered = [entry for entry in asked if entry.outcome == "complete"]
    health = sum(entry.agency == "health" for entry in answered)
    assert values["agency.health.difference"] == pytest.approx(health / len(answered) - 1 / 3)
    assert values["weights.n"] == len(answered)
    assert values["weights.deff"] >= 1
    for level in LEVELS:
        assert values[f"{level}.shift"] == pytest.approx(values[f"{level}.weighted"] - values[f"{level}.unweighted"])


def test_no_weights_where_a_category_has_fewer_than_five(study: Study) -> None:
    few = tuple(
        replace(entry, agency="trust") if entry.site == "s1" and entry.agency == "police" else entry
        for entry in study.survey.roster
    )
    found = nonresponse(small_study(survey=replace(study.survey, roster=few)))
    assert found is not None
    assert "weights.deff" not in found.values
    assert "fewer" not in found.methods
    assert any("not weighted" in told and "at least 5" in told for told in found.caveats)


def test_item_answers_count_people(study: Study, results: dict[str, Result]) -> None:
    values = results["survey.item-answers"].values
    column = _frame(study, "governance")["governance_1"]
    assert values["governance_1.base"] == len(column)
    assert values["governance_1.answered"] == column.notna().sum()
    assert values["governance_1.4"] == (column == 4).sum()
    assert values["governance_1.mean"] == pytest.approx(column.mean())
    shares = [values[f"governance_1.{part}.share"] for part in ("below", "middle", "above")]
    assert math.fsum(shares) == pytest.approx(1)  # type: ignore[arg-type]


def test_who_was_not_asked_is_not_in_the_base(study: Study) -> None:
    table = study.survey.responses["w2"].to_pandas()
    table.loc[:4, "governance_1"] = "-10"
    table.loc[5:6, "governance_1"] = "-8"
    answers = {row["person"]: {c: row[c] for c in table.columns[4:-1]} for _, row in table.iterrows()}
    survey = replace(study.survey, responses={**study.survey.responses, "w2": make_responses("w2", answers)})
    found = item_answers(small_study(survey=survey))
    assert found is not None
    assert found.values["governance_1.base"] == len(table) - 5
    assert found.values["governance_1.answered"] <= len(table) - 7


def test_reliability_is_that_of_the_functions(study: Study, results: dict[str, Result]) -> None:
    values = results["survey.reliability"].values
    items = _frame(study, "governance")
    alpha = cronbach_alpha(items)
    assert values["governance_scale.alpha"] == pytest.approx(alpha.alpha, abs=1e-12)
    assert (values["governance_scale.alpha_low"], values["governance_scale.alpha_high"]) == pytest.approx(alpha.ci)
    assert values["governance_scale.governance_2.item_rest"] == pytest.approx(alpha.item_rest["governance_2"])
    both = items.join(_frame(study, "frontline"))
    model = cfa(both, {level: [f"{level}_{n}" for n in (1, 2, 3)] for level in LEVELS})
    assert (values["cfa.chi2"], values["cfa.df"], values["cfa.n"]) == (pytest.approx(model.chi2), model.df, model.n)
    assert values["frontline_scale.frontline_1.loading"] == pytest.approx(model.loadings.loc["frontline_1", "std"])


def test_an_item_keyed_the_wrong_way_is_told_and_not_turned_round(study: Study) -> None:
    scales = (replace(study.survey.scales[0], reverse=("governance_1",)), study.survey.scales[1])
    found = reliability(small_study(survey=replace(study.survey, scales=scales)))
    assert found is not None
    assert any("go against the others" in told and "governance_1" in told for told in found.caveats)


def test_reliability_is_refused_with_two_items(study: Study) -> None:
    two = tuple(replace(scale, items=scale.items[:2]) for scale in study.survey.scales)
    with pytest.raises(NotComputable, match="at least 3 items"):
        reliability(small_study(survey=replace(study.survey, scales=two)))
    one = (study.survey.scales[0], two[1])
    found = reliability(small_study(survey=replace(study.survey, scales=one)))
    assert found is not None
    assert any("No factor model" in told for told in found.caveats)
    assert "frontline_scale.alpha" not in found.values


def test_aggregation_is_that_of_the_functions(study: Study, results: dict[str, Result]) -> None:
    values = results["survey.aggregation"].values
    items = _frame(study, "governance")
    sites = [str(person).split("-")[0] for person in items.index]
    scores = items.mean(axis=1).where(items.notna().sum(axis=1) >= 2)
    expected = icc(scores.to_numpy(), sites)
    assert values["governance_scale.icc1"] == pytest.approx(expected.icc1)
    assert values["governance_scale.icc2"] == pytest.approx(expected.icc2)
    assert values["governance_scale.f"] == pytest.approx(expected.f)
    uniform = rwg_j(items.to_numpy(), sites, 2.0)
    assert values["governance_scale.rwg_uniform"] == pytest.approx(uniform.median())
    assert values["site.s3.governance_scale.rwg_skewed"] == pytest.approx(rwg_j(items.to_numpy(), sites, 1.34)["s3"])
    assert values["governance_scale.ad"] == pytest.approx(average_deviation(items.to_numpy(), sites).median())
    assert values["agency.health.deviation"] < 0
    assert values["agency.health.p_holm"] >= values["agency.health.p"]


def test_one_rater_has_no_agreement() -> None:
    rows = [("w2", f"s{n}", "health", "officer", f"p{n}", "complete") for n in range(1, 5)]
    answers = {f"p{n}": {f"{level}_{i}": str(1 + n % 4) for level in LEVELS for i in (1, 2)} for n in range(1, 5)}
    scales = make_scales(LEVELS)
    survey = Survey(make_instrument(scales), scales, make_roster(rows), {"w2": make_responses("w2", answers)})
    found = aggregation(make_study(sites=SITES, survey=survey))
    assert found is not None
    assert found.values["single_rater"] == 4
    assert found.values["governance_scale.rwg_uniform"] is None
    assert "governance_scale.icc1" not in found.values
    assert any("One rater has no agreement" in told for told in found.caveats)
    assert any("two groups" in told or "two values" in told for told in found.caveats)


def test_change_is_the_difference_of_the_waves_scores(results: dict[str, Result]) -> None:
    values = results["survey.change"].values
    scores = {}
    for wave in ("w1", "w2"):
        found = level_scores(small_study(plan={"survey": {"wave": wave}}))
        assert found is not None
        scores[wave] = found.sites
    away = [scores["w2"][site.id]["governance"] - scores["w1"][site.id]["governance"] for site in SITES]
    assert values["governance.change"] == pytest.approx(math.fsum(away) / len(away))
    assert values["governance.sites_up"] == sum(one > 0 for one in away)
    assert values["governance.these.low"] == values["governance.change"]
    assert values["governance.like_these.low"] < values["governance.change"]
    assert values["governance.like_these.p_holm"] >= values["governance.like_these.p"]
    assert values["people_both"] < min(values["people_first"], values["people_second"])
    mean = (scores["w2"]["s5"]["governance"] + scores["w2"]["s5"]["frontline"]) / 2
    assert values["site.s5.second"] == pytest.approx(mean)


def test_one_wave_has_no_change(study: Study) -> None:
    only = replace(study.survey, responses={"w2": study.survey.responses["w2"]})
    assert compared_waves(small_study(survey=only)) is None
    assert change_result(small_study(survey=only)) is None


def test_change_is_refused_with_two_sites_in_both_waves(study: Study) -> None:
    few = tuple(
        replace(e, outcome="no contact") if e.wave == "w1" and e.site not in ("s1", "s2") else e
        for e in study.survey.roster
    )
    with pytest.raises(NotComputable, match=r"Governance: .* at least 3 sites"):
        change_result(small_study(survey=replace(study.survey, roster=few)))


def test_sensitivity_is_that_of_the_functions(study: Study, results: dict[str, Result]) -> None:
    values = results["survey.sensitivity"].values
    stem = "governance_vs_frontline"
    scores = level_scores(study)
    assert scores is not None
    table = pd.DataFrame.from_dict({site: dict(found) for site, found in scores.sites.items()}, orient="index")[
        list(LEVELS)
    ]
    mixed = mixed_level_contrasts(table).iloc[0]
    assert values[f"{stem}.mixed.estimate"] == pytest.approx(mixed["estimate"])
    assert values[f"{stem}.mixed.low"] == pytest.approx(mixed["low"])
    away = table["governance"] - table["frontline"]
    assert values[f"{stem}.paired.estimate"] == pytest.approx(away.mean())
    assert values[f"{stem}.permutation.p"] == sign_flip_test(away.to_numpy()).p
    assert values[f"{stem}.complete_cases.df"] <= 11
    assert 0 < values[f"{stem}.imputed.df"] < 11
    items = {level: _frame(study, level) for level in LEVELS}
    people = [items[level].mean(axis=1).where(items[level].notna().sum(axis=1) >= 1.5) for level in LEVELS]
    points = np.floor(np.concatenate(people) + 0.5)
    sites = [str(person).split("-")[0] for person in items["governance"].index]
    odds = proportional_odds(points, np.repeat([1.0, 0.0], len(sites)), sites * 2)
    assert values[f"{stem}.proportional_odds.odds_ratio"] == pytest.approx(odds.terms["odds_ratio"].iloc[0])
    assert values[f"{stem}.raked.estimate"] == pytest.approx(values[f"{stem}.unweighted.estimate"], abs=0.1)


def test_what_can_not_be_imputed_or_weighted_is_told(study: Study) -> None:
    twice = (*study.survey.scales, replace(study.survey.scales[0], id="again", label="Again"))
    few = tuple(replace(e, agency="trust") if e.person == "s1-police-1" else e for e in study.survey.roster)
    found = sensitivity(small_study(survey=replace(study.survey, scales=twice, roster=few)))
    assert found is not None
    assert any("Nothing was imputed" in told and "two scales" in told for told in found.caveats)
    assert any("Not weighted to the roster" in told for told in found.caveats)
    assert "governance_vs_frontline.imputed.estimate" not in found.values
    assert "governance_vs_frontline.paired.estimate" in found.values


def test_sensitivity_is_refused_with_two_sites(study: Study) -> None:
    few = tuple(replace(e, outcome="no contact") if e.site not in ("s1", "s2") else e for e in study.survey.roster)
    with pytest.raises(NotComputable, match="Fewer than 3 sites"):
        sensitivity(small_study(survey=replace(study.survey, roster=few)))


def site_table_by_hand() -> pd.DataFrame:
    """What the managers of `small_study` say of their sites."""
    formal = [at % 3 == 0 for at in range(12)]
    said = ["yes" if one else "no" for one in formal]
    staff = [5.0 + at % 2 + 20 * one for at, one in enumerate(formal)]
    return pd.DataFrame({"pooled": said, "joint": said, "staff": staff}, index=[site.id for site in SITES])


def test_typology_finds_the_types_that_were_made(results: dict[str, Result]) -> None:
    values = results["survey.typology"].values
    assert (values["types"], values["type_1.sites"], values["type_2.sites"]) == (2, 8, 4)
    assert values["site.s1.type"] == values["site.s4.type"] == 2
    assert values["pooled.type_2"] == "Yes"
    assert values["staff.type_2"] == 25.5
    assert values["pooled.strength"] == pytest.approx(1)
    expected = typology(site_table_by_hand(), 2, "average", seed=20030711)
    assert values["silhouette"] == pytest.approx(expected.silhouette)
    assert values["type_2.stability"] == pytest.approx(expected.stability[2])
    assert values["staff.strength"] == pytest.approx(expected.items.loc["staff", "strength"])


@pytest.mark.parametrize(
    ("items", "reason"),
    [(["pooled"], "at least two items"), (["pooled", "nothing"], "nothing is no select_one")],
)
def test_typology_is_refused(items: list[str], reason: str) -> None:
    plan = {"survey": {"wave": "w2", "site_role": "manager", "typology": items}}
    with pytest.raises(NotComputable, match=reason):
        typology_result(small_study(plan=plan))


def test_no_plan_no_typology() -> None:
    assert typology_result(small_study(plan={"survey": {"wave": "w2"}})) is None


@pytest.mark.parametrize("analysis", [nonresponse, item_answers, reliability, aggregation, change_result, sensitivity])
def test_a_study_without_a_survey_has_none_of_it(analysis: Callable[[Study], Result | None]) -> None:
    assert analysis(make_study()) is None
