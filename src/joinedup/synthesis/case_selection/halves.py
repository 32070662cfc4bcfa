"""The largest sum over pairs by joining all subsets of one half of the sites with all of the other half."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from math import comb

import numpy as np
import numpy.typing as npt

from joinedup.synthesis.case_selection.admissible import Admissible
from joinedup.synthesis.case_selection.branching import CAP, Solved, tolerance
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
    """Every admissible set looked at: the largest sum over pairs and the sets within `slack` of it.

    The value of a set is that of its part in either half plus the pairs across, one matrix product for each pair of
    sizes. The first CAP sets are told, in the order of their sorted positions where `slack` is 0, else of their value.
    """
    free = sorted(room.free)
    halves = (np.array(free[: len(free) // 2], dtype=np.intp), np.array(free[len(free) // 2 :], dtype=np.intp))
    across = worth[np.ix_(halves[0], halves[1])]
    best, kept = float("-inf"), _Kept(slack)
    for size in range(max(0, room.open - len(halves[1])), min(room.open, len(halves[0])) + 1):
        left = _subsets(worth, room, halves[0], size)
        right = _subsets(worth, room, halves[1], room.open - size)
        for some, others in _pairs(left, right, room):
            step = max(1, BLOCK // max(1, len(others.value)))
            carried = others.has @ across.T
            for start in range(0, len(some.value), step):
                part = slice(start, start + step)
                total = some.has[part] @ carried.T
                total += some.value[part, None]
                total += others.value
                best = max(best, float(total.max()))
                kept.add(total, best, some.bits[part], others.bits)
    if best == float("-inf"):
        return None
    return kept.solved(SumOfPairs(worth), room)


def _subsets(worth: Floats, room: Admissible, half: npt.NDArray[np.intp], size: int) -> _Subsets:
    number = comb(len(half), size)
    chosen = np.fromiter(chain.from_iterable(combinations(range(len(half)), size)), dtype=np.intp, count=number * size)
    has = np.zeros((number, len(half)))
    has[np.arange(number)[:, None], chosen.reshape(number, size)] = 1.0
    with_must = worth[np.ix_(half, np.array(room.must, dtype=np.intp))].sum(axis=1)
    value = ((has @ worth[np.ix_(half, half)]) * has).sum(axis=1) / 2 + has @ with_must
    place = np.array([1 << (MOST_SITES - 1 - int(at)) for at in half], dtype=np.int64)
    limits = [[limit.members >> int(at) & 1 for limit in room.limits] for at in half]
    member = np.array(limits, dtype=np.int64).reshape(len(half), len(room.limits))
    return _Subsets(has, value, has.astype(np.int64) @ place, has.astype(np.int64) @ member)


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
    """The sets that may still be within the slack of the best, and how many there were."""

    def __init__(self, slack: float) -> None:
        self.slack = slack
        self.values, self.bits = np.empty(0), np.empty(0, dtype=np.int64)
        self.more = False

    def add(self, total: Floats, best: float, left: Counts, right: Counts) -> None:
        rows, columns = np.nonzero(total >= self._floor(best))
        if not len(rows):
            return
        values = np.concatenate([self.values, total[rows, columns]])
        found = np.concatenate([self.bits, left[rows] | right[columns]])
        near = values >= self._floor(best)
        if len(self.values) and not near[: len(self.values)].any():
            self.more = False
        self._keep(values[near], found[near])

    def _floor(self, best: float) -> float:
        return best - self.slack * abs(best) - tolerance(best)

    def _keep(self, values: Floats, found: Counts) -> None:
        rank = np.round(values, 9) if self.slack else np.zeros(len(values))
        order = np.lexsort((-found, -rank))[:CAP]
        self.more = self.more or len(found) > CAP
        self.values, self.bits = values[order], found[order]

    def solved(self, goal: SumOfPairs, room: Admissible) -> Solved:
        floor = self._floor(float(self.values.max()))
        sets = [_positions(int(found), room) for found in self.bits[self.values >= floor]]
        value = max(goal.value(chosen) for chosen in sets)
        return Solved(value, tuple(sets), True, value, not self.more)


def _positions(found: int, room: Admissible) -> tuple[int, ...]:
    return tuple(sorted((*room.must, *(at for at in room.free if found >> (MOST_SITES - 1 - at) & 1))))
