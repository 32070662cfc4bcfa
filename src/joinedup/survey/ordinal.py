"""Polychoric correlations of ordered answers, and the alpha of their matrix."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import (
    LEAST_RESPONDENTS,
    Floats,
    Missing,
    complete_rows,
    enough,
    item_table,
    reverse_items,
    same_index,
    same_rows,
    vector,
)
from joinedup.survey.reliability import standardised_alpha

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)
_FURTHEST = 0.9995
_LEAST_PROBABILITY = 1e-300


def polychoric(x: Any, y: Any) -> float:
    """The polychoric correlation of two ordered items, in two steps (Olsson 1979, Psychometrika 44).

    The correlation of two normal variables of which x and y (one number a respondent, blank where unanswered) are the
    cut up versions: thresholds from the margins, then maximum likelihood for the correlation; respondents who answered
    both. Raises NotComputable with fewer than 10 of them, for an item that does not vary, or where the table orders
    the answers so perfectly that the likelihood has no maximum inside (-1, 1).
    """
    first, second = vector(x, "first item"), vector(y, "second item")
    same_rows(len(first), y=second)
    same_index(x=x, y=y)
    both = np.isfinite(first) & np.isfinite(second)
    if both.sum() < LEAST_RESPONDENTS:
        raise NotComputable(
            f"A polychoric correlation needs at least {LEAST_RESPONDENTS} respondents with both answers; "
            f"there are {both.sum()}."
        )
    return _two_step(_cross_table(first[both], second[both]))


def polychoric_matrix(items: Any, reverse: Iterable[Hashable] = (), missing: Missing = "pairwise") -> pd.DataFrame:
    """Polychoric correlations of all pairs of `items` (respondents x items).

    Each is from those who answered both or, with missing="listwise", from those who answered all items.
    Raises NotComputable, naming the pair, as `polychoric` does.
    """
    table = reverse_items(item_table(items), reverse)
    table = complete_rows(table) if missing == "listwise" else table
    names = list(table.columns)
    found = np.eye(len(names))
    for i, first in enumerate(names):
        for j, second in enumerate(names[:i]):
            try:
                found[i, j] = found[j, i] = polychoric(table[first], table[second])
            except NotComputable as reason:
                raise NotComputable(f"{second} and {first}: {reason}") from None
    return pd.DataFrame(found, index=table.columns, columns=table.columns)


def ordinal_alpha(items: Any, reverse: Iterable[Hashable] = (), missing: Missing = "pairwise") -> float:
    """The standardised alpha of the polychoric correlations (Zumbo, Gadermann & Zeisser 2007).

    It is the reliability of the latent variables' sum, not of the answers' sum: not comparable with Cronbach's alpha.
    Raises NotComputable with fewer than 3 items or 10 respondents, and as `polychoric` does.
    """
    table = item_table(items)
    enough(len(table.dropna(how="all")), table.shape[1], "Ordinal alpha")
    return standardised_alpha(polychoric_matrix(table, reverse, missing).to_numpy())


def _cross_table(x: Floats, y: Floats) -> Floats:
    (rows, i), (columns, j) = np.unique(x, return_inverse=True), np.unique(y, return_inverse=True)
    if len(rows) < 2 or len(columns) < 2:
        raise NotComputable("An item to which everyone gave the same answer has no polychoric correlation.")
    counts = np.bincount(i * len(columns) + j, minlength=len(rows) * len(columns))
    return counts.reshape(len(rows), len(columns)).astype(float)


def _two_step(table: Floats) -> float:
    from scipy.optimize import brentq
    from scipy.special import ndtri

    total = table.sum()
    rows = np.asarray(ndtri(np.cumsum(table.sum(axis=1))[:-1] / total))
    columns = np.asarray(ndtri(np.cumsum(table.sum(axis=0))[:-1] / total))

    def score(rho: float) -> float:
        chance, slope = _cells(rows, columns, rho)
        return float((table * slope / np.maximum(chance, _LEAST_PROBABILITY)).sum())

    low, high = _bracket(score, _pearson(table))
    return float(brentq(score, low, high, xtol=1e-10))


def _pearson(table: Floats) -> float:
    """The correlation of the category numbers: where the search begins."""
    i, j = np.indices(table.shape)
    weights = table / table.sum()
    i, j = i - (weights * i).sum(), j - (weights * j).sum()
    return float((weights * i * j).sum() / np.sqrt((weights * i * i).sum() * (weights * j * j).sum()))


def _bracket(score: Any, start: float) -> tuple[float, float]:
    """An interval in which the score falls through 0, widened from `start`: far from it cells underflow."""
    low = high = float(np.clip(start, -_FURTHEST, _FURTHEST))
    step = 0.05
    while score(low) < 0 or score(high) > 0:
        if (score(low) < 0 and low == -_FURTHEST) or (score(high) > 0 and high == _FURTHEST):
            raise NotComputable("The answers are ordered so perfectly that the polychoric correlation has no estimate.")
        if score(low) < 0:
            low = max(-_FURTHEST, low - step)
        if score(high) > 0:
            high = min(_FURTHEST, high + step)
        step *= 2 if max(abs(low), abs(high)) < 0.8 else 1
    return low, high


def _cells(rows: Floats, columns: Floats, rho: float) -> tuple[Floats, Floats]:
    """The probability of each cell at correlation `rho`, and its derivative (the density at the corners)."""
    from scipy.special import ndtr

    h, k = rows[:, None], columns[None, :]
    area = np.zeros((len(rows) + 2, len(columns) + 2))
    area[1:-1, 1:-1] = _bivariate_normal(h, k, rho)
    area[-1, 1:-1], area[1:-1, -1], area[-1, -1] = ndtr(columns), ndtr(rows), 1.0
    density = np.zeros_like(area)
    rest = 1 - rho**2
    density[1:-1, 1:-1] = np.exp(-(h**2 - 2 * rho * h * k + k**2) / (2 * rest)) / (2 * np.pi * np.sqrt(rest))
    return np.diff(np.diff(area, axis=0), axis=1), np.diff(np.diff(density, axis=0), axis=1)


def _bivariate_normal(h: Floats, k: Floats, rho: float) -> Floats:
    """P(X < h, Y < k): Plackett's integral over the angle, by Gauss-Legendre (Drezner & Wesolowsky 1990)."""
    from scipy.special import ndtr

    half = np.arcsin(rho) / 2
    sine = np.sin(half * (_NODES + 1))
    inner = (h * k)[..., None] * sine - ((h**2 + k**2) / 2)[..., None]
    integral = half * (np.exp(inner / (1 - sine**2)) @ _WEIGHTS)
    return np.asarray(ndtr(h) * ndtr(k) + integral / (2 * np.pi), dtype=float)
