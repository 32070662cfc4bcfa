"""Krippendorff's alpha from value counts: memory grows with the ratings, never with the square of the values."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from joinedup.study.problems import NotComputable
from joinedup.texts.agreement.alike import alike
from joinedup.texts.agreement.coefficient import Array, Coefficient, made, standard_error
from joinedup.texts.agreement.ratings import are_numbers, several, table_of, value_counts

LEVELS = ("nominal", "ordinal", "interval", "ratio")


@dataclass(frozen=True)
class _Disagreement:
    """What alpha is made of: of each unit its ratings m, its disagreement D (over ordered pairs, by m - 1), and E.

    E is the sum over the unit's ratings of each one's mean disagreement with all ratings; `expected` is the mean of
    that over all ratings, so that Krippendorff's De is N / (N - 1) times as large.
    """

    raters: Array
    within: Array
    against_all: Array
    expected: float


def krippendorff_alpha(ratings: Any, level: str = "nominal") -> Coefficient:
    """Krippendorff's alpha, 1 - Do / De, of any number of coders, with missing ratings.

    `ratings` is coders x units; None or NaN is missing. `level` is the metric: nominal, ordinal, interval or ratio
    (all but nominal need numbers, ratio none below 0). A unit with m ratings adds 1 / (m - 1) per ordered pair of
    them; units with fewer than two ratings add nothing. The standard error is by linearisation over units, in the form
    of Gwet's irrCAC 1.0 (a later one leaves out a term in 1 / N). Raises NotComputable with fewer than two coders, without a unit rated twice, and where all
    values are the same; ValueError for an unknown level or values that are no numbers.
    """
    if level not in LEVELS:
        raise ValueError(f"level {level!r} is none of {', '.join(LEVELS)}")
    table = table_of(ratings)
    if level != "nominal" and not are_numbers(table) and not are_numbers(alike(table)):
        raise ValueError(f"the {level} metric needs numbers")
    matrix = several(table)
    pairable = (~np.isnan(matrix)).sum(axis=0) > 1
    if not pairable.any():
        raise NotComputable("No unit was rated by two coders.")
    return _alpha(matrix if pairable.all() else matrix[:, pairable], level)


def _alpha(matrix: Array, level: str) -> Coefficient:
    present = ~np.isnan(matrix)
    values, times = value_counts(matrix[present])
    if len(values) < 2:
        raise NotComputable("All ratings are the same: without variation alpha is not defined.")
    if level == "ratio" and values[0] < 0:
        raise NotComputable("The ratio metric needs values of 0 or more.")
    parts = _parts(matrix, present, values, times, level)
    total, n = float(times.sum()), matrix.shape[1]
    observed = float(parts.within.sum()) / total
    expected = parts.expected * total / (total - 1)
    mean = total / n
    far = (parts.within - parts.raters * observed + observed * (parts.raters - mean) / total) / mean
    chance = (parts.against_all - parts.raters * parts.expected) / mean
    deviations = (2 * observed * chance / parts.expected - far) / parts.expected
    error = standard_error(deviations)
    return made("Krippendorff's alpha", 1 - observed / expected, (observed, expected), (n, len(matrix)), error)


def _parts(matrix: Array, present: Any, values: Array, times: Array, level: str) -> _Disagreement:
    raters = present.sum(axis=0).astype(np.float64)
    scale = _scale(values, times, level)
    at = np.searchsorted(values, matrix)
    at[~present] = len(values)
    if level in ("ordinal", "interval"):
        within = _squares(np.append(scale, 0.0)[at], present, raters)
    else:
        within = _pairwise(matrix, level)
    mean = _mean_disagreement(scale, times, level)
    against_all = np.append(mean, 0.0)[at].sum(axis=0)
    return _Disagreement(raters, within / (raters - 1), against_all, float(mean @ times) / float(times.sum()))


def _scale(values: Array, times: Array, level: str) -> Array:
    """The values, centred where squares follow; ordinal: the values below and half of the equal ones."""
    if level == "ordinal":
        ranks: Array = np.cumsum(times) - times / 2
        return ranks - float(times.sum()) / 2
    return values - float(values @ times) / float(times.sum()) if level == "interval" else values


def _squares(scaled: Array, present: Any, raters: Array) -> Array:
    """Per unit the sum of (x - y)^2 over ordered pairs, 2 m times the squares about the unit's mean."""
    mean = scaled.sum(axis=0) / raters
    found: Array = 2 * raters * ((scaled - mean) ** 2 * present).sum(axis=0)
    return found


def _pairwise(matrix: Array, level: str) -> Array:
    """Per unit the sum of the metric over ordered pairs, one pair of coders at a time."""
    found = np.zeros(matrix.shape[1])
    for first, second in itertools.combinations(matrix, 2):
        if level == "ratio":
            found += 2 * np.nan_to_num(_relative(first, second))
        else:
            found += 2.0 * ((first != second) & ~np.isnan(first) & ~np.isnan(second))
    return found


def _relative(x: Any, y: Array) -> Array:
    """((x - y) / (x + y))^2, 0 where both are 0."""
    sums = x + y
    found: Array = np.divide(x - y, sums, out=np.zeros_like(sums), where=sums != 0) ** 2
    return found


def _mean_disagreement(scale: Array, times: Array, level: str) -> Array:
    """The mean disagreement of each value with all ratings."""
    total = float(times.sum())
    if level == "nominal":
        return 1 - times / total
    if level == "ratio":  # has no closed sum: one row of distinct values at a time
        return np.array([float(_relative(value, scale) @ times) for value in scale]) / total
    centre = float(scale @ times) / total
    found: Array = (scale - centre) ** 2 + float((scale - centre) ** 2 @ times) / total
    return found
