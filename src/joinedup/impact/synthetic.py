"""Synthetic control and synthetic difference in differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from joinedup.impact.fitting import Array
from joinedup.impact.synthetic_cohorts import Design, cohorts_of
from joinedup.impact.synthetic_fit import SyntheticFit
from joinedup.impact.wide import ESTIMANDS, Wide, wide
from joinedup.study.problems import NotComputable

SOLVERS = {"exact": "exact optimum", "synthdid": "the stopping rule of R's synthdid 0.0.9"}
_RIDGE = 1e-6


def synthetic_control(
    panel: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    treated: str | Sequence[Any] | Any,
    start: Any = None,
    solver: str = "exact",
    ridge: float | None = None,
    predictors: Sequence[str] = (),
    weights: str | None = None,
    children: str = "n",
) -> SyntheticFit:
    """The treated sites' mean path against the weighted comparison sites that came closest to it before `start`.

    `panel` has one row a unit and period; units with a gap are left out and counted. `treated` is a column of 0 and 1,
    a unit, or a list of units; `start` is the first treated period, a column with each unit's own, or None: where the
    column `treated` turns 1. Weights are non-negative, add up to 1, and have no intercept. Several starts are estimated
    one by one, weighted by treated site-periods.

    `ridge` (zeta, in the outcome's unit; the penalty is zeta^2 x periods before x sum of squared weights) makes the
    weights unique where there are more donors than periods; None is 1e-6 sigma, sigma the standard deviation of the
    controls' first differences before the start. `solver` "synthdid" stops early where R's synthdid does. `predictors`
    are columns whose means before the start are matched too, each standardised and counting as much as one period (no
    nested search for their weights). `weights` "site" or "child" (column `children`) says what the treated mean is of.
    Sources: Abadie, Diamond and Hainmueller (2010), JASA 105; Arkhangelsky et al. (2021), American Economic Review 111.

    Raises NotComputable where there is no treated unit, no control, fewer than 2 periods before, or where `ridge` is 0
    and the weights are not unique.
    """
    _check(solver, ridge)
    found = wide(panel, outcome, unit, period, weights, children)
    design = Design(found, _rules(False, ridge, solver), _predictors(panel, found, predictors))
    fit = SyntheticFit.of(design, cohorts_of(panel, found, unit, period, treated, start))
    if ridge == 0 and any(len(fit.donors) > cohort.before for cohort in fit.cohorts) and fit.perfect:
        raise NotComputable(
            f"With {len(fit.donors)} comparison sites and {fit.cohorts[0].before} periods before the start the fit is "
            "perfect and the weights are not unique: give a ridge above 0 (the default is 1e-6 sigma)."
        )
    return fit.with_methods(_methods("Synthetic control", fit, solver, ridge, predictors, weights))


def synthetic_did(
    panel: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    treated: str | Sequence[Any] | Any,
    start: Any = None,
    solver: str = "exact",
    ridge: float | None = None,
    weights: str | None = None,
    children: str = "n",
) -> SyntheticFit:
    """Difference in differences with weighted comparison sites and weighted periods before (Arkhangelsky et al. 2021).

    Arguments as for `synthetic_control`. Unit weights follow the treated path up to a constant, with the ridge zeta =
    (treated sites x periods)^(1/4) sigma unless `ridge` is given; time weights make the controls' periods before differ
    from their later mean by a constant, with the ridge 1e-6 sigma. Several starts go cohort by cohort against the sites
    that are never treated, weighted by treated site-periods.
    """
    _check(solver, ridge)
    found = wide(panel, outcome, unit, period, weights, children)
    design = Design(found, _rules(True, ridge, solver), None)
    fit = SyntheticFit.of(design, cohorts_of(panel, found, unit, period, treated, start))
    return fit.with_methods(_methods("Synthetic difference in differences", fit, solver, ridge, (), weights))


def _check(solver: str, ridge: float | None) -> None:
    if solver not in SOLVERS:
        raise ValueError(f"solver must be one of {', '.join(SOLVERS)}, not {solver!r}")
    if ridge is not None and ridge < 0:
        raise ValueError("ridge must not be negative")


def _rules(intercept: bool, ridge: float | None, solver: str) -> tuple[bool, float, float | None, str]:
    return intercept, _RIDGE, ridge, solver


def _predictors(panel: pd.DataFrame, found: Wide, predictors: Sequence[str]) -> Array | None:
    """predictors x units x periods; missing values stay NaN and are left out of a unit's mean."""
    if not predictors:
        return None
    columns = [pd.to_numeric(panel[name]).to_numpy(dtype=float)[found.rows] for name in predictors]
    for name, values in zip(predictors, columns, strict=True):
        empty = np.isnan(values).all(axis=1)
        if empty.any():
            raise NotComputable(f"The predictor {name} has no value at {', '.join(map(str, found.units[empty]))}.")
    return np.array(columns)


def _methods(
    name: str, fit: SyntheticFit, solver: str, ridge: float | None, predictors: Sequence[str], weights: str | None
) -> str:
    given = f" and on {', '.join(predictors)} (means before the start, standardised)" if predictors else ""
    stated = "1e-6 sigma" if name == "Synthetic control" else "(treated sites x periods)^(1/4) sigma"
    sites = sum(cohort.sites for cohort in fit.cohorts)
    text = (
        f"{name} (Arkhangelsky et al. 2021) for {ESTIMANDS[weights or 'site']}: {sites} treated and "
        f"{len(fit.donors)} comparison sites, matched on the outcome before the start{given}; "
        f"ridge {'zeta = ' + stated if ridge is None else f'zeta = {ridge:g}'}; {SOLVERS[solver]}."
    )
    if len(fit.cohorts) > 1:
        text += f" {len(fit.cohorts)} starts, one by one, weighted by treated site-periods."
    return text + (f" {fit.left_out} sites with gaps are left out." if fit.left_out else "")
