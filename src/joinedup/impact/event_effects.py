"""Event study: effects by period before and after adoption, weighted over cohorts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from joinedup.impact.cell_means import panel_of
from joinedup.impact.fitting import Array, Fit, sample
from joinedup.impact.model import FEW, EventStudyFit
from joinedup.impact.panel_columns import dated
from joinedup.impact.sufficient_statistics import Cells
from joinedup.impact.two_way import solve
from joinedup.impact.weighted_cells import gather
from joinedup.study.problems import NotComputable

METHODS = ("sun-abraham", "twfe")
POOLED = 0
"""The one cohort of all starts together."""
Term = tuple[int, int]
"""A cohort (its first treated period) and a relative period."""


def event_study(
    cells: pd.DataFrame | Cells,
    outcome: str,
    unit: str,
    period: str,
    adopted: str,
    reference: int = -1,
    covariates: Sequence[str] = (),
    method: str = "sun-abraham",
    weights: str | None = None,
    children: str = "n",
) -> EventStudyFit:
    """Interaction-weighted event study (Sun and Abraham 2021, Journal of Econometrics 225).

    `cells` has one row a unit and period (whole numbers); `adopted` is the first treated period of the unit, missing or
    infinite (or after the last period) for units that are never treated, which are the comparison. Every cohort gets its own effect in every relative
    period but `reference`; a relative period's effect is the mean over the cohorts seen in it, weighted by their units
    in it (the weights count as fixed). With one start this is the usual event study. Periods without data stay gaps.
    `method` "twfe" has to be asked for: one coefficient a relative period, whatever the start, which with several starts
    and effects that vary mixes the effects of other periods into each. `weights` and `children` are those of `did`.
    Of `Cells` `adopted` is their treatment, from which the starts are read; the result is that of the children's rows.
    With fewer than 4 treated or never treated units the p and intervals of its terms raise TooFewClusters.
    Raises NotComputable where no unit is never treated, a cohort has no cell in the reference period, or there are
    fewer than two periods before (then no trend before can be seen); ValueError for an unknown `method`.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, not {method!r}")
    if isinstance(cells, Cells):
        cells = panel_of(cells, outcome, unit, period, adopted, covariates, children)
        weights = weights or "child"
    design = Regression(reference, covariates, method == "twfe", weights, children)
    used, terms, found, sizes = cohort_effects(cells, outcome, unit, period, adopted, design)
    if len({relative for _, relative in sizes if relative < 0}) < 2:
        raise NotComputable(
            "There are fewer than 2 periods before the start: an event study can't show whether the groups moved alike."
        )
    shares = _weights(found, terms, sizes)
    cohorts = used.drop_duplicates(unit)[adopted].dropna().astype(int).value_counts().sort_index()
    groups = int(cohorts.sum()), used[unit].nunique() - int(cohorts.sum())
    before = [shares[when] for when in sorted(shares) if when < 0] if min(groups) >= FEW else []
    return EventStudyFit(
        {when: found.combine(shares[when], groups) for when in sorted(shares)},
        reference,
        dict(zip(cohorts.index.tolist(), cohorts.tolist(), strict=True)),
        _joint_p(found, np.array(before)),
        {name: found.term(name) for name in covariates},
    )


@dataclass(frozen=True, slots=True)
class Regression:
    """The event study's regression; `pooled` gives all cohorts one coefficient a relative period."""

    reference: int
    covariates: Sequence[str]
    pooled: bool = False
    weights: str | None = None
    children: str = "n"


def cohort_effects(
    cells: pd.DataFrame, outcome: str, unit: str, period: str, adopted: str, design: Regression
) -> tuple[pd.DataFrame, list[Term], Fit, Mapping[Term, float]]:
    """The sample, the terms, the fit with a coefficient for each, and each term's number of units (or children)."""
    used = sample(dated(cells, unit, period, adopted), [outcome, *design.covariates], unit, period)
    if not used[adopted].isna().any():
        raise NotComputable("Every unit is treated at some time: there is none to compare with.")
    starts = used[adopted].where(used[adopted].isna(), POOLED) if design.pooled else used[adopted]
    relative = used[period] - used[adopted]
    if (relative % 1 != 0)[used[adopted].notna()].any():
        raise NotComputable(
            f"An event study counts periods since adoption: {period} and {adopted} must lie whole numbers apart. Number the "
            "periods from one, and give the first treated one."
        )
    sizes = _sizes(starts, relative, np.ones(len(used)))
    _check_reference(sizes, design.reference)
    terms = [term for term in sorted(sizes) if term[1] != design.reference]
    dummies = pd.DataFrame(
        {term_name(term): ((starts == term[0]) & (relative == term[1])).astype(float) for term in terms},
        index=used.index,
    )
    names = [*design.covariates, *map(term_name, terms)]
    frame = pd.concat([used, dummies], axis=1)
    cells_of = gather(frame, outcome, unit, period, names[-1], names[:-1], design.weights, design.children)
    return used, terms, solve(cells_of), _sizes(starts, relative, cells_of.weight)


def term_name(term: Term) -> str:
    """The regressor of a term."""
    return f"cohort {term[0]}, relative period {term[1]}"


def _sizes(starts: pd.Series[float], relative: pd.Series[float], weight: Array) -> Mapping[Term, float]:
    """The weight of each cohort's cells in each relative period: their number, or that of their children."""
    sums: dict[Term, float] = {}
    for cohort, when, size in zip(starts.tolist(), relative.tolist(), weight.tolist(), strict=True):
        if not math.isnan(cohort):
            sums[int(cohort), int(when)] = sums.get((int(cohort), int(when)), 0.0) + size
    return sums


def _check_reference(sizes: Mapping[Term, float], reference: int) -> None:
    lacking = sorted({cohort for cohort, _ in sizes} - {cohort for cohort, rel in sizes if rel == reference})
    if lacking:
        raise NotComputable(
            f"Sites first treated in {', '.join(map(str, lacking))} have no value {-reference} period(s) before: "
            "there is nothing to measure their changes from. Leave these sites out, or take another reference."
        )
    if not any(rel >= 0 for _, rel in sizes):
        raise NotComputable("No treated period has a value.")


def _weights(found: Fit, terms: Sequence[Term], sizes: Mapping[Term, float]) -> dict[int, Array]:
    """For each relative period, the weights over all coefficients: the cohorts' shares of the units (children) seen in it."""
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
