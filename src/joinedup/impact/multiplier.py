"""Multiplier bootstrap: influence functions with random signs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.impact.fitting import Array

_CHUNK = 256


@dataclass(frozen=True, slots=True)
class MultiplierDraws:
    """`se` of each parameter over the draws; `critical` is the 95% quantile of the largest |t| over the parameters.

    Estimates +- critical * analytic error hold all parameters at once in 95 of 100 samples: a uniform band.
    """

    se: Array
    critical: float
    draws: int
    seed: int


def multiplier_bootstrap(psi: Array, se: Array, draws: int, seed: int) -> MultiplierDraws:
    """`psi` has a row a parameter and a column a unit; `se` are the analytic errors, NaN for what has none.

    Signs are Rademacher, one a unit and draw, from random bits. A draw is V psi / n. Single precision is enough: the
    noise of the draws is some hundred thousand times larger. Source: Callaway and Sant'Anna (2021), section 4.1.
    """
    known = np.flatnonzero(np.isfinite(se) & (se > 0))
    spread = np.full(len(se), np.nan)
    if not len(known):
        return MultiplierDraws(spread, float("nan"), draws, seed)
    kept = np.ascontiguousarray(psi[known].T, dtype=np.float32)
    n = len(kept)
    random = np.random.default_rng(seed)
    width = -(-n // 8)
    found = np.empty((draws, len(known)), dtype=np.float32)
    for at in range(0, draws, _CHUNK):
        size = min(_CHUNK, draws - at)
        bits = np.frombuffer(random.bytes(size * width), dtype=np.uint8).reshape(size, width)
        signs = np.unpackbits(bits, axis=1, count=n).view(np.int8)
        signs <<= 1
        signs -= 1
        found[at : at + size] = signs.astype(np.float32) @ kept
    found /= n
    spread[known] = found.std(axis=0, dtype=np.float64)
    largest = np.abs(found / se[known].astype(np.float32)).max(axis=1)
    return MultiplierDraws(spread, float(np.quantile(largest, 0.95)), draws, seed)
