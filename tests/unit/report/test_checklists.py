"""Reporting checklists: as many items as published, each with a way to be answered; planted gaps are exactly the gaps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from joinedup.report import checklists
from joinedup.report.checklists import CHECKLISTS, answers, checklist
from joinedup.report.checklists.facts import FACTS
from joinedup.report.document import build
from joinedup.report.model import Heading, Link, TableBlock, Text, walk
from joinedup.report.numbering import anchors
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
    assert {result for item in items for result in (*item.results, *item.methods)} <= set(KIND_BY_ID)
    for sentence in (sentence for item in items for sentence in item.record):
        cited = re.findall(r"\{([^:{}]+):([^|{}]+)", sentence)
        assert cited
        assert all(key in KIND_BY_ID[result].keys for result, key in cited), sentence


def test_every_fact_answers_an_item() -> None:
    assert {fact for id in CHECKLISTS for item in checklist(id).items for fact in item.facts} == set(FACTS)


MARKED = {
    "gramms": {"4": "strands are joined", "5": "Limits"},
    "coreq": {"8": "stake", "13": "Refusals", "22": "Saturation", "24": "coders", "27": "Software", "32": "deviant"},
    "srqr": {"6": "researchers", "9": "Ethics", "15": "Trustworthiness", "19": "Limits", "21": "Funding"},
    "stari": {"5": "Aims", "8": "Sites", "12": "Process", "18": "Outcomes", "22": "Fidelity", "24": "Harms"},
    "tidier": {"1": "Name", "3": "Materials", "5": "Providers", "9": "Tailoring", "12": "Fidelity found"},
    "strobe": {"4": "Design", "9": "Bias", "10": "size", "16": "Main results", "19": "Limits", "22": "Funding"},
    "trend": {"8": "Assignment", "9": "Blinding", "10": "Unit", "15": "Equivalence", "19": "Adverse", "22": "Overall"},
}
"""What some published items ask, by their numbers: an item put in or left out would shift those behind it."""


@pytest.mark.parametrize("id", CHECKLISTS)
def test_items_stand_under_their_published_numbers(id: str) -> None:
    labels = {item.number: item.label for item in checklist(id).items}
    for number, words in MARKED[id].items():
        assert words in labels[number], (number, labels[number])


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
    for target in targets:
        assert target.removeprefix("#") in anchors(document)
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


def test_an_item_leads_to_the_result_that_answers_it_and_to_its_methods() -> None:
    report = {
        "checklists": ["stari"],
        "checklist": [{"checklist": "stari", "item": "24", "text": "x", "place": "impact.did"}],
    }
    study = report_sample.study(settings={"report": report})
    document = build(study, report_sample.results(), report_sample.findings())
    (table,) = (one for one in walk(document.sections) if isinstance(one, TableBlock) and "checklist" in one.id)
    places = {
        line.cells[0].inlines[0].text: [part.target for part in line.cells[4].inlines if isinstance(part, Link)]
        for line in table.lines
        if isinstance(line.cells[0].inlines[0], Text)
    }
    assert places["19"][0].startswith("#part-survey.")
    assert "#methods-impact.did" in places["15"]
    assert places["24"] == ["#part-impact.did"]
    assert {place[1:] for where in places.values() for place in where} <= anchors(document)
