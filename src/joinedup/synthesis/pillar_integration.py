"""Pillar integration: listing, matching, checking and pillar building, in which nothing listed can vanish.

Johnson, Grove and Clarke (2019), "Pillar integration process: a joint display technique to integrate data in mixed
methods research", Journal of Mixed Methods Research 13(3), 301-320.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

LISTED, MATCHED, UNMATCHED, PILLAR = "listed", "matched", "unmatched", "pillar"
QUANTITATIVE, QUALITATIVE = "quantitative", "qualitative"


@dataclass(frozen=True, slots=True)
class Item:
    """Something listed on one of the two sides; `row` is the row of the display that it was first matched to.

    `reason` says why it stands alone, where nothing on the other side matches it.
    """

    id: str
    side: str
    row: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Checking moved an item into another row ("": out of every row): who, when and why."""

    item: str
    to: str
    by: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Display:
    """The built display: the items of each row by side, the rows of each pillar, and what stands alone, with reasons."""

    rows: Mapping[str, Mapping[str, tuple[str, ...]]]
    pillars: Mapping[str, tuple[str, ...]]
    alone: Mapping[str, str]
    log: tuple[Move, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """Every item, wherever it came to stand."""
        placed = [item for sides in self.rows.values() for items in sides.values() for item in items]
        return (*placed, *self.alone)


def settled(items: Sequence[Item], moves: Sequence[Move]) -> dict[str, str]:
    """The row of each item after all moves ("": none)."""
    place = {item.id: item.row for item in items}
    for move in moves:
        if move.item in place:
            place[move.item] = move.to
    return place


def lost(
    items: Sequence[Item], moves: Sequence[Move], pillars: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    """Every item or row that would vanish or stand without its match, and why."""
    place = settled(items, moves)
    reasons = {item.id: item.reason for item in items} | {move.item: move.reason for move in moves if not move.to}
    for item in items:
        if not place[item.id] and not reasons[item.id]:
            yield item.id, "it stands in no row and no reason is given"
    sides: dict[str, set[str]] = {}
    for item in items:
        sides.setdefault(place[item.id], set()).add(item.side)
    held = {row for rows in pillars.values() for row in rows}
    for row, found in sides.items():
        if row and len(found) < 2:
            yield row, f"only the {min(found)} side stands in it: say why it is unmatched, or match it"
        if row and row not in held:
            yield row, "it belongs to no pillar"


def integrate(items: Sequence[Item], moves: Sequence[Move], pillars: Mapping[str, Sequence[str]]) -> Display:
    """Build the pillars. Raises ValueError where something would vanish (see `lost`)."""
    for what, why in lost(items, moves, pillars):
        raise ValueError(f"{what} would vanish: {why}")
    place = settled(items, moves)
    reasons = {item.id: item.reason for item in items} | {move.item: move.reason for move in moves if not move.to}
    order = [row for rows in pillars.values() for row in rows]
    rows = {
        row: {
            side: tuple(item.id for item in items if item.side == side and place[item.id] == row)
            for side in (QUANTITATIVE, QUALITATIVE)
        }
        for row in dict.fromkeys(order)
    }
    alone = {item.id: reasons[item.id] for item in items if not place[item.id]}
    return Display(rows, {name: tuple(held) for name, held in pillars.items()}, alone, tuple(moves))
