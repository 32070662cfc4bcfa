"""Text in the form in which it is frozen: NFC, LF, no byte-order mark anywhere, no control characters, no lone surrogates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from joinedup.adapters.extract.model import LONGEST_TEXT, RefusedError

_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


_MOST_MARKS = 100
"""Marks on one letter; the stream-safe form of Unicode has 30. The time of composing grows with their square."""


def normal(text: str) -> str:
    """`text` as it is frozen. Pairs of surrogates become their letter, lone ones the replacement character.

    Raises RefusedError where a letter carries more than 100 combining marks.
    """
    text = _LINE_END.sub("\n", text)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _CONTROL.sub("", text)
    one, many = _marks()
    if len(text) > _MOST_MARKS and one.search(text[::_MOST_MARKS]) and many.search(text):
        raise RefusedError("J338", limit=_MOST_MARKS)
    return unicodedata.normalize("NFC", text)


@cache
def _marks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of one combining mark, and of more of them in a row than a letter may carry."""
    marks = "".join(chr(code) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))
    return re.compile(f"[{marks}]"), re.compile(f"[{marks}]{{{_MOST_MARKS + 1}}}")


def join_pages(pages: Iterable[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Pages as one normal text, a line end after each, with (offset, page number) of each page's start."""
    parts: list[str] = []
    anchors: list[tuple[int, int]] = []
    at = 0
    for number, page in enumerate(pages, 1):
        part = normal(page).rstrip() + "\n"
        anchors.append((at, number))
        parts.append(part)
        at += len(part)
        check_length(at)
    return "".join(parts), tuple(anchors)


def check_length(characters: int) -> None:
    """Raises RefusedError where a text is longer than any document of words."""
    if characters > LONGEST_TEXT:
        raise RefusedError("J333", limit=LONGEST_TEXT // 1_000_000)


PAGE = "\x01"
"""Stands in a line where a page begins: no XML can hold it, and it vanishes when the text becomes normal."""


class Lines:
    """Collects the words of a document line by line and watches its length."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._length = 0

    def add(self, words: str) -> None:
        self._length += len(words)
        check_length(self._length)
        self._line.append(words)

    def end_line(self) -> None:
        """End the line; blank lines are kept out."""
        line = "".join(self._line)
        self._line.clear()
        core = line.strip(f" \t\n{PAGE}")
        if core:
            before, after = line.split(core, 1)
            self._lines.append(PAGE * before.count(PAGE) + core)
            line = after
        if PAGE in line:
            self._line.append(PAGE * line.count(PAGE))

    def text(self) -> str:
        return self.paged()[0]

    def paged(self) -> tuple[str, tuple[tuple[int, int], ...]]:
        """The text, and (offset, page number) of each page's start where a page break was added."""
        self.end_line()
        if not self._lines:
            return "", ()
        parts = ("\n".join(self._lines) + "\n").split(PAGE)
        text, starts = normal("".join(parts)), [0]
        for part in parts[:-1]:
            starts.append(min(len(text), starts[-1] + len(normal(part))))
        return text, tuple((at, number) for number, at in enumerate(starts, 1)) if len(parts) > 1 else ()
