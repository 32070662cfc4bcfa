"""The case-ordered display: cases in the order of an outcome, themes beside them, and how far both go together.

Miles, Huberman and Saldana (2014), Qualitative Data Analysis, 3rd ed., ch. 8. The trend is Kendall's tau-b (1938,
Biometrika 30, 81-93) or Jonckheere and Terpstra's J (Jonckheere 1954, Biometrika 41, 133-145; Terpstra 1952), both with
exact p values from every arrangement. The display is descriptive: its cases were chosen, not drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, permutations
from math import factorial, prod
from typing import TYPE_CHECKING

from joinedup.study.problems import NotComputable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Orders = NDArray[np.int8]

MOST_ARRANGEMENTS = 400_000
"""More arrangements than this are not enumerated: the test is refused rather than approximated."""


@dataclass(frozen=True, slots=True)
class Trend:
    """A trend over ordered cases: the statistic, its two-sided and its one-sided (increasing) exact p, and the cases."""

    statistic: float
    p: float
    p_increasing: float
    n: int
    arrangements: int

    @property
    def label(self) -> str:
        """How the trend must be called."""
        return f"descriptive, n = {self.n}"


def kendall_tau(x: Sequence[float], y: Sequence[float]) -> Trend:
    """Kendall's tau-b of paired values, with ties; p over all permutations of `y` (at most nine cases).

    Raises NotComputable for fewer than three cases, for too many, and where one side does not vary.
    """
    import numpy as np

    n = len(x)
    if len(y) != n or n < 3:
        raise NotComputable("a trend needs at least three cases with both values")
    if factorial(n) > MOST_ARRANGEMENTS:
        raise NotComputable(f"{n} cases have {factorial(n):,} arrangements, too many to enumerate")
    if len(set(x)) == 1 or len(set(y)) == 1:
        raise NotComputable("all cases are tied on one side: there is no order")
    signs_x = np.sign(np.subtract.outer(np.asarray(x, float), np.asarray(x, float))).astype(np.int8)
    signs_y = np.sign(np.subtract.outer(np.asarray(y, float), np.asarray(y, float))).astype(np.int8)
    orders = _orders(n)
    sums = np.zeros(len(orders), dtype=np.int32)
    for i, j in combinations(range(n), 2):
        if signs_x[i, j]:
            sums += signs_x[i, j] * signs_y[orders[:, i], orders[:, j]]
    pairs = [int(np.abs(np.triu(signs)).sum()) for signs in (signs_x, signs_y)]
    tau = float(sums[0]) / (pairs[0] * pairs[1]) ** 0.5
    return Trend(tau, float((np.abs(sums) >= abs(sums[0])).mean()), float((sums >= sums[0]).mean()), n, len(orders))


@lru_cache(maxsize=4)
def _orders(n: int) -> Orders:
    """All permutations of n cases, the identity first."""
    import numpy as np

    return np.array(list(permutations(range(n))), dtype=np.int8)


def jonckheere_statistic(groups: Sequence[Sequence[float]]) -> float:
    """J: the pairs of cases in which the value of the later group is larger, ties counting a half."""
    return sum((b > a) + (b == a) / 2 for first, second in combinations(groups, 2) for a in first for b in second)


def jonckheere_terpstra(groups: Sequence[Sequence[float]]) -> Trend:
    """J over ordered groups: pairs in which the value of the later group is larger, ties counting a half.

    p over every way to deal the values into groups of these sizes. Raises NotComputable for fewer than two groups with
    cases, and for too many arrangements.
    """
    held = [list(map(float, group)) for group in groups if len(group)]
    if len(held) < 2:
        raise NotComputable("a trend over groups needs at least two groups with cases")
    pooled = [value for group in held for value in group]
    sizes = [len(group) for group in held]
    count = factorial(len(pooled)) // prod(factorial(size) for size in sizes)
    if count > MOST_ARRANGEMENTS:
        raise NotComputable(f"the cases have {count:,} arrangements over the groups, too many to enumerate")
    wins = [[(b > a) + (b == a) / 2 for b in pooled] for a in pooled]
    found = [_j(wins, dealt) for dealt in _deals(tuple(range(len(pooled))), sizes)]
    observed = jonckheere_statistic(held)
    centre = sum(found) / len(found)
    far = abs(observed - centre) - 1e-9
    two_sided = sum(abs(value - centre) >= far for value in found) / len(found)
    increasing = sum(value >= observed - 1e-9 for value in found) / len(found)
    return Trend(observed, two_sided, increasing, len(pooled), len(found))


def _deals(cases: tuple[int, ...], sizes: Sequence[int]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every way to deal cases into groups of these sizes; the first gives each group its own cases."""
    if len(sizes) == 1:
        yield (cases,)
        return
    for chosen in combinations(cases, sizes[0]):
        rest = tuple(case for case in cases if case not in chosen)
        for others in _deals(rest, sizes[1:]):
            yield (chosen, *others)


def _j(wins: Sequence[Sequence[float]], dealt: Sequence[Sequence[int]]) -> float:
    return sum(wins[a][b] for first, second in combinations(dealt, 2) for a in first for b in second)
