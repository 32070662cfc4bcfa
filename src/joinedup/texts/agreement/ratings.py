"""Ratings as numbers: coders x units with NaN for missing; value counts; weights of categories."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from joinedup.study.problems import NotComputable
from joinedup.texts.agreement.coefficient import Array

_WHOLE = 2**53
"""Whole numbers up to here are exact as floats."""
_FEW = 4096
"""Whole values in a range of at most this many are counted in one pass, without sorting."""


def read_ratings(ratings: Any, ordered: bool = False) -> Array:
    """`ratings` (coders x units; None or NaN: missing) as floats with NaN for missing.

    Numbers stay what they are; anything else becomes the number of its category, in the order of first appearance or,
    with `ordered`, of the sorted categories. Raises ValueError where the coders have unequal numbers of units.
    """
    rows = ratings if isinstance(ratings, np.ndarray) else list(ratings)
    if len(rows) == 0:
        return np.empty((0, 0))
    lengths = sorted({len(row) for row in rows})
    if len(lengths) > 1:
        raise ValueError(f"the coders rated {lengths[0]} and {lengths[-1]} units: all must rate the same units")
    plain = np.asarray(rows)
    if plain.dtype.kind in "bf":
        return plain.astype(np.float64, copy=False)
    if plain.dtype.kind in "iu" and (plain.size == 0 or max(-int(plain.min()), int(plain.max())) <= _WHOLE):
        return plain.astype(np.float64)
    return _encoded([list(row) for row in rows], ordered)


def _encoded(rows: list[list[Any]], ordered: bool) -> Array:
    seen: dict[Any, None] = dict.fromkeys(value for row in rows for value in row if not missing(value))
    if all(isinstance(value, int | float | np.number) and bool(-_WHOLE <= value <= _WHOLE) for value in seen):
        return np.array([[np.nan if missing(v) else float(v) for v in row] for row in rows])
    code = {value: float(at) for at, value in enumerate(sorted(seen) if ordered else seen)}
    return np.array([[np.nan if missing(value) else code[value] for value in row] for row in rows])


def are_numbers(ratings: Any) -> bool:
    """Whether every rating that is not missing is a number."""
    if isinstance(ratings, np.ndarray) and ratings.dtype.kind in "biuf":
        return True
    return all(missing(v) or isinstance(v, int | float | np.number) for row in ratings for v in row)


def missing(value: object) -> bool:
    """None and NaN are missing."""
    return value is None or (isinstance(value, float) and value != value)


def pairs(a: Sequence[Hashable], b: Sequence[Hashable], ordered: bool = False) -> Array:
    """Two coders' ratings of the units that both rated (2 x units), as `read_ratings` gives them."""
    if len(a) != len(b):
        raise ValueError(f"the coders rated {len(a)} and {len(b)} units: both must rate the same units")
    found = read_ratings([a, b], ordered)
    rated = found[:, ~np.isnan(found).any(axis=0)]
    if rated.shape[1] == 0:
        raise NotComputable("No unit was rated by both coders.")
    return rated


def several(ratings: Any) -> Array:
    """As `read_ratings`, refused for fewer than two coders."""
    found = read_ratings(ratings, ordered=True)
    if len(found) < 2:
        raise NotComputable("One coder has no agreement: a second coder must rate the same units.")
    return found


def value_counts(values: Array) -> tuple[Array, Array]:
    """The distinct values (sorted) and how often each occurs; `values` hold no NaN."""
    low, high = float(values.min()), float(values.max())
    if high - low < _FEW and np.isfinite([low, high]).all():
        whole = (values - low).astype(np.int32)
        if low == int(low) and bool((whole == values - low).all()):
            times = np.bincount(whole.ravel())
            held = np.flatnonzero(times)
            return held.astype(np.float64) + low, times[held].astype(np.float64)
    distinct, counts = np.unique(values, return_counts=True)
    return distinct, counts.astype(np.float64)


def unit_counts(ratings: Array) -> Array:
    """Units x categories: how many coders gave the unit the category; categories are those that occur, sorted."""
    held, _ = value_counts(ratings[~np.isnan(ratings)])
    return np.stack([(ratings == value).sum(axis=0) for value in held], axis=1).astype(np.float64)


def weights_of(categories: int, weights: str | None) -> Array:
    """Agreement between categories by the distance of their ranks: 1 on the diagonal, 0 at the largest distance.

    `weights` is None (all disagreements alike), "linear" or "quadratic". Raises ValueError for another word.
    """
    if weights not in (None, "linear", "quadratic"):
        raise ValueError(f"weights {weights!r} are none of linear, quadratic, None")
    ranks = np.arange(categories, dtype=np.float64)
    apart = np.abs(ranks[:, None] - ranks[None, :])
    if weights is None or categories < 2:
        return np.eye(categories)
    distance = apart if weights == "linear" else apart**2
    found: Array = 1 - distance / distance.max()
    return found
