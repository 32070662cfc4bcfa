"""The largest sum over pairs by joining all subsets of one half of the sites with all of the other half."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from math import comb

import numpy as np
import numpy.typing as npt

from joinedup.synthesis.case_selection.admissible import Admissible
from joinedup.synthesis.case_selection.branching import CAP, Solved, quick, tolerance
from joinedup.synthesis.case_selection.distances import Floats
from joinedup.synthesis.case_selection.goals import SumOfPairs

MOST_SETS, MOST_HALVES, BLOCK, MOST_SITES = 60_000_000, 1_000_000, 2_000_000, 62
"""All sets, the subsets of a half and the sites that this way bears; the sets looked at together."""

Counts = npt.NDArray[np.int64]


def feasible(room: Admissible) -> bool:
    """Whether there are few enough sets to look at every one of them."""
    n, half = len(room.free), -(-len(room.free) // 2)
    subsets = sum(comb(half, size) for size in range(min(half, room.open) + 1))
    highest = max((*room.must, *room.free), default=0)
    return highest < MOST_SITES and comb(n, room.open) <= MOST_SETS and subsets <= MOST_HALVES


@dataclass(frozen=True, slots=True)
class _Subsets:
    """Subsets of one size of a half: 0/1 by site, their own value, their bits and how many they hold of each limit."""

    has: Floats
    value: Floats
    bits: Counts
    counts: Counts


def join(worth: Floats, room: Admissible, slack: float = 0.0) -> Solved | None:
    """Every admissible set looked at or ruled out by a bound: the largest sum over pairs and the sets within `slack` of it.

    The value of a set is that of its part in either half plus the pairs across, one matrix product for each pair of
    sizes. The first CAP sets are told, in the order of their sorted positions where `slack` is 0, else of their value.
    """
    free = sorted(room.free)
    halves = (np.array(free[: len(free) // 2], dtype=np.intp), np.array(free[len(free) // 2 :], dtype=np.intp))
    across = worth[np.ix_(halves[0], halves[1])]
    start = quick(SumOfPairs(worth), room)
    kept = _Kept(slack, _without_must(worth, room, start) if start is not None else float("-inf"))
    for size in range(max(0, room.open - len(halves[1])), min(room.open, len(halves[0])) + 1):
        left = _subsets(worth, room, halves[0], size)
        right = _subsets(worth, room, halves[1], room.open - size)
        for some, others in _pairs(left, right, room):
            _look(
                _hopeful(some, others, across, kept.floor), _hopeful(others, some, across.T, kept.floor), across, kept
            )
    return kept.solved(SumOfPairs(worth), room) if len(kept.values) else None


def _without_must(worth: Floats, room: Admissible, chosen: tuple[int, ...]) -> float:
    """The value of a set less that of the pairs within `must`, which all sets have."""
    goal = SumOfPairs(worth)
    return goal.value(chosen) - goal.value(room.must)


def _hopeful(some: _Subsets, others: _Subsets, across: Floats, floor: float) -> _Subsets:
    """Those of `some` that may reach `floor`: with the best of `others`, and with the best pairs across, each by itself."""
    size = round(float(others.has[0].sum())) if len(others.value) else 0
    pairs = -np.partition(-(some.has @ across), max(size - 1, 0), axis=1)[:, :size] if size else np.zeros((1, 0))
    keep = some.value + pairs.sum(axis=1) + others.value.max(initial=float("-inf")) >= floor
    return _Subsets(some.has[keep], some.value[keep], some.bits[keep], some.counts[keep])


def _look(some: _Subsets, others: _Subsets, across: Floats, kept: _Kept) -> None:
    """Every one of `some` with every one of `others`."""
    step = max(1, BLOCK // max(1, len(others.value)))
    carried = others.has @ across.T
    for start in range(0, len(some.value) if len(others.value) else 0, step):
        part = slice(start, start + step)
        total = some.has[part] @ carried.T
        total += some.value[part, None]
        total += others.value
        kept.add(total, some.bits[part], others.bits)


def _subsets(worth: Floats, room: Admissible, half: npt.NDArray[np.intp], size: int) -> _Subsets:
    number = comb(len(half), size)
    flat = np.fromiter(chain.from_iterable(combinations(range(len(half)), size)), dtype=np.intp, count=number * size)
    chosen = flat.reshape(number, size)
    has = np.zeros((number, len(half)))
    has[np.arange(number)[:, None], chosen] = 1.0
    with_must = worth[np.ix_(half, np.array(room.must, dtype=np.intp))].sum(axis=1)
    value = np.einsum("ij,ij->i", has @ worth[np.ix_(half, half)], has) / 2 + has @ with_must
    place = np.array([1 << (MOST_SITES - 1 - int(at)) for at in half], dtype=np.int64)
    limits = [[limit.members >> int(at) & 1 for limit in room.limits] for at in half]
    member = np.array(limits, dtype=float).reshape(len(half), len(room.limits))
    return _Subsets(has, value, place[chosen].sum(axis=1), (has @ member).astype(np.int64))


def _pairs(left: _Subsets, right: _Subsets, room: Admissible) -> Iterator[tuple[_Subsets, _Subsets]]:
    """The subsets of both halves in groups with the same counts, where the counts together keep the limits."""
    if not room.limits:
        yield left, right
        return
    have = np.array([sum(limit.members >> at & 1 for at in room.must) for limit in room.limits])
    low, high = (np.array([getattr(limit, end) for limit in room.limits]) for end in ("low", "high"))
    others = list(_groups(right))
    for counts, some in _groups(left):
        for more, rest in others:
            together = counts + more + have
            if (together >= low).all() and (together <= high).all():
                yield some, rest


def _groups(subsets: _Subsets) -> Iterator[tuple[Counts, _Subsets]]:
    counts, group = np.unique(subsets.counts, axis=0, return_inverse=True)
    for number, row in enumerate(counts):
        at = np.flatnonzero(group.ravel() == number)
        yield row, _Subsets(subsets.has[at], subsets.value[at], subsets.bits[at], subsets.counts[at])


class _Kept:
    """The sets that may still be within the slack of the best, and whether there were more."""

    def __init__(self, slack: float, best: float) -> None:
        self.slack, self.best = slack, best
        self.values, self.bits = np.empty(0), np.empty(0, dtype=np.int64)
        self.more = False

    @property
    def floor(self) -> float:
        """The least value that is kept."""
        return (
            self.best - self.slack * abs(self.best) - tolerance(self.best) if self.best > float("-inf") else self.best
        )

    def add(self, total: Floats, left: Counts, right: Counts) -> None:
        self.best = max(self.best, float(total.max()))
        rows, columns = np.nonzero(total >= self.floor)
        if not len(rows):
            return
        near = self.values >= self.floor
        self.more = self.more and bool(near.any())
        values = np.concatenate([self.values[near], total[rows, columns]])
        self._keep(values, np.concatenate([self.bits[near], left[rows] | right[columns]]))

    def _keep(self, values: Floats, found: Counts) -> None:
        rank = np.round(values, 9) if self.slack else np.zeros(len(values))
        order = np.lexsort((-found, -rank))[:CAP]
        self.more = self.more or len(found) > CAP
        self.values, self.bits = values[order], found[order]

    def solved(self, goal: SumOfPairs, room: Admissible) -> Solved:
        sets = [_positions(int(found), room) for found in self.bits[self.values >= self.floor]]
        value = max(goal.value(chosen) for chosen in sets)
        return Solved(value, tuple(sets), True, value, not self.more)


def _positions(found: int, room: Admissible) -> tuple[int, ...]:
    return tuple(sorted((*room.must, *(at for at in room.free if found >> (MOST_SITES - 1 - at) & 1))))
