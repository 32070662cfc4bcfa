"""The interaction-weighted estimator as a cross-check: effects by cohort, and one average over treated cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from joinedup.impact.event_effects import Regression, cohort_effects, term_name
from joinedup.impact.words import FEW, SMALL_COHORT


@dataclass(frozen=True, slots=True)
class SunAbraham:
    """`overall` is the mean effect over the treated cells with its `se` by unit (NaN where a cohort is too small).

    `table` has cohort, relative, estimate, se, units: one row a coefficient. `small` are the cohorts without error.
    """

    overall: float
    se: float
    table: pd.DataFrame
    small: tuple[int, ...]
    methods: str


def sun_abraham(
    cells: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    adopted: str,
    reference: int = -1,
    covariates: Sequence[str] = (),
    smallest_cohort: int = SMALL_COHORT,
) -> SunAbraham:
    """Sun and Abraham (2021, Journal of Econometrics 225): the regression of `event_study`, averaged over treated cells.

    Every cohort's effect in every treated relative period counts by its units there, which is what `fixest::sunab` calls
    the ATT; the weights count as fixed. Errors are clustered by unit (CRV1), none for cohorts of fewer than
    `smallest_cohort` units and none at all with fewer than 4 units that are never treated. Raises NotComputable as `event_study` does.
    """
    used, terms, found, sizes = cohort_effects(cells, outcome, unit, period, adopted, Regression(reference, covariates))
    cohorts = used.drop_duplicates(unit)[adopted].dropna().astype(int).value_counts()
    too_few = used.loc[used[adopted].isna(), unit].nunique() < FEW
    small = tuple(sorted(cohorts[(cohorts < smallest_cohort) | too_few].index.tolist()))
    rows = []
    weights = np.zeros(len(found.names))
    for term in terms:
        effect = found.term(term_name(term))
        rows.append((*term, effect.estimate, float("nan") if term[0] in small else effect.se, int(sizes[term])))
        if term[1] >= 0:
            weights[found.names.index(term_name(term))] = sizes[term]
    whole = found.combine(weights / weights.sum())
    return SunAbraham(
        whole.estimate,
        float("nan") if small else whole.se,
        pd.DataFrame(rows, columns=["cohort", "relative", "estimate", "se", "units"]),
        small,
        "Interaction-weighted estimator (Sun and Abraham 2021) for the average site: mean over treated cells; errors "
        f"clustered by {found.n_units} sites.",
    )
