"""Word (docx) and OpenDocument (odt): paragraphs as lines, tables cell by cell, notes at the end.

Headers, footers, comments and what tracked changes deleted are left out. Links, templates and embedded files are
never followed or opened.
"""

from __future__ import annotations

import zipfile

from joinedup.adapters.extract.model import RefusedError
from joinedup.adapters.extract.normal import PAGE, Lines
from joinedup.adapters.extract.zipped import open_zip, read_part

_WIDEST_BLANK = 100
Pages = tuple[tuple[int, int], ...]


class _Word:
    """WordprocessingML: the text of w:t inside paragraphs; the fallback of an alternative would say things twice."""

    def __init__(self) -> None:
        self.lines = Lines()
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

    def _page(self) -> None:
        """A page begins; where Word laid out a break that was asked for, it notes it once more."""
        if not self._new_page:
            self.lines.add(PAGE)
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
        self._hidden = 0
        self._notes = 0
        self._paragraphs = 0

    @property
    def _at(self) -> Lines:
        return self.notes if self._notes else self.lines

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._hidden += tag in ("tracked-changes", "annotation", "note-citation")
        self._notes += tag == "note"
        self._paragraphs += tag in ("p", "h")
        if self._hidden:
            return
        match tag:
            case "tab":
                self._at.add("\t")
            case "line-break":
                self._at.add("\n")
            case "soft-page-break" if not self._notes:
                self.lines.add(PAGE)
            case "s":
                count = attributes.get("c", "1")
                wide = int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 1
                self._at.add(" " * min(wide, _WIDEST_BLANK))

    def end(self, tag: str) -> None:
        if tag in ("p", "h") and not self._hidden:
            self._at.end_line()
        self._paragraphs -= tag in ("p", "h")
        self._notes -= tag == "note"
        self._hidden -= tag in ("tracked-changes", "annotation", "note-citation")

    def data(self, words: str) -> None:
        if self._paragraphs and not self._hidden:
            self._at.add(words.replace("\n", " "))


def docx_text(data: bytes) -> tuple[str, Pages]:
    """The words of a Word document, and where its pages begin: as Word laid them out last or the text asks for."""
    opened = _without_macros(data)
    handler = _Word()
    read_part(opened, "word/document.xml", handler)
    for notes in ("word/footnotes.xml", "word/endnotes.xml"):
        if notes in opened.namelist():
            read_part(opened, notes, handler)
    return handler.lines.paged()


def odt_text(data: bytes) -> tuple[str, Pages]:
    """The words of an OpenDocument text, and where its pages began when it was saved, if it says so."""
    opened = _without_macros(data)
    if "META-INF/manifest.xml" in opened.namelist():
        read_part(opened, "META-INF/manifest.xml", _Manifest())
    handler = _OpenDocument()
    read_part(opened, "content.xml", handler)
    text, pages = handler.lines.paged()
    return text + handler.notes.text(), pages


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
