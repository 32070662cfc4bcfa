"""Word (docx) and OpenDocument (odt): paragraphs as lines, tables cell by cell, notes at the end; each keeps its place.

Headers, footers, comments and what tracked changes deleted are left out. Links, templates and embedded files are
never followed or opened.
"""

from __future__ import annotations

import zipfile

from joinedup.adapters.extract.model import Anchors, RefusedError
from joinedup.adapters.extract.normal import Lines
from joinedup.adapters.extract.zipped import open_zip, read_part

_WIDEST_BLANK = 100


class _Paragraphs:
    """Counts the paragraphs of a document as they stand in the file, empty ones and those in tables too."""

    def __init__(self) -> None:
        self._count = 0
        self._open: list[int] = []

    def __bool__(self) -> bool:
        return bool(self._open)

    def start(self, lines: Lines) -> None:
        self._count += 1
        self._open.append(self._count)
        lines.begin(f"paragraph {self._count}")

    def end(self, lines: Lines) -> None:
        """End a paragraph; one that holds it, as a text box does, goes on."""
        del self._open[-1:]
        lines.begin(f"paragraph {self._open[-1]}" if self._open else "")


class _Word:
    """WordprocessingML: the text of w:t inside paragraphs; the fallback of an alternative would say things twice."""

    def __init__(self) -> None:
        self.lines = Lines()
        self._paragraphs = _Paragraphs()
        self.note = ""
        self._notes = 0
        self._hidden = 0
        self._in_text = False
        self._new_page = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "altChunk":
            raise RefusedError("J337")
        self._hidden += tag == "Fallback"
        self._in_text = tag == "t"
        if not self._hidden:
            match tag:
                case "p":
                    self._start_paragraph()
                case "footnote" | "endnote" if attributes.get("type", "normal") == "normal":
                    self._notes += 1
                case "tab":
                    self.lines.add("\t")
                case "lastRenderedPageBreak":
                    self._page()
                case "br" if attributes.get("type") == "page":
                    self.lines.end_line()
                    self._page()
                case "br" | "cr":
                    self.lines.add("\n")
                case "noBreakHyphen":
                    self.lines.add("\u2011")

    def end(self, tag: str) -> None:
        self._hidden -= tag == "Fallback"
        self._in_text = False
        if tag == "p" and not self._hidden:
            self.lines.end_line()
            if not self.note:
                self._paragraphs.end(self.lines)

    def _start_paragraph(self) -> None:
        if self.note:
            self.lines.begin(f"{self.note} {self._notes}")
        else:
            self._paragraphs.start(self.lines)

    def start_notes(self, note: str) -> None:
        """What comes from here on are notes, each called `note` and counted from 1."""
        self.note, self._notes = note, 0

    def _page(self) -> None:
        """A page begins; where Word laid out a break that was asked for, it notes it once more."""
        if not self._new_page:
            self.lines.turn_page()
        self._new_page = True

    def data(self, words: str) -> None:
        if self._in_text and not self._hidden:
            self.lines.add(words)
            self._new_page &= not words.strip()


class _OpenDocument:
    """OpenDocument: text:p and text:h; notes are kept for the end, annotations and deleted text left out."""

    def __init__(self) -> None:
        self.lines = Lines()
        self.notes = Lines()
        self._paragraphs = _Paragraphs()
        self._counts = {"footnote": 0, "endnote": 0}
        self._note = ""
        self._hidden = 0
        self._notes = 0

    @property
    def _at(self) -> Lines:
        return self.notes if self._notes else self.lines

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._hidden += tag in ("tracked-changes", "annotation", "note-citation")
        self._notes += tag == "note"
        if self._hidden:
            return
        match tag:
            case "note":
                kind = "endnote" if attributes.get("note-class") == "endnote" else "footnote"
                self._counts[kind] += 1
                self._note = f"{kind} {self._counts[kind]}"
            case "p" | "h" if self._notes:
                self.notes.begin(self._note)
            case "p" | "h":
                self._paragraphs.start(self.lines)
            case "tab":
                self._at.add("\t")
            case "line-break":
                self._at.add("\n")
            case "soft-page-break" if not self._notes:
                self.lines.turn_page()
            case "s":
                count = attributes.get("c", "1")
                wide = int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 1
                self._at.add(" " * min(wide, _WIDEST_BLANK))

    def end(self, tag: str) -> None:
        if tag in ("p", "h") and not self._hidden:
            self._at.end_line()
            if not self._notes:
                self._paragraphs.end(self.lines)
        self._notes -= tag == "note"
        self._hidden -= tag in ("tracked-changes", "annotation", "note-citation")

    def data(self, words: str) -> None:
        if self._paragraphs and not self._hidden:
            self._at.add(words.replace("\n", " "))


def docx_text(data: bytes) -> tuple[str, Anchors]:
    """The words of a Word document, its paragraphs, and its pages as Word laid them out last or the text asks for."""
    opened = _without_macros(data)
    handler = _Word()
    read_part(opened, "word/document.xml", handler)
    for note in ("footnote", "endnote"):
        if f"word/{note}s.xml" in opened.namelist():
            handler.start_notes(note)
            read_part(opened, f"word/{note}s.xml", handler)
    return handler.lines.placed()


def odt_text(data: bytes) -> tuple[str, Anchors]:
    """The words of an OpenDocument text, its paragraphs, and its pages when it was saved, if it says so."""
    opened = _without_macros(data)
    if "META-INF/manifest.xml" in opened.namelist():
        read_part(opened, "META-INF/manifest.xml", _Manifest())
    handler = _OpenDocument()
    read_part(opened, "content.xml", handler)
    text, anchors = handler.lines.placed()
    notes, places = handler.notes.placed()
    return text + notes, (*anchors, *((len(text) + at, place) for at, place in places))


class _Manifest:
    """The list of an OpenDocument's parts tells whether they are encrypted."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        if tag == "encryption-data":
            raise RefusedError("J324")

    def end(self, tag: str) -> None: ...

    def data(self, words: str) -> None: ...


def _without_macros(data: bytes) -> zipfile.ZipFile:
    opened = open_zip(data)
    names = [name.lower() for name in opened.namelist()]
    if any(name.endswith("vbaproject.bin") or name.startswith(("basic/", "scripts/")) for name in names):
        raise RefusedError("J325")
    return opened
