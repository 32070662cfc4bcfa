"""The mean over sites and its t interval, which several strands report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_NO_SPREAD = 1e-12
"""A standard error below this share of the values' size is rounding, not spread."""


@dataclass(frozen=True, slots=True)
class MeanInterval:
    """A mean over `n` sites with its standard error, 95% interval and two-sided p against 0 (t, n - 1 df).

    `p` is None where nothing was sampled (a census of sites) or where the values do not vary.
    """

    n: int
    mean: float
    sd: float
    se: float
    low: float
    high: float
    p: float | None


def mean_interval(values: Sequence[float], population: int | None = None, confidence: float = 0.95) -> MeanInterval:
    """The mean of one value a site, as an estimate for `population` sites of which these are some.

    Without `population` the sites stand for many like them: se = s / sqrt(n). With it, the finite population
    correction applies: se = sqrt((1 - n/N) s^2 / n); where all N sites are there it is exactly 0 (Cochran 1977,
    Sampling Techniques, section 2.6). The interval is that of Student's t with n - 1 degrees of freedom.
    Raises ValueError for fewer than two values, values that are not finite, or more values than sites.
    """
    n = len(values)
    if n < 2 or not all(math.isfinite(value) for value in values):
        raise ValueError("a mean over sites needs at least two finite values")
    if population is not None and population < n:
        raise ValueError(f"{n} sites can't be a part of {population}")
    mean = math.fsum(values) / n
    sd = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1))
    unseen = 1.0 if population is None else 1 - n / population
    se = sd * math.sqrt(unseen / n)
    if se <= _NO_SPREAD * max(abs(value) for value in values):
        return MeanInterval(n, mean, sd, 0.0, mean, mean, None)
    from scipy.stats import t

    half = float(t.ppf((1 + confidence) / 2, n - 1)) * se
    return MeanInterval(n, mean, sd, se, mean - half, mean + half, float(2 * t.sf(abs(mean) / se, n - 1)))
