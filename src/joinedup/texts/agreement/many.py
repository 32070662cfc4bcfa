"""Any number of coders, by categories: Fleiss' kappa, Gwet's AC1 and AC2, Brennan-Prediger, Conger's kappa.

Units may lack ratings: observed agreement is the mean over units with two ratings or more, shares of categories are
means over units with any. Standard errors by linearisation over units, Gwet, K. L. (2021), Handbook of inter-rater
reliability, 5th ed., vol. 1, ch. 6; they take each unit as one of many.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from joinedup.study.problems import NotComputable
from joinedup.texts.agreement.coefficient import Array, Coefficient, made, standard_error
from joinedup.texts.agreement.ratings import several, unit_counts, value_counts, weights_of


@dataclass(frozen=True)
class _Units:
    """Units x categories of counts, without units that nobody rated; observed agreement of each unit.

    `paired`: the same two coders rated every unit.
    """

    counts: Array
    weight: Array
    coders: int
    paired: bool = False

    @property
    def raters(self) -> Array:
        found: Array = self.counts.sum(axis=1)
        return found

    @property
    def shares(self) -> Array:
        """The share of each category, a mean over units."""
        found: Array = (self.counts / self.raters[:, None]).mean(axis=0)
        return found

    def agreement(self) -> Array:
        """The share of agreeing pairs of ratings in each unit; 0 where it has one rating."""
        pairs = self.raters * (self.raters - 1)
        agreeing = (self.counts * (self.counts @ self.weight - 1)).sum(axis=1)
        found: Array = np.divide(agreeing, pairs, out=np.zeros_like(pairs), where=pairs > 0)
        return found

    def coefficient(self, name: str, expected: float, by_unit: Array | None) -> Coefficient:
        """(Pa - Pe) / (1 - Pe); `by_unit` is what each unit says of Pe (None: Pe does not depend on the ratings)."""
        if 1 - expected < 1e-15:
            raise NotComputable(f"All ratings are the same: without variation {name} is not defined.")
        rated_twice = self.raters >= 2
        share = len(rated_twice) / int(rated_twice.sum())
        observed = float(self.agreement()[rated_twice].mean())
        estimate = (observed - expected) / (1 - expected)
        linear = share * (self.agreement() - expected * rated_twice) / (1 - expected)
        if by_unit is not None:
            linear = linear - 2 * (1 - estimate) * (by_unit - expected) / (1 - expected)
        error = standard_error(linear - estimate, self.paired)
        return made(name, estimate, (observed, expected), (len(linear), self.coders), error)


def _units(counts: Array, coders: int, weight: Array, paired: bool = False) -> _Units:
    rated = counts[counts.sum(axis=1) > 0]
    if not (rated.sum(axis=1) >= 2).any():
        raise NotComputable("No unit was rated by two coders.")
    return _Units(rated, weight, coders, paired)


def _of_ratings(ratings: Any, weights: str | None = None) -> _Units:
    found = several(ratings)
    if np.isnan(found).all():
        raise NotComputable("No unit was rated by two coders.")
    rated = (~np.isnan(found)).sum(axis=0)
    counts, scores = unit_counts(found)
    weight = weights_of(len(scores), weights, scores)
    return _units(counts, len(found), weight, len(found) == 2 and bool((rated != 1).all()))


def fleiss_kappa(counts: Iterable[Iterable[float]]) -> Coefficient:
    """Fleiss' kappa (1971), (P - Pe) / (1 - Pe); Pe sums the squares of the categories' pooled shares.

    `counts` is units x categories: how many coders gave the unit the category. Fleiss has the same number of ratings
    in each unit; where they differ this is Gwet's generalisation. Raises NotComputable where no unit has two ratings
    or all ratings are the same, ValueError for counts below 0.
    """
    rows = counts.to_numpy() if hasattr(counts, "to_numpy") else counts
    try:
        table = np.array([list(row) for row in rows], dtype=np.float64)
    except (TypeError, ValueError):
        table = np.empty(0)
    if table.ndim != 2 or not np.isfinite(table).all() or (table < 0).any():
        raise ValueError("counts are units x categories, in every row as many, each a number of 0 or more")
    found = _units(table, int(table.sum(axis=1).max(initial=0)), weights_of(table.shape[1], None))
    shares = found.shares
    by_unit = found.counts @ shares / found.raters
    return found.coefficient("Fleiss' kappa", float(shares @ shares), by_unit)


def gwet_ac1(ratings: Any) -> Coefficient:
    """Gwet's AC1 (2008): Pe = sum p (1 - p) / (q - 1), p the mean share of each of the q categories that occur.

    `ratings` is coders x units; None or NaN is missing. Raises NotComputable with fewer than two coders, without a
    unit rated twice, and where only one category occurs.
    """
    return _gwet("Gwet's AC1", _of_ratings(ratings))


def gwet_ac2(ratings: Any, weights: str = "quadratic") -> Coefficient:
    """Gwet's AC2: AC1 with `weights` "linear" or "quadratic" in the distance of the categories that occur.

    Numbers are as far apart as they say, as in Gwet's irrCAC; words, and categories of an ordered categorical, as their
    ranks.
    """
    return _gwet("Gwet's AC2", _of_ratings(ratings, weights))


def _gwet(name: str, found: _Units) -> Coefficient:
    q = len(found.weight)
    if q < 2:
        raise NotComputable(f"Only one category occurs: {name} needs two.")
    shares, scale = found.shares, float(found.weight.sum()) / (q * (q - 1))
    expected = scale * float((shares * (1 - shares)).sum())
    return found.coefficient(name, expected, scale * (found.counts @ (1 - shares)) / found.raters)


def brennan_prediger(ratings: Any) -> Coefficient:
    """Brennan and Prediger (1981): Pe = 1/q for the q categories that occur. Arguments as `gwet_ac1`."""
    found = _of_ratings(ratings)
    return found.coefficient("Brennan-Prediger", 1 / len(found.weight), None)


def conger_kappa(ratings: Any) -> Coefficient:
    """Conger's kappa (1980), Cohen's for any number of coders: Pe is the mean over pairs of coders.

    Arguments as `gwet_ac1`; every coder needs a rating. Raises NotComputable as it does, and without variation.
    """
    ratings = several(ratings)
    found = _of_ratings(ratings)
    matrix = ratings[:, ~np.isnan(ratings).all(axis=0)]
    held, _ = value_counts(matrix[~np.isnan(matrix)])
    present = ~np.isnan(matrix)
    if not present.any(axis=1).all():
        raise NotComputable("One of the coders rated nothing: leave that coder out.")
    given = np.stack([matrix == value for value in held]).astype(np.float64)
    own = given.sum(axis=2) / present.sum(axis=1)
    others = own.sum(axis=1, keepdims=True) - own
    pairs = len(matrix) * (len(matrix) - 1)
    expected = float((own * others).sum()) / pairs
    moved = (given - own[:, :, None] * present) * (matrix.shape[1] / present.sum(axis=1))[None, :, None]
    by_unit = expected + np.einsum("kgi,kg->i", moved, others) / pairs
    return found.coefficient("Conger's kappa", expected, by_unit)
