"""How wide the columns of a table are: as wide as their cells where there is room, else so that the rows stay low."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import ceil

from joinedup.report.model import Badge, Cell, Code, Strong, TableBlock
from joinedup.report.prose import plain

LONGEST = 40
"""A word of more letters than this is broken: an address, a digest."""
BOLD = 1.15
"""How much wider bold letters are."""
NEATNESS = 0.2
"""What a further line in a cell weighs where its row has other cells with more: two short words are not parted for nothing."""
WIDER = 0.4
"""How much wider than the mean a broad letter is, in letters."""
_DEEP = 60
"""No cell is thought of as having more lines than this."""
_HYPHEN = re.compile(r"-(?=\D)")
"""A line may break behind a hyphen, but not before a figure: a date stays whole."""
STOPS = re.compile(r"(?<=[._/:-])(?=.)")
"""Where an identifier may be broken."""


@dataclass(frozen=True, slots=True)
class Column:
    """The lengths of the words of each of its cells, the heading's first."""

    cells: tuple[tuple[int, ...], ...]

    @property
    def least(self) -> int:
        """The letters that its longest word needs."""
        return max((length for cell in self.cells for length in cell), default=1)

    @property
    def most(self) -> int:
        """The letters that its longest cell needs on one line."""
        return max((sum(cell) + len(cell) - 1 for cell in self.cells if cell), default=1)

    def steps(self) -> list[int]:
        """The widths at which its longest cell takes a line more, from one line on."""
        found, least, cells = [self.most], self.least, dict.fromkeys(self.cells)
        while found[-1] > least and len(found) < _DEEP:
            found.append(_narrower(cells, least, found[-1]))
        return found

    def lines(self, width: int) -> tuple[int, ...]:
        """How many lines each cell takes at `width` letters."""
        return tuple(_wrapped(cell, width) for cell in self.cells)


def _narrower(cells: Collection[tuple[int, ...]], least: int, width: int) -> int:
    """The least width from `least` at which no cell takes over one line more than the deepest does at `width`."""
    deepest = max(_wrapped(cell, width) for cell in cells) + 1
    low, high = least, width - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if all(_wrapped(cell, middle) <= deepest for cell in cells) else (middle + 1, high)
    return high


def columns(table: TableBlock) -> list[Column]:
    """The columns of a table, in letters."""
    rows = zip_longest(*(line.cells for line in table.lines), fillvalue=Cell(()))
    bodies = [tuple(_words(cell) for cell in column) for column in rows]
    heads = [tuple(ceil(length * BOLD) for length in _words(cell)) for cell in table.head]
    return [Column((head, *body)) for head, body in zip_longest(heads, bodies, fillvalue=())]


def widths(table: Sequence[Column], room: int) -> list[int]:
    """The letters of each column, in `room` letters all together, so that the rows have few lines.

    Each begins with its longest cell on one line. While they are too wide, that one is narrowed which makes the fewest
    lines for the letters that it gives. Where not even the longest words have room, they are as narrow as their words.
    """
    left = [column.steps() for column in table]
    lines = [column.lines(steps[0]) for column, steps in zip(table, left, strict=True)]
    while sum(steps[0] for steps in left) > room and any(len(steps) > 1 for steps in left):
        deep = [sorted(row, reverse=True)[:2] for row in zip(*lines, strict=True)]
        narrower = {at: table[at].lines(steps[1]) for at, steps in enumerate(left) if len(steps) > 1}
        price = {at: _added(lines[at], made, deep) / (left[at][0] - left[at][1]) for at, made in narrower.items()}
        cheapest = min(price, key=lambda at: (price[at], -left[at][0]))
        left[cheapest].pop(0)
        lines[cheapest] = narrower[cheapest]
    return [steps[0] for steps in left]


def depth(table: Sequence[Column], letters: Sequence[int]) -> int:
    """How many lines of type the body takes at these widths."""
    lines = [column.lines(width)[1:] for column, width in zip(table, letters, strict=True)]
    return sum(max(row) for row in zip(*lines, strict=True))


def _added(before: tuple[int, ...], after: tuple[int, ...], deep: list[list[int]]) -> float:
    """The lines that the rows get when one column's cells go from `before` to `after`; `deep` are each row's two deepest."""
    added = NEATNESS * (sum(after) - sum(before))
    for old, new, row in zip(before, after, deep, strict=True):
        others = row[1] if len(row) > 1 and row[0] == old else row[0]
        added += max(new, others if len(row) > 1 else 0) - row[0]
    return added


def _words(cell: Cell) -> tuple[int, ...]:
    """The lengths of what a line may break between: words, parts of words with a hyphen, parts of an identifier."""
    found: list[int] = []
    for part in cell.inlines:
        broken = STOPS.sub(" ", part.text) if isinstance(part, Code) else _HYPHEN.sub("- ", plain((part,)))
        wider = BOLD if isinstance(part, Badge | Strong) else 1.0
        found += [ceil(length * wider) for word in broken.split() for length in _broken(_length(word))]
    return tuple(found)


def _broken(length: float) -> list[float]:
    """The lengths of the pieces in which a word of this length may be set."""
    whole, rest = divmod(length, LONGEST)
    return [LONGEST] * int(whole) + ([rest] if rest else [])


def _length(word: str) -> float:
    """The letters of a word, broad ones as more than one."""
    return len(word) + sum(WIDER for letter in word if letter.isupper() or letter in "%@&")


def _wrapped(words: tuple[int, ...], width: int) -> int:
    """How many lines words take, each line with as many as it holds."""
    lines, used = 1, -1
    for length in words:
        if used >= 0 and used + 1 + length > width:
            lines, used = lines + 1, length
        else:
            used += 1 + length
    return lines
