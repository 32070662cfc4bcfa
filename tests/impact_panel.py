"""A made-up panel of impact (SIMULATED): staggered starts, gaps, counts of children; the same on every machine."""

from __future__ import annotations

import math

import pandas as pd


def made_up_panel() -> pd.DataFrame:
    """48 units over 9 periods, starts in 4, 6, 8 or never; `kept` is 0 in one row of eleven."""
    rows = [_row(i, t) for i in range(48) for t in range(1, 10)]
    return pd.DataFrame(rows, columns=["unit", "period", "adopted", "on", "n", "x", "z", "y", "kept"])


def _row(i: int, t: int) -> tuple[float, ...]:
    adopted = (4.0, 6.0, 8.0, math.nan)[i % 4]
    level, k = _noise(i) * 4, 1000 + i * 9 + t
    on = float(t >= adopted)
    x = 2 * _noise(k + 5000) + level / 4
    effect = on * (1 + 0.2 * (t - adopted if on else 0))
    y = level + 0.2 * t + 0.05 * level * t + 0.3 * x + effect + 2 * _noise(k)
    return i, t, adopted, on, 20 + (k * 37) % 61, x, level, y, float((k * 53) % 11 != 0)


def _noise(k: int) -> float:
    """Between -0.5 and 0.5."""
    return ((k * 7919 + 12345) * 104729 % 1000003) / 1000003 - 0.5
