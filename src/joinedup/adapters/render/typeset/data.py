"""The document model as the data that the typeset templates read: words and lists, never source text of typst."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from joinedup.adapters.render.citations import Cited, told
from joinedup.adapters.render.marks import running_title
from joinedup.adapters.render.widths import ASIDE, WHOLE, fitted
from joinedup.report.model import (
    Badge,
    Bibliography,
    Block,
    Bullets,
    Cite,
    Code,
    Emph,
    Figure,
    FigureBlock,
    Folded,
    Group,
    Heading,
    Inline,
    Inlines,
    Link,
    Paragraph,
    QuoteBlock,
    Section,
    Strong,
    TableBlock,
    TableFile,
    Text,
    ValueRef,
)
from joinedup.report.numbering import Edition, anchors
from joinedup.report.pandoc import result_id, value_id

Data = list[Any]
_UNBROKEN = frozenset(("colophon", "limits", "references"))
"""Sections that go on where the one before them ends."""
_OPENING = 12
"""A section with a figure among so many first blocks always begins on a new page."""


def document_data(whole: Edition, cited: Cited, marks: tuple[str, ...]) -> dict[str, Any]:
    """What the template of the report reads; `marks` stand over every page."""
    document = whole.document
    writer = _Writer(whole.numbers, cited, anchors(document))
    meta = document.meta
    about = [meta[name] for name in ("programme", "authors", "date") if meta.get(name)]
    about += [f"Funder of the programme: {meta['funder']}"] if meta.get("funder") else []
    return {
        "title": document.title,
        "running": running_title(document.title, marks, letter=3.4, mark=4.9),
        "subtitle": meta.get("subtitle", ""),
        "about": about,
        "note": meta.get("note", ""),
        "marks": list(marks),
        "simulated": document.simulated,
        "sections": [writer.section(section) for section in document.sections],
    }


class _Writer:
    """Writes blocks as data; each id is given away once."""

    def __init__(self, numbers: Mapping[str, str], cited: Cited, ids: frozenset[str]) -> None:
        self.numbers, self.ids = numbers, ids
        self.free = set(ids)
        self.citations: Iterator[list[dict[str, Any]]] = iter(cited.citations)
        self.references = cited.references
        self.aside: float | None = 0.0
        self.drawn = ""

    def section(self, section: Section) -> dict[str, Any]:
        self.aside = ASIDE if section.kind == "annex" else 0.0  # a turned page leaves white before it and after it
        return {
            "id": self.take(section.id),
            "title": section.title,
            "kind": section.kind,
            "break": section.id not in _UNBROKEN,
            "pictured": any(isinstance(block, FigureBlock) for block in section.blocks[:_OPENING]),
            "blocks": self.blocks(section.blocks),
        }

    def take(self, id: str) -> str:
        """The id where nothing has it yet, else none."""
        if id not in self.free:
            return ""
        self.free.discard(id)
        return id

    def blocks(self, blocks: tuple[Block, ...]) -> Data:
        """The blocks' data; tables one after the other on their sides share their pages, and their headings go along."""
        found: Data = []
        for data in (data for block in blocks for data in self.block(block)):
            if data[0] != "table" or not data[1]["turned"]:
                found.append(data)
                continue
            above = len(found)
            while above and found[above - 1][0] == "h":
                above -= 1
            found[above:], aside = [], [*found[above:], data]
            if found and found[-1][0] == "turned":
                found[-1][1].extend(aside)
            else:
                found.append(["turned", aside])
        return found

    def block(self, block: Block) -> Data:
        match block:
            case Heading(level, parts, id):
                return [["h", level - 1, self.inlines(parts), self.take(id)]]
            case Paragraph(parts, role):
                return [["p", role, self.inlines(parts)]]
            case Bullets(items):
                return [["ul", [self.inlines(item) for item in items]]]
            case TableBlock():
                return self.table(block)
            case TableFile(id, data):
                number = f"{self.numbers[id]}. " if id in self.numbers else ""
                file = ["code", f"tables/{id}.csv"]
                return [["p", "note", [f"{number}{data.title} ({len(data.rows)} lines): ", file], self.take(id)]]
            case FigureBlock(figure):
                return [self.figure(figure)]
            case QuoteBlock(said, attribution, source, place):
                return [["quote", said, attribution, source, place]]
            case Group(kind, inner, id):
                return [["group", kind, self.grouped(inner), self.take(id)]]
            case Folded(summary, inner, id):
                return [["p", "summary", self.inlines(summary), self.take(id)], *self.blocks(inner)]
            case Bibliography():
                return [["refs", [told(entry) for entry in self.references]]]

    def grouped(self, blocks: tuple[Block, ...]) -> Data:
        """Blocks in a frame, where no page can be turned."""
        outside, self.aside = self.aside, None
        data = self.blocks(blocks)
        self.aside = outside
        return data

    def figure(self, figure: Figure) -> Data:
        number = self.numbers.get(f"fig-{figure.id}", "")
        id, before = self.take(f"fig-{figure.id}"), self.drawn
        self.drawn = id or before
        content = {
            "id": id,
            "after": before,
            "number": number if id else "",
            "caption": f"{number}. {figure.title}" if number else figure.title,
            "file": f"{figure.id}.svg",
            "alt": figure.alt,
            "note": figure.note,
            "evidence": self.known(result_id(figure.result)),
        }
        return ["figure", content]

    def known(self, id: str) -> str:
        """The id if a link can lead to it."""
        return id if id in self.ids else ""

    def table(self, block: TableBlock) -> Data:
        number = self.numbers.get(block.id, "")
        drawn: Data = []
        for fit in fitted(block, aside=self.aside):
            table = fit.table
            content = {
                "id": self.take(table.id),
                "caption": f"{number}. {table.caption}" if number and table.caption else table.caption,
                "note": table.note,
                "widths": list(fit.widths),
                "size": fit.size,
                "turned": fit.turned,
                "whole": fit.depth <= WHOLE,
                "right": [any(line.cells[at].numeric for line in table.lines) for at in range(len(table.head))],
                "head": [self.inlines(cell.inlines, linked=False) for cell in table.head],
                "lines": [
                    [
                        self.take(line.id),
                        [[cell.status, self.inlines(cell.inlines, linked=False)] for cell in line.cells],
                    ]
                    for line in table.lines
                ],
                "evidence": self.known(result_id(block.result)) if block.result else "",
            }
            drawn.append(["table", content])
        return drawn

    def inlines(self, parts: Inlines, linked: bool = True) -> Data:
        return [self.inline(part, linked) for part in parts]

    def inline(self, part: Inline, linked: bool) -> Any:
        match part:
            case Text(text):
                return text
            case Emph(inner):
                return ["em", self.inlines(inner, linked)]
            case Strong(inner):
                return ["b", self.inlines(inner, linked)]
            case Code(text):
                return ["code", text]
            case ValueRef():
                return self.value(part, linked)
            case Cite(key):
                return ["seq", told(next(self.citations))] if self.references else f"[{key}]"
            case Link(target, inner):
                return self.link(target, self.inlines(inner, linked))
            case Badge(kind, status, label):
                return ["badge", kind, status, label]

    def value(self, ref: ValueRef, linked: bool) -> Any:
        """The value as shown; in a sentence a link to its line in the ledger, or to its result's record."""
        target = self.known(value_id(ref.result, ref.key)) or self.known(result_id(ref.result))
        return ["v", target, ref.shown] if linked and target else ref.shown

    def link(self, target: str, inner: Data) -> Data:
        if not target.startswith("#"):
            return ["url", target, inner]
        known = self.known(target[1:])
        return ["a", known, inner] if known else ["seq", inner]
