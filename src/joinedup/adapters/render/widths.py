"""How a table fits a page: widths of columns, size of type, a turned page, or several tables one after the other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from joinedup.adapters.render.columns import Column, columns, depth, widths
from joinedup.report.model import TableBlock

UPRIGHT, TURNED = 482.0, 728.0
"""Points between the margins of an A4 page, and of one turned on its side."""
SIZES, SMALLEST = (8.5, 7.5), 6.5
"""Points of the type of tables; the smallest is for what would else be parted."""
SERIF, SANS = 0.5, 0.57
"""Mean width of a letter in ems, generously, in the type of the PDF and in that of the Word document."""
WORTH = 8
"""A page is turned for a table of at least so many lines; a shorter one is parted."""
SMALLER, ASIDE = 0.6, 0.45
"""Type is smaller, or a page turned, where the table then takes at most this share of the lines that it takes else."""
SPARED = 5
"""Type is smaller only where that spares at least so many lines: short tables on one page look alike."""
WHOLE = 16
"""A table with at most so many lines of type is kept on one page."""
_PAD = 7.5
"""Points of white at the sides of a cell."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A table as it fits: its widths in points, its size of type, the lines of its body, whether its page is turned."""

    table: TableBlock
    widths: tuple[float, ...]
    size: float
    depth: int
    turned: bool = False

    @property
    def shares(self) -> tuple[float, ...]:
        """The widths as shares of the line."""
        line = TURNED if self.turned else UPRIGHT
        return tuple(width / max(line, sum(self.widths)) for width in self.widths)


def fitted(table: TableBlock, letter: float = SERIF, aside: float | None = ASIDE) -> tuple[Fit, ...]:
    """The table as it fits upright, smaller, turned, or in parts that repeat its first column.

    `letter` is the mean width of a letter in ems. A page is turned where the table then takes at most the share `aside`
    of the lines that it takes upright: with 0 only where it has no room upright, with None never.
    """
    cells = columns(table)
    upright = _best([_fit(table, cells, size, letter) for size in SIZES], SMALLER)
    turned = _best([_fit(table, cells, size, letter, turned=True) for size in SIZES], SMALLER)
    if aside is None or len(table.lines) < WORTH or turned is None:
        found = upright
    else:
        found = turned if upright is None or turned.depth <= aside * upright.depth else upright
    found = found or _fit(table, cells, SMALLEST, letter)
    if found is not None:
        return (found,)
    return tuple(fit for part in _parts(table, cells, letter) for fit in fitted(part, letter, aside))


def _fit(table: TableBlock, cells: list[Column], size: float, letter: float, turned: bool = False) -> Fit | None:
    """The table in this size of type; None where its longest words have no room."""
    line = TURNED if turned else UPRIGHT
    point = size * letter
    room = int((line - _PAD * len(cells)) / point)
    letters = widths(cells, room)
    if sum(letters) > room:
        return None
    shared = _shared([width * point + _PAD for width in letters], [one.most * point + _PAD for one in cells], line)
    return Fit(table, shared, size, depth(cells, letters), turned)


def _best(fits: list[Fit | None], share: float) -> Fit | None:
    """The first that there is, or the next where that takes at most `share` of its lines, and spares enough of them."""
    there = [fit for fit in fits if fit is not None]
    best = there[0] if there else None
    for fit in there[1:]:
        best = fit if best is None or fit.depth <= min(share * best.depth, best.depth - SPARED) else best
    return best


def _shared(least: list[float], most: list[float], line: float) -> tuple[float, ...]:
    """What is left of the line beyond the least, shared by what each column still wants."""
    wanted = [high - low for low, high in zip(least, most, strict=True)]
    left = min(line - sum(least), sum(wanted))
    whole = sum(wanted) or 1.0
    return tuple(round(low + left * want / whole, 2) for low, want in zip(least, wanted, strict=True))


def _parts(table: TableBlock, cells: list[Column], letter: float) -> list[TableBlock]:
    """The columns in runs that fit upright, each after the first column."""
    least = [one.least * SIZES[-1] * letter + _PAD for one in cells]
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
