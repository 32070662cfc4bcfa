"""What a single site is worth to a strategy: residuals, influence, extremity, pathway (Seawright and Gerring 2008)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.study.problems import NotComputable
from joinedup.synthesis.case_selection.distances import Floats, is_number

_NOTHING = 1e-10
"""A residual or a remaining leverage below this (of the outcome's spread) is rounding."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Least squares of an outcome: residuals, leverages and the number of coefficients; one row a site with values."""

    residual: Floats
    leverage: Floats
    rank: int


def fit(outcome: Floats, predictors: pd.DataFrame) -> Fit:
    """Least squares with an intercept; a category is a set of indicators. Raises NotComputable without a degree of freedom."""
    columns = [np.ones((len(outcome), 1))]
    for name in predictors.columns:
        column = predictors[name]
        if is_number(column):
            columns.append(column.to_numpy(dtype=float)[:, None])
        else:
            columns.append(pd.get_dummies(column.astype(str)).to_numpy(dtype=float)[:, 1:])
    design = np.hstack(columns)
    spread = np.abs(design).max(axis=0)
    left, sizes, _ = np.linalg.svd(design / np.where(spread > 0, spread, 1.0), full_matrices=False)
    basis = left[:, sizes > _NOTHING * sizes[0]]
    if basis.shape[1] >= len(outcome):
        raise NotComputable(
            f"{len(outcome)} sites with values can't carry {basis.shape[1]} coefficients: take fewer predictors."
        )
    residual = outcome - basis @ (basis.T @ outcome)
    residual[np.abs(residual) <= _NOTHING * np.abs(outcome).max(initial=0.0)] = 0.0
    return Fit(residual, np.asarray((basis**2).sum(axis=1)), basis.shape[1])


def residual_size(outcome: Floats, predictors: pd.DataFrame) -> Floats:
    """|y - fitted y|: small is typical, large is deviant."""
    return np.abs(fit(outcome, predictors).residual)


def cooks_distance(outcome: Floats, predictors: pd.DataFrame) -> Floats:
    """Cook's (1977, Technometrics 19) distance: e^2 h / (p s^2 (1 - h)^2). Raises NotComputable where it is not defined."""
    found = fit(outcome, predictors)
    alone = np.flatnonzero(found.leverage > 1 - _NOTHING)
    if alone.size:
        names = ", ".join(str(predictors.index[int(at)]) for at in alone)
        raise NotComputable(f"The fit passes through {names} whatever its outcome, so its influence is not defined.")
    variance = float(found.residual @ found.residual) / (len(outcome) - found.rank)
    if variance == 0:
        raise NotComputable("The predictors explain the outcome wholly: no site has any influence.")
    return np.asarray(found.residual**2 * found.leverage / (found.rank * variance * (1 - found.leverage) ** 2))


def extremity(outcome: Floats) -> Floats:
    """|y - mean| / s. Raises NotComputable where the outcome does not vary."""
    spread = float(outcome.std(ddof=1)) if len(outcome) > 1 else 0.0
    if spread == 0:
        raise NotComputable("The outcome does not vary, so no site is extreme.")
    return np.asarray(np.abs(outcome - outcome.mean()) / spread)


def pathway(outcome: Floats, predictors: pd.DataFrame) -> Floats:
    """|e without the first predictor| - |e with it|, where that is above 0; else 0.

    A pathway case is one whose outcome the cause of interest accounts for (Gerring 2007, Comparative Political Studies
    40, 231-253).
    """
    without = fit(outcome, predictors.iloc[:, 1:]).residual
    return np.asarray(np.maximum(np.abs(without) - np.abs(fit(outcome, predictors).residual), 0.0))


def strata(sites: pd.DataFrame, attributes: Sequence[str]) -> list[tuple[str, npt.NDArray[np.intp], int]]:
    """For each attribute the class of every site (-1: missing) and how many classes there are; numbers by thirds.

    The thirds are those of the sites with a value; equal values fall in the same third.
    """
    found = []
    for name in attributes:
        column = sites[name]
        if is_number(column):
            cuts = np.nanquantile(column.to_numpy(dtype=float, na_value=np.nan), [1 / 3, 2 / 3])
            place = np.searchsorted(cuts, column.to_numpy(dtype=float, na_value=np.nan), side="left")
            column = pd.Series(place, index=column.index).where(column.notna())
        codes, classes = pd.factorize(column, sort=True)
        found.append((name, codes, len(classes)))
    return found
