"""The imputation estimator (Borusyak, Jaravel and Spiess 2024, Review of Economic Studies 91)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.impact.fitting import Array
from joinedup.impact.panel_columns import check_single, dated, numbers
from joinedup.impact.wide import ESTIMANDS
from joinedup.impact.words import FEW, SMALL_COHORT
from joinedup.study.problems import NotComputable

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Imputation:
    """`overall` is the mean effect over the treated cells, `table` (relative, att, se, cells) that by time since start.

    `se` is the conservative error of the source, by unit; NaN where a cohort is too small for it. `left_out` counts
    treated cells whose untreated outcome can't be imputed.
    """

    overall: float
    se: float
    table: pd.DataFrame
    small: tuple[float, ...]
    left_out: int
    methods: str


def imputation(
    cells: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    adopted: str,
    covariates: Sequence[str] = (),
    weights: str | None = None,
    children: str = "n",
    smallest_cohort: int = SMALL_COHORT,
) -> Imputation:
    """Effects as outcomes less those imputed from unit and period effects of the untreated cells.

    `cells` has a row a unit and period, gaps allowed; `adopted` is missing or infinite for never. `weights` "child"
    weighs cells by the column `children`, in the regression and in the mean. Raises NotComputable where no untreated
    cell is left or no treated cell can be imputed.
    """
    needed = [outcome, *covariates]
    given = dated(cells, unit, period, adopted)
    used = given.assign(**{name: numbers(cells, name) for name in needed}).dropna(subset=needed).reset_index(drop=True)
    check_single(used, unit, period)
    if weights not in (None, *ESTIMANDS):
        raise ValueError(f'weights must be "site" or "child", not {weights!r}')
    dates = used[adopted].fillna(np.inf).to_numpy(dtype=float)
    treated = used[period].to_numpy(dtype=float) >= dates
    counts = used[children].to_numpy(dtype=float) if weights == "child" else np.ones(len(used))
    possible = _imputable(used, unit, period, treated)
    model = _Untreated(used[possible], outcome, unit, period, covariates, treated[possible], counts[possible])
    relative = (used[period].to_numpy(dtype=float) - dates)[possible]
    cohorts = dates[possible]
    sizes = {c: used[unit].to_numpy()[possible & (dates == c)] for c in np.unique(dates[np.isfinite(dates)])}
    compared = used.loc[~treated & used[period].isin(used.loc[treated, period]), unit].nunique()
    small = tuple(
        float(c) for c, members in sizes.items() if compared < FEW or len(set(members.tolist())) < smallest_cohort
    )
    rows = []
    for horizon in np.unique(relative[model.treated]):
        chosen = model.treated & (relative == horizon)
        rows.append((horizon, *model.mean(chosen, cohorts, relative, small), int(chosen.sum())))
    overall, se = model.mean(model.treated, cohorts, relative, small)
    return Imputation(
        overall,
        se,
        pd.DataFrame(rows, columns=["relative", "att", "se", "cells"]),
        small,
        int(treated.sum() - model.treated.sum()),
        f"Imputation estimator (Borusyak, Jaravel and Spiess 2024) for {ESTIMANDS[weights or 'site']}: "
        f"{int(model.treated.sum())} treated cells against unit and period effects of {int((~model.treated).sum())} "
        "untreated cells; conservative errors by site, effects averaged by cohort and period.",
    )


def imputation_without(
    cells: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    adopted: str,
    weights: str | None = None,
    children: str = "n",
) -> pd.Series[float]:
    """`overall` of `imputation` without each unit in turn, by unit; NaN where it can't be had without."""
    given = dated(cells, unit, period, adopted).dropna(subset=[outcome])
    on = given[period].to_numpy() >= given[adopted].fillna(np.inf).to_numpy()
    counts = given[children].to_numpy(dtype=float) if weights == "child" else np.ones(len(given))
    place = given[unit].to_numpy()
    found = {}
    for one in np.unique(place):
        kept = place != one
        rest, treated = given[kept], on[kept]
        try:
            possible = _imputable(rest, unit, period, treated)
        except NotComputable:
            found[one] = float("nan")
            continue
        weight = counts[kept][possible]
        model = _Untreated(rest[possible], outcome, unit, period, (), treated[possible], weight)
        share = np.where(model.treated, weight, 0.0)
        found[one] = float(share @ model.residual / share.sum())
    return pd.Series(found, name="estimate").rename_axis(unit)


