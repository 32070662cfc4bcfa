"""Nearest neighbours: comparison sites that were like each programme site before the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.impact.fitting import Array
from joinedup.study.problems import NotComputable

DISTANCES = ("mahalanobis", "standardised")
_SINGULAR = 1e-12
_DIGITS = 12
"""Distances are rounded to so many places: units that are equally near must tie whatever the order of a sum."""


@dataclass(frozen=True, slots=True)
class Matching:
    """`pairs` has a row a match: treated, comparison, rank (1: the nearest), distance.

    `weights` (a Series by unit) estimate the average treated unit that was matched: 1 for each of those, for a
    comparison unit the sum of its shares of the treated units whose neighbour it is, 0 for all others. `unmatched` are
    treated units without a neighbour within the calliper or the stratum; `left_out` units with a missing covariate.
    """

    pairs: pd.DataFrame
    weights: pd.Series[float]
    unmatched: tuple[object, ...]
    left_out: tuple[object, ...]

    @property
    def effective_comparison(self) -> float:
        """(sum of weights)^2 / sum of squares over the comparison units: as many equally weighted ones tell as much."""
        found = self.weights[sorted(set(self.pairs["comparison"]), key=str)].to_numpy()
        return float(found.sum() ** 2 / (found**2).sum())


def match(
    sites: pd.DataFrame,
    unit: str,
    treated: str,
    covariates: Sequence[str],
    neighbours: int = 1,
    replace: bool = False,
    calliper: float | None = None,
    distance: str = "mahalanobis",
    exact: Sequence[str] = (),
) -> Matching:
    """The `neighbours` nearest comparison units of each treated unit; `sites` has one row a unit.

    `distance` is "mahalanobis" (by the covariance within the two groups, pooled) or "standardised" (each covariate
    divided by its pooled standard deviation, then Euclidean); none is larger than `calliper`, in the same unit. Matches
    share the values of the columns `exact`. With `replace` each treated unit takes its nearest; without, a comparison
    unit serves once, and among the matchings with most matches the one with the smallest sum of distances is taken: it
    does not depend on the order of rows, as taking neighbours one after another does. Ties go to the earlier row.
    Take covariates from before the start only. Units with a missing covariate are left out, never filled in.
    Raises NotComputable where no treated unit has a neighbour or the covariates bear no distance; ValueError and
    KeyError for arguments that are none.
    Source: Stuart (2010), Statistical Science 25; Rosenbaum (1989), JASA 84 (optimal matching).
    """
    _check(sites, unit, distance, neighbours, calliper)
    complete = sites.dropna(subset=[*covariates, *exact, treated])
    left_out = tuple(sites.loc[~sites.index.isin(complete.index), unit])
    chosen, others = complete[complete[treated] == 1], complete[complete[treated] == 0]
    if chosen.empty or others.empty:
        raise NotComputable("There is no treated or no comparison unit with all covariates: nothing can be matched.")
    apart = _distances(chosen[list(covariates)], others[list(covariates)], covariates, distance)
    allowed = _same(chosen, others, exact)
    if calliper is not None:
        allowed &= apart <= calliper
    found = _nearest(apart, allowed, neighbours) if replace else _assigned(apart, allowed, neighbours)
    pairs = _pairs(found, apart, chosen[unit].to_numpy(), others[unit].to_numpy())
    if pairs.empty:
        raise NotComputable("No treated unit has a comparison unit within the calliper and the strata: widen them.")
    unmatched = tuple(one for one in chosen[unit] if one not in set(pairs["treated"]))
    return Matching(pairs, _weights(pairs, sites[unit].to_numpy()), unmatched, left_out)


def _check(sites: pd.DataFrame, unit: str, distance: str, neighbours: int, calliper: float | None) -> None:
    if distance not in DISTANCES:
        raise ValueError(f"distance must be one of {', '.join(DISTANCES)}, not {distance!r}")
    if neighbours < 1:
        raise ValueError(f"a unit has at least one neighbour, not {neighbours}")
    if calliper is not None and not calliper > 0:
        raise ValueError(f"a calliper is a distance above 0, not {calliper}")
    if sites[unit].duplicated().any():
        raise ValueError("a unit has two rows: give one row a unit, with what it was before the start")


def _distances(chosen: pd.DataFrame, others: pd.DataFrame, names: Sequence[str], kind: str) -> Array:
    """Distances, treated x comparison, by the spread within the groups (as R's MatchIt pools it)."""
    first, second = chosen.to_numpy(dtype=float), others.to_numpy(dtype=float)
    within = np.vstack([first - first.mean(axis=0), second - second.mean(axis=0)])
    lost = len(within) - 2
    if lost < 1:
        raise NotComputable("One treated and one comparison unit show no spread: a distance needs more.")
    spread = within.T @ within / lost
    variances = np.diagonal(spread)
    if (variances <= 0).any():
        constant = ", ".join(name for name, size in zip(names, variances, strict=True) if size <= 0)
        raise NotComputable(f"{constant} does not vary within the groups: leave it out, or match on it exactly.")
    scale = np.sqrt(variances)
    correlation = spread / np.outer(scale, scale)
    if kind == "mahalanobis":
        values, vectors = np.linalg.eigh(correlation)
        if values[0] <= _SINGULAR * len(values):
            raise NotComputable(
                "The covariates copy one another, or are more than the units can bear: a Mahalanobis distance needs "
                'covariates that can be told apart. Leave some out, or take distance="standardised".'
            )
        turned = vectors / np.sqrt(values)
    else:
        turned = np.eye(len(scale))
    first, second = first / scale @ turned, second / scale @ turned
    apart = np.sqrt(((first[:, None, :] - second[None, :, :]) ** 2).sum(axis=2))
    return np.asarray(np.round(apart, _DIGITS), dtype=float)


def _same(chosen: pd.DataFrame, others: pd.DataFrame, exact: Sequence[str]) -> npt.NDArray[np.bool_]:
    found = np.ones((len(chosen), len(others)), dtype=bool)
    for name in exact:
        found &= chosen[name].to_numpy()[:, None] == others[name].to_numpy()[None, :]
    return found


def _nearest(apart: Array, allowed: npt.NDArray[np.bool_], neighbours: int) -> list[list[int]]:
    order = np.argsort(np.where(allowed, apart, np.inf), axis=1, kind="stable")[:, :neighbours]
    return [[int(j) for j in row if allowed[i, j]] for i, row in enumerate(order)]


def _assigned(apart: Array, allowed: npt.NDArray[np.bool_], neighbours: int) -> list[list[int]]:
    """The assignment with most matches and, among those, the smallest sum of distances."""
    from scipy.optimize import linear_sum_assignment

    forbidden = 1.0 + float(apart[allowed].sum()) if allowed.any() else 1.0
    cost = np.repeat(np.where(allowed, apart, forbidden), neighbours, axis=0)
    found: list[list[int]] = [[] for _ in apart]
    for row, column in zip(*linear_sum_assignment(cost), strict=True):
        if allowed[row // neighbours, column]:
            found[row // neighbours].append(int(column))
    return [sorted(columns, key=lambda j, i=i: (apart[i, j], j)) for i, columns in enumerate(found)]  # type: ignore[misc]


def _pairs(
    found: Sequence[Sequence[int]], apart: Array, chosen: npt.NDArray[np.generic], others: npt.NDArray[np.generic]
) -> pd.DataFrame:
    rows = [
        (chosen[i], others[j], rank, float(apart[i, j]))
        for i, columns in enumerate(found)
        for rank, j in enumerate(columns, 1)
    ]
    return pd.DataFrame(rows, columns=["treated", "comparison", "rank", "distance"])


def _weights(pairs: pd.DataFrame, units: npt.NDArray[np.generic]) -> pd.Series[float]:
    share = 1 / pairs.groupby("treated")["comparison"].transform("size")
    comparison = share.groupby(pairs["comparison"]).sum()
    treated = pd.Series(1.0, index=pd.Index(pairs["treated"].unique()))
    found: pd.Series[float] = pd.concat([treated, comparison]).reindex(units).fillna(0.0).rename("weight")
    return found
