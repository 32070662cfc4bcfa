"""Taguette's lists (CSV or XLSX): its codebook, and its highlights found again in known texts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from joinedup.adapters.exchange.coordinates import Received, Selection, Span
from joinedup.adapters.exchange.gathering import Applied, Coded, Findings, placed_codings
from joinedup.adapters.exchange.ids import Ids, slug
from joinedup.adapters.extract.model import LARGEST_FILE, RefusedError, problem_of
from joinedup.adapters.extract.normal import normal
from joinedup.study.hints import shown
from joinedup.study.problems import StudyError, UsageError
from joinedup.texts.project import Project, ProjectCode, ProjectText

_COPY = re.compile(r"-\d+$")
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
    known = names[: len(CODEBOOK)] == [*CODEBOOK] and set(names[2:]) <= {"number of highlights", "number of documents"}
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
    pages = _by_name(known)
    ids, codes = Ids(), dict[str, ProjectCode]()
    coded: list[Coded] = []
    spans: list[Span | None] = []
    for row in _rows(path, HIGHLIGHTS, "list of highlights"):
        tag, words = row["tag"].strip(), normal(row["content"]).strip()
        stem = row["document"].rsplit(".", 1)[0]
        named = next(filter(None, (pages.get(key) for key in (row["document"], stem, f"-{slug(stem)}"))), [])
        (id, span), why = _place(named, words)
        if why or not tag:
            what = f"Highlight {row['id']} ({shown(words)}){f' with {shown(tag)}' if tag else ''}"
            findings.losses.append(f"{what}: {why or 'it carries no tag'}.")
            continue
        if tag not in codes:
            codes[tag] = ProjectCode(ids.take(tag, "tag"), tag)
        coded.append(Coded(Selection(id, *span), (Applied(codes[tag].id),)))
        spans.append(span)
    received = {item.id: Received(item.content) for item in known}
    by_id = {code.id: code for code in codes.values()}
    codings = placed_codings(received, coded, spans, (), by_id, findings)
    counts = {"codes": len(codes), "codings": len(codings)}
    return Project(path.stem, known, tuple(by_id.values()), codings, origin="Taguette", report=findings.report(counts))


@dataclass
class _Page:
    """A text in which words are looked for as they stand, else with their white space left out.

    The lists join what stands in different paragraphs without any space.
    """

    id: str
    content: str

    @cached_property
    def _signs(self) -> tuple[str, list[int]]:
        places = [at for at, sign in enumerate(self.content) if not sign.isspace()]
        return "".join(self.content[at] for at in places), places

    def spans(self, words: str) -> list[Span]:
        """Where `words` stand; two places at most, because two are as bad as more."""
        found = [(at, at + len(words)) for at in _occurrences(self.content, words)]
        if found:
            return found
        signs, places = self._signs
        bare = "".join(words.split())
        return [(places[at], places[at + len(bare) - 1] + 1) for at in _occurrences(signs, bare)]


def _occurrences(content: str, words: str) -> list[int]:
    first = content.find(words) if words else -1
    second = content.find(words, first + 1) if first >= 0 else -1
    return [at for at in (first, second) if at >= 0]


def _by_name(texts: Iterable[ProjectText]) -> dict[str, list[_Page]]:
    """Name, id and name without its ending -> the texts that are called so.

    After a hyphen: what an import makes of a name (which numbers the second text of a name) -> all texts of it.
    """
    found: dict[str, list[_Page]] = {}
    for item in texts:
        page = _Page(item.id, item.content)
        imported = f"-{_COPY.sub('', item.id)}"
        for key in dict.fromkeys((item.name, item.id, item.name.rsplit(".", 1)[0], imported)):
            found.setdefault(key, []).append(page)
    return found


def _place(pages: list[_Page], words: str) -> tuple[tuple[str, Span], str]:
    """The one place of `words`, and why there is none: several documents may have one name."""
    found = [(page.id, span) for page in pages for span in page.spans(words)]
    if len(found) == 1:
        return found[0], ""
    if not found:
        why = "its words are nowhere in the text" if pages else "its document is not among the texts"
    else:
        why = "its words stand in the text more than once, and the list does not say where"
    return ("", (0, 0)), why


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
