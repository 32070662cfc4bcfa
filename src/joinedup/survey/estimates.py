"""Means, totals and proportions of a finite population: strata, clusters, weights, calibration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import Codes, Floats, group_codes, same_index, same_rows, vector
from joinedup.survey.weighting import Calibration

Interval = Literal["t", "normal"]


@dataclass(frozen=True)
class Estimate:
    """An estimate with its linearised standard error, degrees of freedom and 95% interval.

    `interval` names the quantile used: t with `df` (sampling units less strata) or normal. `deff` is the variance
    against that of a simple random sample of the same size (means only; None where that is 0). `n` answers were used,
    `left_out` were blank.
    """

    estimate: float
    se: float
    df: int
    ci: tuple[float, float]
    interval: Interval
    deff: float | None
    n: int
    left_out: int


@dataclass(frozen=True)
class _Design:
    """The rows used: answers, weights, who is in the domain, each row's sampling unit, each unit's stratum."""

    values: Floats
    weights: Floats
    inside: Floats
    unit: Codes
    stratum_of_unit: Codes
    sampled_share: Floats
    calibration: Calibration | None
    left_out: int

    @property
    def df(self) -> int:
        return len(self.stratum_of_unit) - len(self.sampled_share)


def estimate_mean(
    values: Any,
    weights: Any = None,
    strata: Any = None,
    cluster: Any = None,
    fpc: Any = None,
    *,
    domain: Any = None,
    calibration: Calibration | None = None,
    interval: Interval = "t",
) -> Estimate:
    """The mean of a finite population and its standard error by Taylor linearisation (Särndal et al. 1992, ch. 5).

    All arguments have one value a respondent. `strata`; `cluster`: the first-stage unit (the respondent itself, if
    none); `fpc`: the number of first-stage units in the population - of the row's stratum, where there are strata; one
    number will do without. Without `weights`, a unit counts population / sample of its stratum where `fpc` is given,
    else 1. With `fpc` equal to the sample it is a census: the standard error is exactly 0. Blank answers are left out
    as if those had not been sampled (missing at random within strata). `domain` (True or False a row) restricts the
    estimate to a subpopulation, not the design. `calibration` (from `rake` or `post_stratify`, same rows) gives the
    weights and takes its margins out of the error; blanks then count as outside the domain.
    Raises NotComputable where a stratum that is not wholly sampled has one unit, or no unit is left; ValueError for
    columns of different lengths, weights that are not positive, fpc below the sample or not constant in a stratum.
    """
    design = _design(values, weights, strata, cluster, fpc, domain, calibration)
    shares = design.weights * design.inside
    mean = float((shares * design.values).sum() / shares.sum())
    influence = shares * (design.values - mean) / shares.sum()
    variance = _variance(design, influence)
    return _estimate(design, mean, variance, interval, _simple_variance(design, mean, shares))


def estimate_total(
    values: Any,
    weights: Any = None,
    strata: Any = None,
    cluster: Any = None,
    fpc: Any = None,
    *,
    domain: Any = None,
    calibration: Calibration | None = None,
    interval: Interval = "t",
) -> Estimate:
    """The total over a finite population; arguments and errors as in `estimate_mean`.

    Without weights, fpc or calibration nothing says how many there are: NotComputable.
    """
    if weights is None and fpc is None and calibration is None:
        raise NotComputable("A total needs weights or the size of the population (fpc).")
    design = _design(values, weights, strata, cluster, fpc, domain, calibration)
    weighted = design.weights * design.inside * design.values
    return _estimate(design, float(weighted.sum()), _variance(design, weighted), interval, None)


def estimate_proportions(
    values: Any,
    weights: Any = None,
    strata: Any = None,
    cluster: Any = None,
    fpc: Any = None,
    *,
    domain: Any = None,
    calibration: Calibration | None = None,
) -> pd.DataFrame:
    """The share of each category of `values`; other arguments and errors as in `estimate_mean`.

    One row a category: estimate, se, df, low, high, n (answers, unweighted), interval. The interval is that of the
    logit with t (as R's svyciprop), "exact" (Clopper & Pearson 1934, without weights) for a share of 0 or 1, "census"
    where all units were sampled.
    """
    answers = pd.Series(values)
    rows = {}
    for category in sorted(answers.dropna().unique()):
        hits = (answers == category).astype(float).mask(answers.isna())
        design = _design(hits, weights, strata, cluster, fpc, domain, calibration)
        shares = design.weights * design.inside
        share = float((shares * design.values).sum() / shares.sum())
        se = float(np.sqrt(_variance(design, shares * (design.values - share) / shares.sum())))
        n = int(design.inside.sum())
        low, high, kind = _share_interval(share, se, design.df, n, bool((design.sampled_share == 1).all()))
        rows[category] = (share, se, design.df, low, high, int((design.values * design.inside).sum()), kind)
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["estimate", "se", "df", "low", "high", "n", "interval"]
    )


def _share_interval(share: float, se: float, df: int, n: int, census: bool) -> tuple[float, float, str]:
    from scipy.special import expit, logit
    from scipy.stats import t

    if census:
        return share, share, "census"
    if share <= 0 or share >= 1:
        edge = 0.025 ** (1 / n)
        return (0.0, 1 - edge, "exact") if share <= 0 else (edge, 1.0, "exact")
    half = float(t.ppf(0.975, df)) * se / (share * (1 - share))
    return float(expit(logit(share) - half)), float(expit(logit(share) + half)), "logit, t"


def _design(
    values: Any, weights: Any, strata: Any, cluster: Any, fpc: Any, domain: Any, calibration: Calibration | None
) -> _Design:
    numbers = vector(values, "values")
    columns = {"weights": weights, "strata": strata, "cluster": cluster, "domain": domain}
    per_row_fpc = None if fpc is None or np.ndim(fpc) == 0 else fpc
    same_rows(len(numbers), fpc=per_row_fpc, **columns)
    same_index(values=values, fpc=per_row_fpc, **columns)
    answered = np.isfinite(numbers)
    inside = np.ones(len(numbers)) if domain is None else np.asarray(domain, dtype=bool).astype(float)
    if calibration is not None:
        if weights is not None:
            raise ValueError("a calibration gives the weights; leave weights out")
        same_rows(len(numbers), calibration=calibration.weights)
        weights, inside, used = calibration.weights.to_numpy(), inside * answered, np.ones(len(numbers), dtype=bool)
    else:
        used = answered
    if not (inside * used).any():
        raise NotComputable("Nobody answered, so there is nothing to estimate.")
    unit, stratum_of_unit = _units(strata, cluster, len(numbers), used)
    sampled, population = _sampled_share(fpc, unit, stratum_of_unit, used, strata is not None)
    own = _weights(weights, used, population, unit, stratum_of_unit)
    filled = np.where(answered, numbers, 0.0)[used]
    left_out = int((~answered).sum())
    return _Design(filled, own, inside[used], unit, stratum_of_unit, sampled, calibration, left_out)


def _units(strata: Any, cluster: Any, rows: int, used: Any) -> tuple[Codes, Codes]:
    """Each used row's sampling unit (a cluster within its stratum) and each unit's stratum, both from 0 on."""
    stratum = np.zeros(rows, dtype=np.intp) if strata is None else group_codes(strata, rows)[0]
    unit = np.arange(rows) if cluster is None else group_codes(cluster, rows)[0]
    if (stratum[used] < 0).any() or (unit[used] < 0).any():
        raise NotComputable("A respondent has no stratum or no cluster.")
    pairs, own = np.unique(np.column_stack([stratum[used], unit[used]]), axis=0, return_inverse=True)
    return own.reshape(-1), np.unique(pairs[:, 0], return_inverse=True)[1]


def _sampled_share(
    fpc: Any, unit: Codes, stratum_of_unit: Codes, used: Any, stratified: bool
) -> tuple[Floats, Floats | None]:
    """Each stratum's sampled share of units (0 without fpc), and its units in the population."""
    sample = np.bincount(stratum_of_unit)
    if fpc is None:
        return np.zeros(len(sample)), None
    if np.ndim(fpc) == 0:
        if stratified:
            raise ValueError("with strata, fpc is given for each row: the size of the row's stratum")
        population = np.array([float(fpc)])
    else:
        sizes, row_stratum = vector(fpc, "fpc")[used], stratum_of_unit[unit]
        population = np.zeros(len(sample))
        population[row_stratum] = sizes
        if not np.allclose(population[row_stratum], sizes, rtol=1e-9, atol=0):
            raise ValueError("fpc differs within a stratum")
    if not (population >= sample).all():
        raise ValueError("fpc is smaller than the sample: the population holds at least the units that were sampled")
    return sample / population, population


def _weights(weights: Any, used: Any, population: Floats | None, unit: Codes, stratum_of_unit: Codes) -> Floats:
    if weights is not None:
        own = np.asarray(vector(weights, "weights")[used], dtype=float)
        if not (own > 0).all():
            raise ValueError("every weight is a positive number")
        return own
    if population is None:
        return np.ones(len(unit))
    return np.asarray((population / np.bincount(stratum_of_unit))[stratum_of_unit[unit]], dtype=float)


def _variance(design: _Design, influence: Floats) -> float:
    """Between sampling units within strata, with the finite population factor (ultimate clusters)."""
    if design.calibration is not None:
        influence = _beside_margins(design, influence)
    totals = np.bincount(design.unit, weights=influence)
    stratum, share = design.stratum_of_unit, design.sampled_share
    size = np.bincount(stratum)
    if ((size == 1) & (share < 1)).any():
        raise NotComputable("A stratum has a single sampling unit, so its variance can't be estimated; join strata.")
    centred = totals - (np.bincount(stratum, weights=totals) / size)[stratum]
    squares = np.bincount(stratum, weights=centred**2)
    return float(((1 - share) * size / np.maximum(size - 1, 1) * squares).sum())


def _beside_margins(design: _Design, influence: Floats) -> Floats:
    """What the calibration margins do not explain of the influence (Deville & Särndal 1992, JASA 87)."""
    assert design.calibration is not None
    indicators = np.column_stack([np.eye(code.max() + 1)[code] for code in design.calibration.codes])
    root = np.sqrt(design.calibration.start)
    each = influence / design.weights
    fitted = indicators @ np.linalg.lstsq(indicators * root[:, None], each * root, rcond=None)[0]
    return np.asarray((each - fitted) * design.weights, dtype=float)


def _simple_variance(design: _Design, mean: float, shares: Floats) -> float:
    """The variance of the mean of a simple random sample of as many, without replacement where weights sum to more."""
    n, total = int(design.inside.sum()), float(shares.sum())
    if n < 2:
        return 0.0
    spread = float((shares * (design.values - mean) ** 2).sum()) / total * n / (n - 1)
    unseen = 1 - n / total if total > n else 1.0
    return spread / n * unseen


def _estimate(design: _Design, estimate: float, variance: float, interval: Interval, simple: float | None) -> Estimate:
    from scipy.stats import norm, t

    if interval not in ("t", "normal"):
        raise ValueError(f"interval is 't' or 'normal', not {interval!r}")
    census = bool((design.sampled_share == 1).all())
    if design.df < 1 and not census:
        raise NotComputable("A standard error needs at least two sampling units.")
    quantile = 0.0 if census else float(t.ppf(0.975, design.df) if interval == "t" else norm.ppf(0.975))
    se = float(np.sqrt(variance))
    ci = (estimate - quantile * se, estimate + quantile * se)
    deff = variance / simple if simple else None
    return Estimate(estimate, se, design.df, ci, interval, deff, int(design.inside.sum()), design.left_out)
