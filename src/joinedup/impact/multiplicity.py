"""Several outcomes tested at once: p values adjusted for the family that the analysis plan declares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from joinedup.impact.fitting import Array
from joinedup.survey.multiplicity import benjamini_hochberg as benjamini_hochberg

_TIE = 1e-9
"""A draw that is smaller than the statistic by this share at most counts as large: rounding must not lose a tie."""


def romano_wolf(statistics: Sequence[float | None], draws: Array, enumerated: bool = False) -> Array:
    """Step-down p values that bound the chance of any false finding in the family, using how its tests hang together.

    `statistics` holds one statistic an outcome, on one scale (studentised, 0 under the null); None or NaN is no test,
    is not counted and stays NaN. `draws` (draws x outcomes) holds what the same statistics were under the null, each
    row from one permutation or one vector of signs for ALL outcomes. Two-sided: absolute values are compared, each
    outcome with the largest of those that are no larger than it. p = (1 + count) / (draws + 1), or the share of draws
    where all assignments are `enumerated` (the own one among them).
    Raises ValueError where the shapes differ or a draw of a tested outcome is missing.
    Source: Romano and Wolf (2005), Econometrica 73, in the form of Romano and Wolf (2016), Statistics & Probability
    Letters 113; with permutations it is the step-down max T of Westfall and Young (1993).
    """
    own = np.abs(np.array([np.nan if value is None else value for value in statistics], dtype=float))
    null = np.abs(np.asarray(draws, dtype=float))
    if null.ndim != 2 or null.shape[1] != len(own) or not len(null):
        raise ValueError(f"draws must have one row a draw and {len(own)} columns, not the shape {null.shape}")
    known = np.flatnonzero(np.isfinite(own))
    if not np.isfinite(null[:, known]).all():
        raise ValueError("a draw of a tested outcome is missing")
    order = known[np.argsort(-own[known], kind="stable")]
    largest = np.maximum.accumulate(null[:, order][:, ::-1], axis=1)[:, ::-1]
    counts = (largest >= own[order] * (1 - _TIE)).sum(axis=0)
    p = counts / len(null) if enumerated else (1 + counts) / (len(null) + 1)
    found: Array = np.full(len(own), np.nan)
    found[order] = np.maximum.accumulate(p)
    return found
