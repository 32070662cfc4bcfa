"""Rich Text Format: the words alone; fonts, pictures, fields' instructions and embedded objects are skipped."""

from __future__ import annotations

import codecs
import re

from joinedup.adapters.extract.model import DEEPEST, Anchors, RefusedError
from joinedup.adapters.extract.normal import Lines

_TOKEN = re.compile(rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z'])|([{}])|([^\\{}\r\n]+)|[\r\n]+")
_SKIPPED = frozenset(
    [
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "object",
        "themedata",
        "datastore",
        "listtable",
        "listoverridetable",
        "rsidtbl",
        "generator",
        "header",
        "headerl",
        "headerr",
        "headerf",
        "footer",
        "footerl",
        "footerr",
        "footerf",
        "fldinst",
        "filetbl",
        "revtbl",
        "xmlnstbl",
        "bkmkstart",
        "bkmkend",
        "annotation",
        "atnid",
        "atnauthor",
        "deleted",
    ]
)
_WORDS = {
    "tab": "\t",
    "cell": "\t",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
    "endash": "\u2013",
    "emdash": "\u2014",
    "bullet": "\u2022",
}
_LINES = frozenset(["par", "line", "row", "page", "sect"])
_PARAGRAPHS = frozenset(["par", "row", "sect"])


class _Reader:
    """The state of the groups: (skipped, length of the substitute after \\u)."""

    def __init__(self) -> None:
        self.lines = Lines()
        self.paragraph = 0
        self.end_paragraph()
        self.codec = "cp1252"
        self.groups: list[tuple[bool, int]] = [(False, 1)]
        self.substitutes = 0

    def word(self, word: str, number: int | None) -> None:
        skipped, length = self.groups[-1]
        if word in _SKIPPED:
            self.groups[-1] = (True, length)
        elif word == "uc":
            self.groups[-1] = (skipped, max(0, min(number or 0, 16)))
        elif word == "ansicpg" and number:
            self.codec = _codec(number)
        elif skipped:
            return
        elif word == "u" and number is not None:
            self.lines.add(chr(number % 0x10000))
            self.substitutes = length
        elif word in _WORDS:
            self.lines.add(_WORDS[word])
        elif word in _PARAGRAPHS:
            self.end_paragraph()
        elif word in _LINES:
            self.lines.end_line()

    def end_paragraph(self) -> None:
        self.lines.end_line()
        self.paragraph += 1
        self.lines.begin(f"paragraph {self.paragraph}")

    def characters(self, raw: bytes) -> None:
        kept = raw[self.substitutes :]
        self.substitutes = max(0, self.substitutes - len(raw))
        if not self.groups[-1][0]:
            self.lines.add(kept.decode(self.codec, "replace"))

    def brace(self, brace: bytes) -> None:
        self.substitutes = 0
        if brace == b"{":
            if len(self.groups) > DEEPEST:
                raise RefusedError("J335", limit=DEEPEST)
            self.groups.append(self.groups[-1])
        elif len(self.groups) > 1:
            self.groups.pop()

    def sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.groups[-1] = (True, self.groups[-1][1])
        elif sign in b"\\{}":
            self.characters(sign)
        elif not self.groups[-1][0]:
            self.lines.add({b"~": "\u00a0", b"_": "\u2011"}.get(sign, ""))
            if sign in b"\r\n":
                self.end_paragraph()


def _codec(page: int) -> str:
    try:
        return codecs.lookup(f"cp{page}").name
    except LookupError:
        return "cp1252"


def rtf_text(data: bytes) -> tuple[str, Anchors]:
    """The words of an RTF document, a line a paragraph, and the paragraphs; a row of a table is one."""
    reader, at = _Reader(), 0
    while at < len(data):
        match = _TOKEN.match(data, at)
        if match is None:
            at += 1
            continue
        at = match.end()
        word, number, byte, sign, brace, raw = match.groups()
        if word == b"bin":
            at += max(0, int(number or 0))  # raw bytes follow
        elif word:
            reader.word(word.decode("ascii"), int(number) if number else None)
        elif byte:
            reader.characters(bytes([int(byte, 16)]))
        elif sign:
            reader.sign(sign)
        elif brace:
            reader.brace(brace)
        elif raw:
            reader.characters(raw)
    return reader.lines.placed()
