"""Multiple imputation by predictive mean matching, with the complete cases beside the pooled estimate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import LEAST_RESPONDENTS, Floats, item_table, joined
from joinedup.survey.pooling import Pooled, pool

_RIDGE = 1e-5
Estimator = Callable[[pd.DataFrame], tuple[float, float]]
"""A frame without blanks to an estimate and its variance (squared standard error)."""


@dataclass(frozen=True)
class Imputed:
    """The pooled estimate of `imputations` completed data sets (from `seed`), and that of the complete rows."""

    pooled: Pooled
    complete_estimate: float
    complete_se: float
    complete_rows: int
    rows: int
    imputations: int
    seed: int


def impute(frame: Any, seed: int, imputations: int = 20, cycles: int = 10, donors: int = 5) -> tuple[pd.DataFrame, ...]:
    """Completed copies of `frame` (respondents x numbers) by chained equations with predictive mean matching.

    Every column with blanks is regressed on all others in turn, `cycles` times; coefficients are drawn from their
    posterior, and a blank takes the observed answer of one of the `donors` whose predictions are nearest (van Buuren
    2018, Flexible Imputation of Missing Data, algorithms 3.3 and 4.3; type 1 matching). So only answers that somebody
    gave are imputed. The same seed gives the same numbers. Raises NotComputable for a column with fewer than 10 answers,
    or fewer answers than there are columns and one; a frame without blanks comes back as it is.
    """
    if imputations < 2 or cycles < 1 or donors < 1:
        raise ValueError("at least two imputations, one cycle and one donor are needed")
    table = item_table(frame)
    values = table.to_numpy(dtype=float)
    blank = np.isnan(values)
    answers = (~blank).sum(axis=0)
    scarce = blank.any(axis=0) & (answers < max(LEAST_RESPONDENTS, len(table.columns) + 1))
    if scarce.any():
        raise NotComputable(f"Too few answers to impute from: {joined(list(table.columns[scarce]))}.")
    streams = np.random.default_rng(seed).spawn(imputations)
    completed = (_completed(values, blank, cycles, donors, stream) for stream in streams)
    return tuple(pd.DataFrame(found, index=table.index, columns=table.columns) for found in completed)


def _completed(values: Floats, blank: Any, cycles: int, donors: int, draw: np.random.Generator) -> Floats:
    found = values.copy()
    columns = np.nonzero(blank.any(axis=0))[0]
    for j in columns:
        found[blank[:, j], j] = draw.choice(values[~blank[:, j], j], size=int(blank[:, j].sum()))
    for _ in range(cycles):
        for j in columns:
            others = np.column_stack([np.ones(len(found)), np.delete(found, j, axis=1)])
            found[blank[:, j], j] = _matched(values[:, j], others, blank[:, j], donors, draw)
    return found


def _matched(y: Floats, x: Floats, blank: Any, donors: int, draw: np.random.Generator) -> Floats:
    """An observed y for each blank, of a donor near in prediction."""
    known, best = y[~blank], x[~blank]
    inner = best.T @ best
    inverse = np.linalg.pinv(inner + np.diag(np.diag(inner) * _RIDGE), hermitian=True)
    estimate = inverse @ best.T @ known
    residual = known - best @ estimate
    sigma = np.sqrt(residual @ residual / draw.chisquare(max(len(known) - x.shape[1], 1)))
    values, vectors = np.linalg.eigh(inverse)
    drawn = estimate + sigma * vectors @ (np.sqrt(np.clip(values, 0, None)) * draw.normal(size=len(values)))
    away = np.abs((x[blank] @ drawn)[:, None] - (best @ estimate)[None, :])
    nearest = np.argsort(away, axis=1, kind="stable")[:, : min(donors, len(known))]
    chosen = draw.integers(0, nearest.shape[1], size=len(nearest))
    return np.asarray(known[nearest[np.arange(len(nearest)), chosen]], dtype=float)


def estimate_imputed(
    frame: Any, estimator: Estimator, seed: int, imputations: int = 20, df_complete: float | None = None
) -> Imputed:
    """`estimator` on each of the imputed copies of `frame`, pooled, with the complete rows beside.

    Raises as `impute` and `pool`, and NotComputable with fewer than 10 complete rows.
    """
    table = item_table(frame)
    complete = table.dropna()
    if len(complete) < LEAST_RESPONDENTS:
        raise NotComputable(f"Only {len(complete)} rows are complete; at least {LEAST_RESPONDENTS} must stand beside.")
    found = [estimator(copy) for copy in impute(table, seed, imputations)]
    pooled = pool([one[0] for one in found], [one[1] for one in found], df_complete)
    estimate, variance = estimator(complete)
    return Imputed(pooled, estimate, float(np.sqrt(variance)), len(complete), len(table), imputations, seed)
