"""Numbers of figures and tables, and references to them: the same in every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from joinedup.report.model import (
    Block,
    Document,
    Figure,
    FigureBlock,
    Folded,
    Group,
    Heading,
    Inline,
    Inlines,
    Line,
    Link,
    Paragraph,
    Section,
    TableBlock,
    TableFile,
    Text,
    walk,
)
from joinedup.report.pandoc import result_id

MOST = 3
"""A piece of evidence names at most so many figures and tables."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A document with the numbers of its figures and tables, by the id that a link leads to."""

    document: Document
    numbers: Mapping[str, str]


def edition(document: Document) -> Edition:
    """`document` with its numbers, and its findings with references to the figures and tables of their evidence.

    The annexes are not numbered: a table there is a record, not part of the argument. The tables behind figures have
    the figure's number.
    """
    numbers: dict[str, str] = {}
    shows: dict[str, list[str]] = {}
    for section in document.sections:
        if section.kind != "annex":
            _number(section.blocks, numbers, shows)
    named = {result_id(result): tuple(ids[:MOST]) for result, ids in shows.items()}
    sections = tuple(
        replace(section, blocks=_blocks(section.blocks, named, numbers)) if section.id == "findings" else section
        for section in document.sections
    )
    return Edition(replace(document, sections=sections), numbers)


def _number(blocks: tuple[Block, ...], numbers: dict[str, str], shows: dict[str, list[str]]) -> None:
    """Number the figures and tables of `blocks` on from those in `numbers`; `shows` gathers their ids by result."""
    for block in blocks:
        match block:
            case FigureBlock(figure):
                _take("Figure", f"fig-{figure.id}", numbers)
                shows.setdefault(figure.result, []).append(f"fig-{figure.id}")
            case TableBlock():
                _take("Table", block.id, numbers)
                shows.setdefault(block.result, []).append(block.id)
            case Group(blocks=inner) | Folded(blocks=inner):
                _number(inner, numbers, shows)
            case _:
                pass


def _take(kind: str, id: str, numbers: dict[str, str]) -> None:
    numbers[id] = f"{kind} {1 + sum(number.startswith(kind) for number in numbers.values())}"


def _blocks(
    blocks: tuple[Block, ...], named: Mapping[str, tuple[str, ...]], numbers: Mapping[str, str]
) -> tuple[Block, ...]:
    told: list[Block] = []
    for block in blocks:
        match block:
            case Paragraph(parts, role):
                told.append(Paragraph(_inlines(parts, named, numbers), role))
            case Group(blocks=inner) | Folded(blocks=inner):
                told.append(replace(block, blocks=_blocks(inner, named, numbers)))
            case _:
                told.append(block)
    return tuple(told)


def _inlines(parts: Inlines, named: Mapping[str, tuple[str, ...]], numbers: Mapping[str, str]) -> Inlines:
    """The parts, with the figures and tables of a result in brackets after the link to it."""
    told: list[Inline] = []
    for part in parts:
        told.append(part)
        ids = named.get(part.target[1:], ()) if isinstance(part, Link) and part.evidence else ()
        for at, id in enumerate(ids):
            told += [Text(" (" if at == 0 else ", "), Link(f"#{id}", (Text(numbers[id]),))]
        told += [Text(")")] if ids else []
    return tuple(told)


def anchors(document: Document) -> frozenset[str]:
    """Every id that a link can lead to."""
    found: set[str] = set()
    for part in walk(document.sections):
        match part:
            case Figure(id=id):
                found.add(f"fig-{id}")
            case Section(id=id) | Heading(id=id) | TableBlock(id=id) | TableFile(id=id) | Group(id=id) | Line(id=id):
                found.add(id)
            case _:
                pass
    return frozenset(found - {""})
