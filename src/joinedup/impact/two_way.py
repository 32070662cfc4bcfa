"""Difference in differences by two-way fixed effects on cells."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from joinedup.impact.fitting import fit, sample
from joinedup.impact.model import DidFit
from joinedup.study.problems import NotComputable


def did(
    cells: pd.DataFrame, outcome: str, unit: str, period: str, treated: str, covariates: Sequence[str] = ()
) -> DidFit:
    """The coefficient of `treated` (0 or 1) in `outcome ~ treated + covariates | unit + period`.

    `cells` has one row a unit and period; rows with a missing outcome or covariate are left out, never filled in. Every
    cell weighs the same, so the estimand is the average over units, not over people. The error is clustered by unit.
    With staggered adoption and effects that vary the coefficient mixes comparisons, some with units treated earlier
    (Goodman-Bacon 2021, Journal of Econometrics 225). Raises NotComputable where treatment does not vary within the
    effects, KeyError for an unknown column.
    """
    used = sample(cells, [outcome, treated, *covariates], unit, period)
    n_treated = int(used.loc[used[treated] == 1, unit].nunique())
    if n_treated == 0 or used[treated].min() == used[treated].max():
        raise NotComputable("No unit is treated in some period, or every cell is: there is no contrast.")
    found = fit(used, outcome, [treated, *covariates], unit, period)
    effect = found.term(treated)
    return DidFit(
        effect.estimate,
        effect.se,
        effect.p,
        effect.low,
        effect.high,
        effect.n_cells,
        effect.n_units,
        n_treated,
        {name: found.term(name) for name in covariates},
    )
