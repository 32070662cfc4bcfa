"""Edits of a text, and where its places lie afterwards: a span that an edit touches grows to hold all of it."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from joinedup.study.texts import Passage

Edit = tuple[int, int, str]
"""[start, end) is replaced by words; in one text no two overlap and none is empty or replaced by nothing."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A text after its edits. `starts` and `ends` are the edits in the old text, `begins` and `stops` in the new."""

    content: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    begins: tuple[int, ...]
    stops: tuple[int, ...]

    @classmethod
    def of(cls, content: str, edits: Iterable[Edit]) -> Edited:
        """Make `edits` in `content`. An edit grows over signs that would melt into its words (NFC keeps no marks apart).

        Raises ValueError where edits overlap, lie outside, are empty or leave nothing.
        """
        parts: list[str] = []
        starts, ends, begins, stops = [], [], [], []
        at = length = 0
        made = sorted(edits)
        limits = [*(start for start, _, _ in made), len(content)][1:]
        for (start, end, words), limit in zip(made, limits, strict=True):
            if not (at <= start < end <= len(content) and words):
                raise ValueError(f"the edit [{start}, {end}) overlaps another one, is empty or lies outside")
            words = unicodedata.normalize("NFC", words)
            while end < limit and _melts(words, content[end]):
                end += 1
            parts += [content[at:start], words]
            length += start - at
            starts.append(start)
            ends.append(end)
            begins.append(length)
            length += len(words)
            stops.append(length)
            at = end
        parts.append(content[at:])
        return cls("".join(parts), tuple(starts), tuple(ends), tuple(begins), tuple(stops))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the span [start, end) of the old text, not empty, lies in the new one."""
        return self.start(start), self._end(end)

    def passage(self, passage: Passage) -> Passage:
        """The passage in the new text, with its new quote."""
        start, end = self.span(passage.start, passage.end)
        return Passage(passage.text, start, end, self.content[start:end])

    def start(self, at: int) -> int:
        """Where a span that starts at `at` of the old text starts in the new one."""
        edit = bisect_right(self.starts, at) - 1
        if edit < 0:
            return at
        return self.begins[edit] if at < self.ends[edit] else self.stops[edit] + at - self.ends[edit]

    def _end(self, at: int) -> int:
        edit = bisect_left(self.starts, at) - 1
        if edit < 0:
            return at
        return self.stops[edit] if at <= self.ends[edit] else self.stops[edit] + at - self.ends[edit]


def _melts(words: str, sign: str) -> bool:
    joined = words[-1] + sign
    return bool(unicodedata.combining(sign)) or unicodedata.normalize("NFC", joined) != joined
