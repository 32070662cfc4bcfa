"""Text in the form in which it is frozen: NFC, LF, no byte-order mark anywhere, no control characters, no lone surrogates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from joinedup.adapters.extract.clock import CLOCK
from joinedup.adapters.extract.model import LONGEST_TEXT, MOST_ANCHORS, MOST_LINES, Anchors, RefusedError

_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


_A_SIGN = 2e-6
"""Processor time that reading a sign may take, markup and all."""
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


def join_pages(pages: Iterable[str]) -> tuple[str, Anchors]:
    """Pages as one normal text, a line end after each, with where each page starts."""
    parts: list[str] = []
    anchors: list[tuple[int, str]] = []
    at = 0
    for number, page in enumerate(pages, 1):
        part = normal(page).rstrip() + "\n"
        anchors.append((at, f"page {number}"))
        parts.append(part)
        at += len(part)
        check_length(at)
    return "".join(parts), tuple(anchors)


def check_length(characters: int) -> None:
    """Raises RefusedError where a text is longer than any document of words."""
    if characters > LONGEST_TEXT:
        raise RefusedError("J333", limit=LONGEST_TEXT // 1_000_000)


MARK = "\x01"
"""Stands in a line where a place of the source begins: no XML can hold it, and it vanishes when the text becomes normal."""


class Lines:
    """Collects the words of a document line by line, with their places in it, and watches their length."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._length = self._ends = 0
        self._places: list[str] = []
        self._next = ""
        self._page = 1

    def add(self, words: str) -> None:
        self._length += len(words)
        check_length(self._length)
        if self._next and words.strip():
            self._mark(self._next)
            self._next = ""
        self._line.append(words.replace(MARK, ""))

    def begin(self, place: str) -> None:
        """What is said from here on stands at `place`, "paragraph 12"; one that says nothing leaves no anchor."""
        self._next = place

    def turn_page(self) -> None:
        """A page begins here."""
        self._page += 1
        self._mark(f"page {self._page}")

    def _mark(self, place: str) -> None:
        if len(self._places) < MOST_ANCHORS:
            self._places.append(place if len(self._places) < MOST_ANCHORS - 1 else "")
            self._line.append(MARK)

    def end_line(self) -> None:
        """End the line; blank lines are kept out, and counted: they take time too."""
        self._ends += 1
        if self._ends > MOST_LINES:
            raise RefusedError("J339", limit=MOST_LINES)
        line = "".join(self._line)
        self._line.clear()
        CLOCK.earn(_A_SIGN * len(line))
        core = line.strip(f" \t\n{MARK}")
        if core:
            before, after = line.split(core, 1)
            self._lines.append(MARK * before.count(MARK) + core)
            line = after
        if MARK in line:
            self._line.append(MARK * line.count(MARK))

    def placed(self) -> tuple[str, Anchors]:
        """The text, and where each page (if one was turned) and each place that says something begins."""
        self.end_line()
        if not self._lines:
            return "", ()
        parts = ("\n".join(self._lines) + "\n").split(MARK)
        text, at = normal("".join(parts)), 0
        found = {(0, "page"): "page 1"} if self._page > 1 else {}
        for part, place in zip(parts, self._places, strict=False):
            at = min(len(text), at + len(normal(part)))
            found[at, place.partition(" ")[0]] = place
        return text, tuple((at, place) for (at, _), place in found.items())
