"""Passages: a span of a frozen text in code points, its exact quote, and the words around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from joinedup.study.texts import Passage, Text

CONTEXT = 32
_SPACES = re.compile(r"\s\s+|[^\S ]")


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
    starts = _around(content, quote, near)
    if not starts:
        flat = _flat(content)
        starts = [flat.back(at) for at in _around(flat.words, " ".join(quote.split()), flat.at(near))]
    return min(starts, key=lambda start: (abs(start - near), start), default=None)


def _around(content: str, quote: str, near: int) -> list[int]:
    """The last occurrence that starts at `near` or before it, and the first one from there on."""
    near = min(max(near, 0), len(content))
    found = content.rfind(quote, 0, near + len(quote)), content.find(quote, near)
    return [at for at in found if at >= 0]


@dataclass(frozen=True, slots=True)
class _Flat:
    """A text with each run of white space as one space, and where runs of several end: there and in the text."""

    words: str
    ends: Sequence[int]
    received: Sequence[int]

    def back(self, at: int) -> int:
        """The position in the text of a letter at `at`."""
        run = bisect_right(self.ends, at) - 1
        return at if run < 0 else self.received[run] + at - self.ends[run]

    def at(self, position: int) -> int:
        """The position here of `position` in the text, or of the end of the run of spaces that it lies in."""
        run = bisect_right(self.received, position)
        before = position if not run else self.ends[run - 1] + position - self.received[run - 1]
        return before if run == len(self.ends) else min(before, self.ends[run])


@lru_cache(maxsize=256)
def _flat(content: str) -> _Flat:
    pieces, ends, received, at, length = list[str](), list[int](), list[int](), 0, 0
    for match in _SPACES.finditer(content):
        pieces += [content[at : match.start()], " "]
        length += match.start() - at + 1
        at = match.end()
        ends.append(length)
        received.append(at)
    return _Flat("".join([*pieces, content[at:]]), ends, received)
