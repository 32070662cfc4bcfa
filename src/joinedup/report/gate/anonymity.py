"""Site anonymity, a promise apart from the rule for persons: a release of a study that made it names no programme site."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from joinedup.disclosure import Stop
from joinedup.report.model import (
    Bullets,
    Document,
    Figure,
    FigureBlock,
    Line,
    Paragraph,
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
LEFT_OUT = "left out of the release: it tells sites apart, and the study promised them not to."


def is_promised(study: Study) -> bool:
    """Whether study.toml promises the sites that no release names them."""
    return bool(study.settings.get("disclosure", {}).get("sites") == ANONYMOUS)


class Sites:
    """Finds the programme sites of a study by name or id in words, cells and keys."""

    def __init__(self, study: Study) -> None:
        names = {word for site in study.programme_sites for word in (site.name, site.id) if word}
        among = "|".join(re.escape(word) for word in sorted(names, key=lambda word: (-len(word), word)))
        self._words = re.compile(rf"(?<!\w)(?:{among or '(?!)'})(?!\w)")
        self._parts = {key_part(site.id) for site in study.programme_sites}

    def in_words(self, words: str) -> str:
        """The first site that `words` name; empty where they name none."""
        match = self._words.search(words)
        return match[0] if match else ""

    def in_row(self, cells: tuple[Value, ...]) -> bool:
        """Whether any cell of a row names a site."""
        return any(isinstance(cell, str) and self.in_words(cell) for cell in cells)

    def in_key(self, key: str) -> bool:
        """Whether a key of a result is that of one site."""
        return not self._parts.isdisjoint(key.split("."))


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
    return replace(result, values=values, tables=tuple(_table(table, sites) for table in result.tables), quotes=())


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
        case TableFile(data=data):
            return replace(part, data=_table(data, sites))
        case TableBlock(lines=lines, data=data):
            kept = tuple(line for line in lines if not _names(line, sites))
            if lines and not kept:
                return Paragraph((Text(f"{part.caption}: {LEFT_OUT}"),), "note") if part.caption else None
            note = "" if sites.in_words(part.note) else part.note
            return replace(part, lines=kept, note=note, data=None if data is None else _table(data, sites))
    if dataclasses.is_dataclass(part) and not isinstance(part, type):
        inner = {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}
        made = {name: _rebuilt(value, sites) for name, value in inner.items() if isinstance(value, tuple)}
        return replace(part, **made)
    return part


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
    kept = [at for at, row in enumerate(table.rows) if not sites.in_row(row)]
    keys = tuple(table.keys[at] for at in kept) if table.keys else ()
    return replace(table, rows=tuple(table.rows[at] for at in kept), keys=keys)
