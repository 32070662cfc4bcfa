"""The goals that branch and bound knows: sums over sites, classes covered, sums over pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from joinedup.synthesis.case_selection.branching import Node
from joinedup.synthesis.case_selection.distances import Floats


@dataclass(frozen=True)
class SumOfSites:
    """The sum over the chosen sites of a score."""

    scores: Sequence[float]

    def value(self, chosen: Sequence[int]) -> float:
        return math.fsum(self.scores[at] for at in chosen)

    def gains(self, node: Node) -> list[tuple[float, int]]:
        return [(self.scores[at], at) for at in node.rest]

    def bound(self, node: Node, best: float) -> float:
        return self.value(node.chosen) + best


@dataclass
class Coverage:
    """The weighted share of the attributes' classes that the chosen sites cover; `classes`: (code a site, number)."""

    classes: Sequence[tuple[npt.NDArray[np.intp], int]]
    weights: Sequence[float]
    _holds: list[int] = field(init=False)
    _masks: list[int] = field(init=False)
    _worth: list[float] = field(init=False)

    def __post_init__(self) -> None:
        total, start = math.fsum(self.weights), 0
        self._holds = [0] * len(self.classes[0][0])
        self._masks, self._worth = [], []
        for (codes, number), weight in zip(self.classes, self.weights, strict=True):
            for at, code in enumerate(codes.tolist()):
                self._holds[at] |= 1 << (start + code) if code >= 0 else 0
            self._masks.append(((1 << number) - 1) << start)
            self._worth.append(weight / total / number)
            start += number

    def _covered(self, chosen: Sequence[int]) -> int:
        covered = 0
        for at in chosen:
            covered |= self._holds[at]
        return covered

    def _value(self, covered: int) -> float:
        worth = zip(self._masks, self._worth, strict=True)
        return math.fsum((covered & mask).bit_count() * each for mask, each in worth)

    def value(self, chosen: Sequence[int]) -> float:
        return self._value(self._covered(chosen))

    def gains(self, node: Node) -> list[tuple[float, int]]:
        covered = self._covered(node.chosen)
        return [(self._value(self._holds[at] & ~covered), at) for at in node.rest]

    def bound(self, node: Node, best: float) -> float:
        """The smaller of two: the best gains together, and as many new classes an attribute as sites are open."""
        if best == float("-inf"):
            return best
        covered, within = self._covered(node.chosen), self._covered(node.rest)
        new = zip(self._masks, self._worth, strict=True)
        most = math.fsum(min((within & ~covered & mask).bit_count(), node.open) * each for mask, each in new)
        return self._value(covered) + min(best, most)


@dataclass(frozen=True)
class SumOfPairs:
    """The sum over all pairs of chosen sites of `worth` (symmetric, zero diagonal)."""

    worth: Floats

    def value(self, chosen: Sequence[int]) -> float:
        at = np.asarray(sorted(chosen), dtype=np.intp)
        return math.fsum(self.worth[np.ix_(at, at)].ravel().tolist()) / 2

    def gains(self, node: Node) -> list[tuple[float, int]]:
        """Its pairs with the chosen, and half of its best pairs with the rest."""
        at, others = np.asarray(node.rest, dtype=np.intp), np.asarray(node.chosen, dtype=np.intp)
        gain = self.worth[np.ix_(at, others)].sum(axis=1)
        if node.open > 1:
            among = self.worth[np.ix_(at, at)].copy()
            np.fill_diagonal(among, -np.inf)
            least = len(at) - node.open + 1
            gain = gain + np.partition(among, least, axis=1)[:, least:].sum(axis=1) / 2
        return list(zip(gain.tolist(), at.tolist(), strict=True))

    def bound(self, node: Node, best: float) -> float:
        return self.value(node.chosen) + best
