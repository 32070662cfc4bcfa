"""Confirmatory factor analysis of complete rows, one level, by maximum likelihood."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import LEAST_ITEMS, LEAST_RESPONDENTS, Codes, Floats, item_table, joined
from joinedup.survey.covariance_structure import FIXED, Fitted, NotConverged, Pattern, Sample, fit
from joinedup.survey.model_fit import (
    baseline,
    cfi,
    close_fit_p,
    log_likelihood,
    p_value,
    rmsea,
    rmsea_interval,
    srmr,
    tli,
)

_SINGULAR = 1e-10


@dataclass(frozen=True)
class FactorModel:
    """A fitted factor model of `n` complete rows with `npar` free parameters.

    `loadings` (by item): factor; estimate (factor variance 1, items in their units) and estimate_se; marker (the
    factor's first item 1) and its se (NaN for the first item); std (both standardised); residual (its variance).
    `correlations` are those of the factors. `factors`: alpha, omega (model variance of the sum), omega_observed
    (observed variance of the sum), ave. `rmsea_p` tests RMSEA <= .05. A saturated model (df 0) has no p, tli and rmsea.
    """

    chi2: float
    df: int
    p: float | None
    baseline_chi2: float
    baseline_df: int
    cfi: float
    tli: float | None
    rmsea: float | None
    rmsea_ci: tuple[float, float] | None
    rmsea_p: float | None
    srmr: float
    log_likelihood: float
    aic: float
    bic: float
    sabic: float
    n: int
    npar: int
    left_out: int
    loadings: pd.DataFrame
    correlations: pd.DataFrame
    factors: pd.DataFrame
    warnings: tuple[str, ...]


def cfa(data: Any, model: Mapping[str, Sequence[Any]]) -> FactorModel:
    """Maximum likelihood confirmatory factor analysis (Joreskog 1969, Psychometrika 34) of {factor: [items]}.

    `data` is respondents x items; rows with a blank in the model's items are left out and counted. Each item loads on
    one factor; factors correlate freely; covariances have divisor n, chi-square is n F, standard errors come from the
    expected information (as in lavaan). CFI and TLI compare with uncorrelated items; RMSEA is sqrt((chi2 - df) / (n
    df)), at least 0, with its 90% interval; SRMR over the covariances, variances included (Bentler 1995).
    Raises NotComputable with fewer than 3 items a factor, fewer than 10 complete rows or no more rows than items,
    a singular covariance matrix, or no convergence; ValueError for an unknown item or one that loads twice.
    """
    items = model_items(model)
    table = chosen_items(data, items)
    sample = sample_of(table.dropna())
    loads = loading_pattern(model)
    pattern, count = _one_group(loads)
    try:
        found = fit([sample], [pattern], _start(sample, pattern, count, start_loadings(sample, loads)))
    except NotConverged:
        alike = np.sqrt(np.diag(sample.covariance)) / 2
        found = fit([sample], [pattern], _start(sample, pattern, count, alike))
    return _describe(found, sample, model, len(table) - sample.n)


def model_items(model: Mapping[str, Sequence[Any]]) -> list[Any]:
    """All items of a model in order. Raises as `cfa` does."""
    items = [item for names in model.values() for item in names]
    if not model:
        raise ValueError("the model names no factor")
    if twice := sorted({str(item) for item in items if items.count(item) > 1}):
        raise ValueError(f"each item loads on one factor, once; not so: {joined(twice)}")
    for factor, names in model.items():
        if len(names) < LEAST_ITEMS:
            raise NotComputable(f"Factor {factor} needs at least {LEAST_ITEMS} items; there are {len(names)}.")
    return items


def chosen_items(data: Any, items: Sequence[Any]) -> pd.DataFrame:
    """The model's columns as numbers. Raises ValueError for an unknown item."""
    table = data if isinstance(data, pd.DataFrame) else pd.DataFrame(np.asarray(data))
    if unknown := [item for item in items if item not in table.columns]:
        raise ValueError(f"the model names what is no item: {joined(unknown)}")
    return item_table(table[list(items)])


def sample_of(rows: pd.DataFrame, what: str = "A factor model") -> Sample:
    """The moments of complete rows. Raises NotComputable where they can't carry a model."""
    n, p = rows.shape
    if n < LEAST_RESPONDENTS or n <= p:
        raise NotComputable(
            f"{what} needs at least {LEAST_RESPONDENTS} complete rows and more rows than items; "
            f"there are {n} rows of {p} items."
        )
    values = rows.to_numpy(dtype=float)
    covariance = np.atleast_2d(np.cov(values, rowvar=False, bias=True))
    scale = np.sqrt(np.diag(covariance))
    if not scale.all():
        raise NotComputable(f"Everyone gave the same answer to: {joined(list(rows.columns[scale == 0]))}.")
    if np.linalg.eigvalsh(covariance / np.outer(scale, scale))[0] < _SINGULAR:
        raise NotComputable("Some items follow exactly from others, so the model has no likelihood.")
    return Sample(n, covariance, values.mean(axis=0))


def loading_pattern(model: Mapping[str, Sequence[Any]]) -> Codes:
    """Items x factors: the number of each item's loading, FIXED (at 0) elsewhere."""
    sizes = [len(names) for names in model.values()]
    loads = np.full((sum(sizes), len(sizes)), FIXED)
    loads[np.arange(sum(sizes)), np.repeat(np.arange(len(sizes)), sizes)] = np.arange(sum(sizes))
    return loads


def factor_pattern(factors: int, first: int, free_variances: bool) -> tuple[Codes, int]:
    """Factors x factors: the numbers of covariances (and variances) from `first` on, and the next number."""
    numbers = np.full((factors, factors), FIXED)
    rows, columns = np.tril_indices(factors, 0 if free_variances else -1)
    numbers[rows, columns] = numbers[columns, rows] = np.arange(first, first + len(rows))
    return numbers, first + len(rows)


def _one_group(loads: Codes) -> tuple[Pattern, int]:
    """Means are left as they are: each item's mean would be its intercept, which adds no misfit."""
    p, m = loads.shape
    factor, count = factor_pattern(m, p, free_variances=False)
    intercept = np.arange(count + p, count + 2 * p)
    return Pattern(loads, factor, np.arange(count, count + p), intercept, np.full(m, FIXED)), count + 2 * p


def start_loadings(sample: Sample, loads: Codes) -> Floats:
    """Where the search begins: each factor's first principal component, its first item loading positively."""
    scale = np.sqrt(np.diag(sample.covariance))
    correlation = sample.covariance / np.outer(scale, scale)
    start = np.zeros(len(scale))
    for column in loads.T:
        own = np.nonzero(column != FIXED)[0]
        values, vectors = np.linalg.eigh(correlation[np.ix_(own, own)])
        leading = vectors[:, -1] * (1.0 if vectors[0, -1] >= 0 else -1.0)
        start[own] = 0.8 * leading * np.sqrt(values[-1]) * scale[own]
    return start


def _start(sample: Sample, pattern: Pattern, count: int, loadings: Floats) -> Floats:
    start = np.zeros(count)
    start[: len(loadings)] = loadings
    start[pattern.residual] = np.diag(sample.covariance) / 2
    start[pattern.intercept] = sample.mean
    return start


def _describe(found: Fitted, sample: Sample, model: Mapping[str, Sequence[Any]], left_out: int) -> FactorModel:
    p = len(sample.mean)
    npar = len(found.parameters) - p
    df = p * (p + 1) // 2 - npar
    null, chi2, n = baseline([sample]), found.chi2, sample.n
    likelihood = log_likelihood([sample], chi2)
    loadings = _loadings(found, model)
    names = list(model)
    correlations = pd.DataFrame(found.groups[0].factor, index=names, columns=names)
    return FactorModel(
        chi2=chi2,
        df=df,
        p=p_value(chi2, df),
        baseline_chi2=null[0],
        baseline_df=null[1],
        cfi=cfi(chi2, df, null),
        tli=tli(chi2, df, null),
        rmsea=rmsea(chi2, df, n),
        rmsea_ci=rmsea_interval(chi2, df, n),
        rmsea_p=close_fit_p(chi2, df, n),
        srmr=srmr(sample.covariance, found.groups[0].covariance),
        log_likelihood=likelihood,
        aic=-2 * likelihood + 2 * npar,
        bic=-2 * likelihood + npar * math.log(n),
        sabic=-2 * likelihood + npar * math.log((n + 2) / 24),
        n=n,
        npar=npar,
        left_out=left_out,
        loadings=loadings,
        correlations=correlations,
        factors=_reliability(loadings, sample, model),
        warnings=_warnings(loadings, correlations),
    )


def _loadings(found: Fitted, model: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """One row an item; the standard error of a marker loading is that of a ratio (delta method)."""
    items = [item for names in model.values() for item in names]
    p, sizes = len(items), [len(names) for names in model.values()]
    starts = np.repeat(np.cumsum([0, *sizes[:-1]]), sizes)
    sign = np.sign(found.parameters[starts])
    estimate, variance = found.parameters[:p] * sign, found.variance[:p, :p] * np.outer(sign, sign)
    first = estimate[starts]
    marker = estimate / first
    own, other = np.diag(variance), variance[np.arange(p), starts]
    spread = own - 2 * marker * other + marker**2 * own[starts]
    se = np.where(np.arange(p) == starts, np.nan, np.sqrt(np.maximum(spread, 0.0)) / np.abs(first))
    columns = {
        "factor": [factor for factor, names in model.items() for _ in names],
        "estimate": estimate,
        "estimate_se": np.sqrt(own),
        "marker": marker,
        "se": se,
        "std": estimate / np.sqrt(np.diag(found.groups[0].covariance)),
        "residual": found.groups[0].residual,
    }
    return pd.DataFrame(columns, index=pd.Index(items, name="item"))


def _reliability(loadings: pd.DataFrame, sample: Sample, model: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """Alpha, omega (Raykov 2001; McDonald 1999) and average variance extracted (Fornell & Larcker 1981) by factor."""
    rows = {}
    for factor in model:
        own = (loadings["factor"] == factor).to_numpy()
        block, k = sample.covariance[np.ix_(own, own)], int(own.sum())
        load, residual = loadings["estimate"].to_numpy()[own], loadings["residual"].to_numpy()[own]
        common = float(load.sum()) ** 2
        rows[factor] = {
            "alpha": k / (k - 1) * (1 - np.trace(block) / block.sum()),
            "omega": common / (common + residual.sum()),
            "omega_observed": common / block.sum(),
            "ave": (load**2).sum() / ((load**2).sum() + residual.sum()),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _warnings(loadings: pd.DataFrame, correlations: pd.DataFrame) -> tuple[str, ...]:
    told = []
    negative = loadings.index[loadings["residual"] < 0]
    if len(negative):
        told.append(f"A residual variance is negative (a Heywood case): {joined(list(negative))}.")
    if (np.abs(correlations.to_numpy() - np.eye(len(correlations))) > 1).any():
        told.append("Two factors correlate beyond 1: the items do not tell them apart.")
    return tuple(told)
