"""How a table fits a page: widths of columns, size of type, a turned page, or several tables one after the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from math import ceil

from joinedup.report.model import Cell, TableBlock
from joinedup.report.prose import plain

UPRIGHT, TURNED = 482.0, 728.0
"""Points between the margins of an A4 page, and of one turned on its side."""
SIZES = (8.5, 7.5)
SERIF, SANS = 0.5, 0.57
"""Mean width of a letter in ems, generously, in the type of the PDF and in that of the Word document."""
WORTH = 8
"""A page is turned for a table of at least so many lines; a shorter one is parted."""
_PAD = 8.0
"""Points of white at the sides of a cell."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A table as it fits: its widths in points, its size of type, whether its page is turned."""

    table: TableBlock
    widths: tuple[float, ...]
    size: float
    turned: bool = False

    @property
    def shares(self) -> tuple[float, ...]:
        """The widths as shares of the line."""
        line = TURNED if self.turned else UPRIGHT
        return tuple(width / max(line, sum(self.widths)) for width in self.widths)

    @property
    def depth(self) -> int:
        """How many lines of type the body takes, by the mean width of a letter."""
        return sum(max(map(self._lines, line.cells, self.widths), default=1) for line in self.table.lines)

    def _lines(self, cell: Cell, width: float) -> int:
        return max(1, ceil(len(plain(cell.inlines)) * SERIF * self.size / (width - _PAD)))


def fitted(table: TableBlock, letter: float = SERIF) -> tuple[Fit, ...]:
    """The table as it fits upright, smaller, turned, or in parts that repeat its first column.

    `letter` is the mean width of a letter in ems.
    """
    for size in SIZES:
        least, most = _needs(table, size * letter)
        if sum(least) <= UPRIGHT:
            return (Fit(table, _shared(least, most, UPRIGHT), size),)
    for size in SIZES:
        least, most = _needs(table, size * letter)
        if sum(least) <= TURNED and len(table.lines) >= WORTH:
            return (Fit(table, _shared(least, most, TURNED), size, turned=True),)
    return tuple(fit for part in _parts(table, letter) for fit in fitted(part, letter))


def _needs(table: TableBlock, letter: float) -> tuple[list[float], list[float]]:
    """What each column needs at least (its longest word) and at most (its longest cell), by points a letter."""
    least, most = [], []
    for column in zip_longest(table.head, *(line.cells for line in table.lines), fillvalue=Cell(())):
        texts = [plain(cell.inlines) for cell in column]
        word = max((len(word) for text in texts for word in text.replace("-", "- ").split()), default=1)
        least.append(min(word, 40) * letter + _PAD)
        most.append(max(least[-1], max(len(text) for text in texts) * letter + _PAD))
    return least, most


def _shared(least: list[float], most: list[float], line: float) -> tuple[float, ...]:
    """What is left of the line beyond the least, shared by what each column still wants."""
    wanted = [high - low for low, high in zip(least, most, strict=True)]
    left = min(line - sum(least), sum(wanted))
    whole = sum(wanted) or 1.0
    return tuple(round(low + left * want / whole, 2) for low, want in zip(least, wanted, strict=True))


def _parts(table: TableBlock, letter: float) -> list[TableBlock]:
    """The columns in runs that fit upright, each after the first column."""
    least, _ = _needs(table, SIZES[-1] * letter)
    room = UPRIGHT - least[0]
    runs: list[list[int]] = [[]]
    for at in range(1, len(least)):
        if runs[-1] and sum(least[i] for i in runs[-1]) + least[at] > room:
            runs.append([])
        runs[-1].append(at)
    return [
        _columns(table, [0, *run], f" ({number} of {len(runs)})", number == 1) for number, run in enumerate(runs, 1)
    ]


def _columns(table: TableBlock, columns: list[int], which: str, first: bool) -> TableBlock:
    lines = tuple(
        replace(line, cells=tuple(line.cells[at] for at in columns), id=line.id if first else "")
        for line in table.lines
    )
    head = tuple(table.head[at] for at in columns)
    note, id = (table.note, table.id) if first else ("", "")
    return replace(table, id=id, caption=f"{table.caption}{which}", head=head, lines=lines, note=note)
