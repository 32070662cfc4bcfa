"""All covers of the positive rows with the fewest prime implicants, or all from which none can be left out.

Primes that cover the same rows are exchangeable: the search is over distinct coverages, the primes come back at the
end. It branches on the row with the fewest coverages, and never where the rows that are left need more than remain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product

MOST_MODELS = 1000
_MOST_STEPS = 400_000


class _Spent(Exception):
    """The search took more steps than it may."""


class Cover:
    """The covers of rows 0, 1, ..., `rows` - 1 by `coverages` (bit masks)."""

    def __init__(self, coverages: Sequence[int], rows: int) -> None:
        self._groups: dict[int, list[int]] = {}
        for index, mask in enumerate(coverages):
            self._groups.setdefault(mask, []).append(index)
        self._all = (1 << rows) - 1
        masks = sorted(self._groups, key=lambda mask: (-mask.bit_count(), mask))
        largest: list[int] = []
        for mask in masks:
            if not any(mask & other == mask for other in largest):
                largest.append(mask)
        self._by_row = [[mask for mask in masks if mask >> row & 1] for row in range(rows)]
        self._largest_by_row = [[mask for mask in largest if mask >> row & 1] for row in range(rows)]
        self._known: dict[tuple[int, int], bool] = {}
        self._steps = 0

    def fewest(self, most: int = MOST_MODELS) -> tuple[list[tuple[int, ...]], str]:
        """Every cover with the fewest primes, as indices; and, where not all of them, a sentence that says so."""
        size = 1
        try:
            while not self._coverable(self._all, size):
                size += 1
        except _Spent:
            greedy = self._greedy()
            told = f"The search for the smallest cover was stopped after {_MOST_STEPS:,} steps: the model shown covers "
            return [greedy], told + f"every row, with {len(greedy)} terms; one with fewer may exist."
        self._steps = 0
        return self._listed(self._of_size(self._all, size, frozenset(), ()), most, f"of {size} terms")

    def irredundant(self, most: int = MOST_MODELS) -> tuple[list[tuple[int, ...]], str]:
        """Every cover from which no prime can be left out."""
        return self._listed(self._without_spare(self._all, frozenset(), ()), most, "without a spare term")

    def _listed(self, covers: Iterator[tuple[int, ...]], most: int, kind: str) -> tuple[list[tuple[int, ...]], str]:
        found: list[tuple[int, ...]] = []
        try:
            for cover in covers:
                choices = product(*(self._groups[mask] for mask in cover))
                found += [tuple(sorted(choice)) for choice in islice(choices, most + 1 - len(found))]
                if len(found) > most:
                    return found[:most], f"There are more than {most:,} models {kind}; the first {most:,} are shown."
        except _Spent:
            told = f"The search for models {kind} was stopped after {_MOST_STEPS:,} steps; there may be more than the "
            return found or [self._greedy()], told + f"{max(len(found), 1):,} shown."
        return found, ""

    def _of_size(
        self, left: int, size: int, barred: frozenset[int], chosen: tuple[int, ...]
    ) -> Iterator[tuple[int, ...]]:
        """Every cover once: a branch bars the coverages that the branches before it took."""
        if not left:
            yield chosen
            return
        self._step()
        taken = barred
        for mask in self._branches(left, self._by_row):
            if mask not in taken and self._coverable(left & ~mask, size - 1):
                yield from self._of_size(left & ~mask, size - 1, taken, (*chosen, mask))
                taken = taken | {mask}

    def _without_spare(self, left: int, barred: frozenset[int], chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        self._step()
        if not left:
            yield chosen
            return
        taken = barred
        for mask in self._branches(left, self._by_row):
            if mask not in taken:
                longer = (*chosen, mask)
                if all(_alone(longer, at) for at in range(len(longer))):
                    yield from self._without_spare(left & ~mask, taken, longer)
                taken = taken | {mask}

    def _coverable(self, left: int, size: int) -> bool:
        """Whether `size` coverages can cover the rows `left`."""
        if not left:
            return True
        if size == 0:
            return False
        known = self._known.get((left, size))
        if known is None:
            self._step()
            branches = sorted(self._branches(left, self._largest_by_row), key=lambda mask: -(mask & left).bit_count())
            known = any(self._coverable(left & ~mask, size - 1) for mask in branches)
            self._known[left, size] = known
        return known

    def _branches(self, left: int, by_row: list[list[int]]) -> list[int]:
        rows = (row for row in range(len(by_row)) if left >> row & 1)
        return by_row[min(rows, key=lambda row: len(by_row[row]))]

    def _greedy(self) -> tuple[int, ...]:
        left, chosen = self._all, []
        while left:
            best = max(self._groups, key=lambda mask: ((mask & left).bit_count(), -mask))
            chosen.append(self._groups[best][0])
            left &= ~best
        return tuple(sorted(chosen))

    def _step(self) -> None:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise _Spent


def _alone(masks: tuple[int, ...], at: int) -> bool:
    """Whether the coverage `at` has a row that no other covers."""
    others = 0
    for index, mask in enumerate(masks):
        if index != at:
            others |= mask
    return bool(masks[at] & ~others)
