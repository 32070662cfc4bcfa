"""Taguette's lists (CSV or XLSX): its codebook, and its highlights found again in known texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from joinedup.adapters.exchange.coordinates import Received, Selection, Span
from joinedup.adapters.exchange.gathering import Applied, Coded, Findings, placed_codings
from joinedup.adapters.exchange.ids import Ids
from joinedup.adapters.extract.model import LARGEST_FILE, RefusedError, problem_of
from joinedup.adapters.extract.normal import normal
from joinedup.study.hints import shown
from joinedup.study.problems import StudyError, UsageError
from joinedup.texts.project import Project, ProjectCode, ProjectText

HIGHLIGHTS, CODEBOOK = ("document", "tag", "content"), ("tag", "description")


def kind_of(path: Path) -> tuple[str, ...]:
    """HIGHLIGHTS or CODEBOOK where `path` is such a list, by its header and nothing else; empty where it is none."""
    if path.suffix.lower() not in (".csv", ".xlsx") or not path.is_file():
        return ()
    try:
        header = next(_grid(path), ())
    except (StudyError, UsageError):
        return ()
    names = [cell.strip().lower() for cell in header]
    if names[:4] == ["id", *HIGHLIGHTS]:
        return HIGHLIGHTS
    known = names[: len(CODEBOOK)] == [*CODEBOOK] and set(names[2:]) <= {"number of highlights"}
    return CODEBOOK if known else ()


def read_codebook(path: str | Path) -> Project:
    """Taguette's codebook (tag, description): each tag a code. Raises StudyError where the file is refused."""
    path = Path(path)
    findings, ids, codes = Findings(), Ids(), dict[str, ProjectCode]()
    for row in _rows(path, CODEBOOK, "codebook"):
        tag = normal(row["tag"]).strip()
        if not tag:
            findings.flags.append("A tag has no name: it was left out.")
        elif tag in codes:
            findings.flags.append(f"Two tags are called {shown(tag)}: the first was taken.")
        else:
            codes[tag] = ProjectCode(ids.take(tag, "tag"), tag, normal(row["description"]).strip())
    counts = {"codes": len(codes)}
    return Project(path.stem, codes=tuple(codes.values()), origin="Taguette", report=findings.report(counts))


def read_highlights(path: str | Path, texts: Iterable[ProjectText]) -> Project:
    """Taguette's list of highlights (CSV or XLSX: id, document, tag, content), found again in `texts`.

    The list holds no positions and no coder: words that occur several times in their text, or nowhere, are losses.
    `document` is a text's name or id. Raises StudyError where the file is refused.
    """
    path = Path(path)
    findings = Findings()
    known = tuple(texts)
    by_name = {key: item for item in known for key in (item.name, item.id, item.name.rsplit(".", 1)[0])}
    ids, codes = Ids(), dict[str, ProjectCode]()
    coded: list[Coded] = []
    spans: list[Span | None] = []
    for row in _rows(path, HIGHLIGHTS, "list of highlights"):
        tag, words = row["tag"].strip(), normal(row["content"]).strip()
        document = by_name.get(row["document"]) or by_name.get(row["document"].rsplit(".", 1)[0])
        span, why = _found(document, words)
        if why or not tag or document is None:
            findings.losses.append(f"Highlight {row['id']} ({shown(words)}): {why or 'it carries no tag'}.")
            continue
        if tag not in codes:
            codes[tag] = ProjectCode(ids.take(tag, "tag"), tag)
        coded.append(Coded(Selection(document.id, *(span or (0, 0))), (Applied(codes[tag].id),)))
        spans.append(span)
    received = {item.id: Received(item.content) for item in known}
    by_id = {code.id: code for code in codes.values()}
    codings = placed_codings(received, coded, spans, (), by_id, findings)
    counts = {"codes": len(codes), "codings": len(codings)}
    return Project(path.stem, known, tuple(by_id.values()), codings, origin="Taguette", report=findings.report(counts))


def _found(document: ProjectText | None, words: str) -> tuple[Span | None, str]:
    if document is None:
        return None, "its document is not among the texts"
    at = document.content.find(words) if words else -1
    if at < 0:
        return None, "its words are nowhere in the text"
    if document.content.find(words, at + 1) >= 0:
        return None, "its words stand in the text more than once, and the list does not say where"
    return (at, at + len(words)), ""


def _rows(path: Path, needed: tuple[str, ...], what: str) -> Iterator[dict[str, str]]:
    rows = _grid(path)
    header = [cell.strip().lower() for cell in next(rows, ())]
    if not set(needed) <= set(header):
        found = f"no {what} (columns {', '.join(needed)})"
        raise StudyError([problem_of(RefusedError("J323", found), path.name)])
    for row in rows:
        yield {"id": "", **dict(zip(header, [*row, *[""] * len(header)], strict=False))}


def _grid(path: Path) -> Iterator[tuple[str, ...]]:
    """The cells of the file, row by row."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise StudyError([problem_of(RefusedError("J321", limit=LARGEST_FILE // 1_000_000), path.name)])
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} can't be read ({(error.strerror or 'no reason given').lower()}).") from None
    if data[:2] == b"PK":
        from joinedup.adapters.xlsform_workbook import read_sheets

        yield from next(iter(read_sheets(data, path.name).values()), ())
        return
    csv.field_size_limit(LARGEST_FILE)
    yield from map(tuple, csv.reader(io.StringIO(data.decode("utf-8-sig", "replace"), newline="")))
