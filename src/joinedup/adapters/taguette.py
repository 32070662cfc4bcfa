"""Taguette: project databases (SQLite) as coding projects.

A highlight's offsets count UTF-8 bytes of the words of an HTML document, its tags left out.
"""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import accumulate
from pathlib import Path

from joinedup.adapters.exchange.apart import SMALL, read_apart
from joinedup.adapters.exchange.coordinates import Received, Selection, Span
from joinedup.adapters.exchange.database import Database, size_of, text, whole
from joinedup.adapters.exchange.gathering import Applied, Coded, Findings, parents_first, placed_codings
from joinedup.adapters.exchange.ids import Ids
from joinedup.adapters.extract.markup import BLOCKS
from joinedup.adapters.extract.model import RefusedError, problem_of
from joinedup.adapters.extract.normal import normal
from joinedup.study.hints import shown
from joinedup.study.problems import StudyError, UsageError
from joinedup.texts.passages import locate
from joinedup.texts.project import Coder, Project, ProjectCode, ProjectText

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_NEEDED = ("projects", "documents", "highlights", "tags", "highlight_tags")


def read_project(path: str | Path) -> Project:
    """The project in a database that Taguette exported (or keeps, where it holds one project).

    Tags become codes, whoever made a highlight its coder. Every quote is verified against the stored snippet. Raises
    StudyError where the file is refused, UsageError where it can't be opened or holds several projects. A large one is
    read in a child process with limits on time and memory.
    """
    path = Path(path)
    size = size_of(path)
    return read_here(path) if size <= SMALL else read_apart("taguette", path, size)


def read_here(path: Path) -> Project:
    """`read_project` in this very process."""
    try:
        with Database(path) as database:
            if not set(_NEEDED) <= set(database.columns):
                raise RefusedError("J323", "a database of another program than Taguette")
            return _Reader(database).read(path)
    except RefusedError as error:
        raise StudyError([problem_of(error, path.name)]) from None
    except OSError as error:
        raise UsageError(f"{path} can't be read ({(error.strerror or 'no reason given').lower()}).") from None


@dataclass
class _Reader:
    database: Database
    findings: Findings = field(default_factory=Findings)
    pages: dict[str, Page] = field(default_factory=dict)
    texts: dict[int, ProjectText] = field(default_factory=dict)
    codes: dict[int, ProjectCode] = field(default_factory=dict)

    def read(self, path: Path) -> Project:
        projects = list(self.database.rows("projects", "id"))
        if len(projects) != 1:
            names = ", ".join(text(project, "name") for project in projects[:5]) or "none"
            raise UsageError(
                f"{path} holds {len(projects)} projects ({names}). In Taguette open the one that you want and export "
                f"it as SQLite database."
            )
        self._read_documents()
        self._read_tags()
        coders = self._coders()
        coded, spans = self._highlights(coders)
        received = {id: page.received for id, page in self.pages.items()}
        codes = {code.id: code for code in self.codes.values()}
        codings = placed_codings(received, coded, spans, (), codes, self.findings)
        counts = {"texts": len(self.texts), "codes": len(codes), "highlights": len(coded), "codings": len(codings)}
        used = {coding.coder for coding in codings}
        made = dict.fromkeys(coders.values())
        return Project(
            name=text(projects[0], "name") or path.stem,
            texts=tuple(self.texts.values()),
            codes=tuple(codes.values()),
            codings=codings,
            coders=tuple(Coder(name, name) for name in made if name in used),
            description=normal(text(projects[0], "description")).strip(),
            origin="Taguette",
            report=self.findings.report(counts),
        )

    def _read_documents(self) -> None:
        ids = Ids()
        for row in self.database.rows("documents", "id"):
            name = text(row, "name").strip()
            page = Page(text(row, "contents"))
            id = ids.take(name.rsplit(".", 1)[0] if "." in name[-6:] else name, "text")
            self.pages[id] = page
            about = normal(text(row, "description")).strip()
            self.texts[whole(row, "id") or 0] = ProjectText(id, name, page.received.frozen.content, "", about)
            if not page.received.frozen.content.strip():
                self.findings.flags.append(f"The text {shown(name)} is empty.")

    def _read_tags(self) -> None:
        rows = {number: row for row in self.database.rows("tags", "id") if (number := whole(row, "id")) is not None}
        ids = Ids()
        named = {number: ids.take(text(row, "path"), "tag") for number, row in rows.items()}
        above = {id: named.get(whole(rows[number], "parent_id") or -1, "") for number, id in named.items()}
        numbers = {id: number for number, id in named.items()}
        for id in parents_first(above, self.findings):
            row = rows[numbers[id]]
            about = normal(text(row, "description")).strip()
            self.codes[numbers[id]] = ProjectCode(id, text(row, "path"), about, above[id])

    def _coders(self) -> dict[int, str]:
        """Highlight -> who made it, from the program's own log."""
        found: dict[int, str] = {}
        ids: dict[str, str] = {}
        taken = Ids()
        for row in self.database.rows("commands", "id"):
            try:
                payload = json.loads(text(row, "payload") or "{}")
            except (ValueError, RecursionError):
                continue
            if isinstance(payload, dict) and payload.get("type") == "highlight_add":
                name, number = text(row, "user_login"), payload.get("highlight_id")
                if name and isinstance(number, int):
                    found[number] = ids[name] = ids.get(name) or taken.take(name, "coder")
        return found

    def _highlights(self, coders: Mapping[int, str]) -> tuple[list[Coded], list[Span | None]]:
        tags: dict[int, list[str]] = {}
        for row in self.database.rows("highlight_tags", "tag_id"):
            code = self.codes.get(whole(row, "tag_id") or -1)
            if code is not None:
                tags.setdefault(whole(row, "highlight_id") or -1, []).append(code.id)
        coded, spans = [], []
        for row in self.database.rows("highlights", "id"):
            number, document = whole(row, "id") or 0, self.texts.get(whole(row, "document_id") or -1)
            snippet = Page(text(row, "snippet")).received.frozen.content
            start, end = whole(row, "start_offset"), whole(row, "end_offset")
            if document is None or start is None or end is None or not tags.get(number):
                why = (
                    "it carries no tag" if document is not None and not tags.get(number) else "its text does not exist"
                )
                self.findings.losses.append(f"Highlight {shown(snippet)}: {why}.")
                continue
            applied = tuple(Applied(code, coders.get(number, "")) for code in sorted(tags[number]))
            coded.append(Coded(Selection(document.id, start, end), applied))
            spans.append(self._span(document.id, start, end, snippet))
        return coded, spans

    def _span(self, id: str, start: int, end: int, snippet: str) -> Span | None:
        page = self.pages[id]
        content = page.received.frozen.content
        span = page.span(start, end)
        if span is not None and (not snippet.strip() or _flat(content[slice(*span)]) == _flat(snippet)):
            return span
        at = locate(content, snippet.strip(), span[0] if span else start)
        if at is None:
            self.findings.flags.append(f"The highlight at bytes {start}-{end} of {shown(id)} reads differently now.")
            return span
        moved = at, at + len(snippet.strip())
        self.findings.flags.append(f"The highlight at bytes {start}-{end} of {shown(id)} was moved to its words.")
        return moved if _flat(content[slice(*moved)]) == _flat(snippet) else span


