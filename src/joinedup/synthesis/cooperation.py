"""Ties between agencies that each side rates: how strong, how many, and whether both sides say the same.

Wasserman, S. and Faust, K. (1994), Social Network Analysis, chapters 4 and 13 (density, mutual and asymmetric dyads);
Squartini, T., Picciolo, F., Ruzzenenti, F. and Garlaschelli, D. (2013), Reciprocity of weighted networks, Scientific
Reports 3, 2729.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

Pair = tuple[str, str]
"""Who rates, and who is rated."""


@dataclass(frozen=True, slots=True)
class Dyads:
    """Pairs of agencies that rate each other: in how many both ratings, one or none of them reach the value of a tie.

    `reciprocity` is 1 where both sides give every tie the same weight, 0 where every weight runs one way only; None where
    no dyad is rated from both sides, or nothing is left of the weights above the lowest rating.
    """

    dyads: int
    mutual: int
    one_sided: int
    neither: int
    reciprocity: float | None


def rated_both_ways(ratings: Mapping[Pair, object]) -> tuple[Pair, ...]:
    """The dyads with both ratings, each once, in the order of the mapping."""
    found: dict[frozenset[str], Pair] = {}
    for first, second in ratings:
        if (second, first) in ratings and first != second:
            found.setdefault(frozenset((first, second)), (first, second))
    return tuple(found.values())


def dyads_of(ratings: Mapping[Pair, float], lowest: float, at_least: float) -> Dyads:
    """The dyads of mean `ratings`, of which `lowest` is the lowest answer and a tie begins `at_least` there."""
    both = rated_both_ways(ratings)
    ties = [(ratings[pair] >= at_least) + (ratings[pair[::-1]] >= at_least) for pair in both]
    return Dyads(len(both), ties.count(2), ties.count(1), ties.count(0), reciprocity(ratings, lowest))


def reciprocity(ratings: Mapping[Pair, float], lowest: float = 0.0) -> float | None:
    """The share of the weight of ties that is returned: sum of min(w_ij, w_ji) over all ties / sum of w_ij.

    A weight is the rating less `lowest`; dyads that only one side rates are left out, for the other was not asked.
    """
    weights = [(ratings[pair] - lowest, ratings[pair[::-1]] - lowest) for pair in rated_both_ways(ratings)]
    total = math.fsum(one + other for one, other in weights)
    return math.fsum(2 * min(pair) for pair in weights) / total if total > 0 else None
