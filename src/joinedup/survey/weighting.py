"""Weights that bring the respondents to known margins of the roster: raking and post-stratification."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import Codes, Floats, same_index, same_rows, vector

LEAST_IN_CATEGORY = 5
_ROUNDS, _TOLERANCE = 2000, 1e-11


@dataclass(frozen=True)
class Calibration:
    """Weights (one a respondent, the frame's row labels) that meet known margins.

    `deff` is Kish's design effect of weighting, n sum w^2 / (sum w)^2. `margins` has a row for each category: margin,
    category, respondents, population (wanted), weighted (reached). `start` are the weights before; `codes` each
    respondent's category in each margin, as numbers. `warnings`: small joint cells; margins that trimming missed.
    """

    weights: pd.Series[float]
    deff: float
    smallest: float
    largest: float
    margins: pd.DataFrame
    start: Floats
    codes: tuple[Codes, ...]
    warnings: tuple[str, ...]


def rake(
    frame: pd.DataFrame,
    margins: Mapping[Hashable, Mapping[Any, float]],
    weights: Any = None,
    trim: float | tuple[float, float] | None = None,
) -> Calibration:
    """Raking (Deming & Stephan 1940, Annals of Mathematical Statistics 11): each margin in turn until all are met.

    `frame` has a row a respondent; `margins` is {column: {category: count in the population}} (a series will do); `weights` are those to
    begin from (1 each). `trim` bounds the weights in multiples of their mean: the largest (3 cuts at three times), or a
    pair (smallest, largest); margins are raked again around what was cut, and what they then miss is told.
    Raises NotComputable where a category has fewer than 5 respondents, a respondent has none or one that is no
    category of the margin, margins differ in their totals, or raking does not converge; ValueError for bad arguments.
    """
    table = frame if isinstance(frame, pd.DataFrame) else pd.DataFrame(frame)
    start = _start(table, weights)
    low, high = _bounds(trim)
    margins = {name: dict(counts) for name, counts in margins.items()}
    coded = {name: _codes(table, name, counts) for name, counts in margins.items()}
    _same_totals(margins)
    wanted = [np.array([float(count) for count in counts.values()]) for counts in margins.values()]
    codes = tuple(coded.values())
    mean = wanted[0].sum() / len(table)
    found, met = _raked(start, codes, wanted, low * mean, high * mean)
    if not met and trim is None:
        raise NotComputable("Raking does not converge: no weights meet all margins, as some joint cells are empty.")
    described = _described(margins, codes, wanted, found)
    told = _small_cells(table, list(margins))
    if not met:
        worst = float((described["weighted"] / described["population"] - 1).abs().max())
        told = (*told, f"Within the bounds of trimming a margin is missed by up to {worst:.1%}.")
    series = pd.Series(found, index=table.index, name="weight")
    deff = float(len(found) * (found**2).sum() / found.sum() ** 2)
    return Calibration(series, deff, float(found.min()), float(found.max()), described, start, codes, told)


def post_stratify(strata: Any, population: Mapping[Any, float], weights: Any = None) -> Calibration:
    """Weights that meet the population's count in each stratum: raking to one margin. Raises as `rake`."""
    column = strata if isinstance(strata, pd.Series) else pd.Series(strata)
    return rake(column.to_frame("stratum"), {"stratum": population}, weights)


def _start(table: pd.DataFrame, weights: Any) -> Floats:
    if weights is None:
        return np.ones(len(table))
    same_rows(len(table), weights=weights)
    same_index(frame=table, weights=weights)
    start = vector(weights, "weights")
    if not (start > 0).all():
        raise ValueError("every weight to begin from is positive")
    return start


def _bounds(trim: float | tuple[float, float] | None) -> tuple[float, float]:
    if trim is None:
        return 0.0, np.inf
    low, high = trim if isinstance(trim, tuple | list) else (0.0, trim)
    if not 0 <= low < 1 < high:
        raise ValueError("trim is a number above 1, or a pair (below 1, above 1), in multiples of the mean weight")
    return float(low), float(high)


def _codes(table: pd.DataFrame, name: Hashable, counts: Mapping[Any, float]) -> Codes:
    if name not in table.columns:
        raise ValueError(f"margin {name} is no column of the frame")
    if not counts or not all(np.isfinite(count) and count > 0 for count in counts.values()):
        raise ValueError(f"margin {name} needs a positive count for each category")
    found = pd.Index(list(counts)).get_indexer(pd.Index(table[name]))
    if (found < 0).any():
        unknown = sorted({str(value) for value in table[name][found < 0]})
        raise NotComputable(f"Margin {name} has no count for: {', '.join(unknown)}.")
    respondents = np.bincount(found, minlength=len(counts))
    for category, n in zip(counts, respondents, strict=True):
        if n < LEAST_IN_CATEGORY:
            raise NotComputable(
                f"Category {category} of margin {name} has {n} respondents; weighting needs at least "
                f"{LEAST_IN_CATEGORY}: join it to another category."
            )
    return np.asarray(found, dtype=np.intp)


def _same_totals(margins: Mapping[Hashable, Mapping[Any, float]]) -> None:
    if not margins:
        raise ValueError("raking needs at least one margin")
    totals = {str(name): sum(counts.values()) for name, counts in margins.items()}
    if max(totals.values()) - min(totals.values()) > 1e-6 * max(totals.values()):
        told = ", ".join(f"{name} {total:g}" for name, total in totals.items())
        raise NotComputable(f"The margins add up to different populations: {told}.")


def _raked(
    start: Floats, codes: tuple[Codes, ...], wanted: list[Floats], low: float, high: float
) -> tuple[Floats, bool]:
    """The weights within the bounds after the last round, and whether they meet all margins."""
    found = start
    for _ in range(_ROUNDS):
        for code, target in zip(codes, wanted, strict=True):
            found = found * (target / np.bincount(code, weights=found, minlength=len(target)))[code]
        found = np.clip(found, low, high)
        reached = [np.bincount(c, weights=found, minlength=len(t)) for c, t in zip(codes, wanted, strict=True)]
        if max(float(np.abs(r / t - 1).max()) for r, t in zip(reached, wanted, strict=True)) < _TOLERANCE:
            return found, True
    return found, False


def _described(
    margins: Mapping[Hashable, Mapping[Any, float]], codes: tuple[Codes, ...], wanted: list[Floats], weights: Floats
) -> pd.DataFrame:
    parts = []
    for (name, counts), code, target in zip(margins.items(), codes, wanted, strict=True):
        columns = {
            "margin": [name] * len(counts),
            "category": list(counts),
            "respondents": np.bincount(code, minlength=len(counts)),
            "population": target,
            "weighted": np.bincount(code, weights=weights, minlength=len(counts)),
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def _small_cells(table: pd.DataFrame, names: list[Hashable]) -> tuple[str, ...]:
    """A sentence for each joint cell of two margins with some respondents, but fewer than 5."""
    told = []
    for first, second in combinations(names, 2):
        sizes = table.groupby([first, second], observed=True).size()
        for (a, b), n in zip(sizes.index.tolist(), sizes.tolist(), strict=True):
            if n < LEAST_IN_CATEGORY:
                told.append(f"Only {n} respondents are {first} {a} and {second} {b}: their weights rest on few.")
    return tuple(told)