class Page(HTMLParser):
    """The words of an HTML document, each block on lines of its own, and where its counted bytes lie in them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._own: list[str] = []
        self._counted: list[tuple[int, int]] = []
        self._raw = self._length = 0
        self.feed(html.lstrip(" \t\r\n\f"))
        self.close()
        self.received = Received("".join(self._parts))
        self._starts = [raw for raw, _ in self._counted]
        raw = "".join(self._own)
        widths = [(match.end(), len(match[0].encode("utf-8", "replace")) - 1) for match in _BEYOND_ASCII.finditer(raw)]
        self._sign_after = array("q", (at for at, _ in widths))
        more = accumulate(extra for _, extra in widths)
        self._byte_after = array("q", (at + extra for at, extra in zip(self._sign_after, more, strict=True)))
        self._total = len(raw)
        self._parts.clear()
        self._own.clear()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._break(tag)

    def _break(self, tag: str) -> None:
        if tag in BLOCKS and self._parts and not self._parts[-1].endswith("\n"):
            self._parts.append("\n")
            self._length += 1
        elif tag in ("td", "th") and self._parts and not self._parts[-1][-1:].isspace():
            self._parts.append("\t")
            self._length += 1

    def handle_data(self, data: str) -> None:
        self._counted.append((self._raw, self._length))
        self._own.append(data)
        self._parts.append(data)
        self._raw += len(data)
        self._length += len(data)

    def span(self, start: int, end: int) -> Span | None:
        """The frozen span of the counted bytes [start, end); None where they are none."""
        first, last = self._sign(start), self._sign(end)
        if first is None or last is None or last < first or not self._counted:
            return None
        raw, start = self._counted[max(0, bisect_right(self._starts, first) - 1)]
        until, end = self._counted[max(0, bisect_left(self._starts, last) - 1)]
        return self.received.frozen.span(start + first - raw, end + last - until)

    def _sign(self, byte: int) -> int | None:
        """The sign that begins at a counted byte; None outside the words and within a sign."""
        wide = bisect_right(self._byte_after, byte)
        sign = byte - self._byte_after[wide - 1] + self._sign_after[wide - 1] if wide else byte
        within = wide < len(self._sign_after) and sign >= self._sign_after[wide]
        return sign if 0 <= sign <= self._total and not within else None


def _flat(words: str) -> str:
    return "".join(words.split())
