"""The mean effect over programme sites and their treated periods: one estimand, whatever the starts."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from joinedup.impact.cells import ADOPTED, CHILDREN, OUTCOME, PERIOD, SITE, TREATED
from joinedup.impact.imputed_outcomes import imputation
from joinedup.impact.model import FEW
from joinedup.impact.two_way import did

NAN = float("nan")
ESTIMATOR = (
    "two-way fixed effects where all sites begin in one period, else the imputation estimator (Borusyak, Jaravel and "
    "Spiess 2024), which compares with sites not yet treated only"
)


@dataclass(frozen=True, slots=True)
class Headline:
    """The effect with its error clustered by site and 95% interval (t, sites - 1 df); NaN where too few sites for them."""

    estimate: float
    se: float
    low: float
    high: float
    df: int


def headline(frame: pd.DataFrame, weights: str) -> Headline:
    """The effect in the rows of a sample's `frame`. Raises NotComputable where there is none to estimate."""
    treated = frame.dropna(subset=[ADOPTED])
    n_treated = int(treated[SITE].nunique())
    n_comparison = int(frame[SITE].nunique()) - n_treated
    if treated[ADOPTED].nunique() == 1:
        fit = did(frame, OUTCOME, SITE, PERIOD, TREATED, weights=weights, children=CHILDREN)
        estimate, se = fit.estimate, fit.se
    else:
        found = imputation(frame, OUTCOME, SITE, PERIOD, ADOPTED, weights=weights, children=CHILDREN)
        estimate, se = found.overall, found.se
    df = n_treated + n_comparison - 1
    if min(n_treated, n_comparison) < FEW:
        return Headline(estimate, NAN, NAN, NAN, df)
    from scipy.stats import t

    half = float(t.ppf(0.975, df)) * se
    return Headline(estimate, se, estimate - half, estimate + half, df)
