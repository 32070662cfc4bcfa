"""Pages in two columns: told from where pieces of words start, read by a reader that knows where each word ends.

In the order of many files the lines of two columns stand side by side and run together. Here a page is parted at its
gutter, a strip near its middle that hardly any line crosses; what crosses it (a title, a wide paragraph) parts the
page into blocks, and in each block the left column is read before the right.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from joinedup.adapters.extract.clock import CLOCK

_FEWEST = 8
"""Lines that start at one place right of the middle, before a page is looked at closely."""
_GRID = 4.0
"""Points within which lines start at one place."""
_MIDDLE = (0.35, 0.65)
"""Where in the width of a page a gutter may lie."""
_GUTTER = 8.0
"""Points that a gutter is wide at least."""
_CROSSING = 0.3
"""Share of the lines that may cross the gutter: titles, wide paragraphs."""
_SECONDS = 0.5
_A_SIGN = 2e-4
"""Processor time that a page in columns and each of its signs may take: three times what they take."""
_WIDER = 0.1
"""Share of the lines by which the strip may be crossed at its edges more than where it is crossed least."""
_FULL = 0.6
"""How full lines of prose are at least, as a share of their column's width; those of a table are not."""


def in_columns(starts: Iterable[tuple[float, float]], width: float) -> bool:
    """Whether so many pieces of words start at one place near the middle of a page that it may be in columns."""
    low, high = (share * width for share in _MIDDLE)
    lines = {(round(x / _GRID), round(y)) for x, y in starts if low < x < high}
    counts = Counter(x for x, _ in lines)
    return max(counts.values(), default=0) >= _FEWEST


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box, in points from the top left."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


class Columns:
    """Reads pages of one file column by column; the file is opened when the first page is asked for."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._opened: Any = None

    def text(self, number: int, signs: int) -> str:
        """The words of page `number` (from 0), a line a line; empty where the page is in one column, or a table.

        `signs`: how many signs are known to be there, for which the time is lent.
        """
        import pdfplumber

        if self._opened is None:
            self._opened = pdfplumber.open(io.BytesIO(self._data))
        CLOCK.lend(_SECONDS + _A_SIGN * signs)
        page = self._opened.pages[number]
        found = [
            Word(word["text"], word["x0"], word["x1"], word["top"], word["bottom"]) for word in page.extract_words()
        ]
        page.close()
        return read_columns(found, float(page.width))


def read_columns(words: Sequence[Word], width: float) -> str:
    """The words of a page in the order of reading; empty where there is no gutter with prose on both sides."""
    lines = _lines(words)
    gutter = _gutter(lines, width)
    if gutter is None:
        return ""
    sides = {
        side: [cut for line in lines if not _crosses(line, gutter) and (cut := _side(line, gutter, side))]
        for side in (0, 1)
    }
    if not all(_is_prose(cut) for cut in sides.values()):
        return ""
    return "\n".join(" ".join(word.text for word in line) for line in _in_order(lines, gutter))


def _lines(words: Iterable[Word]) -> list[list[Word]]:
    """Words whose middles lie on one height are a line, from left to right, from the top."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda one: ((one.top + one.bottom) / 2, one.left)):
        middle = (word.top + word.bottom) / 2
        if lines and lines[-1][0].top <= middle <= lines[-1][0].bottom:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda one: one.left) for line in lines]


def _gutter(lines: Sequence[Sequence[Word]], width: float) -> float | None:
    """The middle of the strip that the fewest lines cross; None where too many do or one side is empty."""
    low, high = (int(share * width) for share in _MIDDLE)
    crossed = Counter(
        at
        for line in lines
        for at in {at for word in line for at in range(max(low, int(word.left)), min(high, int(word.right)) + 1)}
    )
    least = min((crossed[at] for at in range(low, high)), default=0)
    if least > _CROSSING * len(lines):
        return None
    most = least + _WIDER * len(lines)
    strips = [list(run) for free, run in groupby(range(low, high), lambda at: crossed[at] <= most) if free]
    strip = max(strips, key=len)
    if len(strip) < _GUTTER:
        return None
    middle = (strip[0] + strip[-1]) / 2
    both = sum(bool(_side(line, middle, 0)) and bool(_side(line, middle, 1)) for line in lines)
    return middle if both >= _FEWEST else None


def _crosses(line: Sequence[Word], gutter: float) -> bool:
    """Whether a word lies over the gutter, or the words on both sides stand as close as the words of one line do."""
    if any(word.left < gutter < word.right for word in line):
        return True
    left, right = _side(line, gutter, 0), _side(line, gutter, 1)
    return bool(left and right) and right[0].left - left[-1].right < _GUTTER


def _side(line: Sequence[Word], gutter: float, side: int) -> list[Word]:
    return [word for word in line if (word.left >= gutter) == bool(side)]


def _is_prose(lines: Sequence[Sequence[Word]]) -> bool:
    """Whether the typical line is about as long as the longest ones, as in prose."""
    if len(lines) < _FEWEST:
        return False
    lengths = sorted(line[-1].right - line[0].left for line in lines)
    return lengths[len(lengths) // 2] >= _FULL * lengths[-1] and sum(map(len, lines)) >= 3 * len(lines)


def _in_order(lines: Iterable[Sequence[Word]], gutter: float) -> Iterator[Sequence[Word]]:
    for crossing, group in groupby(lines, lambda line: _crosses(line, gutter)):
        block = list(group)
        if crossing:
            yield from block
        else:
            yield from (cut for side in (0, 1) for line in block if (cut := _side(line, gutter, side)))
