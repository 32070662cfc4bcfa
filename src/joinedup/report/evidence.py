"""The annex: every value that the report shows, with its key, meaning, rows, inputs, parameters and code version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from joinedup.report.describe import Describer
from joinedup.report.model import (
    Block,
    Bullets,
    Cell,
    Code,
    Folded,
    Group,
    Inline,
    Inlines,
    Line,
    Link,
    Paragraph,
    Strong,
    TableBlock,
    Text,
    ValueRef,
)
from joinedup.report.pandoc import result_id, value_id
from joinedup.report.quotes import quote_block
from joinedup.study.expect import show
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Source, Value

FULL_DIGITS = 9


def records(describer: Describer, results: Mapping[str, Result], shown: Iterable[ValueRef]) -> tuple[Block, ...]:
    """One record a result, with the values that `shown` refers to, in the order of the result's values."""
    cited: dict[str, set[str]] = {}
    for ref in shown:
        cited.setdefault(ref.result, set()).add(ref.key)
    return tuple(_record(describer, result, cited.get(id, set())) for id, result in results.items())


def _record(describer: Describer, result: Result, cited: set[str]) -> Folded:
    keys = [key for key in result.values if key in cited]
    groups = _source_groups(result, keys)
    blocks: list[Block] = [Group("about", about(result))]
    if keys:
        blocks.append(_values_table(describer, result, keys, groups))
    if groups:
        entries = tuple(_source_entry(result, at, sources) for sources, at in groups.items())
        blocks.append(Group("rows-behind", (Paragraph((Strong((Text("Rows behind the values"),)),)), *entries)))
    blocks += _quotes(describer, result)
    return Folded((Text(f"{result.title} "), Code(result.id)), tuple(blocks), result_id(result.id), "record")


def _quotes(describer: Describer, result: Result) -> list[Block]:
    """The cleared quotes by code: the drawer shows those of the code that a value is about."""
    groups: list[Block] = []
    for code in sorted({key_part(quote.code) for quote in result.quotes}):
        heading = Paragraph((Strong((Text(f"Cleared quotes: {describer.label('code', code)}"),)),))
        own = tuple(quote_block(quote) for quote in result.quotes if key_part(quote.code) == code)
        groups.append(Group("quotes", (heading, *own), f"quotes-{result.id}-{code}"))
    return groups


def about(result: Result) -> tuple[Block, ...]:
    """What was done, with which parameters, on which inputs, by which version."""
    items: list[Inlines] = []
    if result.refused:
        items.append(_item("Not computed", Text(result.refused)))
    if result.methods:
        items.append(_item("Method", Text(result.methods)))
    if result.parameters:
        items.append(_item("Parameters", Text(_parameters(result.parameters))))
    items += [_item("Caveat", Text(caveat)) for caveat in result.caveats]
    if result.inputs:
        items.append(_item("Inputs (SHA-256)", Code(result.inputs)))
    items.append(_item("Code version", Text(f"joinedup {result.version}")))
    return (Bullets(tuple(items)),)


def _parameters(given: Mapping[str, Value]) -> str:
    """Name and value of each that is set; a seed is a name, not an amount, and has no commas."""
    shown = {name: str(value) if name == "seed" else show(value) for name, value in given.items() if value != ""}
    return "; ".join(f"{name} = {value}" for name, value in shown.items())


def _item(name: str, what: Inline) -> Inlines:
    return (Strong((Text(f"{name}:"),)), Text(" "), what)


def _source_groups(result: Result, keys: Sequence[str]) -> dict[tuple[Source, ...], int]:
    groups: dict[tuple[Source, ...], int] = {}
    for key in keys:
        sources = result.sources_of(key)
        if sources:
            groups.setdefault(sources, len(groups) + 1)
    return groups


def _source_anchor(result: Result, at: int) -> str:
    return f"rows-{result.id}-{at}"


def _source_entry(result: Result, at: int, sources: tuple[Source, ...]) -> Group:
    items = tuple(_source_words(source) for source in sources)
    label = Paragraph((Strong((Text(f"Rows {at}"),)),))
    return Group("rows", (label, Bullets(items)), _source_anchor(result, at))


def _source_words(source: Source) -> Inlines:
    told = [f" rows {ranges(source.rows)}" if source.rows else " all rows"]
    if source.columns:
        told.append(f"columns {', '.join(source.columns)}")
    return (Code(source.file), Text(":" + "; ".join(told)))


def ranges(rows: Sequence[int]) -> str:
    """Row numbers as ranges: 2–9, 12."""
    parts: list[list[int]] = []
    for row in sorted(set(rows)):
        if parts and row == parts[-1][1] + 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in parts)


def _values_table(
    describer: Describer, result: Result, keys: Sequence[str], groups: Mapping[tuple[Source, ...], int]
) -> TableBlock:
    lines = []
    for key in keys:
        at = groups.get(result.sources_of(key), 0)
        anchor = _source_anchor(result, at) if at else ""
        behind: Inlines = (Link(f"#{anchor}", (Text(f"Rows {at}"),)),) if at else (Text("–"),)
        value = result.values[key]
        shown = f"{value:,.{FULL_DIGITS}g}".replace("-", "\u2212") if isinstance(value, float) else show(value)
        cells = (
            Cell((Code(key),)),
            Cell((Text(shown),), numeric=not isinstance(value, str)),
            Cell((Text(describer.describe(result.id, key)),)),
            *((Cell(behind),) if groups else ()),
        )
        lines.append(Line(cells, value_id(result.id, key), anchor))
    head = (
        Cell((Text("Key"),)),
        Cell((Text("Value"),), numeric=True),
        Cell((Text("What it is"),)),
        *((Cell((Text("Rows"),)),) if groups else ()),
    )
    return TableBlock(f"values-{result.id}", f"Values of {result.id} shown in this report", head, tuple(lines))
