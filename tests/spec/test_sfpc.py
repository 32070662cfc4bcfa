"""The study of Strengthening Families, Protecting Children on the real official files: every published point of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from joinedup.adapters.official import attach
from joinedup.impact.results import ANALYSES as IMPACT
from joinedup.indicators.panel import panel, published
from joinedup.indicators.results import ANALYSES as INDICATORS
from joinedup.study.folder import read_folder
from joinedup.study.model import Study
from joinedup.study.registry import KIND_BY_ID, KeyChecker
from joinedup.study.result import Result

pytestmark = pytest.mark.shared

_CODE = re.compile(r" E\d{8}$")
"""A name that two codes have had is followed by the code."""
CONTAMINATED = {
    "Hertfordshire",
    "Leeds",
    "North Yorkshire",
    "Bracknell Forest",
    "Luton",
    "Peterborough",
    "West Berkshire",
}


def no_instrument(_: bytes, name: str) -> None:
    raise AssertionError(f"the study has no survey, but {name}")


@pytest.fixture(scope="module")
def declared(root: Path) -> Study:
    study, problems = read_folder(root / "examples" / "sfpc", no_instrument)
    assert problems == ()
    return study


@pytest.fixture(scope="module")
def study(declared: Study, shared: Path) -> Study:
    return attach(declared, shared / "real" / "sfpc", lambda *_: None)


@pytest.fixture(scope="module")
def results(study: Study) -> Mapping[str, Result]:
    found = {id: analysis(study) for id, analysis in {**INDICATORS, **IMPACT}.items()}
    # There is no survey, no spending after 2019, and no map of hexagons in the folder.
    none = {"impact.dose-response", "impact.costs", "indicators.site-change"}
    assert {id for id, result in found.items() if result is None} == none
    return {id: result for id, result in found.items() if result is not None}


def test_every_key_is_registered(study: Study, results: Mapping[str, Result]) -> None:
    checker = KeyChecker(study)
    assert [(id, key) for id, result in results.items() for key in result.values if not checker.knows(id, key)] == []
    assert set(results) <= set(KIND_BY_ID)


def test_rows_codes_and_codes_in_all_years(results: Mapping[str, Result]) -> None:
    values = results["indicators.quality"].values
    for indicator in ("looked_after", "starts", "looked_after_rate", "population", "ceased"):
        assert values[f"{indicator}.rows"] == 2144
        assert values[f"{indicator}.codes"] == 163
        assert values[f"{indicator}.codes_all_periods"] == 143


def test_marks_are_kept_as_published(study: Study, results: Mapping[str, Result]) -> None:
    values = results["indicators.quality"].values
    assert (values["looked_after.marked"], values["starts.marked"]) == (21, 30)
    assert values["looked_after.empty"] == 156
    starts = published(study, "starts")
    assert starts["mark"].value_counts().to_dict() == {"": 2114, "z": 24, "x": 5, "c": 1}
    assert starts[starts["mark"] != ""]["value"].isna().all()


@pytest.mark.parametrize(
    ("key", "total"),
    [
        ("looked_after.total.2011", 65524),
        ("looked_after.total.2017", 72669),
        ("starts.total.2011", 27301),
        ("starts.total.2017", 32805),
        ("looked_after.total.2024", 83632),
    ],
)
def test_totals(results: Mapping[str, Result], key: str, total: int) -> None:
    assert results["indicators.quality"].values[key] == total


def test_totals_agree_with_the_published_ones_within_rounding(results: Mapping[str, Result]) -> None:
    result = results["indicators.quality"]
    assert result.values["looked_after.sites.2024"] == 153
    assert [row[4] for row in result.tables[1].rows] == [4, -1, -9, -5]
    assert [row[-1] for row in result.tables[1].rows] == ["yes"] * 4
    assert result.caveats == ()


@pytest.mark.parametrize(
    ("group", "means", "n"),
    [
        ("programme", (91.11, 90.50), (18, 18)),
        ("all_others", (71.93, 73.85), (131, 135)),
        ("comparison", (72.78, 74.70), (124, 128)),
    ],
)
def test_mean_rates(results: Mapping[str, Result], group: str, means: tuple[float, ...], n: tuple[int, ...]) -> None:
    values = results["indicators.trends"].values
    for period, mean, sites in zip(("2019", "2024"), means, n, strict=True):
        assert round(values[f"looked_after_rate.{group}.{period}"], 2) == mean
        assert values[f"looked_after_rate.n_{group}.{period}"] == sites


def test_mean_rates_of_the_codes_with_both_ends(results: Mapping[str, Result]) -> None:
    """127 codes have a rate at both ends: 72.41 to 74.34. Earlier adopters are still among them: without, it is 121."""
    values = results["indicators.trends"].values
    assert values["looked_after_rate.n_all_others_both"] == 127
    assert round(values["looked_after_rate.all_others_both.2019"], 2) == 72.41
    assert round(values["looked_after_rate.all_others_both.2024"], 2) == 74.34
    assert values["looked_after_rate.n_comparison_both"] == 121
    assert round(values["looked_after_rate.comparison_both.2019"], 2) == 73.02
    assert round(values["looked_after_rate.comparison_both.2024"], 2) == 75.02


def test_the_naive_difference_is_no_estimate_of_impact(results: Mapping[str, Result]) -> None:
    values = results["indicators.trends"].values
    change = {
        g: values[f"looked_after_rate.{g}.2024"] - values[f"looked_after_rate.{g}.2019"]
        for g in ("programme", "all_others")
    }
    assert round(change["programme"] - change["all_others"], 1) == -2.5
    for id in (id for id in results if id.startswith("impact.")):
        assert not any(key.startswith(("looked_after_rate.", "starts_rate.")) for key in results[id].values)
        assert [table.id for table in results[id].tables].count("refused") == 1
    for id in ("impact.did", "impact.event-study"):
        assert results[id].values["refused"] == 2
        assert sum("at least 2 periods before the programme began" in caveat for caveat in results[id].caveats) == 2


def test_eighteen_sites_six_to_a_model(study: Study) -> None:
    models = [site.model for site in study.programme_sites]
    assert {model: models.count(model) for model in set(models)} == {
        "Family Valued": 6,
        "Family Safeguarding": 6,
        "No Wrong Door": 6,
    }
    assert sum(site.extra.get("step") == "trailblazer" for site in study.programme_sites) == 3


def test_earlier_adopters_are_out_of_the_comparison_and_listed(study: Study, results: Mapping[str, Result]) -> None:
    left_out = {
        _CODE.sub("", str(name))
        for name, reason in results["indicators.balance"].tables[1].rows
        if "abolished" not in str(reason)
    }
    assert left_out == CONTAMINATED
    names = {site.id: site.name for site in study.sites}
    rows = {site for site, *_ in panel(study, "looked_after")[["site"]].itertuples(index=False)}
    assert {names[site] for site in rows} >= CONTAMINATED  # in the panel, but not in the design:
    assert results["impact.did"].values["comparison_sites"] == 121


def test_recoded_areas_are_one_series_and_split_ones_dropped(study: Study, results: Mapping[str, Result]) -> None:
    frame = panel(study, "looked_after")
    for code in ("E06000057", "E08000037", "E06000060", "E06000065", "E06000066"):
        assert frame[(frame["site"] == code) & frame["value"].notna()]["period"].nunique() == 13
    dropped = {"E10000009", "E06000059", "E06000058", "E10000021", "E06000061", "E06000062"}
    dropped |= {"E10000006", "E06000063", "E06000064"}
    dropped |= {"E06000028", "E06000029"}  # Bournemouth and Poole: the new council is more than the two
    assert not dropped & set(frame["site"])
    told = next(caveat for caveat in results["impact.did"].caveats if "of areas that were split" in caveat)
    assert "11 codes of areas that were split were dropped" in told
    assert all(code in told for code in dropped)


def test_the_gap_of_2018_stays_a_gap(study: Study, results: Mapping[str, Result]) -> None:
    assert panel(study, "looked_after").query("period == '2018'")["value"].isna().all()
    values = results["impact.event-study"].values
    assert values["looked_after.n_after"] == 4
    assert "looked_after.before_3.estimate" not in values  # 2021 - 3
    assert {"looked_after.before_2.estimate", "looked_after.before_4.estimate"} <= set(values)
    assert results["impact.did"].values["looked_after.n_before"] == 8


def test_spending_in_prices_of_2019(results: Mapping[str, Result]) -> None:
    result = results["indicators.expenditure"]
    values = result.values
    periods = [key.rsplit(".", 1)[1] for key in values if key.startswith("spend_looked_after.programme.2")]
    assert periods == ["2012", "2014", "2017", "2018", "2019"]
    assert [key for key in values if key.startswith("spend_per_child.programme.2")] == [
        "spend_per_child.programme.2019"
    ]
    assert any("no deflator for 2009" in caveat for caveat in result.caveats)
    assert values["spend_looked_after.n_programme"] == 18


def test_spending_is_the_line_of_the_return(study: Study) -> None:
    """City of London, read in the published workbooks: line 14 of 2008-09 and line 12 of 2011-12."""
    frame = published(study, "spend_looked_after").set_index(["site", "period"])["value"]
    assert frame["E09000001", "2009"] == 87127
    assert frame["E09000001", "2012"] == 657833


def test_every_file_read_is_recorded(study: Study, results: Mapping[str, Result]) -> None:
    recorded = study.settings["data"]["sha256"]
    read = {
        source.file for result in results.values() for key in ("", *result.values) for source in result.sources_of(key)
    }
    assert read
    assert read <= set(recorded)
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in recorded.values())


def test_the_declared_assumption_is_said_beside_every_estimate(results: Mapping[str, Result]) -> None:
    for id in ("impact.did", "impact.event-study"):
        text = " ".join(results[id].caveats)
        for words in ("Start dates are assumptions", "COVID-19", "towards the mean", "left out of the comparison"):
            assert words in text
    assert [row[1] for row in results["impact.did"].tables[1].rows] == [0, 12, 18, 24] * 2


def test_two_routes_agree_on_the_estimate(study: Study, results: Mapping[str, Result]) -> None:
    """The projector of randomisation inference and the fixed-effects regression give the same coefficient."""
    from joinedup.impact.cells import cells
    from joinedup.impact.randomization import randomization_test

    found = cells(study, study.indicator_by_id["looked_after"], 6)
    test = randomization_test(found.frame, "outcome", "site", "period", "adopted", draws=9, seed=1)
    assert test.estimate == pytest.approx(results["impact.did"].values["looked_after.estimate"], abs=1e-10)


def demeaned(values: np.ndarray) -> np.ndarray:
    return values - values.mean(axis=0) - values.mean(axis=1, keepdims=True) + values.mean()


@pytest.fixture(scope="module")
def children(study: Study) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Log counts of children looked after (sites x years, 2018 missing), which sites are the programme's, the years."""
    frame = panel(study, "looked_after")
    excluded = {site.id for site in study.sites if site.excluded}
    frame = frame[~frame["site"].isin(excluded) & (frame["value"] > 0)]
    wide = np.log(frame.pivot(index="site", columns="period", values="value").dropna())
    programme = {site.id for site in study.programme_sites}
    return wide.to_numpy(), np.array([site in programme for site in wide.index]), [int(year) for year in wide.columns]


