"""The assignments that could have happened: counted, enumerated, drawn.

An assignment is a vector of labels over units (0: never treated, c: the c-th start); the labels are permuted, within
strata where there are some.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.int64]
CHUNK = 2_000
"""Assignments drawn at a time."""


def groups_of(strata: npt.NDArray[np.generic]) -> list[Labels]:
    """Positions of the units of each stratum."""
    _, index = np.unique(strata.astype(str), return_inverse=True)
    return [np.flatnonzero(index == stratum) for stratum in range(index.max() + 1)]


def count(labels: Labels, groups: Sequence[Labels]) -> int:
    """The number of different assignments: a product of multinomial coefficients."""
    total = 1
    for positions in groups:
        left = len(positions)
        for size in np.bincount(labels[positions]):
            total *= math.comb(left, int(size))
            left -= int(size)
    return total


def enumerate_all(labels: Labels, groups: Sequence[Labels]) -> Iterator[Labels]:
    """Every different assignment, in a fixed order."""
    if not groups:
        yield np.zeros_like(labels)
        return
    first, *rest = groups
    for tail in enumerate_all(labels, rest):
        for arranged in _arrangements(list(first), [int(n) for n in np.bincount(labels[first])][1:]):
            found = tail.copy()
            for label, positions in enumerate(arranged, 1):
                found[list(positions)] = label
            yield found


def _arrangements(positions: Sequence[int], sizes: Sequence[int]) -> Iterator[list[tuple[int, ...]]]:
    """Every way to give each label its number of `positions`; what is left is never treated."""
    if not sizes:
        yield []
        return
    for chosen in combinations(positions, sizes[0]):
        left = [position for position in positions if position not in chosen]
        for others in _arrangements(left, sizes[1:]):
            yield [chosen, *others]


def draw(labels: Labels, groups: Sequence[Labels], draws: int, random: np.random.Generator) -> Iterator[Labels]:
    """`draws` random assignments, in chunks; each permutes the labels within the strata."""
    for at in range(0, draws, CHUNK):
        drawn = np.tile(labels, (min(CHUNK, draws - at), 1))
        for positions in groups:
            drawn[:, positions] = random.permuted(drawn[:, positions], axis=1)
        yield drawn
