"""Means of few: hidden or coarse, in every result that took them over; totals above the authority in every table. SIMULATED."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.disclosure import PROFILES
from joinedup.report.gate.as_shown import as_shown
from joinedup.report.gate.digits import DIGITS, few_digits
from joinedup.report.gate.document import NOT_DRAWN, gated_result
from joinedup.report.gate.means import coarse
from joinedup.report.gate.values import Values, protected_values
from joinedup.study.expect import show
from joinedup.study.result import Result, Source, Value
from joinedup.study.site import Level
from tests.survey_sample import small_study

SCORES, CHANGE, QCA = "survey.level-scores", "survey.change", "synthesis.qca"
DISPLAY, ORDER, THEMES = "synthesis.site-display", "synthesis.case-ordered-display", "synthesis.statistics-by-theme"
FRONTLINE = "survey.level-scores : site.{site}.frontline"
SETS = [
    {"id": "frontline", "result": SCORES, "key": "site.{site}.frontline"},
    {"id": "poor", "indicator": "free_meals"},
]
SYNTHESIS = {
    "qca": {"set": SETS},
    "site-display": {
        "construct": [{"id": "there", "values": FRONTLINE, "n": "survey.level-scores:site.{site}.raters"}]
    },
    "case-ordered-display": {"outcome": FRONTLINE},
    "statistics-by-theme": {"codes": ["trust"], "measure": [{"id": "front", "values": FRONTLINE}]},
}
SITES = [f"s{n}" for n in range(1, 13)]
OPEN = ({"people": "people with a score", "reason": "A score tells of a site."},)


def result(id: str, values: Mapping[str, Value], rows: Mapping[str, Sequence[int]] | None = None) -> Result:
    sources = {key: (Source("survey/responses-w2.csv", tuple(found), ()),) for key, found in (rows or {}).items()}
    return Result(id=id, title=id, values=values, inputs="0", version="", methods="", sources=sources)


def gated(
    raters: Mapping[str, int],
    opened: Sequence[Mapping[str, str]] = (),
    others: Mapping[str, Mapping[str, Value]] = MappingProxyType({}),
) -> Values:
    scores: dict[str, Value] = {"raters": sum(raters.values()), "frontline.min": 2.123, "frontline.max": 4.456}
    for at, (site, n) in enumerate(raters.items()):
        scores |= {f"site.{site}.raters": n, f"site.{site}.frontline": 2.123 + at / 7}
    study = small_study(
        levels=(Level("frontline", "Frontline"),),
        synthesis=SYNTHESIS,
        settings={"disclosure": {"open": list(opened)}},
    )
    rows = {f"site.{site}": range(n) for site, n in raters.items()}
    results = {SCORES: result(SCORES, scores, rows)}
    results |= {id: result(id, values, rows) for id, values in others.items()}
    return protected_values(study, results, PROFILES["children-la"])


def raters(**few: int) -> dict[str, int]:
    return {site: few.get(site, 20 + at) for at, site in enumerate(SITES)}


def hidden_means(told: Values) -> set[str]:
    return {key.split(".")[1] for id, key in told.hidden if id == SCORES and key.endswith(".frontline")}


def test_a_mean_is_hidden_where_its_count_is_and_the_extremes_with_it() -> None:
    told = gated(raters(s3=4))
    marked = {key.split(".")[1] for id, key in told.hidden if id == SCORES and key.endswith(".raters")}
    assert "s3" in marked
    assert len(marked) > 1
    assert hidden_means(told) == marked, (
        "a mean that is told where its count is not would say which mark is a small one"
    )
    assert {(SCORES, "frontline.min"), (SCORES, "frontline.max")} <= told.hidden
    assert NOT_DRAWN in gated_result(result(SCORES, {"site.s3.frontline": 2.3}), told).caveats
    assert not gated_result(result(CHANGE, {"site.s3.change": 2.3}), told).caveats


def test_no_minus_stands_before_a_coarse_zero() -> None:
    assert str(coarse(-0.04, PROFILES["children-la"])) == "0.0"


def test_other_means_of_sites_are_told_coarsely() -> None:
    told = gated(raters())
    assert not hidden_means(told)
    assert told.changed[SCORES, "site.s2.frontline"] == 2.3
    assert told.changed[SCORES, "frontline.max"] == 4.5


def test_a_declared_reason_opens_the_means_and_leaves_them_coarse() -> None:
    told = gated(raters(s3=4), OPEN)
    assert not hidden_means(told)
    assert told.changed[SCORES, "site.s3.frontline"] == 2.4


def test_a_lone_hidden_mean_takes_the_one_of_fewest_answers_with_it() -> None:
    """Nothing counts the first wave's raters at a site: the rows behind the mean do."""
    first: dict[str, Value] = {f"site.{site}.first": 3.0 + at / 9 for at, site in enumerate(SITES)}
    told = gated(raters(s5=3, s8=9), others={CHANGE: first})
    marked = {key.split(".")[1] for id, key in told.hidden if id == CHANGE}
    assert marked == {"s5", "s8"}


