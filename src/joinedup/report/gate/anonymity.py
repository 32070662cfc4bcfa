"""Site anonymity, a promise apart from the rule for persons: a release of a study that made it names no programme site."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from joinedup.disclosure import Register, Stop
from joinedup.report.model import (
    Block,
    Bullets,
    Document,
    Figure,
    FigureBlock,
    Folded,
    Heading,
    Line,
    Paragraph,
    QuoteBlock,
    TableBlock,
    TableFile,
    Text,
    walk,
)
from joinedup.report.prose import plain
from joinedup.study.finding import Finding
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Table, Value

ANONYMOUS = "anonymous"
A_SITE = "One of the sites"
LEFT_OUT = "left out of the release: it tells sites apart, and the study promised them not to."


def is_promised(study: Study) -> bool:
    """Whether study.toml promises the sites that no release names them."""
    return bool(study.settings.get("disclosure", {}).get("sites") == ANONYMOUS)


class Sites:
    """Finds the programme sites of a study by name or id in words, cells and keys."""

    def __init__(self, study: Study) -> None:
        names = {w for site in study.programme_sites for w in (site.name, site.id, key_part(site.id)) if w}
        among = "|".join(re.escape(word) for word in sorted(names, key=lambda word: (-len(word), word)))
        self._words = re.compile(rf"(?<![^\W_])(?:{among or '(?!)'})(?![^\W_])")

    def in_words(self, words: str) -> str:
        """The first site that `words` name; empty where they name none."""
        match = self._words.search(words)
        return match[0] if match else ""

    def in_row(self, cells: tuple[Value, ...]) -> bool:
        """Whether any cell of a row names a site."""
        return any(isinstance(cell, str) and self.in_words(cell) for cell in cells)

    def in_key(self, key: str) -> bool:
        """Whether a key of a result is that of one site, or of something that is named after one."""
        return bool(self.in_words(key))


def stops_of_names(study: Study, findings: Mapping[str, Finding]) -> Iterator[Stop]:
    """The sentences that name a site: findings, their limits, the summary, and the quotes that findings cite."""
    sites = Sites(study)
    told = [(f"Finding {one.id}", f"{one.text} {one.limits}", "findings.toml") for one in findings.values()]
    told += [
        (f"A quote of finding {one.id}", piece.passage.quote, "findings.toml")
        for one in findings.values()
        for piece in one.evidence
        if piece.passage
    ]
    told += [("The summary", str(line), "study.toml") for line in study.settings.get("report", {}).get("summary", [])]
    for who, words, place in told:
        if name := sites.in_words(words):
            why = "The study promises its sites that no release names them."
            yield Stop(f"{who} names {name}.", why, "Say it without the name.", place)


def anonymous_document(document: Document, study: Study) -> Document:
    """`document` without the figures, and without the rows of tables, that tell a programme site apart."""
    sites = Sites(study)
    return replace(document, sections=_rebuilt(document.sections, sites))


def anonymous_result(result: Result, study: Study) -> Result:
    """`result` as data without the values and rows of single programme sites."""
    sites = Sites(study)
    values = {key: value for key, value in result.values.items() if not sites.in_key(key)}
    values = {key: value for key, value in values.items() if not (isinstance(value, str) and sites.in_words(value))}
    return replace(
        result,
        values=values,
        tables=tuple(_table(table, sites) for table in result.tables),
        quotes=(),
        methods=_without(result.methods, sites),
        refused=_without(result.refused, sites),
        caveats=tuple(caveat for caveat in result.caveats if not sites.in_words(caveat)),
    )


def anonymous_register(register: Register, study: Study) -> Register:
    """`register` as it may lie beside a release: without the tables that tell sites apart."""
    sites = Sites(study)
    return Register(
        tuple(
            table
            for table in register.published
            if not any(sites.in_words(label) for cell in table.shown for pair in cell.at for label in pair)
        )
    )


def anonymous_quote(quote: QuoteBlock, sites: Sites) -> QuoteBlock | None:
    """`quote` without the site that its attribution or its place names; None where its own words name one."""
    if sites.in_words(quote.words):
        return None
    if sites.in_words(quote.attribution):
        return replace(quote, attribution=A_SITE, source="", place="")
    return replace(quote, source="", place="") if sites.in_words(quote.source) else quote


def _without(words: str, sites: Sites) -> str:
    """`words` without the sentences that name a site."""
    return " ".join(one for one in re.split(r"(?<=[.;]) ", words) if not sites.in_words(one))


def _rebuilt(part: Any, sites: Sites) -> Any:
    match part:
        case tuple():
            return tuple(made for item in part if (made := _rebuilt(item, sites)) is not None)
        case Table():
            return _table(part, sites)
        case Paragraph(inlines=inlines) if sites.in_words(plain(inlines)):
            return Paragraph((Text(f"A sentence is {LEFT_OUT}"),), "note")
        case Bullets(items=items):
            return replace(part, items=tuple(item for item in items if not sites.in_words(plain(item))))
        case FigureBlock(figure=figure) if _tells(figure, sites):
            return Paragraph((Text(f"{figure.title}: {LEFT_OUT}"),), "note")
        case QuoteBlock():
            return anonymous_quote(part, sites) or Paragraph((Text(f"A quote is {LEFT_OUT}"),), "note")
        case Heading(inlines=inlines) if sites.in_words(plain(inlines)):
            return None
        case Folded(summary=summary) if sites.in_words(plain(summary)):
            return Paragraph((Text(f"A section is {LEFT_OUT}"),), "note")
        case TableFile(data=data):
            return replace(part, data=_table(data, sites))
        case TableBlock():
            return _table_block(part, sites)
    if dataclasses.is_dataclass(part) and not isinstance(part, type):
        inner = {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}
        made = {name: _rebuilt(value, sites) for name, value in inner.items() if isinstance(value, tuple)}
        return replace(part, **made)
    return part


def _table_block(table: TableBlock, sites: Sites) -> Block | None:
    """The table without the columns and lines that tell a site apart; a sentence where nothing is left."""
    columns = [at for at, cell in enumerate(table.head) if not sites.in_words(plain(cell.inlines))]
    cut = (replace(line, cells=tuple(line.cells[at] for at in columns)) for line in table.lines)
    kept = tuple(line for line in cut if not _names(line, sites))
    if table.lines and not kept:
        return Paragraph((Text(f"{_without(table.caption, sites)}: {LEFT_OUT}"),), "note") if table.caption else None
    return replace(
        table,
        head=tuple(table.head[at] for at in columns),
        lines=kept,
        caption=_without(table.caption, sites),
        note=_without(table.note, sites),
        data=None if table.data is None else _table(table.data, sites),
    )


def _tells(figure: Figure, sites: Sites) -> bool:
    """Whether a figure tells sites apart, in its drawing (all of which stands in its table) or in its words."""
    words = f"{figure.title} {figure.alt} {figure.note} {figure.table.note}"
    return bool(sites.in_words(words)) or any(_names(line, sites) for line in figure.table.lines)


def _names(line: Line, sites: Sites) -> bool:
    words = [plain(cell.inlines) for cell in line.cells]
    keys = [
        part.key
        for cell in line.cells
        for part in walk(cell.inlines)
        if hasattr(part, "key") and hasattr(part, "result")
    ]
    return any(sites.in_words(word) for word in words) or any(sites.in_key(key) for key in keys)


def _table(table: Table, sites: Sites) -> Table:
    """The table without the rows and columns that name a site, and without cells that are a site's."""
    columns = [at for at, names in enumerate(table.columns) if not any(map(sites.in_words, names))]
    rows = [at for at, row in enumerate(table.rows) if not sites.in_row(tuple(row[at] for at in columns))]
    keys = table.keys or tuple(("",) * len(row) for row in table.rows)
    of_sites = {(i, j) for i in rows for j in columns if sites.in_key(keys[i][j])}
    return replace(
        table,
        title=_without(table.title, sites),
        note=_without(table.note, sites),
        columns=tuple(table.columns[at] for at in columns),
        rows=tuple(tuple(None if (i, j) in of_sites else table.rows[i][j] for j in columns) for i in rows),
        keys=tuple(tuple("" if (i, j) in of_sites else keys[i][j] for j in columns) for i in rows)
        if table.keys
        else (),
    )
