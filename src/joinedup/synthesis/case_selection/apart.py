"""The set whose two nearest sites are as far apart as can be: a search on the distance, sets by branching."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from joinedup.synthesis.case_selection.admissible import Admissible, bits
from joinedup.synthesis.case_selection.branching import CAP, Solved, Work
from joinedup.synthesis.case_selection.distances import Floats

_SAME = 1e-12


def furthest_apart(distance: Floats, room: Admissible, nodes: int, slack: float = 0.0) -> Solved | None:
    """The admissible set of at least two sites with the largest least distance, and those within `slack` of it.

    Binary search on the distance; whether a set reaches it is a search for a clique of the graph of pairs that far
    apart. Where the work ends first, `bound` is the least distance that was not shown to be out of reach.
    """
    levels = _levels(distance, room)
    low, high, best, stopped = 0, len(levels) - 1, None, False
    while low <= high:
        middle = (low + high) // 2
        work = Work(nodes)
        found = next(_cliques(distance, room, float(levels[middle]), work), None)
        if found is not None:
            best = found
            low = int(np.searchsorted(levels, _least(distance, found) + _SAME, side="right"))
        else:
            stopped = stopped or work.stopped
            high = middle - 1
            if not work.stopped:
                levels = levels[:middle]
    if best is None:
        return None
    value = _least(distance, best)
    work = Work(nodes)
    sets = []
    for found in _cliques(distance, room, value - slack * value, work):
        sets.append(found)
        if len(sets) > CAP:
            break
    complete = not work.stopped and len(sets) <= CAP
    bound = float(levels[-1]) if stopped and len(levels) else value
    return Solved(value, tuple(sets[:CAP]) or (best,), not stopped, max(bound, value), complete)


def _levels(distance: Floats, room: Admissible) -> Floats:
    at = np.array(sorted((*room.must, *room.free)), dtype=np.intp)
    pairs = distance[np.ix_(at, at)][np.triu_indices(len(at), 1)]
    return np.unique(np.round(pairs, 12))


def _least(distance: Floats, chosen: tuple[int, ...]) -> float:
    at = np.array(chosen, dtype=np.intp)
    return float(distance[np.ix_(at, at)][np.triu_indices(len(at), 1)].min())


def _cliques(distance: Floats, room: Admissible, level: float, work: Work) -> Iterator[tuple[int, ...]]:
    """Admissible sets all of whose pairs are at least `level` apart, the smallest by position first."""
    near = distance >= level - 2 * _SAME
    np.fill_diagonal(near, False)
    linked = [bits(np.flatnonzero(row).tolist()) for row in near]
    rest = bits(room.free)
    for at in room.must:
        if bits(room.must) & ~linked[at] & ~(1 << at):
            return
        rest &= linked[at]
    yield from _grown(list(room.must), rest, linked, room, work)


def _grown(chosen: list[int], rest: int, linked: list[int], room: Admissible, work: Work) -> Iterator[tuple[int, ...]]:
    open, taken = room.k - len(chosen), bits(chosen)
    if open == 0:
        if room.holds(taken):
            yield tuple(sorted(chosen))
        return
    while rest.bit_count() >= open:
        if not room.possible(taken, rest) or _colours(rest, linked, open) < open or not work.spend():
            return
        lowest = rest & -rest
        at = lowest.bit_length() - 1
        rest ^= lowest
        yield from _grown([*chosen, at], rest & linked[at], linked, room, work)
        if work.stopped:
            return


def _colours(rest: int, linked: list[int], enough: int) -> int:
    """Colours of a greedy colouring, an upper bound of the largest clique; stops at `enough`."""
    colours = 0
    while rest and colours < enough:
        colours += 1
        alike = rest
        while alike:
            lowest = alike & -alike
            rest ^= lowest
            alike &= ~lowest & ~linked[lowest.bit_length() - 1]
    return colours
