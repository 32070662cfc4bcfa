"""What every chapter does alike: lead, figure, tables, methods note, refusals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from joinedup.report.model import (
    Block,
    Bullets,
    Figure,
    FigureBlock,
    Folded,
    Heading,
    Inlines,
    Paragraph,
    TableBlock,
    TableFile,
    Text,
)
from joinedup.report.prose import say
from joinedup.report.tables import table_block, table_id
from joinedup.study.result import Result

LONG, BROAD, MANY = 14, 16, 3
"""A table with more lines or columns than this is folded away; so are tables or cautions that are more than this."""
PRINTED = 150
"""A table with more lines than this is not in the report but in a file of its own."""
TOLD = 500
"""Cautions with more characters than this are folded away."""


def lead(results: Mapping[str, Result], *templates: str) -> list[Block]:
    """The chapter's finding in words: the sentences whose values are all there."""
    parts = say(results, *templates)
    return [Paragraph(parts, "lead")] if parts else []


def paragraph(results: Mapping[str, Result], *templates: str) -> list[Block]:
    """A plain paragraph of the sentences whose values are all there."""
    parts = say(results, *templates)
    return [Paragraph(parts)] if parts else []


def figures(*found: Figure | None) -> list[Block]:
    """The figures that could be drawn."""
    return [FigureBlock(figure) for figure in found if figure is not None]


def section(results: Mapping[str, Result], id: str, title: str, *blocks: list[Block]) -> list[Block]:
    """A result's part of a chapter: its heading and `blocks`, or the reason why it was refused; empty without it."""
    result = results.get(id)
    if result is None:
        return []
    heading: list[Block] = [Heading(3, (Text(title),), f"part-{id}")]
    if result.refused:
        return [*heading, Paragraph((Text(f"Not computed: {result.refused}"),), "caution")]
    return heading + [block for part in blocks for block in part]


def tables(results: Mapping[str, Result], id: str, without: Collection[str] = ()) -> list[Block]:
    """The tables of a result, long and broad ones folded; `without` are those that a figure shows already."""
    result = results.get(id)
    if result is None:
        return []
    found = [table for table in result.tables if table.id not in without]
    printed = [table_block(result, table) for table in found if len(table.rows) <= PRINTED]
    filed = [TableFile(table_id(result, table), table) for table in found if len(table.rows) > PRINTED]
    if len(printed) > MANY:
        return [Folded((Text(f"{result.title}: {len(printed)} tables"),), tuple(printed), kind="long"), *filed]
    return [*(_folded(table) for table in printed), *filed]


def _folded(table: TableBlock) -> Block:
    if len(table.lines) <= LONG and len(table.head) <= BROAD:
        return table
    lines = "line" if len(table.lines) == 1 else "lines"
    summary: Inlines = (Text(f"Table: {table.caption} ({len(table.lines)} {lines})"),)
    return Folded(summary, (table,), kind="long" if len(table.head) > BROAD else "data")


def methods(results: Mapping[str, Result], id: str, without: Collection[str] = ()) -> list[Block]:
    """How it was done, and what stands in its way, in the result's own words; `without` are cautions said elsewhere."""
    result = results.get(id)
    if result is None or not result.methods:
        return []
    done = Folded((Text("How this was done"),), (Paragraph((Text(result.methods),)),), kind="method")
    return [done, *_cautions([caveat for caveat in result.caveats if caveat not in without])]


def _cautions(caveats: Sequence[str]) -> list[Block]:
    if len(caveats) <= MANY and sum(map(len, caveats)) <= TOLD:
        return [Paragraph((Text(caveat),), "caution") for caveat in caveats]
    listed = Bullets(tuple((Text(caveat),) for caveat in caveats))
    many = "1 caution" if len(caveats) == 1 else f"{len(caveats)} cautions"
    return [Folded((Text(many),), (listed,), kind="cautions")]
