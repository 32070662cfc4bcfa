"""Tables of which whole columns are hidden: a sentence says so, and no page is filled with marks."""

from __future__ import annotations

from dataclasses import replace

from joinedup.report.gate.values import Values
from joinedup.report.model import Cell, Paragraph, TableBlock, Text, ValueRef, walk


def without_hidden_columns(table: TableBlock, values: Values) -> TableBlock | Paragraph:
    """`table` without the columns of which every value is hidden, named in its note; a sentence where no value is left."""
    wide = range(1, len(table.head))
    gone = [at for at in wide if table.lines and all(_is_hidden(line.cells[at], values) for line in table.lines)]
    if not gone:
        return table
    if len(gone) == len(wide):
        return Paragraph((Text(f"{table.caption}: {_why('every number of the table is', values)}"),), "note")
    kept = [at for at in range(len(table.head)) if at not in gone]
    lines = tuple(replace(line, cells=tuple(line.cells[at] for at in kept)) for line in table.lines)
    names = "; ".join(_words(table.head[at]) for at in gone)
    note = f"Not printed: {names}. {_why('Every number there is', values)}"
    head = tuple(table.head[at] for at in kept)
    return replace(table, head=head, lines=lines, note=" ".join(filter(None, [table.note, note])))


def _why(what: str, values: Values) -> str:
    small = f"1 to {values.profile.threshold} persons"
    return f"{what} suppressed, because it tells of groups of {small}, or would give such a group away."


def _is_hidden(cell: Cell, values: Values) -> bool:
    refs = [part for part in walk(cell) if isinstance(part, ValueRef)]
    return bool(refs) and all((ref.result, ref.key) in values.hidden for ref in refs)


def _words(cell: Cell) -> str:
    return "".join(part.text for part in walk(cell) if isinstance(part, Text))
