"""What the sites said of themselves: one respondent a site, differing answers, missing kinds, several options."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.study.survey import Item
from joinedup.survey.answers import chosen, common_answer, option_counts, site_answers
from tests.builders import make_sites, make_study, make_survey

ITEMS = (
    Item("improved", "select_one", "Have outcomes improved?", {"yes": "Yes", "no": "No", "-8": "Don't know"}),
    Item("reasons", "select_multiple", "Reasons", {"money": "Money", "law": "Law"}),
    Item("remarks", "text", "Remarks"),
)
PLAN = {"wave": "w2", "site_role": "manager", "site_items": ["improved", "reasons"]}


def study_of(answers: Mapping[tuple[str, str], tuple[str, str]], plan: Mapping[str, object] = PLAN) -> Study:
    """Managers of sites from (site, person) -> (improved, reasons)."""
    given = {
        (site, "health", who): {"improved": one, "reasons": many, "remarks": "."}
        for (site, who), (one, many) in answers.items()
    }
    survey = make_survey(given, items=ITEMS, roles={who: "manager" for _, who in answers})
    return make_study(sites=make_sites(5), survey=survey, plan={"survey": plan})


STUDY = study_of(
    {
        ("s1", "p1"): ("yes", "money law"),
        ("s2", "p2"): ("no", "law"),
        ("s3", "p3"): ("-8", "-7"),
        ("s4", "p4"): ("yes", ""),
        ("s4", "p5"): ("no", "law"),
    }
)


def test_counts_by_hand() -> None:
    found = site_answers(STUDY)
    assert found is not None
    values = found.values
    assert (values["sites"], values["respondents"]) == (4, 5)
    assert (values["improved.answered"], values["improved.differing"]) == (2, 1)
    assert (values["improved.yes"], values["improved.no"], values["improved.yes.share"]) == (1, 1, 0.5)
    assert "improved.8" not in values  # "don't know" is a missing kind, not an option
    assert (values["reasons.answered"], values["reasons.law"], values["reasons.money"]) == (3, 3, 1)
    assert values["reasons.law.share"] == 1
    assert all(KeyChecker(STUDY).knows(found.id, key) for key in values)


def test_a_site_that_differs_is_named() -> None:
    found = site_answers(STUDY)
    assert found is not None
    assert [text for text in found.caveats if "Site 4" in text and "differ" in text]


def test_sources_are_the_rows_that_gave_the_option() -> None:
    found = site_answers(STUDY)
    assert found is not None
    (source,) = found.sources_of("reasons.money.share")
    assert (source.file, source.rows, source.columns) == ("survey/responses-w2.csv", (2,), ("reasons",))
    assert found.sources_of("improved.answered")[0].rows == (2, 3, 5, 6)


def test_two_who_agree_are_one_site() -> None:
    found = site_answers(study_of({("s1", "p1"): ("yes", "law"), ("s1", "p2"): ("yes", "law")}))
    assert found is not None
    assert (found.values["improved.yes"], found.values["improved.differing"]) == (1, 0)


def test_nobody_answered_the_item() -> None:
    found = site_answers(study_of({("s1", "p1"): ("-9", "-10")}))
    assert found is not None
    assert (found.values["improved.answered"], found.values["improved.yes"]) == (0, 0)
    assert found.values["improved.yes.share"] is None


def test_no_items_no_result() -> None:
    assert site_answers(study_of({("s1", "p1"): ("yes", "law")}, {"wave": "w2"})) is None


@pytest.mark.parametrize(
    ("plan", "answer", "told"),
    [
        ({**PLAN, "site_role": "king"}, "yes", "'king'"),
        ({"wave": "w2", "site_items": ["improved"]}, "yes", "site_role"),
        ({**PLAN, "site_items": ["remarks"]}, "yes", "remarks"),
        ({**PLAN, "site_items": ["nowhere"]}, "yes", "nowhere"),
        (PLAN, "perhaps", "responses-w2.csv:2:improved: perhaps"),
    ],
)
def test_refusals(plan: Mapping[str, object], answer: str, told: str) -> None:
    with pytest.raises(NotComputable, match=told.replace("(", "\\(")):
        site_answers(study_of({("s1", "p1"): (answer, "law")}, plan))


def test_options_of_an_answer() -> None:
    assert chosen("b  a", multiple=True) == {"a", "b"}
    assert chosen("-7", multiple=True) == chosen("", multiple=False) == frozenset()
    assert chosen("yes", multiple=False) == {"yes"}


def test_common_answer() -> None:
    a, b, none = frozenset("a"), frozenset("b"), frozenset[str]()
    assert common_answer([a, none, a]) == a
    assert common_answer([none, none]) == none
    assert common_answer([a, b]) is None


def test_option_counts_keep_zero() -> None:
    assert option_counts([frozenset("ab"), frozenset("b")], ["a", "b", "c"]) == {"a": 1, "b": 2, "c": 0}
