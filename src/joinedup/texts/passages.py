"""Passages: a span of a frozen text in code points, its exact quote, and the words around it."""

from __future__ import annotations

import re

from joinedup.study.texts import Passage, Text

CONTEXT = 32


def passage_of(text: Text, start: int, end: int) -> Passage:
    """The passage [start, end) of `text`; raises ValueError where that is no span of it."""
    if not 0 <= start < end <= len(text.content):
        raise ValueError(f"[{start}, {end}) is no span of the {len(text.content)} code points of {text.id}")
    return Passage(text.id, start, end, text.content[start:end])


def holds(content: str, passage: Passage) -> bool:
    """Whether the passage's quote is exactly what stands at its offsets."""
    inside = 0 <= passage.start < passage.end <= len(content)
    return inside and content[passage.start : passage.end] == passage.quote


def context(content: str, start: int, end: int, width: int = CONTEXT) -> tuple[str, str]:
    """Up to `width` code points before and after [start, end)."""
    return content[max(0, start - width) : start], content[end : end + width]


def locate(content: str, quote: str, near: int) -> int | None:
    """Where `quote` starts in `content`, at the place closest to `near` (the earlier of two equally close ones).

    An exact occurrence wins; else the quote may differ in its white space. None where it does not occur or is blank.
    """
    if not quote.strip():
        return None
    exact = _nearest(content, re.escape(quote), near)
    return exact if exact is not None else _nearest(content, _loose(quote), near)


def _loose(quote: str) -> str:
    return r"\s+".join(map(re.escape, quote.split()))


def _nearest(content: str, pattern: str, near: int) -> int | None:
    starts = (match.start() for match in re.finditer(f"(?={pattern})", content))
    return min(starts, key=lambda start: (abs(start - near), start), default=None)
