"""Prime implicants: the shortest combinations of literals that cover a positive row and no row that is off.

A set S of conditions, with the values of a positive row p, covers an off row n unless S holds a condition in which p
and n differ. So the primes that cover p are the minimal sets that meet every difference between p and an off row
(minimal transversals). One table over all 2^k sets of conditions answers this for 64 positive rows at once, a bit a
row: two passes over it, the first for "covers no off row", the second for "and no smaller set does".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Values = tuple[int, ...]
"""The value of every condition; FREE where any value will do."""

FREE = -1
MOST_CONDITIONS = 20
_WORD = 64


@dataclass(frozen=True)
class Primes:
    """Prime implicants as arrays. `subset`: the bits of the conditions that stand in the prime, `key`: their values.

    `coverage[i]` has bit p set where prime i covers positive row p.
    """

    levels: Values
    subset: Ints
    key: Ints
    coverage: list[int]

    def __len__(self) -> int:
        return len(self.coverage)

    def values(self, at: int) -> Values:
        """Prime `at`, FREE where a condition does not stand in it."""
        width, subset, key = _widths(self.levels), int(self.subset[at]), int(self.key[at])
        found, low = [], 0
        for position, bits in enumerate(width):
            value = (key >> low) & ((1 << bits) - 1)
            found.append(value if subset >> position & 1 else FREE)
            low += bits
        return tuple(found)


def transversal_primes(positives: Sequence[Values], off: npt.NDArray[np.int8], levels: Values) -> Primes:
    """All primes that cover at least one of `positives` and no row of `off` (rows x conditions).

    A positive row that is FREE in a condition is covered only by primes without that condition.
    Raises ValueError for more than 20 conditions: no number of cases that is compared case by case can carry them.
    """
    if len(levels) > MOST_CONDITIONS:
        raise ValueError(f"{len(levels)} conditions are more than {MOST_CONDITIONS}; choose fewer, or join some")
    found = [_chunk(positives[at : at + _WORD], off, levels) for at in range(0, len(positives), _WORD)]
    subset, key = (np.concatenate([part[side] for part in found]) for side in (0, 1))
    bits = sum(_widths(levels))
    whole = np.unique((subset << bits) | key)
    subset, key = whole >> bits, whole & ((1 << bits) - 1)
    return Primes(levels, subset, key, _coverage(positives, levels, subset, key))


def merged_primes(on: Collection[Values], positives: Sequence[Values], levels: Values) -> Primes:
    """The primes that cover rows of `on` alone, by merging (Quine and McCluskey); those without a positive row left out.

    A row may be FREE in a condition that does not apply to its cases. Rows are merged as they are written: each round
    merges what the round before left, as R QCA does, so that a longer row finds no partner that has been merged.
    """
    pool = set(on)
    while True:
        merged, found = set[Values](), set[Values]()
        for position, count in enumerate(levels):
            groups: dict[Values, list[Values]] = {}
            for term in pool:
                if term[position] != FREE:
                    groups.setdefault((*term[:position], FREE, *term[position + 1 :]), []).append(term)
            for wider, parts in groups.items():
                if len(parts) == count:
                    merged.update(parts)
                    found.add(wider)
        if not merged:
            break
        pool = found | (pool - merged)
    return written_primes([term for term in pool if any(_within(row, term) for row in positives)], positives, levels)


def written_primes(terms: Collection[Values], positives: Sequence[Values], levels: Values) -> Primes:
    """Distinct `terms` as primes, in a fixed order; each covers the positive rows that have all its literals."""
    ordered = sorted(terms)
    subset = np.array([sum(1 << at for at, value in enumerate(t) if value != FREE) for t in ordered], dtype=np.int64)
    key = np.array([_encoded(tuple(max(value, 0) for value in term), levels) for term in ordered], dtype=np.int64)
    return Primes(levels, subset, key, _coverage(positives, levels, subset, key))


def _within(inner: Values, outer: Values) -> bool:
    return all(theirs in (FREE, ours) for ours, theirs in zip(inner, outer, strict=True))


def _chunk(positives: Sequence[Values], off: npt.NDArray[np.int8], levels: Values) -> tuple[Ints, Ints]:
    valid = _covers_no_off_row(positives, off, len(levels))
    minimal = valid.copy()
    for position in range(len(levels)):
        halves, smaller = minimal.reshape(-1, 2, 1 << position), valid.reshape(-1, 2, 1 << position)
        halves[:, 1] &= ~smaller[:, 0]
    where = np.flatnonzero(minimal)
    rows = np.arange(len(positives), dtype=np.uint64)
    at, row = np.nonzero((minimal[where][:, None] >> rows[None, :]) & np.uint64(1))
    codes = np.array([_encoded(positive, levels) for positive in positives], dtype=np.int64)
    subset = where[at].astype(np.int64)
    return subset, codes[row] & _mask(subset, levels)


def _covers_no_off_row(positives: Sequence[Values], off: npt.NDArray[np.int8], k: int) -> Words:
    """For every set of conditions, the positive rows whose values in it no off row shares."""
    shared: Words = np.zeros(1 << k, dtype=np.uint64)  # by the set of conditions that differ
    for bit, positive in enumerate(positives):
        differs = np.zeros(len(off), dtype=np.int64)
        for position, value in enumerate(positive):
            if value != FREE:
                differs |= (off[:, position] != value).astype(np.int64) << position
        shared[np.unique(differs)] |= np.uint64(1 << bit)
    for position in range(k):  # a set misses a difference that lies in the conditions outside it
        halves = shared.reshape(-1, 2, 1 << position)
        halves[:, 1] |= halves[:, 0]
    everyone = np.uint64((1 << len(positives)) - 1)
    valid: Words = ~shared[::-1] & everyone
    for bit, positive in enumerate(positives):
        for position, value in enumerate(positive):
            if value == FREE:
                valid.reshape(-1, 2, 1 << position)[:, 1] &= ~np.uint64(1 << bit)
    return valid


def _widths(levels: Values) -> list[int]:
    """Bits for the values of each condition, with one pattern to spare for FREE."""
    return [count.bit_length() for count in levels]


def _encoded(row: Values, levels: Values) -> int:
    code, low = 0, 0
    for value, bits in zip(row, _widths(levels), strict=True):
        code |= (value if value != FREE else (1 << bits) - 1) << low
        low += bits
    return code


def _mask(subset: Ints, levels: Values) -> Ints:
    found, low = np.zeros(len(subset), dtype=np.int64), 0
    for position, bits in enumerate(_widths(levels)):
        found |= np.where(subset >> position & 1, ((1 << bits) - 1) << low, 0)
        low += bits
    return found


def _coverage(positives: Sequence[Values], levels: Values, subset: Ints, key: Ints) -> list[int]:
    mask = _mask(subset, levels)
    found = [0] * len(subset)
    for start in range(0, len(positives), 62):
        word = np.zeros(len(subset), dtype=np.int64)
        for bit, positive in enumerate(positives[start : start + 62]):
            word |= ((_encoded(positive, levels) & mask) == key).astype(np.int64) << bit
        found = [old | new << start for old, new in zip(found, word.tolist(), strict=True)]
    return found
