"""Rows of a survey: no few share what they tell, whatever the study looks like; sites that were promised it stay unnamed. SIMULATED."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.disclosure.profiles import PROFILES
from joinedup.report.gate.row_items import columns_of
from joinedup.report.gate.row_risks import AnswerRow, groups_too_small, tells_who, with_merged
from joinedup.report.gate.rows import CHOICES, survey_rows
from joinedup.report.gate.values import Values, protected_values
from joinedup.study.model import Study, Survey
from joinedup.study.survey import Item
from joinedup.workflow.running import compute
from tests.builders import make_instrument, make_responses, make_roster, make_scales, make_sites, make_study
from tests.unit.deposit.test_deposit import declared, deposit, surveyed

PROFILE = PROFILES["children-la"]
PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["s1", "s2"]), st.sampled_from(["health", "police"]), st.sampled_from(["lead", "worker"])
    ),
    min_size=0,
    max_size=60,
)


def study_of(people: list[tuple[str, str, str]], answers: list[int]) -> Study:
    """A study of one wave in which person n of `people` gave answer n to the one question."""
    scales = make_scales(("governance",), items=1)
    rows = [("w1", site, agency, role, f"p{n}") for n, (site, agency, role) in enumerate(people)]
    given_ = {f"p{n}": {"governance_1": str(answers[n % len(answers)])} for n in range(len(people))}
    survey = Survey(make_instrument(scales), scales, make_roster(rows), {"w1": make_responses("w1", given_)})
    opened = {"open": [{"people": "asked", "reason": "Adults."}]}
    return declared(make_study(sites=make_sites(), survey=survey), disclosure=opened)


@settings(max_examples=60, deadline=None)
@given(PEOPLE, st.lists(st.integers(1, 5), min_size=1, max_size=7))
def test_whatever_is_kept_is_shared_by_enough_and_is_the_most_that_could_be(
    people: list[tuple[str, str, str]], answers: list[int]
) -> None:
    found = survey_rows(study_of(people, answers), Values({}, (), PROFILE))
    if not found.rows:
        assert found.refused
        assert len(people) <= PROFILE.threshold or len({answers[n % len(answers)] for n in range(len(people))}) == 1
        return
    names = [variable.name for variable in found.variables]
    told = [name for name in ("site", "agency", "role") if name in names]
    groups = Counter(tuple(row[names.index(name)] for name in told) for row in found.rows)
    assert min(groups.values()) > PROFILE.threshold
    assert len(found.rows) == len(people)
    rows = [
        AnswerRow(
            str(n), "w1", dict(zip(("site", "agency", "role"), one, strict=True)), {"q": str(answers[n % len(answers)])}
        )
        for n, one in enumerate(people)
    ]
    for richer in CHOICES[: CHOICES.index(tuple(told))]:
        assert groups_too_small(rows, richer, [Item("q", "select_one")], PROFILE)


def test_a_small_group_of_one_mind_is_not_told_apart() -> None:
    rows = [
        AnswerRow(str(n), "w1", {"agency": "police" if n < 7 else "health"}, {"q": "5" if n < 7 else str(n % 5)})
        for n in range(30)
    ]
    item = Item("q", "select_one")
    assert groups_too_small(rows, ("agency",), [item], PROFILE), "all seven of the police say 5"
    assert not groups_too_small(rows, (), [item], PROFILE)
    other = [dataclasses.replace(rows[0], given={"q": "4"}), *rows[1:]]
    assert not groups_too_small(other, ("agency",), [item], PROFILE)


def rating(agency: str, others: tuple[str, ...], rated: str, n: int) -> AnswerRow:
    """A person's rating of the agency `rated`: nobody rates the own one. `others` are the agencies of all people."""
    given_ = {"q": "-9" if agency == rated else str(n % 5 + 1), "r": str(n % 5 + 1)}
    return AnswerRow(f"{agency}{n}", "w1", {"site": others[n % 2], "agency": agency, "role": "worker"}, given_)


def test_agencies_put_together_are_not_told_apart_by_what_was_not_put_to_them() -> None:
    agencies = ("health", "police", "youth")
    rows = [rating(agency, agencies, "youth", n) for agency in agencies for n in range(20)]
    merged = with_merged(rows, {"police", "youth"})
    of_own, of_all = Item("q", "select_one"), Item("r", "select_one")
    assert tells_who(of_own, rows, merged, ("agency",)), "-9 says youth"
    assert not tells_who(of_own, rows, rows, ("agency",)), "the agency is told anyway"
    assert not tells_who(of_all, rows, merged, ("agency",))
    assert tells_who(of_own, rows, rows, ()), "without the agency -9 still says youth"
    skipping = [dataclasses.replace(row, given={"q": "-10" if n % 4 else "3"}) for n, row in enumerate(rows)]
    assert not tells_who(of_own, skipping, merged, ("agency",)), "a filter that somebody of each agency meets"


@pytest.mark.parametrize("profile", ["nhs", "rounded"])
def test_rows_tell_no_group_of_which_a_table_rounds_the_count(profile: str) -> None:
    people = [(site, agency, "worker") for site in ("s1", "s2") for agency in ("health", "police") for _ in range(11)]
    study = declared(
        study_of([*people, *people[:1]], [1, 2, 3, 4, 5]),
        disclosure={"profile": profile, "open": [{"people": "asked", "reason": "Adults."}]},
    )
    results, _ = compute(study)
    values = protected_values(study, results, PROFILES[profile])
    assert values.changed["survey.response", "site.s1.answered"] == 25
    names = [variable.name for variable in survey_rows(study, values).variables]
    assert names, "45 rows may leave"
    assert not {"site", "agency", "role"} & set(names), "23 rows of a site would undo 25"


def test_several_answers_become_a_column_an_option() -> None:
    item = Item("kinds", "select_multiple", "Which?", {"a": "A", "b": "B", "-8": "don't know"})
    columns = list(columns_of(item))
    assert [column.variable.name for column in columns] == ["kinds_a", "kinds_b"]
    assert [[column.of({"kinds": answer}) for column in columns] for answer in ("a b", "b", "-8", "")] == [
        ["1", "1"],
        ["0", "1"],
        ["-8", "-8"],
        ["", ""],
    ]


def test_sites_that_were_promised_it_are_in_no_file() -> None:
    study = surveyed()
    promised = declared(study, disclosure={**study.settings["disclosure"], "sites": "anonymous"})
    files = deposit(promised)
    assert "data/sites.csv" not in files
    names = [site.name for site in study.programme_sites]
    for path, content in files.items():
        assert not [name for name in names if f"{name},".encode() in content or f"{name}\n".encode() in content], path
