"""What a release says where a mark stands for a number: a superlative of those of which it may be told, no sentence with
the mark in it, the stance that the number had, and no part of an answer as the whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from joinedup.report.chapters import synthesis
from joinedup.report.chapters.survey_quality import _furthest_apart
from joinedup.report.chapters.texts import _all_told, _lead, _widest
from joinedup.report.figures.survey_people import _side
from joinedup.report.model import Paragraph, TableBlock
from joinedup.report.prose import plain, ref, say
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Value
from joinedup.study.texts import Code
from joinedup.synthesis.joint_display import joint_display
from tests.survey_sample import small_study


def result(id: str, values: dict[str, Value]) -> Result:
    return Result(id=id, title=id, values=values, inputs="", version="", methods="")


@pytest.mark.parametrize(
    ("first", "begins"), [(1.8, "Agencies differ most at"), ("c", "Of the 2 sites of which it is told,")]
)
def test_the_sites_that_differ_most_are_those_that_may_be_told(first: Value, begins: str) -> None:
    study = small_study()
    keys = [f"site.{key_part(site.id)}.agency_range" for site in study.programme_sites][:3]
    found = result("survey.aggregation", dict(zip(keys, (first, 1.0, 0.5), strict=True)))
    (sentence,) = _furthest_apart(study, found)
    assert sentence.startswith(begins)


@pytest.mark.parametrize(
    ("people", "begins"), [(9, "The most widely voiced theme is"), ("c", "The most widely voiced theme of")]
)
def test_the_theme_most_widely_voiced_is_one_that_may_be_told(people: Value, begins: str) -> None:
    study = small_study()
    study = replace(study, texts=replace(study.texts, codes=(Code("a", "A"), Code("b", "B"))))
    themes = result("texts.theme-matrix", {"a.people": people, "b.people": 7, "a.documents": 0, "b.documents": 0})
    sentence, *_ = _lead(_widest(study, themes), voiced=True, all_told=_all_told(study, themes))
    assert sentence.startswith(begins)


def test_no_sentence_is_said_with_a_mark_in_the_place_of_its_number() -> None:
    found = {"survey.response": result("survey.response", {"rate": "c", "sites": 35, "people": "84.0%", "word": "c"})}
    template = ref("survey.response", "{}", ".1%")
    assert plain(say(found, template.replace("{}", "rate"), ref("survey.response", "sites", ".0f"))) == "35"
    assert plain(say(found, ref("survey.response", "people", ".1%"))) == "84.0%"
    assert plain(say(found, ref("survey.response", "word"))) == "c"


def test_the_joint_display_keeps_the_stance_that_a_hidden_number_had() -> None:
    says = "{survey.response:rate|.0%} of those asked."
    cells = [
        {"strand": "survey", "says": says, "qualifies": "survey.response : rate > 0.5"},
        {"strand": "texts", "supports": "texts.corpus : people > 1"},
    ]
    row = {"id": "wanted", "proposition": "It is wanted.", "cell": cells}
    study = Study("s", "S", synthesis={"joint-display": {"row": [row]}})
    texts = result("texts.corpus", {"people": 9})
    before = {"survey.response": result("survey.response", {"rate": 0.75}), "texts.corpus": texts}
    display = joint_display(study, before)
    assert display is not None
    gated = before | {"survey.response": result("survey.response", {"rate": "c"}), "synthesis.joint-display": display}
    lead, table, *_ = synthesis.blocks(study, gated)
    assert isinstance(lead, Paragraph)
    assert isinstance(table, TableBlock)
    assert plain(lead.inlines).startswith("Of 1 proposition, the strands qualify 1.")
    assert [plain(cell.inlines) for cell in table.lines[0].cells] == [
        "It is wanted.",
        "\u00b1 Qualifies Its figures are not shown.",
        "+ Supports ",
        "\u00b1 Qualified",
    ]


def test_shares_that_a_release_rounded_still_fill_their_side() -> None:
    shares = [0.0047619, 0.1, 0.32857, 0.38096, 0.18571]
    assert _side(shares, 0.10476) == shares[:2]
    assert _side(list(reversed(shares)), 0.56666) == [0.18571, 0.38096]
