"""The same persons under several names: outcomes and who was asked, types and their sites, a wave and its headline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import pytest

from joinedup.disclosure import PROFILES, audit_release, protect_release
from joinedup.report.gate.counting import tables_of
from joinedup.report.gate.population import Population
from joinedup.report.gate.values import Values, protected_values
from joinedup.study.result import Result, Value
from joinedup.study.texts import Code
from tests.survey_sample import small_study

CHILDREN = PROFILES["children-la"]
RESPONSE, NONRESPONSE, SCORES = "survey.response", "survey.nonresponse", "survey.level-scores"
OUTCOMES = {"complete": 196, "partial": 17, "refused": 12, "not_eligible": 11, "unknown": 4, "no_contact": 21}


def gated(profile: str = "children-la", **values: Mapping[str, Value]) -> Values:
    results = {
        id: Result(id=id, title=id, values=own, inputs="", version="", methods="")
        for id, own in (
            (RESPONSE, values["response"]),
            (NONRESPONSE, values["nonresponse"]),
            (SCORES, values.get("scores")),
        )
        if own is not None
    }
    return protected_values(small_study(), results, PROFILES[profile])


def test_the_number_asked_is_a_sum_of_outcomes() -> None:
    """261 on the roster and 250 asked leave 11 not eligible: hiding those beside the 4 unknown would hide nothing."""
    roster = {"roster": 261, **{f"outcome.{name}": n for name, n in OUTCOMES.items()}}
    told = gated(response={"people_asked": 250, "people_answered": 213}, nonresponse=roster)
    open_ones = [name for name in OUTCOMES if (NONRESPONSE, f"outcome.{name}") in told.hidden]
    assert "unknown" in open_ones
    free = {name: range(214) if name in open_ones else [n] for name, n in OUTCOMES.items()}
    found = set()
    names = list(free)
    for values in product(*(free[name] for name in names if name != "unknown")):
        known = dict(zip((name for name in names if name != "unknown"), values, strict=True))
        unknown = 250 - known["complete"] - known["partial"] - known["refused"] - known["no_contact"]
        if known["complete"] + known["partial"] == 213 and known["not_eligible"] == 11 and unknown >= 0:
            found.add(unknown)
    assert len(found) >= 3


def test_rates_of_hidden_outcomes_go_with_them() -> None:
    rates: dict[str, Value] = {"rr1": 196 / 250, "rr2": 213 / 250, "rr6": 213 / 246, "contact_rate": 225 / 250}
    counts: dict[str, Value] = {"roster": 261, **{f"outcome.{name}": n for name, n in OUTCOMES.items()}}
    shares: dict[str, Value] = {f"outcome.{name}.share": n / 261 for name, n in OUTCOMES.items()}
    told = gated(response={"people_asked": 250, "people_answered": 213}, nonresponse={**counts, **shares, **rates})
    hidden = {key for id, key in told.hidden if id == NONRESPONSE}
    assert {"rr6", "contact_rate", "outcome.unknown.share"} <= hidden
    assert "rr1" not in hidden
    assert {f"{key}.share" for key in hidden if f"{key}.share" in shares} <= hidden


def test_a_type_is_the_sum_of_its_sites() -> None:
    """One hidden site of a type is what is left of the type: another site is hidden, or the type."""
    cities = ["s1", "s3", "s5", "s7", "s9", "s11"]
    sites = {f"s{n}": 4 if n == 1 else 20 + n for n in range(1, 13)}
    response = {f"site.{site}.asked": n for site, n in sites.items()} | {"people_asked": sum(sites.values())}
    city = sum(sites[site] for site in cities)
    types = {"type.city.asked": city, "type.county.asked": sum(sites.values()) - city}
    told = gated(response=response, nonresponse=types)
    hidden = {key for id, key in told.hidden if id == RESPONSE}
    assert "site.s1.asked" in hidden
    assert [site for site in cities[1:] if f"site.{site}.asked" in hidden] or (
        NONRESPONSE,
        "type.city.asked",
    ) in told.hidden
    other = gated(response=response, nonresponse={"type.city.asked": city + 7})
    assert (NONRESPONSE, "type.city.asked") not in other.hidden, "a type that counts others is no sum of these sites"


def test_a_share_of_a_category_goes_with_its_counts() -> None:
    nonresponse = {
        "agency.education.asked": 40, "agency.education.answered": 30, "agency.education.rate": 0.75,
        "agency.health.asked": 40, "agency.health.answered": 37, "agency.health.rate": 37 / 40,
    }  # fmt: skip
    told = gated(response={"people_asked": 80, "people_answered": 67}, nonresponse=nonresponse)
    hidden = {key for id, key in told.hidden if id == NONRESPONSE}
    assert {"agency.health.answered", "agency.health.rate"} <= hidden
    assert "agency.education.rate" in hidden, "the rest of those who answered"


@pytest.mark.parametrize(("opened", "total", "share"), [(True, 78, 0.975), (False, "c", "c")])
def test_an_open_total_is_not_rounded_for_the_sake_of_its_sites(opened: bool, total: Value, share: Value) -> None:
    study = small_study()
    study = replace(study, texts=replace(study.texts, codes=(Code("a", "A"),)))
    if opened:
        study = replace(
            study, settings={"disclosure": {"open": [{"people": "people interviewed", "reason": "adults"}]}}
        )
    values: dict[str, Value] = {
        "a.people": 78,
        "a.people_share": 0.975,
        "a.site.s1.people": 40,
        "a.site.s2.people": 36,
        "a.site.s3.people": 2,
    }
    theme = Result(id="texts.theme-matrix", title="", values=values, inputs="", version="", methods="")
    corpus = Result(id="texts.corpus", title="", values={"people": 80}, inputs="", version="", methods="")
    told = protected_values(study, {"texts.corpus": corpus, "texts.theme-matrix": theme}, CHILDREN)
    assert told.changed.get(("texts.theme-matrix", "a.people"), 78) == total
    assert told.changed.get(("texts.theme-matrix", "a.people_share"), 0.975) == share
    hidden = {key for _, key in told.hidden}
    assert "a.site.s3.people" in hidden and hidden & {"a.site.s1.people", "a.site.s2.people"}


def test_a_difference_of_shares_is_that_of_the_shares_as_shown() -> None:
    """Under a rounding profile exact differences would give exact counts back."""
    exact: dict[str, Value] = {
        "agency.health.asked": 41, "agency.health.answered": 23, "agency.health.roster_share": 41 / 99,
        "agency.health.respondent_share": 23 / 77, "agency.health.difference": 23 / 77 - 41 / 99,
        "agency.education.asked": 58, "agency.education.answered": 54,
    }  # fmt: skip
    told = gated("nhs", response={"people_asked": 99, "people_answered": 77}, nonresponse=exact)
    shares = {end: told.changed[NONRESPONSE, f"agency.health.{end}_share"] for end in ("roster", "respondent")}
    assert shares == {"roster": 0.4, "respondent": 0.33}
    assert told.changed[NONRESPONSE, "agency.health.difference"] == -0.07


def test_who_is_in_no_group_of_a_total_is_a_group_too() -> None:
    """107 people, 106 of them in professions that are told apart: the one who is left follows from the two."""
    people = Population("people")
    people.add(frozenset(), 107, ("texts.discourse", "people"))
    for profession, count in (("education", 40), ("health", 30), ("social_work", 36)):
        people.add(frozenset({("profession", profession)}), count, ("texts.discourse", f"{profession}.people"))
    safe = protect_release([table for table, _ in tables_of(people)])
    assert (safe[0].table == "c").any(axis=None)
    assert audit_release(safe) == []


def test_raters_are_hidden_where_those_who_answered_are() -> None:
    """10 asked, 9 answered: the one who did not is hidden by hiding the 9, and 9 raters would tell it again."""
    asked = {f"site.s{n}.asked": 10 for n in (1, 2, 3)} | {"people_asked": 30}
    answered = {"site.s1.answered": 9, "site.s2.answered": 10, "site.s3.answered": 10, "people_answered": 29}
    scores: dict[str, Value] = {"raters": 29, "site.s1.raters": 9, "site.s2.raters": 10, "site.s3.raters": 10}
    results = {
        id: Result(id=id, title=id, values=values, inputs="", version="", methods="")
        for id, values in ((RESPONSE, asked | answered), ("survey.level-scores", scores))
    }
    told = protected_values(small_study(), results, CHILDREN)
    hidden = {site for site in ("s1", "s2", "s3") if (RESPONSE, f"site.{site}.answered") in told.hidden}
    assert "s1" in hidden
    assert hidden == {
        site for site in ("s1", "s2", "s3") if ("survey.level-scores", f"site.{site}.raters") in told.hidden
    }
