"""Several tests at once: p values adjusted for their number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from joinedup.survey.arrays import Codes, Floats, vector


def holm(p: Sequence[float | None]) -> Floats:
    """Holm's (1979) step-down p values, which bound the chance of any false finding.

    A blank (None or NaN) is no test: it stays NaN and is not counted. Raises ValueError for a p outside 0 to 1.
    """
    values, order = _ordered(p)
    m = len(order)
    values[order] = np.minimum(1.0, np.maximum.accumulate(values[order] * np.arange(m, 0, -1)))
    return values


def benjamini_hochberg(p: Sequence[float | None]) -> Floats:
    """Benjamini and Hochberg's (1995) p values, which bound the expected share of false findings; blanks as in `holm`."""
    values, order = _ordered(p)
    m = len(order)
    scaled = values[order] * m / np.arange(1, m + 1)
    values[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return values


def _ordered(p: Sequence[float | None]) -> tuple[Floats, Codes]:
    values = vector(list(p), "p values").copy()
    known = np.nonzero(np.isfinite(values))[0]
    if ((values[known] < 0) | (values[known] > 1)).any():
        raise ValueError("a p value lies from 0 to 1")
    return values, known[np.argsort(values[known], kind="stable")]
