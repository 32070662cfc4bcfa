"""Intervals of agreement between two coders by resampling texts: units of one text are not independent of each other.

Percentile bootstrap (Efron and Tibshirani 1993, ch. 13): texts are drawn with replacement, their counts added, the
coefficient computed again. Counts are whole numbers below 2^53, so that sums are exact on any machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from joinedup.texts.agreement.coefficient import Array

FEWEST_TEXTS = 10
"""With fewer texts the percentiles of the draws say little."""
_DEFINED = 0.95
"""The share of draws in which a coefficient must be defined."""


def draw_weights(texts: int, draws: int, seed: int) -> Array:
    """Draws x texts: how often each text was drawn."""
    chosen = np.random.default_rng(seed).integers(0, texts, (draws, texts))
    flat = chosen + np.arange(draws)[:, None] * texts
    found: Array = np.bincount(flat.ravel(), minlength=draws * texts).reshape(draws, texts).astype(np.float64)
    return found


def resampled(tables: Sequence[Array], weights: Array) -> list[Array | None]:
    """For each of `tables` (texts x counts) draws x counts: what its counts add up to in each draw.

    All in one product of matrices. None with fewer than FEWEST_TEXTS texts, and where fewer than two are coded at all.
    """
    if not tables or len(tables[0]) < FEWEST_TEXTS:
        return [None] * len(tables)
    sums = np.split(weights @ np.hstack(tables), np.cumsum([table.shape[1] for table in tables])[:-1], axis=1)
    used = [int((table[:, :3].sum(axis=1) > 0).sum()) for table in tables]
    return [found if texts > 1 else None for found, texts in zip(sums, used, strict=True)]


def interval_over_texts(drawn: Array | None, coefficient: Callable[[Array], Array]) -> tuple[float, float] | None:
    """The 95% interval of `coefficient` over what `resampled` drew.

    None where nothing was drawn and where the coefficient is not defined in more than one draw of twenty.
    """
    found = coefficient(drawn) if drawn is not None else np.empty(0)
    defined = found[np.isfinite(found)]
    if len(defined) == 0 or len(defined) < _DEFINED * len(found):
        return None
    low, high = np.quantile(defined, (0.025, 0.975))
    return float(low), float(high)


def _ratio(above: Array, below: Array) -> Array:
    found: Array = np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
    return found


def kappas(counts: Array) -> Array:
    """Cohen's kappa of rows (both, first alone, second alone, neither, ...); NaN where it is not defined."""
    both, first, second, neither = counts.T[:4]
    total = both + first + second + neither
    coded = (both + first) * (both + second) + (neither + first) * (neither + second)
    return _ratio(total * (both + neither) - coded, total * total - coded)


def alphas(counts: Array) -> Array:
    """Krippendorff's nominal alpha of rows (both, first alone, second alone, neither, ...); NaN where not defined."""
    both, first, second, neither = counts.T[:4]
    coded = 2 * both + first + second
    total = 2 * (both + first + second + neither)
    return 1 - _ratio((first + second) * (total - 1), coded * (total - coded))


def ac1s(counts: Array) -> Array:
    """Gwet's AC1 of rows (both, first alone, second alone, neither, ...); NaN without units."""
    both, first, second, neither = counts.T[:4]
    total = both + first + second + neither
    rate = _ratio(2 * both + first + second, 2 * total)
    chance = 2 * rate * (1 - rate)
    return _ratio(_ratio(both + neither, total) - chance, 1 - chance)


def overlaps(counts: Array) -> Array:
    """Both, of either, of rows (both, first alone, second alone, ...); NaN where neither coded."""
    both, first, second = counts.T[:3]
    return _ratio(both, both + first + second)


def binary_alphas(counts: Array) -> Array:
    """Binary alpha for unitized text of rows (both, first, second, neither, sum of squared units), over lengths."""
    both, first, second, neither, own = counts.T[:5]
    units, gaps = 2 * both + first + second, 2 * neither + first + second
    total = units + gaps
    room = total * total - own - gaps
    return 1 - _ratio((first + second) * room, total * units * gaps)


COEFFICIENTS: Mapping[str, Callable[[Array], Array]] = {
    "kappa": kappas,
    "alpha": alphas,
    "ac1": ac1s,
    "either": overlaps,
}


def as_counts(rows: Sequence[Sequence[float]]) -> Array:
    """Texts x counts as floats."""
    return np.asarray(rows, dtype=np.float64)