def test_copies_are_told_as_their_origin_is() -> None:
    cases: dict[str, Value] = {}
    for site in SITES:
        cases |= {f"case.{site}.value.frontline": 2.345, f"case.{site}.in.frontline": 0.6789}
        cases |= {f"case.{site}.value.poor": 12.345, f"case.{site}.row": 3, f"case.{site}.solution": 0.6789}
    display: dict[str, Value] = {}
    for site in SITES:
        display |= {f"there.site.{site}.statistic": 2.345, f"there.site.{site}.n": 20.0}
        display[f"there.site.{site}.fit"] = "confirm"
    order: dict[str, Value] = {f"site.{site}.outcome": 2.345 for site in SITES}
    order |= {f"site.{site}.place": 3 for site in SITES}
    others = {QCA: cases, DISPLAY: display, ORDER: order}
    told = gated(raters(s3=4), others=others)
    at_s3 = {(id, key) for id, values in others.items() for key in values if ".s3" in key and "poor" not in key}
    assert at_s3 <= told.hidden
    assert (QCA, "case.s3.value.poor") not in told.changed
    shown = next(site for site in SITES if site not in hidden_means(told))
    assert told.changed[QCA, f"case.{shown}.value.frontline"] == told.changed[SCORES, f"site.{shown}.frontline"]
    assert told.changed[QCA, f"case.{shown}.in.frontline"] == 0.7
    assert (DISPLAY, f"there.site.{shown}.fit") not in told.changed


@pytest.mark.parametrize(("present", "shown"), [(1, 2.3), (10, 2.3), (11, None)])
def test_a_mean_over_the_few_sites_of_a_theme_is_told_coarsely(present: int, shown: float | None) -> None:
    values: dict[str, Value] = {
        "front.trust.present": present,
        "front.trust.absent": 11,
        "front.trust.mean_present": 2.345,
    }
    told = gated(raters(), others={THEMES: values})
    assert told.changed.get((THEMES, "front.trust.mean_present")) == shown
    less = gated(raters(s3=4), others={THEMES: values})
    assert (THEMES, "front.trust.mean_present") in less.hidden


@pytest.mark.parametrize(("n", "told"), [(10, "c"), (11, 0.7)])
def test_how_far_few_persons_lie_apart_is_not_told(n: int, told: Value) -> None:
    values: dict[str, Value] = {"site.s1.raters": n, "site.s1.agency_range": 0.6789, "site.s2.raters": 30}
    study = small_study(settings={"disclosure": {"open": list(OPEN)}})
    found = protected_values(
        study, {"survey.aggregation": result("survey.aggregation", values)}, PROFILES["children-la"]
    )
    assert found.changed["survey.aggregation", "site.s1.agency_range"] == told


def test_what_sums_up_hidden_counts_of_sites_is_hidden_with_them() -> None:
    """The median of three sites is one site's count; "18 sites have a single rater" may name them all."""
    keys = ("raters.min", "raters.max", "raters.median", "single_rater", "agency_range.sites")
    values: dict[str, Value] = {f"site.{site}.raters": 4 if site == "s2" else 30 for site in SITES}
    values |= dict.fromkeys(keys, 7)
    id = "survey.aggregation"
    told = protected_values(small_study(), {id: result(id, values)}, PROFILES["children-la"])
    assert {(id, key) for key in keys} <= told.hidden
    fuller = protected_values(small_study(), {id: result(id, values | {"site.s2.raters": 30})}, PROFILES["children-la"])
    assert not fuller.hidden