def two_way(y: np.ndarray, own: np.ndarray, late: list[bool]) -> float:
    """The two-way coefficient of a balanced panel."""
    d = demeaned(np.outer(own, late).astype(float))
    return float((d * demeaned(y)).sum() / (d * d).sum())


def test_the_sign_depends_on_the_years_one_looks_back_to(
    children: tuple[np.ndarray, np.ndarray, list[int]], results: Mapping[str, Result]
) -> None:
    y, own, years = children
    assert (y.shape, own.sum()) == ((139, 13), 18)
    assert 2018 not in years
    curve = results["impact.specification-curve"].values
    rows = {
        tuple(curve[f"looked_after.spec_{n}.{name}"] for name in ("coding", "lag", "excluded", "before")): n
        for n in range(1, int(curve["looked_after.specifications"]) + 1)
    }
    late = [year >= 2021 for year in years]
    for before, since in ((0, 2011), (4, 2015), (1, 2019)):
        kept = [year >= since for year in years]
        by_hand = two_way(y[:, kept], own, [one for one, k in zip(late, kept, strict=True) if k])
        n = rows["declared", 6, "left out", before]
        assert curve[f"looked_after.spec_{n}.estimate"] == pytest.approx(by_hand, abs=1e-9)
    assert curve["looked_after.before_all.low"] > 0 > curve["looked_after.before_1.high"]
    assert (curve["looked_after.clear"], curve["starts.clear"]) == (0, 0)
    assert curve["looked_after.specifications"] == 4 * 5 * 2 * 3


