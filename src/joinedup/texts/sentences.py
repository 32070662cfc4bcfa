"""Sentences as spans, in texts whose lines are paragraphs and in texts whose lines are wrapped (as a PDF gives them)."""

from __future__ import annotations

import re

from joinedup.texts.spans import Span

_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Vol|pp?|cf|vs|e\.g|i\.e|etc|para|paras|fig)|\b[A-Z])\.$")
_NUMBERED = re.compile(r"\b[Nn]os?\.\s+\d")
_WRAPPED_BREAK = re.compile(r"\S[ \t]*\n[ \t]*(?=[a-z(])")
_END = r"[.!?\u2026]+[\"'\u2019\u201d)\]]*(?=\s)"
_BOUNDARY = {
    False: re.compile(rf"{_END}|[ \t]*\n\s*"),
    True: re.compile(rf"{_END}|[ \t]*\n(?:[ \t]*\n\s*|(?=[ \t]*(?:[\u2022\u25aa\u25a0\uf0b7\u2013-]|\d+\.)\s))"),
}


def wrapped(content: str) -> bool:
    """Whether line ends are mere wraps: at least a fifth of the lines is followed by one that begins in lower case."""
    lines = content.count("\n")
    return lines > 4 and sum(1 for _ in _WRAPPED_BREAK.finditer(content)) >= lines / 5


def sentences(content: str, start: int = 0, end: int | None = None, *, wraps: bool = False) -> tuple[Span, ...]:
    """The sentences in [start, end) of `content` as half-open spans without blanks around them.

    A sentence ends at . ! ? or an ellipsis (with closing quotes and brackets) before a blank, but not at a full stop
    after an abbreviation or before a small letter, and at the end of its line; where lines are mere wraps (`wraps`), at a blank line and
    before a bullet or a numbered paragraph instead.
    """
    end = len(content) if end is None else end
    found: list[Span] = []
    begin = start
    for match in _BOUNDARY[wraps].finditer(content, start, end):
        if match[0] == "." and _goes_on(content, begin, match.start()):
            continue
        _add(found, content, begin, match.end())
        begin = match.end()
    _add(found, content, begin, end)
    return tuple(found)


def _goes_on(content: str, begin: int, stop: int) -> bool:
    """Whether the full stop at `stop` belongs to an abbreviation, or a small letter follows on the line."""
    if _ABBREVIATION.search(content, max(begin, stop - 8), stop + 1):
        return True
    follows = content[stop + 1 : stop + 12].lstrip(" \t\u00a0")
    return follows[:1].islower() or _NUMBERED.match(content, max(begin, stop - 2)) is not None


def _add(found: list[Span], content: str, start: int, end: int) -> None:
    while start < end and content[start].isspace():
        start += 1
    while end > start and content[end - 1].isspace():
        end -= 1
    if start < end:
        found.append((start, end))
