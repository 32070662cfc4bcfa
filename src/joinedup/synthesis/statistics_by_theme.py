"""Statistics by theme: do sites whose people speak of a theme score differently? A difference, its interval, an exact p.

Pitman (1937), "Significance tests which may be applied to samples from any populations", Supplement to the Journal of
the Royal Statistical Society 4(1), 119-130; the interval is Welch's (1947, Biometrika 34, 28-35). With a handful of
case-study sites the p value has few possible values: its smallest is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from joinedup.study.problems import NotComputable

MOST_SPLITS = 500_000
"""More splits than this are not enumerated: the comparison is refused rather than approximated."""
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class ByTheme:
    """Sites with the theme against sites without it.

    `difference` is the mean with minus the mean without, in the scale's unit; `low` and `high` bound its 95% interval,
    None where a group has fewer than two sites or neither group varies. `p` is two-sided, over all `splits`;
    `smallest_p` is the least that so few sites can give.
    """

    present: int
    absent: int
    mean_present: float
    mean_absent: float
    difference: float
    low: float | None
    high: float | None
    p: float
    splits: int
    smallest_p: float


def by_theme(present: Sequence[float], absent: Sequence[float]) -> ByTheme:
    """Compare values of sites with a theme and without it (any unit, no missing values).

    Raises NotComputable where a group is empty, or where there are more than MOST_SPLITS splits.
    """
    if not present or not absent:
        raise NotComputable("every site has the theme, or none has: there is nothing to compare")
    splits = comb(len(present) + len(absent), len(present))
    if splits > MOST_SPLITS:
        raise NotComputable(f"{splits:,} splits of the sites are too many to enumerate")
    with_, without = sum(present) / len(present), sum(absent) / len(absent)
    low, high = _welch(present, absent)
    p, smallest = _permutation(present, absent)
    return ByTheme(len(present), len(absent), with_, without, with_ - without, low, high, p, splits, smallest)


def _permutation(present: Sequence[float], absent: Sequence[float]) -> tuple[float, float]:
    """The share of all splits whose difference is at least as large, and the least share that any split could have."""
    import numpy as np

    pooled = np.array([*present, *absent], dtype=float)
    size, total = len(present), float(pooled.sum())
    chosen = np.array(list(combinations(range(len(pooled)), size)))
    sums = pooled[chosen].sum(axis=1)
    differences = np.abs(sums / size - (total - sums) / (len(pooled) - size))
    scale = _TOLERANCE * max(1.0, float(np.abs(pooled).max()))
    p = float((differences >= differences[0] - scale).mean())  # the first combination is the observed split
    return p, float((differences >= differences.max() - scale).mean())


def _welch(present: Sequence[float], absent: Sequence[float]) -> tuple[float | None, float | None]:
    from scipy.special import stdtrit

    if min(len(present), len(absent)) < 2:
        return None, None
    errors = [_variance(group) / len(group) for group in (present, absent)]
    if sum(errors) == 0:
        return None, None
    freedom = sum(errors) ** 2 / sum(
        error**2 / (len(group) - 1) for error, group in zip(errors, (present, absent), strict=True)
    )
    half = float(stdtrit(freedom, 0.975)) * sum(errors) ** 0.5
    difference = sum(present) / len(present) - sum(absent) / len(absent)
    return difference - half, difference + half


def _variance(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)
