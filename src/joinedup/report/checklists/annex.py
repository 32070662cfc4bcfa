"""The annex of reporting checklists: a table for each that the study names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from joinedup.report.checklists.answers import AUTHOR, MISSING, RECORD, Answer, answers
from joinedup.report.checklists.items import CHECKLISTS, Checklist, checklist
from joinedup.report.model import Block, Cell, Heading, Inline, Inlines, Line, Link, Paragraph, TableBlock, Text
from joinedup.study.model import Study
from joinedup.study.result import Result

TITLE = "Annex: reporting checklists"
_WORDS = {RECORD: "Record", AUTHOR: "Author", MISSING: "Missing"}


def blocks(study: Study, results: Mapping[str, Result], titles: Mapping[str, str]) -> list[Block]:
    """For every checklist of `[report] checklists`: what answers each item, and which are missing.

    `titles` are those of the report's sections and headings by id: a place that names one becomes a link.
    """
    asked = study.settings.get("report", {}).get("checklists", ())
    return [block for id in asked if id in CHECKLISTS for block in _one(study, results, checklist(id), titles)]


def _one(study: Study, results: Mapping[str, Result], asked: Checklist, titles: Mapping[str, str]) -> Iterator[Block]:
    found = answers(study, results, asked)
    yield Heading(3, (Text(asked.title),), f"checklist-{asked.id}")
    yield Paragraph(
        (Text(f"{asked.reference}. {_counted(found)} Labels are short; the paper has the wording."),), "note"
    )
    head = tuple(Cell((Text(name),)) for name in ("Item", "What it asks", "Answered by", "Answer", "Where"))
    lines = tuple(_line(answer, titles) for answer in found)
    yield TableBlock(f"checklist-{asked.id}-items", f"Answers to {asked.title}", head, lines)


def _counted(found: tuple[Answer, ...]) -> str:
    counts = {state: sum(answer.state == state for answer in found) for state in _WORDS}
    missing = ", ".join(answer.item.number for answer in found if answer.state == MISSING)
    told = f"{len(found)} items; answered by record: {counts[RECORD]}, by the author: {counts[AUTHOR]}"
    return f"{told}; missing: {missing}." if missing else f"{told}."


def _line(answer: Answer, titles: Mapping[str, str]) -> Line:
    where: list[Inline] = []
    for place in answer.places:
        where += [Text(", ")] if where else []
        where.append(_where(place, titles))
    cells: tuple[Inlines, ...] = (
        (Text(answer.item.number),),
        (Text(answer.item.label),),
        (Text(_WORDS[answer.state]),),
        answer.told,
        tuple(where),
    )
    return Line(tuple(Cell(cell) for cell in cells))


def _where(place: str, titles: Mapping[str, str]) -> Inline:
    """A link to the closest place of the report: a result's own part, else its chapter; other words as they are."""
    for id, kind in ((f"part-{place}", ""), (place, "Methods: "), (place.split(".", 1)[0], "")):
        if id in titles:
            return Link(f"#{id}", (Text(f"{kind if id.startswith(_METHODS) else ''}{titles[id]}"),))
    return Text(place)


_METHODS = "methods-"
