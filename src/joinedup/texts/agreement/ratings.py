"""Ratings as numbers: coders x units with NaN for missing; value counts; weights of categories."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from joinedup.study.problems import NotComputable
from joinedup.texts.agreement.alike import alike, is_number, missing
from joinedup.texts.agreement.coefficient import Array

_WHOLE = 2**53
"""Whole numbers up to here are exact as floats."""
_FEW = 4096
"""Whole values in a range of at most this many are counted in one pass, without sorting."""
ONE_ROW = "ratings are coders x units: one row a coder"


def table_of(ratings: Any) -> Any:
    """`ratings` as an array or a list of rows, coders x units, read once.

    Taken are arrays (masked is missing), frames, sequences and iterators of the coders' ratings, and mappings coder ->
    ratings; where these are mappings themselves, unit -> rating, units are matched by their names. Raises ValueError
    where the coders have unequal numbers of units, or there is one row alone.
    """
    if isinstance(ratings, np.ma.MaskedArray):
        hidden = np.ma.getmaskarray(ratings)
        ratings = np.asarray(ratings.data, dtype=object)
        ratings[hidden] = None
    if hasattr(ratings, "columns") and hasattr(ratings, "to_numpy"):
        ratings = ratings.to_numpy()
    if isinstance(ratings, np.ndarray):
        if ratings.ndim != 2 and ratings.size:
            raise ValueError(ONE_ROW)
        return ratings
    coders = list(ratings.values() if isinstance(ratings, Mapping) else ratings)
    if coders and all(isinstance(coder, Mapping) for coder in coders):
        units = list(dict.fromkeys(unit for coder in coders for unit in coder))
        return [[coder.get(unit) for unit in units] for coder in coders]
    if not all(hasattr(coder, "__iter__") for coder in coders):
        raise ValueError(ONE_ROW)
    rows = [coder if hasattr(coder, "__len__") else list(coder) for coder in coders]
    lengths = sorted({len(row) for row in rows})
    if len(lengths) > 1:
        raise ValueError(f"the coders rated {lengths[0]} and {lengths[-1]} units: all must rate the same units")
    return rows


def read_ratings(ratings: Any, ordered: bool = False) -> Array:
    """`ratings` (coders x units as `table_of` takes them; None, NaN or NA: missing) as floats with NaN for missing.

    Numbers stay what they are; anything else becomes the number of its category, in the order of first appearance or,
    with `ordered`, in that of an ordered categorical, else of the sorted categories. Beside numbers the word "1" is the
    number 1. Raises ValueError where the coders have unequal numbers of units, where one gives numbers and another words,
    where a number is infinite, and where categories of several types have no order.
    """
    rows = table_of(ratings)
    if len(rows) == 0:
        return np.empty((0, 0))
    found = _plain(rows)
    if found is None:
        found = _encoded(alike([list(row) for row in rows]), _ranks(rows), ordered)
    if np.isinf(found).any():
        raise ValueError("a rating is infinite")
    return found


def _plain(rows: Any) -> Array | None:
    """Rows of numbers alone as floats; None where they hold anything else."""
    try:
        plain = np.asarray(rows)
    except ValueError:  # categories that are tuples of different lengths
        return None
    if plain.ndim == 2 and plain.dtype.kind in "bf":
        return plain.astype(np.float64, copy=False)
    exact = plain.ndim == 2 and plain.dtype.kind in "iu"
    if exact and (plain.size == 0 or max(-int(plain.min()), int(plain.max())) <= _WHOLE):
        return plain.astype(np.float64)
    return None


def _ranks(rows: Any) -> dict[Any, float] | None:
    """The ranks that an ordered categorical of pandas gives its categories; None where no coder's ratings are one."""
    for row in rows:
        held = getattr(row, "cat", row)
        if getattr(held, "ordered", False) and hasattr(held, "categories"):
            return {value: float(at) for at, value in enumerate(held.categories)}
    return None


def _encoded(rows: list[list[Any]], ranks: dict[Any, float] | None, ordered: bool) -> Array:
    seen: dict[Any, None] = dict.fromkeys(value for row in rows for value in row if not missing(value))
    if all(is_number(value) and bool(-_WHOLE <= value <= _WHOLE) for value in seen):
        return np.array([[np.nan if missing(v) else float(v) for v in row] for row in rows])
    if ranks is None or not seen.keys() <= ranks.keys():
        try:
            ranks = {value: float(at) for at, value in enumerate(sorted(seen) if ordered else seen)}
        except TypeError:
            raise ValueError("categories of different types have no order: give all as numbers or as words") from None
    return np.array([[np.nan if missing(value) else ranks[value] for value in row] for row in rows])


def are_numbers(ratings: Any) -> bool:
    """Whether every rating that is not missing is a number; `ratings` as `table_of` gives them."""
    if isinstance(ratings, np.ndarray) and ratings.dtype.kind in "biuf":
        return True
    return all(missing(value) or is_number(value) for row in ratings for value in row)


def pairs(a: Sequence[Hashable], b: Sequence[Hashable], ordered: bool = False) -> Array:
    """Two coders' ratings of the units that both rated (2 x units), as `read_ratings` gives them."""
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


def unit_counts(ratings: Array) -> tuple[Array, Array]:
    """Units x categories: how many coders gave the unit the category; and the categories that occur, sorted."""
    held, _ = value_counts(ratings[~np.isnan(ratings)])
    return np.stack([(ratings == value).sum(axis=0) for value in held], axis=1).astype(np.float64), held


def weights_of(categories: int, weights: str | None, scores: Array | None = None) -> Array:
    """Agreement between categories by their distance: 1 on the diagonal, 0 at the largest distance.

    The distance is that of their `scores`, by default of their ranks. `weights` is None (all disagreements alike), "linear" or "quadratic". Raises ValueError for another word.
    """
    if weights is not None and not (isinstance(weights, str) and weights in ("linear", "quadratic")):
        raise ValueError(f"weights {weights!r} are none of linear, quadratic, None")
    places = np.arange(categories, dtype=np.float64) if scores is None else scores
    apart = np.abs(places[:, None] - places[None, :])
    if weights is None or categories < 2:
        return np.eye(categories)
    distance = apart if weights == "linear" else apart**2
    found: Array = 1 - distance / distance.max()
    return found
