"""p at any null, and the interval of the nulls that are not rejected, from draws that need no refitting.

Under the null b a draw has the squared statistic (n0 - b n1)^2 / (q0 - 2 b q1 + b^2 q2), the data have
(estimate - b)^2 / spread: each is a ratio of polynomials in b whose coefficients are found once.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_TIES = 1e-9
"""A statistic this close (relative) to that of the data counts as a tie, so that the data always count themselves."""
_DOUBLINGS, _HALVINGS = 40, 80


@dataclass(frozen=True, slots=True, eq=False)
class Inversion:
    """Draws in `numerator` (n0, n1) and `square` (q0, q1, q2), each a row of arrays over draws.

    `enumerated` says that the draws are all assignments, the data among them: then p is a share, else
    (1 + count) / (draws + 1). A draw without a statistic has numerators 0. `step` is where the search for an end begins.
    """

    estimate: float
    spread: float
    numerator: Array
    square: Array
    enumerated: bool
    step: float

    def squares(self, null: float) -> Array:
        """The squared statistic of each draw."""
        above = (self.numerator[0] - null * self.numerator[1]) ** 2
        below = self.square[0] - 2 * null * self.square[1] + null**2 * self.square[2]
        found: Array = above / np.maximum(below, sys.float_info.min)
        return found

    def observed(self, null: float) -> float:
        """The squared statistic of the data."""
        difference = self.estimate - null
        return difference * difference / max(self.spread, sys.float_info.min)

    def p(self, null: float) -> float:
        count = int(np.sum(self.squares(null) >= self.observed(null) * (1 - 2 * _TIES)))
        draws = int(self.numerator.shape[1])
        return count / draws if self.enumerated else (1 + count) / (draws + 1)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The nulls around the estimate with p above 1 - level; infinite where no null that far is rejected."""
        return self._end(1 - level, -1.0), self._end(1 - level, 1.0)

    def _end(self, alpha: float, side: float) -> float:
        inside, step = 0.0, self.step
        for _ in range(_DOUBLINGS):
            if self.p(self.estimate + side * step) <= alpha + 1e-12:
                break
            inside, step = step, step * 2
        else:
            return side * math.inf
        for _ in range(_HALVINGS):
            middle = (inside + step) / 2
            if middle in (inside, step):
                break
            inside, step = (middle, step) if self.p(self.estimate + side * middle) > alpha + 1e-12 else (inside, middle)
        return float(self.estimate + side * inside)
