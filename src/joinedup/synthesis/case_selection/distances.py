"""Gower's distance between sites with weights, and what missing values did to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.study.hints import did_you_mean, shown
from joinedup.study.problems import NotComputable

Floats = npt.NDArray[np.float64]


def is_number(column: pd.Series[Any]) -> bool:
    """Whether a column is read as a number; True and False are categories."""
    return bool(pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column))


def gower(sites: pd.DataFrame, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Distances of sites, 0 to 1: the weighted mean over attributes (Gower 1971, Biometrics 27, 857-871).

    A number differs by its distance over the column's range, anything else by 0 or 1. A missing value leaves that
    attribute out for that pair, whose other attributes then weigh more. `weights`: attribute -> weight, 1 where none is
    given, 0 to leave it out. Raises ValueError for a weight that can't be, NotComputable where two sites have no
    attribute in common.
    """
    n = len(sites)
    total, known = np.zeros((n, n)), np.zeros((n, n))
    for name, weight in weights_of(sites.columns, weights).items():
        both, away = _column(sites[name])
        total, known = total + weight * np.where(both, away, 0.0), known + weight * both
    bare = (known <= 0) & ~np.eye(n, dtype=bool)
    if bare.any():
        first, second = divmod(int(bare.argmax()), n)
        raise NotComputable(f"{sites.index[first]} and {sites.index[second]} have no attribute in common.")
    np.fill_diagonal(known, 1.0)
    np.fill_diagonal(total, 0.0)
    return pd.DataFrame(total / known, index=sites.index, columns=sites.index)


def weights_of(attributes: Sequence[Any] | pd.Index[Any], weights: Mapping[str, float] | None) -> dict[str, float]:
    """The weight of every attribute that has one above 0; refuses what is no attribute and what is no weight."""
    names = [str(name) for name in attributes]
    for name, weight in (weights or {}).items():
        if name not in names:
            raise ValueError(f"The weight of {shown(str(name))} has no attribute.{did_you_mean(str(name), names)}")
        if not (np.isfinite(weight) and weight >= 0):
            raise ValueError(f"The weight of {shown(str(name))} is {weight}; a weight is a number from 0 on.")
    found = {name: float((weights or {}).get(name, 1.0)) for name in names}
    kept = {name: weight for name, weight in found.items() if weight > 0}
    if not kept:
        raise ValueError("No attribute has a weight above 0, so nothing tells sites apart.")
    return kept


def _column(column: pd.Series[Any]) -> tuple[npt.NDArray[np.bool_], Floats]:
    if is_number(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        spread = float(np.nanmax(values) - np.nanmin(values)) if np.isfinite(values).any() else 0.0
        away = np.abs(values[:, None] - values[None, :]) / (spread or 1.0)
        return np.isfinite(away), np.nan_to_num(away)
    codes = pd.factorize(column)[0]
    both = (codes[:, None] >= 0) & (codes[None, :] >= 0)
    return both, (codes[:, None] != codes[None, :]).astype(float)


def missing_notes(sites: pd.DataFrame) -> tuple[str, ...]:
    """What a reader must know of missing values and of attributes that tell nothing apart."""
    said = []
    for name in sites.columns:
        blank = [str(site) for site in sites.index[sites[name].isna()]]
        if blank:
            said.append(
                f"{name} is missing for {', '.join(blank)}: pairs with them are compared on the other attributes."
            )
        elif sites[name].nunique() < 2:
            said.append(f"{name} is the same for every site, so it makes all distances smaller and none different.")
    return tuple(said)
