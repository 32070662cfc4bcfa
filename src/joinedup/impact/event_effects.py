"""Event study: effects by period before and after adoption, weighted over cohorts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from joinedup.impact.fitting import Array, Fit, fit, sample
from joinedup.impact.model import EventStudyFit
from joinedup.study.problems import NotComputable

Term = tuple[int, int]
"""A cohort (its first treated period) and a relative period."""


def event_study(
    cells: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    adopted: str,
    reference: int = -1,
    covariates: Sequence[str] = (),
) -> EventStudyFit:
    """Interaction-weighted event study (Sun and Abraham 2021, Journal of Econometrics 225).

    `cells` has one row a unit and period (whole numbers); `adopted` is the first treated period of the unit, missing
    for units that are never treated, which are the comparison. Every cohort gets its own effect in every relative
    period but `reference`; a relative period's effect is the mean over the cohorts seen in it, weighted by their units
    in it (the weights count as fixed). With one start this is the usual event study. Periods without data stay gaps.
    Raises NotComputable where no unit is never treated, or a cohort has no cell in the reference period.
    """
    used, terms, found, sizes = cohort_effects(cells, outcome, unit, period, adopted, reference, covariates)
    weights = _weights(found, terms, sizes)
    cohorts = used.drop_duplicates(unit)[adopted].dropna().astype(int).value_counts().sort_index()
    return EventStudyFit(
        {when: found.combine(weights[when]) for when in sorted(weights)},
        reference,
        dict(zip(cohorts.index.tolist(), cohorts.tolist(), strict=True)),
        _joint_p(found, np.array([weights[when] for when in sorted(weights) if when < 0])),
        {name: found.term(name) for name in covariates},
    )


def cohort_effects(
    cells: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    adopted: str,
    reference: int,
    covariates: Sequence[str],
) -> tuple[pd.DataFrame, list[Term], Fit, Mapping[Term, int]]:
    """The sample, the terms, the fit with a coefficient for each, and each term's number of units."""
    used = sample(cells, [outcome, *covariates], unit, period)
    if not used[adopted].isna().any():
        raise NotComputable("Every unit is treated at some time: there is none to compare with.")
    sizes = _sizes(used, period, adopted)
    _check_reference(sizes, reference)
    terms = [term for term in sorted(sizes) if term[1] != reference]
    relative = used[period] - used[adopted]
    dummies = pd.DataFrame(
        {term_name(term): ((used[adopted] == term[0]) & (relative == term[1])).astype(float) for term in terms},
        index=used.index,
    )
    found = fit(pd.concat([used, dummies], axis=1), outcome, [*map(term_name, terms), *covariates], unit, period)
    return used, terms, found, sizes


def term_name(term: Term) -> str:
    """The regressor of a term."""
    return f"cohort {term[0]}, relative period {term[1]}"


def _sizes(used: pd.DataFrame, period: str, adopted: str) -> Mapping[Term, int]:
    """Units of each cohort with a cell in each relative period."""
    treated = used.dropna(subset=[adopted])
    cohorts = treated[adopted].astype(int).tolist()
    relative = (treated[period] - treated[adopted]).astype(int).tolist()
    return Counter(zip(cohorts, relative, strict=True))


def _check_reference(sizes: Mapping[Term, int], reference: int) -> None:
    lacking = sorted({cohort for cohort, _ in sizes} - {cohort for cohort, rel in sizes if rel == reference})
    if lacking:
        raise NotComputable(
            f"Sites first treated in {', '.join(map(str, lacking))} have no value {-reference} period(s) before: "
            "there is nothing to measure their changes from."
        )
    if not any(rel >= 0 for _, rel in sizes):
        raise NotComputable("No treated period has a value.")


def _weights(found: Fit, terms: Sequence[Term], sizes: Mapping[Term, int]) -> dict[int, Array]:
    """For each relative period, the weights over all coefficients: the cohorts' shares of the units seen in it."""
    weights: dict[int, Array] = {}
    for term in terms:
        total = sum(size for (_, rel), size in sizes.items() if rel == term[1])
        vector = weights.setdefault(term[1], np.zeros(len(found.names)))
        vector[found.names.index(term_name(term))] = sizes[term] / total
    return weights


def _joint_p(found: Fit, restrictions: Array) -> float | None:
    """p of the F test (q, clusters - 1 df) that `restrictions` of the coefficients are all 0.

    None where there is none to test, or where there are too few clusters for their covariance to have full rank.
    """
    from scipy.stats import f

    if not len(restrictions):
        return None
    covariance = restrictions @ found.covariance @ restrictions.T
    q = len(restrictions)
    spread = np.linalg.eigvalsh(covariance)
    if q >= found.n_units or spread[0] < spread[-1] * 1e-8:
        return None
    differences = restrictions @ found.beta
    statistic = float(differences @ np.linalg.solve(covariance, differences)) / q
    return float(f.sf(statistic, q, found.n_units - 1))
