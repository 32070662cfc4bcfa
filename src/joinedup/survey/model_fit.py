"""How well a factor model fits: likelihood, CFI, TLI, RMSEA, SRMR."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from joinedup.survey.arrays import Floats
from joinedup.survey.covariance_structure import Sample


def baseline(samples: Sequence[Sample]) -> tuple[float, int]:
    """Chi-square and degrees of freedom of the model in which no two items correlate."""
    chi2 = 0.0
    for sample in samples:
        diagonal = np.log(np.diag(sample.covariance)).sum()
        chi2 += sample.n * float(diagonal - np.linalg.slogdet(sample.covariance)[1])
    p = len(samples[0].mean)
    return chi2, len(samples) * p * (p - 1) // 2


def log_likelihood(samples: Sequence[Sample], chi2: float) -> float:
    """The model's normal log-likelihood: that of the unrestricted moments less half the chi-square."""
    unrestricted = 0.0
    for sample in samples:
        p, log_det = len(sample.mean), float(np.linalg.slogdet(sample.covariance)[1])
        unrestricted -= sample.n / 2 * (p * math.log(2 * math.pi) + log_det + p)
    return unrestricted - chi2 / 2


def p_value(chi2: float, df: int) -> float | None:
    """The upper tail of chi-square; None with no degrees of freedom."""
    from scipy.special import chdtrc

    return float(chdtrc(df, chi2)) if df > 0 else None


def cfi(chi2: float, df: int, null: tuple[float, int]) -> float:
    """Bentler's (1990) comparative fit index; 1 where neither model misfits."""
    misfit = max(chi2 - df, 0.0)
    largest = max(misfit, null[0] - null[1])
    return 1 - misfit / largest if largest > 0 else 1.0


def tli(chi2: float, df: int, null: tuple[float, int]) -> float | None:
    """Tucker and Lewis's (1973) index; None with no degrees of freedom."""
    if df == 0 or null[0] == null[1]:
        return None
    ratio = null[0] / null[1]
    return (ratio - chi2 / df) / (ratio - 1)


def rmsea(chi2: float, df: int, n: int, groups: int = 1) -> float | None:
    """Steiger's root mean square error of approximation, with n (not n - 1) and, for groups, sqrt(groups)."""
    return math.sqrt(max(chi2 - df, 0.0) / (n * df) * groups) if df > 0 else None


def rmsea_interval(chi2: float, df: int, n: int) -> tuple[float, float] | None:
    """The 90% interval from the noncentral chi-square (Browne & Cudeck 1993)."""
    from scipy.optimize import brentq
    from scipy.special import chndtr

    if df == 0:
        return None
    bounds = []
    for probability in (0.95, 0.05):
        if chndtr(chi2, df, 0.0) <= probability:
            bounds.append(0.0)
            continue
        top = 10.0 + 2 * chi2
        while chndtr(chi2, df, top) > probability:
            top *= 2
        bounds.append(float(brentq(lambda nc, goal=probability: chndtr(chi2, df, nc) - goal, 0.0, top)))
    return math.sqrt(bounds[0] / (n * df)), math.sqrt(bounds[1] / (n * df))


def close_fit_p(chi2: float, df: int, n: int, limit: float = 0.05) -> float | None:
    """p of the hypothesis that RMSEA is at most `limit` (Browne & Cudeck 1993); None with no degrees of freedom."""
    from scipy.special import chndtr

    return 1 - float(chndtr(chi2, df, limit**2 * n * df)) if df > 0 else None


def srmr(observed: Floats, implied: Floats) -> float:
    """The root mean square of residuals in units of the observed standard deviations, variances included."""
    scale = np.sqrt(np.diag(observed))
    rows = np.tril_indices(len(scale))
    return float(np.sqrt(np.mean((((observed - implied) / np.outer(scale, scale))[rows]) ** 2)))