def _imputable(used: pd.DataFrame, unit: str, period: str, treated: Mask) -> Mask:
    """Untreated cells, and treated ones whose unit and period both have an untreated cell."""
    if not treated.any() or treated.all():
        raise NotComputable("Every cell is treated, or none: there is nothing to impute from or nothing to impute.")
    untreated = used[~treated]
    known = used[unit].isin(untreated[unit]) & used[period].isin(untreated[period])
    possible = np.asarray(known.to_numpy(dtype=bool) | ~treated)
    if not (possible & treated).any():
        raise NotComputable(
            "No treated cell has an untreated cell of the same site and one of the same period: without them its "
            "outcome without the programme can't be imputed."
        )
    return possible


class _Untreated:
    """Unit and period effects (and covariates) of the untreated cells, units eliminated analytically."""

    def __init__(
        self,
        used: pd.DataFrame,
        outcome: str,
        unit: str,
        period: str,
        covariates: Sequence[str],
        treated: Mask,
        weights: Array,
    ) -> None:
        self.treated, self._weights = treated, weights
        self._unit, units = pd.factorize(used[unit])
        periods, index = np.unique(used[period].to_numpy(), return_inverse=True)
        self._units = len(units)
        self._others: Array = np.hstack([np.eye(len(periods))[index], used[list(covariates)].to_numpy(dtype=float)])
        self._w0 = np.where(treated, 0.0, weights)
        self._inside = self._total(self._w0)
        self._across = self._by_unit(self._others * self._w0[:, None])
        own = self._across / self._inside[:, None]
        self._schur = np.linalg.pinv(
            (self._others * self._w0[:, None]).T @ self._others - self._across.T @ own, rcond=1e-10, hermitian=True
        )
        outcomes = used[outcome].to_numpy(dtype=float)
        by_unit, by_other = self._solve(self._total(self._w0 * outcomes), self._others.T @ (self._w0 * outcomes))
        self.residual: Array = outcomes - by_unit[self._unit] - self._others @ by_other

    def mean(self, chosen: Mask, cohorts: Array, relative: Array, small: Sequence[float]) -> tuple[float, float]:
        """The weighted mean effect over `chosen` treated cells and its conservative error."""
        w1 = np.where(chosen, self._weights, 0.0)
        w1 = w1 / w1.sum()
        estimate = float(w1 @ self.residual)
        if np.isin(cohorts[chosen], small).any():
            return estimate, float("nan")
        by_unit, by_other = self._solve(self._total(w1), self._others.T @ w1)
        v = w1 - self._w0 * (by_unit[self._unit] + self._others @ by_other)
        score = v * np.where(self.treated, self.residual - self._averages(v, chosen, cohorts, relative), self.residual)
        return estimate, float(np.sqrt((self._total(score) ** 2).sum()))

    def _averages(self, v: Array, chosen: Mask, cohorts: Array, relative: Array) -> Array:
        """The effect of a cohort in a period, weighted by v^2 (equation 10 of the source)."""
        found = np.zeros(len(v))
        groups = pd.DataFrame({"c": cohorts[chosen], "r": relative[chosen]}).groupby(["c", "r"]).indices
        where = np.flatnonzero(chosen)
        for rows in groups.values():
            own = where[rows]
            found[own] = (v[own] ** 2 @ self.residual[own]) / (v[own] ** 2).sum()
        return found

    def _total(self, values: Array) -> Array:
        """Sums by unit."""
        return np.asarray(np.bincount(self._unit, values, self._units), dtype=float)

    def _by_unit(self, values: Array) -> Array:
        return np.column_stack([self._total(column) for column in values.T])

    def _solve(self, by_unit: Array, by_other: Array) -> tuple[Array, Array]:
        """The normal equations of the untreated cells with these right-hand sides."""
        other = np.asarray(self._schur, dtype=float) @ (by_other - self._across.T @ (by_unit / self._inside))
        return (by_unit - self._across @ other) / self._inside, other
