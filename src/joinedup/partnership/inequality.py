"""Measures of who gets how much: Theil within and between groups, the concentration index, the log-ratio with zeros."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joinedup.study.problems import NotComputable

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Theil:
    """Theil's T of amounts and its two parts, which add up to it: between groups and within them."""

    total: float
    between: float
    within: float


def theil(groups: Mapping[str, Sequence[float]]) -> Theil:
    """Theil's (1967, Economics and Information Theory) T of the amounts of all groups, 0 where all are equal.

    An amount of 0 counts: its term x ln x is 0, its place in the mean is kept. Raises ValueError for an amount below 0,
    NotComputable where there is nothing to share out.
    """
    amounts = [amount for group in groups.values() for amount in group]
    if any(not amount >= 0 for amount in amounts):
        raise ValueError("Theil's measure is of amounts from 0 on.")
    total, number = math.fsum(amounts), len(amounts)
    if not total > 0:
        raise NotComputable("Nothing was spent, so there is nothing to share out.")
    between = 0.0
    for group in groups.values():
        share = math.fsum(group) / total
        between += share * math.log(share * number / len(group)) if share > 0 else 0.0
    whole = math.fsum(x / total * math.log(x / total * number) for x in amounts if x > 0)
    return Theil(whole, between, whole - between)


def concentration_index(values: Sequence[float], rank_by: Sequence[float]) -> float:
    """How far `values` gather at the high end of `rank_by`: -1 to 1, 0 where they do not (Kakwani et al. 1997, Journal
    of Econometrics 77). 2 cov(value, fractional rank) / mean value; equal ranks share their mean rank.

    Raises NotComputable where the mean is not above 0 or nothing is ranked.
    """
    from scipy.stats import rankdata

    found, order = np.asarray(values, dtype=float), np.asarray(rank_by, dtype=float)
    if len(found) < 2 or not found.mean() > 0 or np.ptp(order) == 0:
        raise NotComputable("There is no mean above 0, or all are of one rank.")
    rank = (rankdata(order) - 0.5) / len(order)
    return float(2 * ((found - found.mean()) * (rank - rank.mean())).mean() / found.mean())


def log_ratios(first: Sequence[float], second: Sequence[float]) -> tuple[Floats, int]:
    """ln(first / second), where a stated zero is taken as half of the smallest positive amount of its own kind.

    Also how many zeros there were. Raises NotComputable where a kind has no positive amount.
    """
    replaced, zeros = [], 0
    for amounts in (first, second):
        found = np.asarray(amounts, dtype=float)
        positive = found[found > 0]
        if not positive.size:
            raise NotComputable("All amounts of one tier are zero, so there is no ratio.")
        zeros += int((found == 0).sum())
        replaced.append(np.where(found == 0, positive.min() / 2, found))
    return np.log(replaced[0] / replaced[1]), zeros


def bootstrap_mean(values: Sequence[float], draws: int, seed: int) -> tuple[float, float]:
    """The 95% percentile interval of a mean over sites drawn with replacement (Efron and Tibshirani 1993)."""
    found = np.asarray(values, dtype=float)
    picked = np.random.default_rng(seed).integers(0, len(found), (draws, len(found)))
    low, high = np.quantile(found[picked].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)
