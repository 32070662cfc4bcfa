"""Who is asked what; the printable form and the codebook; a launched instrument that was changed."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.survey import Choice, Group, Instrument, Item
from joinedup.survey.instrument import answering, asked, calculated, faults, unreachable
from joinedup.survey.paper import codebook, default_language, paper_form
from joinedup.survey.versions import fingerprint, frozen_problems

YES_NO = {"yes": "Yes", "no": "No"}
BODY = (
    Item("trust", "select_one", "Have you a trust?", YES_NO, labels={"": "Have you a trust?", "fr": "Un trust ?"},
         list_name="yn", required="yes"),
    Group("more", (
        Item("why", "select_multiple", "Why?", {"law": "Law", "money": "Money"}, list_name="why"),
        Item("money_text", "text", "What money?", relevant="selected(${why}, 'money')"),
        Item("hello", "note", "Thank you", labels={"": "Thank you"}),
    ), labels={"": "More"}, relevant="${trust} = 'yes'"),
    Item("staff", "integer", "Staff", relevant="${money_text} != ''"),
    Item("never", "text", "Never", relevant="${trust} = 'perhaps'"),
    Item("double", "calculate", calculation="${staff} * 2"),
)  # fmt: skip
LISTS = {
    "yn": (Choice("yes", {"": "Yes", "fr": "Oui"}), Choice("no", {"": "No", "fr": "Non"})),
    "why": (Choice("law", {"": "Law"}), Choice("money", {"": "Money"})),
}
FORM = Instrument("1", "Trusts", answering(BODY), BODY, LISTS, ("", "fr"))


def test_the_route_follows_answers_and_groups() -> None:
    assert faults(FORM) == ()
    assert asked(FORM, {"trust": "no"}) == ("trust", "double")
    assert asked(FORM, {"trust": "yes", "why": "law money", "money_text": "x"}) == (
        "trust", "why", "money_text", "staff", "double",
    )  # fmt: skip


def test_an_answer_behind_a_false_condition_opens_nothing() -> None:
    """money_text was answered, then trust became no: staff is not asked."""
    assert asked(FORM, {"trust": "no", "why": "money", "money_text": "x", "staff": "3"}) == ("trust", "double")


def test_questions_nobody_can_be_asked() -> None:
    assert unreachable(FORM) == ("never",)


def test_calculations() -> None:
    assert calculated(FORM, {"staff": "4"}) == {"double": "8"}
    assert calculated(FORM, {}) == {"double": ""}
    assert calculated(FORM, {"staff": "-8"}) == {"double": ""}


@given(st.dictionaries(st.sampled_from([item.name for item in FORM.items]), st.sampled_from(["yes", "no", "money"])))
def test_what_was_not_asked_changes_no_route(answers: dict[str, str]) -> None:
    route = asked(FORM, answers)
    assert asked(FORM, {name: answer for name, answer in answers.items() if name in route}) == route


def test_the_form_on_paper() -> None:
    blocks = paper_form(FORM)
    assert [(block.kind, block.number, block.text, block.depth) for block in blocks] == [
        ("question", "1", "Have you a trust?", 0),
        ("heading", "", "More", 0),
        ("question", "2", "Why?", 1),
        ("question", "3", "What money?", 1),
        ("note", "", "Thank you", 1),
        ("question", "4", "Staff", 0),
    ]
    assert [block.only_if for block in blocks] == [
        "", "Only if question 1 is “Yes”.", "", "Only if question 2 includes “Money”.", "",
        "Only if question 3 is answered.",
    ]  # fmt: skip
    assert blocks[0].options == (("yes", "Yes"), ("no", "No"))
    assert blocks[0].required
    french = paper_form(FORM, "fr")
    assert (french[0].text, french[0].options[0], french[1].only_if) == (
        "Un trust ?", ("yes", "Oui"), "Only if question 1 is “Oui”.",
    )  # fmt: skip
    with pytest.raises(KeyError, match="it has"):
        paper_form(FORM, "de")


def test_a_form_speaks_one_language() -> None:
    """Where none is chosen: the unnamed one, else English, in labels and hints alike."""
    words = {"Kiswahili (sw)": "Jina", "English (en)": "Name"}
    body = (Item("q", "text", "Name", labels=words, hints={"Kiswahili (sw)": "Andika", "English (en)": "Write"}),)
    form = Instrument("1", "", body, body, {}, ("Kiswahili (sw)", "English (en)"))
    assert default_language(form) == "English (en)"
    assert [(block.text, block.hint) for block in paper_form(form)] == [("Name", "Write")]
    assert [(block.text, block.hint) for block in paper_form(form, "Kiswahili (sw)")] == [("Jina", "Andika")]
    assert default_language(FORM) == ""


def test_the_codebook() -> None:
    table = codebook(FORM)
    names = [name for name, _ in table.columns]
    rows = {row[0]: dict(zip(names, row, strict=True)) for row in table.rows}
    assert list(rows) == [item.name for item in FORM.items]
    assert rows["why"]["codes"] == "law = Law; money = Money"
    assert (rows["money_text"]["within"], rows["trust"]["required"]) == ("More", "yes")
    assert rows["money_text"]["asked"] == "Only if question 1 is “Yes”. Only if question 2 includes “Money”."
    assert rows["double"]["calculation"] == "${staff} * 2"
    assert "-10 = not asked" in table.note


def test_a_fingerprint_knows_content_and_not_rows() -> None:
    moved = tuple(dataclasses.replace(element, row=number) for number, element in enumerate(BODY, 9))
    assert fingerprint(dataclasses.replace(FORM, body=moved, items=answering(moved))) == fingerprint(FORM)
    assert fingerprint(dataclasses.replace(FORM, version="2")) == fingerprint(FORM)
    other = dataclasses.replace(FORM, lists={**LISTS, "why": (Choice("law", {"": "The law"}),)})
    assert fingerprint(other) != fingerprint(FORM)


def test_an_edit_after_the_launch_needs_a_version() -> None:
    body = (dataclasses.replace(BODY[0], required="", row=2), *BODY[1:-1], Item("new", "text", "New", row=11))  # type: ignore[type-var]
    new = dataclasses.replace(FORM, body=body, items=answering(body))
    found = [(problem.place.row, problem.place.column, problem.what) for problem in frozen_problems(FORM, new)]
    assert found == [
        (2, "required", "The required of 'trust' changed."),
        (11, "name", "'new' is new."),
        (0, "", "'double' is gone."),
    ]
    assert {problem.number for problem in frozen_problems(FORM, new)} == {"J210"}
    assert frozen_problems(FORM, dataclasses.replace(new, version="2")) == ()
    assert frozen_problems(FORM, FORM) == ()