@pytest.mark.parametrize(("sites", "told"), [(10, 2.3), (11, None)])
def test_a_mean_over_few_sites_is_told_coarsely(sites: int, told: float | None) -> None:
    """The mean and the standard deviation of two sites are the two sites."""
    values: dict[str, Value] = {f"site.{site}.frontline": 2.345 for site in SITES[:sites]}
    study = small_study(levels=(Level("frontline", "Frontline"),))
    found = protected_values(
        study, {SCORES: result(SCORES, values | {"frontline.mean": 2.345})}, PROFILES["children-la"]
    )
    assert found.changed.get((SCORES, "frontline.mean")) == told


def test_nobody_of_a_few_is_not_told() -> None:
    """Nobody answered of 3 who were asked: a 0 is told of larger groups only."""
    values: dict[str, Value] = {f"site.{site}.asked": 3 if site == "s2" else 30 for site in SITES}
    values |= {f"site.{site}.answered": 0 if site in ("s2", "s3") else 20 for site in SITES}
    told = protected_values(
        small_study(), {"survey.response": result("survey.response", values)}, PROFILES["children-la"]
    )
    assert ("survey.response", "site.s2.answered") in told.hidden
    assert ("survey.response", "site.s3.answered") not in told.hidden or (
        "survey.response",
        "site.s3.asked",
    ) in told.hidden


def test_totals_above_the_authority_are_rounded_in_tables_without_sites_too() -> None:
    values: dict[str, Value] = {
        "wave.w1.asked": 248,
        "wave.w1.answered": 222,
        "people_asked": 256,
        "people_answered": 213,
        "rate": 213 / 256,
        "agency.health.asked": 120,
        "agency.education.asked": 136,
    }
    study = small_study()
    told = protected_values(study, {"survey.response": result("survey.response", values)}, PROFILES["children-la"])
    shown = {key: value for (_, key), value in told.changed.items()}
    assert shown == {
        "wave.w1.asked": 250,
        "wave.w1.answered": 220,
        "people_asked": 260,
        "people_answered": 210,
        "rate": 0.832,
    }, "the share is that of the persons, to one decimal of a per cent"
    asked = {"people": "asked", "reason": "Counted over all sites."}
    answers = {
        "survey.item-answers": result("survey.item-answers", {"governance_1.base": 213, "governance_1.answered": 210})
    }
    survey = {"survey.response": result("survey.response", values)}
    opened = small_study(settings={"disclosure": {"open": [asked]}})
    both = protected_values(opened, survey | answers, PROFILES["children-la"])
    assert {key for _, key in both.changed} == {"wave.w1.asked", "wave.w1.answered"}, "213 stands exactly elsewhere"
    alone = small_study(sites=study.sites[:1])
    one = protected_values(alone, {"survey.response": result("survey.response", values)}, PROFILES["children-la"])
    assert "people_asked" not in {key for _, key in one.changed}, "one site's total is not above it"


@given(st.floats(0.001, 9999.0, allow_nan=False), st.sampled_from([".3g", ".2g", ".4g"]))
def test_fewer_digits_print_the_same(value: float, form: str) -> None:
    assert show(few_digits(value), form) == show(float(f"{value:.14g}"), form)


def test_a_released_figure_has_five_digits() -> None:
    of_persons = gated_result(
        result("survey.reliability", {"s.alpha": 0.123456789}), Values({}, (), PROFILES["secure"])
    )
    assert of_persons.values["s.alpha"] == 0.12346
    official = gated_result(result("impact.did", {"x.estimate": 0.123456789}), Values({}, (), PROFILES["secure"]))
    assert official.values["x.estimate"] == 0.123456789
    assert DIGITS == 5
    assert [
        few_digits(value) for value in (0.1234549, 2.2399999999999998, 76753.72, 212345.0, 17, "c", None, float("inf"))
    ] == [
        0.12346,
        2.24,
        76753.7,
        212345.0,
        17,
        "c",
        None,
        float("inf"),
    ]


@pytest.mark.parametrize(
    ("value", "before", "told"),
    [
        (4.0, "4", "4.0"),
        (3.8, "3.80", "3.8"),
        (0.852, "85.21%", "85.2%"),
        ("c", "Ashby*", "c"),
        (0.9, "Ashby*", "Ashby*"),
    ],
)
def test_coarse_figures_have_one_decimal_and_names_stay_names(value: Value, before: str, told: str) -> None:
    """The truth table of a QCA leads to a site's membership by the site's name."""
    assert as_shown(value, before) == told
