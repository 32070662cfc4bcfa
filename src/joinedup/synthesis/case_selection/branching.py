"""Branch and bound over admissible sets: the largest value, then all sets that reach it, the smallest by label first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from joinedup.synthesis.case_selection.admissible import Admissible, bits

CAP = 100
"""So many sets are told at most."""
SAME = 1e-9
"""Values that differ by less than this share of their size are the same."""


@dataclass(frozen=True, slots=True)
class Node:
    """Sets that hold all of `chosen` and `open` of `rest`."""

    chosen: Sequence[int]
    rest: Sequence[int]
    open: int


class Goal(Protocol):
    """What is to be as large as possible."""

    def value(self, chosen: Sequence[int]) -> float:
        """The value of a whole set."""

    def gains(self, node: Node) -> list[tuple[float, int]]:
        """The most that each position of the rest can add, as (gain, position)."""

    def bound(self, node: Node, best: float) -> float:
        """The value that no set below the node exceeds; `best` is the sum of the best gains."""


@dataclass(frozen=True, slots=True)
class Solved:
    """The optimum: its value, the sets within the slack (positions; told up to a cap), and what is certain.

    `proven`: no set has a larger value than `value`. `bound`: no set has a larger value than this. `complete`: `sets`
    are all sets within the slack, not the first of them only.
    """

    value: float
    sets: tuple[tuple[int, ...], ...]
    proven: bool
    bound: float
    complete: bool


@dataclass
class Work:
    """Nodes of the search tree that may still be visited."""

    left: int
    stopped: bool = False

    def spend(self) -> bool:
        """Take one node; False where there is none left."""
        self.left -= 1
        self.stopped = self.stopped or self.left < 0
        return not self.stopped


def tolerance(value: float) -> float:
    """What separates values that are the same from values that are not."""
    return SAME * max(1.0, abs(value))


@dataclass
class Search:
    """One descent of the tree: `most` sets with a value of at least `floor`, which rises with them where `rising`."""

    goal: Goal
    room: Admissible
    work: Work
    floor: float
    rising: bool
    most: float = float("inf")
    found: list[tuple[int, ...]] = field(default_factory=list)
    unseen: float = float("-inf")

    def run(self, order: Sequence[int]) -> None:
        """Visit the sets in the order of `order`."""
        self._visit(list(self.room.must), list(order), self.room.open)

    def _visit(self, chosen: list[int], rest: list[int], open: int) -> None:
        if open == 0:
            self._leaf(chosen)
            return
        while len(rest) >= open and len(self.found) < self.most:
            bound = self._bound(chosen, rest, open)
            if bound == float("-inf") or bound < self.floor:
                return
            if not self.work.spend():
                self.unseen = max(self.unseen, bound)
                return
            self._visit([*chosen, rest[0]], rest[1:], open - 1)
            rest = rest[1:]

    def _bound(self, chosen: list[int], rest: list[int], open: int) -> float:
        taken = bits(chosen)
        if not self.room.possible(taken, bits(rest)):
            return float("-inf")
        node = Node(chosen, rest, open)
        return self.goal.bound(node, self.room.most(sorted(self.goal.gains(node), reverse=True), taken, open))

    def _leaf(self, chosen: list[int]) -> None:
        value = self.goal.value(chosen)
        if value < self.floor or not self.room.holds(bits(chosen)):
            return
        self.found.append(tuple(sorted(chosen)))
        if self.rising:
            self.floor = value + tolerance(value)


def branch(goal: Goal, room: Admissible, nodes: int, slack: float = 0.0) -> Solved | None:
    """The largest value and the sets within `slack` (a share of it) of it; None where no admissible set was found.

    Sets come in the order of their sorted positions, CAP at most; where the work ends first `proven` is False.
    """
    gains = goal.gains(Node(room.must, room.free, room.open))
    order = [at for _, at in sorted((-gain, at) for gain, at in gains)]
    first = Search(goal, room, Work(nodes), float("-inf"), rising=True)
    start = quick(goal, room)
    if start is not None:
        first.found, first.floor = [start], goal.value(start) + tolerance(goal.value(start))
    first.run(order)
    if not first.found:
        return None
    best = max(goal.value(chosen) for chosen in first.found)
    proven = not first.work.stopped
    again = Search(goal, room, Work(nodes), best - slack * abs(best) - tolerance(best), rising=False, most=CAP + 1)
    again.run(sorted(room.free))
    sets = tuple(again.found[:CAP]) or (first.found[-1],)
    complete = not again.work.stopped and len(again.found) <= CAP
    return Solved(best, sets, proven, best if proven else max(best, first.unseen), complete)


def quick(goal: Goal, room: Admissible) -> tuple[int, ...] | None:
    """A good set, not proven to be the best; None where none was found at once."""
    gains = goal.gains(Node(room.must, room.free, room.open))
    return _improved(goal, room, _first(goal, room, [at for _, at in sorted((-gain, at) for gain, at in gains)]))


def _first(goal: Goal, room: Admissible, order: Sequence[int]) -> tuple[int, ...] | None:
    """An admissible set found by taking what gains most and never looking back further than need be."""
    dive = Search(goal, room, Work(20 * len(order) + 20), float("-inf"), rising=False, most=1)
    dive.run(order)
    return dive.found[-1] if dive.found else None


def _improved(goal: Goal, room: Admissible, start: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """`start` after exchanges of one site for another as long as one helps."""
    if start is None:
        return None
    best, chosen = goal.value(start), start
    moved = True
    while moved:
        moved = False
        for out in [at for at in chosen if at not in room.must]:
            kept = [at for at in chosen if at != out]
            for other in room.free:
                candidate = [*kept, other]
                if other in chosen or not room.holds(bits(candidate)):
                    continue
                value = goal.value(candidate)
                if value > best + tolerance(best):
                    best, chosen, moved = value, tuple(sorted(candidate)), True
                    break
            if moved:
                break
    return chosen
