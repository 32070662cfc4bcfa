"""Complementary suppression: which further cells to hide so that no hidden count can be worked out.

For each primary cell, upwards to the first count that is not small and downwards to 0, the cheapest change of the table
that keeps every sum and moves the cell so far is found by a linear program; the cells that it moves are hidden
(Fischetti and Salazar-Gonzalez 2000, the linear-programming heuristic of complementary suppression; Kelly, Golden and
Assad 1992). Each change is a table that fits everything published: a witness that the cell can be that number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.disclosure.attack import Bounds, System, Whole, frugal_point

ZERO_COST = 40.0
"""A zero is hidden last: its cost is that of a count of 40 (readers need true zeros)."""


@dataclass(slots=True, eq=False)
class Pattern:
    """What is to be protected, in the order of the system's cells.

    `truth`: the counts (a point that fits, where the team knows none). `low`, `high`: what the attacker knows of each
    cell as it is shown now. `hidden_low`, `hidden_high`: what would be known of it once it is hidden; equal to the
    truth where hiding is of no use (structural zeros, counts that an earlier release shows). `sensitive`: the cells to
    protect.
    """

    system: System
    truth: Whole
    low: Bounds
    high: Bounds
    hidden_low: Bounds
    hidden_high: Bounds
    sensitive: Whole
    threshold: int
    least_feasible: int


class Suppression:
    """The cells hidden so far, and the witnesses: tables that fit everything that is published."""

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self.low, self.high = pattern.low.copy(), pattern.high.copy()
        self.secondary: set[int] = set()
        self.witnesses: list[Whole] = [pattern.truth]
        cost = 1 + np.log1p(np.where(pattern.truth == 0, ZERO_COST, pattern.truth))
        self._cost: Bounds = cost.astype(np.float64)
        self._columns = pattern.system.matrix.tocsc()

    def run(self) -> set[int]:
        """Hide what is needed; returns the numbers of the secondary cells."""
        truth = self.pattern.truth
        for cell in sorted(map(int, self.pattern.sensitive), key=lambda at: (-truth[at], at)):
            for goal in self._goals(cell):
                if not self._reached(cell, goal):
                    self._move(cell, goal)
            self._widen(cell)
        self._show_again()
        return self.secondary

    def _goals(self, cell: int) -> tuple[int, int]:
        """Upwards as far as a count that is not small, downwards to 0: then nobody can tell that it is small."""
        value = int(self.pattern.truth[cell])
        return max(self.pattern.threshold + 1, value + 2), 0

    def _values(self, cell: int) -> set[int]:
        return {int(witness[cell]) for witness in self.witnesses}

    def _reached(self, cell: int, goal: int) -> bool:
        found = self._values(cell)
        return max(found) >= goal if goal > self.pattern.truth[cell] else min(found) <= goal

    def _widen(self, cell: int) -> None:
        """Where a goal is out of reach: the numbers nearest to the truth, until enough are left open."""
        value, enough = int(self.pattern.truth[cell]), self.pattern.least_feasible
        near = [value + sign * by for by in range(1, 2 * enough + 1) for sign in (1, -1)]
        for goal in near:
            found = self._values(cell)
            if len(found) >= enough:
                return
            if goal >= 0 and goal not in found:
                self._move(cell, goal)

    def _move(self, cell: int, goal: int) -> None:
        """Make `goal` a number that `cell` can be, hiding what is cheapest; nothing changes where nothing can do it."""
        from scipy.sparse import hstack

        pattern, low, high, truth = self.pattern, self.low, self.high, self.pattern.truth
        free = np.flatnonzero(low < high)
        up = np.flatnonzero(pattern.hidden_high > high)
        down = np.flatnonzero(pattern.hidden_low < low)
        columns = self._columns
        matrix = hstack([columns[:, free], columns[:, up], -columns[:, down]]).tocsr()
        cost = np.concatenate([np.zeros(len(free)), self._cost[up], self._cost[down]])
        least = np.concatenate([low[free] - truth[free], np.zeros(len(up) + len(down))])
        most = np.concatenate(
            [high[free] - truth[free], pattern.hidden_high[up] - high[up], low[down] - pattern.hidden_low[down]]
        )
        at = int(np.searchsorted(free, cell))
        least[at] = most[at] = goal - truth[cell]
        found = frugal_point(cost, matrix, np.zeros(matrix.shape[0], dtype=np.int64), least, most)
        if found is None:
            return
        change = np.zeros(len(truth), dtype=np.int64)
        change[free] = found[: len(free)]
        change[up] += found[len(free) : len(free) + len(up)]
        change[down] -= found[len(free) + len(up) :]
        self._hide(truth + change)

    def _hide(self, witness: Whole) -> None:
        """Hide every cell whose value in `witness` doesn't fit what is shown of it."""
        for at in map(int, np.flatnonzero((witness < self.low) | (witness > self.high))):
            self.secondary.add(at)
            self.low[at], self.high[at] = self.pattern.hidden_low[at], self.pattern.hidden_high[at]
        self.witnesses.append(witness)

    def _show_again(self) -> None:
        """Show the secondary cells that aren't needed after all, the largest first: the other witnesses suffice."""
        truth, pattern = self.pattern.truth, self.pattern
        wanted = {int(cell): self._proven(int(cell), self.witnesses) for cell in pattern.sensitive}
        for at in sorted(self.secondary, key=lambda at: (-truth[at], at)):
            left = [w for w in self.witnesses if pattern.low[at] <= w[at] <= pattern.high[at]]
            if all(self._proven(cell, left) == reached for cell, reached in wanted.items()):
                self.secondary.discard(at)
                self.low[at], self.high[at] = pattern.low[at], pattern.high[at]
                self.witnesses = left

    def _proven(self, cell: int, witnesses: list[Whole]) -> tuple[bool, bool, bool]:
        found = {int(witness[cell]) for witness in witnesses}
        above, below = self._goals(cell)
        return max(found) >= above, min(found) <= below, len(found) >= self.pattern.least_feasible
