"""How small an effect can be found: the minimum detectable effect before, the precision that was reached after."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from joinedup.study.problems import NotComputable


def minimum_detectable_effect(se: float, alpha: float = 0.05, power: float = 0.8, df: float | None = None) -> float:
    """The smallest true effect that a two-sided test at `alpha` finds with probability `power`.

    `se` is the standard error, in the outcome's unit; the effect is in the same unit. With `df` degrees of freedom the
    quantiles are those of t, else of the normal distribution: (q(1 - alpha/2) + q(power)) * se, 2.80 errors by default.
    Raises ValueError for an error, alpha, power or df outside its range.
    Source: Bloom (1995), Evaluation Review 19.
    """
    _check(se, alpha, df)
    if not 0.5 <= power < 1:
        raise ValueError(f"power lies from 0.5 to below 1, not at {power}")
    return (_quantile(1 - alpha / 2, df) + _quantile(power, df)) * se


@dataclass(frozen=True, slots=True)
class Precision:
    """What an estimate could tell: half of its interval, what it could have found, the power at the smallest effect.

    `power` is the probability of p < alpha were the true effect `smallest_effect`; None where none is declared.
    """

    se: float
    half_width: float
    minimum_detectable: float
    smallest_effect: float | None
    power: float | None


def achieved_precision(
    se: float, smallest_effect: float | None = None, alpha: float = 0.05, power: float = 0.8, df: float | None = None
) -> Precision:
    """The precision of an estimate with standard error `se`: from the error alone, never from the estimate.

    (Power at the estimate itself is a function of p and tells nothing: Hoenig and Heisey 2001, American Statistician 55.)
    Units and errors as in `minimum_detectable_effect`; a `smallest_effect` is the smallest of interest, above 0.
    """
    detectable = minimum_detectable_effect(se, alpha, power, df)
    critical = _quantile(1 - alpha / 2, df)
    reached = None
    if smallest_effect is not None:
        if not smallest_effect > 0:
            raise ValueError(f"a smallest effect of interest is above 0, not {smallest_effect}")
        ratio = smallest_effect / se
        reached = _below(ratio - critical, df) + _below(-ratio - critical, df)
    return Precision(se, critical * se, detectable, smallest_effect, reached)


@dataclass(frozen=True, slots=True)
class DesignPrecision:
    """What a difference in differences of some design can find; `smallest_p` is that of the randomisation test."""

    se: float
    minimum_detectable: float
    df: int
    assignments: int
    smallest_p: float


def minimum_detectable_did(
    n_treated: int,
    n_comparison: int,
    before: int,
    after: int,
    sd: float,
    autocorrelation: float = 0.0,
    alpha: float = 0.05,
    power: float = 0.8,
) -> DesignPrecision:
    """The minimum detectable effect of a balanced difference in differences, before there are data, without simulation.

    All `n_treated` of the sites start at once, after `before` periods and with `after` periods to come; every site
    weighs the same. `sd` is the standard deviation of a site's outcome about site and period effects, in its unit, and
    `autocorrelation` that of neighbouring periods (first order). A site's change of means then has the variance c'Sc,
    the error is sqrt(c'Sc (1/n_treated + 1/n_comparison)) and the test has sites - 2 degrees of freedom: exact for
    normal outcomes, few treated sites included, as long as sites do not differ in their variance.
    Raises NotComputable where the assignments are so few that no effect, however large, can reach `alpha` by
    re-assigning the programme; ValueError for arguments outside their range.
    Source: Frison and Pocock (1992), Statistics in Medicine 11; Burlig, Preonas and Woerman (2020), Journal of
    Development Economics 144 (serial correlation).
    """
    if min(n_treated, n_comparison, before, after) < 1 or n_treated + n_comparison < 3:
        raise ValueError("at least one treated and one comparison site (three in all), a period before and one after")
    if not -1 < autocorrelation < 1:
        raise ValueError(f"an autocorrelation lies between -1 and 1, not at {autocorrelation}")
    assignments = math.comb(n_treated + n_comparison, n_treated)
    smallest = (2 if n_treated == n_comparison else 1) / assignments
    if smallest > alpha:
        raise NotComputable(
            f"With {n_treated} treated and {n_comparison} comparison sites there are {assignments} assignments: the "
            f"smallest p that re-assigning the programme can give is {smallest:.3f}, above {alpha:g}, whatever the effect. "
            "Find more comparison sites, or report the effect without a test."
        )
    se = math.sqrt(_variance_of_change(before, after, sd, autocorrelation) * (1 / n_treated + 1 / n_comparison))
    df = n_treated + n_comparison - 2
    return DesignPrecision(se, minimum_detectable_effect(se, alpha, power, df), df, assignments, smallest)


def _variance_of_change(before: int, after: int, sd: float, autocorrelation: float) -> float:
    """Variance of a site's mean after less its mean before, with first-order autocorrelation."""
    contrast = np.concatenate([np.full(before, -1 / before), np.full(after, 1 / after)])
    apart = np.abs(np.subtract.outer(np.arange(len(contrast)), np.arange(len(contrast))))
    return float(sd**2 * contrast @ np.power(float(autocorrelation), apart) @ contrast)


def _check(se: float, alpha: float, df: float | None) -> None:
    if not (se > 0 and math.isfinite(se)):
        raise ValueError(f"a standard error is a number above 0, not {se}")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha lies between 0 and 1, not at {alpha}")
    if df is not None and not df > 0:
        raise ValueError(f"degrees of freedom are above 0, not {df}")


def _quantile(share: float, df: float | None) -> float:
    from scipy.stats import norm, t

    return float(norm.ppf(share) if df is None else t.ppf(share, df))


def _below(value: float, df: float | None) -> float:
    from scipy.stats import norm, t

    return float(norm.cdf(value) if df is None else t.cdf(value, df))
