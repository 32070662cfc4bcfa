"""Reporting checklists: as many items as published, each with a way to be answered; planted gaps are exactly the gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from joinedup.report import checklists
from joinedup.report.checklists import CHECKLISTS, answers, checklist
from joinedup.report.checklists.facts import FACTS
from joinedup.report.document import build
from joinedup.report.model import Heading, Link, TableBlock, walk
from joinedup.study.model import Programme, Study
from joinedup.study.registry import KIND_BY_ID
from joinedup.study.result import Result
from joinedup.study.site import Question, Site
from tests import report_sample

PUBLISHED = {"gramms": 6, "coreq": 32, "srqr": 21, "stari": 27, "tidier": 12, "strobe": 22, "trend": 22}
"""O'Cathain 2008; Tong 2007; O'Brien 2014; Pinnock 2017; Hoffmann 2014; von Elm 2007; Des Jarlais 2004."""


def test_every_checklist_has_as_many_items_as_published() -> None:
    assert {id: len(checklist(id).items) for id in CHECKLISTS} == PUBLISHED


@pytest.mark.parametrize("id", CHECKLISTS)
def test_every_item_has_its_number_a_label_and_queries_that_exist(id: str) -> None:
    items = checklist(id).items
    assert [item.number for item in items] == [str(number) for number in range(1, len(items) + 1)]
    assert all(item.label for item in items)
    assert {name for item in items for name in item.facts} <= set(FACTS)
    assert {result for item in items for result in item.results} <= set(KIND_BY_ID)


@pytest.mark.parametrize("id", CHECKLISTS)
def test_the_author_can_answer_every_item(id: str) -> None:
    written = [{"checklist": id, "item": item.number, "text": "So."} for item in checklist(id).items]
    found = answers(Study("s", "", settings={"report": {"checklist": written}}), {}, checklist(id))
    assert {answer.state for answer in found} <= {"author", "record"}
    assert all(answer.told for answer in found)


def missing(study: Study, results: Mapping[str, Result], id: str) -> list[str]:
    return [answer.item.number for answer in answers(study, results, checklist(id)) if answer.state == "missing"]


FULL = Study(
    "s",
    "A study",
    programme=Programme("P", funder="F"),
    questions=(Question("q", "What?"),),
    sites=(Site("a", "A"), Site("b", "B")),
    settings={
        "report": {
            "limits": ["One."],
            "summary": ["All."],
            "checklist": [
                {"checklist": "srqr", "item": str(number), "text": "Written.", "place": "Methods"}
                for number in (3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20)
            ],
        }
    },
)


def test_planted_gaps_are_exactly_the_gaps() -> None:
    assert missing(FULL, {}, "srqr") == []
    report = FULL.settings["report"]
    assert missing(replace(FULL, settings={"report": {**report, "limits": []}}), {}, "srqr") == ["19"]
    assert missing(replace(FULL, questions=()), {}, "srqr") == ["4"]
    assert missing(replace(FULL, programme=Programme("P")), {}, "srqr") == ["21"]
    fewer = [one for one in report["checklist"] if one["item"] not in ("9", "18")]
    assert missing(replace(FULL, settings={"report": {**report, "checklist": fewer}}), {}, "srqr") == ["9", "18"]


def test_a_result_answers_only_where_it_was_computed() -> None:
    results = report_sample.results()
    study = report_sample.study()
    have = {"12"} if "texts.corpus" in results else set()
    assert not have & set(missing(study, results, "coreq"))
    assert "12" in missing(study, {}, "coreq")
    refused = {id: replace(one, refused="Too few.") for id, one in results.items()}
    assert "18" in missing(study, refused, "stari")


def test_the_annex_is_printed_for_the_checklists_that_the_study_names() -> None:
    report = {
        "checklists": ["gramms"],
        "checklist": [{"checklist": "gramms", "item": "1", "text": "Why.", "place": "methods"}],
    }
    study = report_sample.study(settings={"report": report})
    document = build(study, report_sample.results(), report_sample.findings())
    (annex,) = (section for section in document.sections if section.id == "checklists")
    assert [block.id for block in annex.blocks if isinstance(block, Heading)] == ["checklist-gramms"]
    (table,) = (block for block in annex.blocks if isinstance(block, TableBlock))
    assert len(table.lines) == 6
    targets = {part.target for part in walk(annex) if isinstance(part, Link)}
    assert "#methods" in targets
    assert targets <= {f"#{section.id}" for section in document.sections}
    plain = build(report_sample.study(), report_sample.results(), report_sample.findings())
    assert not [section for section in plain.sections if section.id == "checklists"]


def test_problems_are_numbered() -> None:
    one = {"checklist": "srqr", "item": "3", "text": "x"}
    report = {
        "checklists": ["coreq", "corek"],
        "checklist": [one, one, {**one, "item": "22"}, {**one, "checklist": "srq"}],
    }
    found = list(checklists.check(Study("s", "", settings={"report": report})))
    assert [problem.number for problem in found] == ["J821", "J823", "J822", "J821"]
    assert "coreq" in found[0].what
