"""Two coders: percent agreement, Cohen's kappa, Scott's pi, and the overlap of what either coded.

Standard errors: Fleiss, Cohen and Everitt (1969); for pi as Gwet (2021), Handbook of inter-rater reliability, 5th ed.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from joinedup.study.problems import NotComputable
from joinedup.texts.agreement.coefficient import Array, Coefficient, made, standard_error
from joinedup.texts.agreement.ratings import pairs, value_counts, weights_of

FLAT = "Both coders use one category throughout: without variation {} is not defined."


def percent_agreement(a: Sequence[Hashable], b: Sequence[Hashable]) -> Coefficient:
    """The share of units in which two coders give the same category.

    `a` and `b` hold one rating a unit (None or NaN: missing; such units are left out). Raises NotComputable where no
    unit was rated by both.
    """
    rated = pairs(a, b)
    same = (rated[0] == rated[1]).astype(np.float64)
    share = float(same.mean())
    return made("percent agreement", share, (share, None), (len(same), 2), standard_error(same - share))


def joint_table(rated: Array) -> Array:
    """Categories x categories: units by what the first coder and what the second gave; 2 x units without NaN."""
    held, _ = value_counts(rated)
    at = np.searchsorted(held, rated)
    q = len(held)
    return np.bincount(at[0] * q + at[1], minlength=q * q).reshape(q, q).astype(np.float64)


def cohen_kappa(a: Sequence[Hashable], b: Sequence[Hashable], weights: str | None = None) -> Coefficient:
    """Cohen's kappa of two coders, (Po - Pe) / (1 - Pe); Pe sums the products of their shares over categories.

    `a` and `b` hold one rating a unit (None or NaN: missing; such units are left out), or map units to ratings.
    `weights`: None, "linear" or "quadratic" in the distance of the ranks of the categories that occur (Cohen 1968): an
    ordered categorical ranks them itself, words stand in the order of the alphabet. The standard error is that of
    Fleiss, Cohen and Everitt (1969). Raises NotComputable where no unit was rated by both, and where both use one and
    the same category throughout (Pe is 1).
    """
    return kappa_of_table(joint_table(pairs(a, b, ordered=weights is not None)), weights)


def kappa_of_table(table: Array, weights: str | None = None) -> Coefficient:
    """Cohen's kappa from the counts of categories x categories."""
    weight = weights_of(len(table), weights)
    share = table / table.sum()
    first, second = share.sum(axis=1), share.sum(axis=0)
    expected = float(first @ weight @ second)
    mean_weight = (weight @ second)[:, None] + (first @ weight)[None, :]
    return _chance_corrected("Cohen's kappa", table, weight, expected, mean_weight)


def scott_pi(a: Sequence[Hashable], b: Sequence[Hashable]) -> Coefficient:
    """Scott's pi of two coders: as kappa, but Pe from the mean of both coders' shares (Scott 1955).

    Arguments and refusals are those of `cohen_kappa`.
    """
    table = joint_table(pairs(a, b))
    weight = np.eye(len(table))
    mean = (table.sum(axis=0) + table.sum(axis=1)) / (2 * table.sum())
    return _chance_corrected("Scott's pi", table, weight, float(mean @ mean), mean[:, None] + mean[None, :])


def _chance_corrected(name: str, table: Array, weight: Array, expected: float, mean_weight: Array) -> Coefficient:
    """(Po - Pe) / (1 - Pe) with the delta method's error; `mean_weight` is what a cell adds to Pe, over shares."""
    if 1 - expected < 1e-15 or len(table) < 2:
        raise NotComputable(FLAT.format(name.split()[-1]))
    units = float(table.sum())
    observed = float((table * weight).sum()) / units
    estimate = (observed - expected) / (1 - expected)
    part = weight - (1 - estimate) * mean_weight
    spread = float((table * part**2).sum()) / units - (observed - 2 * (1 - estimate) * expected) ** 2
    error = float(np.sqrt(max(spread, 0.0) / units)) / (1 - expected)
    return made(name, estimate, (observed, expected), (int(units), 2), error if units > 1 else None)


def overlap(a: Sequence[Hashable], b: Sequence[Hashable]) -> Coefficient:
    """Of the units that either coder coded, the share that both did (Jaccard); ratings are true or false.

    The standard error is that of a share of the units which either coded. Raises NotComputable where neither coded.
    """
    rated = pairs(a, b)
    either = (rated != 0).any(axis=0)
    if not either.any():
        raise NotComputable("Neither coder coded anything.")
    both = (rated[:, either] != 0).all(axis=0).astype(np.float64)
    share = float(both.mean())
    return made("of what either coded", share, (share, None), (len(both), 2), standard_error(both - share))