def test_each_design_agrees_with_numpy(
    children: tuple[np.ndarray, np.ndarray, list[int]], results: Mapping[str, Result]
) -> None:
    y, own, years = children
    late = np.array([year >= 2021 for year in years])
    whole = two_way(y, own, late.tolist())
    for id in ("did", "randomisation", "sensitivity", "precision", "multiplicity"):
        assert results[f"impact.{id}"].values["looked_after.estimate"] == pytest.approx(whole, abs=1e-9)
    last = y[:, years.index(2020)]
    events = results["impact.event-study"].values
    groups = results["impact.group-time"].values
    for at, year in enumerate(years):
        if year == 2020:
            continue
        change = y[:, at] - last
        by_hand = change[own].mean() - change[~own].mean()
        name = f"after_{year - 2021}" if year >= 2021 else f"before_{2021 - year}"
        assert events[f"looked_after.{name}.estimate"] == pytest.approx(by_hand, abs=1e-9)
        assert groups[f"looked_after.cohort_2021.in_{year}.estimate"] == pytest.approx(by_hand, abs=1e-9)
    change = y[:, late].mean(axis=1) - y[:, ~late].mean(axis=1)
    sites = results["impact.site-effects"].values
    effects = change[own] - change[~own].mean()
    assert sites["looked_after.spread"] == pytest.approx(effects.std(ddof=1))
    assert sites["looked_after.mean"] == pytest.approx(whole, abs=1e-9)
    synthetic = results["impact.synthetic-did"].values
    paths = [synthetic[f"looked_after.programme.{year}"] for year in years]
    assert paths == pytest.approx(y[own].mean(axis=0))
    assert abs(synthetic["looked_after.estimate"]) < abs(synthetic["looked_after.se"])


def test_no_design_finds_an_effect_and_none_could_have_found_the_smallest_of_interest(
    results: Mapping[str, Result],
) -> None:
    for outcome in ("looked_after", "starts"):
        for id in ("synthetic-did", "randomisation", "group-time"):
            key = f"{outcome}.simple.p" if id == "group-time" else f"{outcome}.p"
            assert results[f"impact.{id}"].values[key] > 0.05
        precision = results["impact.precision"].values
        assert precision[f"{outcome}.detectable"] > precision[f"{outcome}.smallest_effect"] == 0.05
        assert precision[f"{outcome}.conclusion"] == "inconclusive"
        assert results["impact.sensitivity"].values[f"{outcome}.honest.breakdown"] == 0
    assert results["impact.event-study"].values["looked_after.pretrend_p"] < 0.05
    said = results["impact.randomisation"].methods
    assert "permutation test assuming exchangeability within the whole sample of sites; not design-based" in said


def test_fifty_one_reports_of_eighteen_authorities_before_and_after(study: Study) -> None:
    texts = study.texts.texts
    assert len(texts) == 51
    assert {text.site for text in texts} == {site.id for site in study.programme_sites}
    for site in study.programme_sites:
        dates = [text.date for text in texts if text.site == site.id]
        assert min(dates) < "2020-01" <= max(dates)
    assert min(text.date for text in texts) == "2013-08-16"
    assert all("Crown copyright" in text.extra["rights"] for text in texts)
    assert all(study.settings["data"]["sha256"][text.source] for text in texts)


def test_codings_by_keywords_say_so_and_quote_the_text(study: Study) -> None:
    contents = {text.id: text.content for text in study.texts.texts}
    assert study.texts.codings
    for coding in study.texts.codings:
        passage = coding.passage
        assert coding.automatic
        assert contents[passage.text][passage.start : passage.end] == passage.quote


def test_the_study_is_sound_and_its_findings_hold(study: Study) -> None:
    from joinedup.workflow.opening import check
    from joinedup.workflow.running import compute

    assert list(check(study)) == []
    results, findings = compute(study)
    assert {id: finding.verdict for id, finding in findings.items()} == {
        "higher_before": "supported",
        "rates_since": "qualified",
        "no_conclusion": "supported",
        "undecided": "supported",
        "links_open": "supported",
        "strands_far_apart": "supported",
        "sign_depends": "supported",
        "no_change_in_numbers": "inconclusive",
        "no_change_in_starts": "inconclusive",
        "growth_before": "supported",
        "spending_rose": "supported",
        "reports_themes": "qualified",
        "model_met": "qualified",
        "matched_in_part": "supported",
        "effect_by_theme": "supported",
        "where_to_go": "supported",
    }
    methods_of_synthesis(results, study)


def methods_of_synthesis(results: Mapping[str, Result], study: Study) -> None:
    cited = {piece.result for claim in study.claims for piece in claim.evidence} & {
        id for id, kind in KIND_BY_ID.items() if kind.strand == "synthesis"
    }
    assert len(cited) >= 6
    tracing = results["synthesis.process-tracing"].values
    low = (0.4 / 0.6) * (0.9 / 0.95) * (0.5 / 0.6) * (0.65 / 0.99)  # of each group the least telling piece
    high = (0.6 / 0.4) * (0.97 / 0.8) * (0.8 / 0.3) * (0.85 / 0.95)
    assert tracing["programme_lowered.low"] == pytest.approx(low / (1 + low))
    assert tracing["programme_lowered.high"] == pytest.approx(high / (1 + high))
    assert tracing["programme_lowered.verdict"] == "undecided"
    choice = results["synthesis.case-selection"].values
    assert (choice["chosen"], choice["sites"], choice["regret"], choice["proven"]) == (6, 18, 0, 1)
    assert "are proposed for case studies" in results["synthesis.case-selection"].methods
    triangle = results["synthesis.triangulation"].values
    assert (triangle["spending.indicators.texts.code"], triangle["rater_kappa"]) == ("silence", None)
    assert triangle["numbers.indicators.survey.code"] == "not asked"
    assert results["synthesis.pillar-integration"].values["alone"] == 4
    held = results["synthesis.confidence"].values
    assert (held["model_met.passages"], held["model_met.texts"], held["model_met.sites"]) == (0, 4, 4)
