"""What least squares needs from a panel: cell means with weights, and the scatter of children inside the cells.

Rows and cells of sums take the same road from here: between cells the columns are means, within cells the effects of
units and periods are constant, so that what varies there enters by its scatter alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.impact.fitting import Array, sample
from joinedup.impact.sufficient_statistics import PERIOD, TREATED, UNIT, Cells, N
from joinedup.impact.wide import ESTIMANDS
from joinedup.study.problems import NotComputable

Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class WeightedCells:
    """Cells in rows. `unit` and `period` are positions in `units` and `periods`; `columns` are the means of the
    covariates, the treatment and last the outcome; `scatter` (units x columns x columns) is what varies inside the cells
    of a unit. `n_rows` are the rows that the error counts: children where they are the weight, else cells.
    `n_children` is None where it is not known.
    """

    names: tuple[str, ...]
    units: npt.NDArray[np.generic]
    periods: npt.NDArray[np.generic]
    unit: Index
    period: Index
    weight: Array
    columns: Array
    scatter: Array
    n_rows: int
    n_children: int | None
    weights: str

    @property
    def treated(self) -> Array:
        found: Array = self.columns[:, -2]
        return found

    def n_treated(self) -> int:
        """Units with a treated cell."""
        return len(np.unique(self.unit[self.treated != 0]))

    def n_comparison(self) -> int:
        """Units with an untreated cell in a period in which another is treated."""
        when = np.isin(self.period, self.period[self.treated != 0])
        return len(np.unique(self.unit[when & (self.treated == 0)]))


def gather(
    cells: pd.DataFrame | Cells,
    outcome: str,
    unit: str,
    period: str,
    treated: str,
    covariates: Sequence[str] = (),
    weights: str | None = None,
    children: str = "n",
) -> WeightedCells:
    """The sample of an estimate. `weights` is "site" (the default of a frame: every cell the same) or "child" (the
    default of `Cells`: every child the same; a frame counts its children in the column `children`).

    Raises NotComputable with the reason where it can't be had, KeyError for an unknown column.
    """
    if weights not in (None, *ESTIMANDS):
        raise ValueError(f'weights must be "site" or "child", not {weights!r}')
    if isinstance(cells, Cells):
        cells.check_names(outcome, unit, period, treated, covariates)
        return _from_sums(cells, covariates, weights or "child")
    return _from_frame(cells, outcome, unit, period, treated, covariates, weights or "site", children)


def check_contrast(sample: WeightedCells) -> None:
    """Raises NotComputable where no cell, or every cell, is treated, or treatment is not 0 or 1, or never changes."""
    name, on = sample.names[-1], sample.treated
    if not np.isin(on, (0.0, 1.0)).all():
        raise NotComputable(
            f"The column {name} must hold 0 and 1; it also holds {on[~np.isin(on, (0.0, 1.0))][0]:g}. A dose is for "
            "dose_response."
        )
    if not sample.n_treated() or sample.treated.min() == sample.treated.max():
        raise NotComputable("No unit is treated in some period, or every cell is: there is no contrast.")
    switching = np.bincount(sample.unit, on * (1 - _means(sample.unit, on)[sample.unit])) > 0
    if not switching.any():
        raise NotComputable(
            f"The column {name} never changes within a unit, so that the effects of units and periods leave nothing to "
            "estimate it from: it must be 0 before a unit is treated and 1 from then on (who is treated at some time is "
            "not enough)."
        )


def _means(index: Index, values: Array) -> Array:
    found: Array = np.bincount(index, values) / np.maximum(np.bincount(index), 1)
    return found


def _from_frame(
    cells: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    treated: str,
    covariates: Sequence[str],
    weights: str,
    children: str,
) -> WeightedCells:
    used = sample(cells, [outcome, treated, *covariates], unit, period)
    columns = used[[*covariates, treated, outcome]].to_numpy(dtype=float)
    weight, n_children = np.ones(len(used)), None
    if weights == "child":
        weight = _counts(used, children)
        n_children = int(weight.sum())
    units, unit_at = np.unique(used[unit].to_numpy(), return_inverse=True)
    periods, period_at = np.unique(used[period].to_numpy(), return_inverse=True)
    scatter = np.zeros((len(units), columns.shape[1], columns.shape[1]))
    n_rows = len(used) if n_children is None else n_children
    return WeightedCells(
        (*covariates, treated),
        units,
        periods,
        unit_at,
        period_at,
        weight,
        columns,
        scatter,
        n_rows,
        n_children,
        weights,
    )


def _counts(used: pd.DataFrame, children: str) -> Array:
    if children not in used:
        raise NotComputable(
            f'The average child needs the number of children: there is no column {children}. Name it, or ask for "site".'
        )
    found = pd.to_numeric(used[children], errors="coerce").to_numpy(dtype=float)
    if np.isnan(found).any():
        raise NotComputable(
            f"{int(np.isnan(found).sum())} of {len(found)} cells have no number of children in {children} (suppressed or "
            "missing): they are not filled in. Leave these cells out, or ask for the average site."
        )
    if (found <= 0).any() or (found != np.round(found)).any():
        raise NotComputable(f"The column {children} must count children: whole numbers above 0.")
    return found


def _from_sums(cells: Cells, covariates: Sequence[str], weights: str) -> WeightedCells:
    frame = cells.frame
    if frame.isna().any(axis=None):
        lacking = int(frame.isna().any(axis=1).sum())
        raise NotComputable(
            f"{lacking} of {len(frame)} cells have no count or sum (suppressed or missing): they are not filled in, and "
            "without them the estimate is not that of the rows. Make the cells where the rows are."
        )
    if np.isinf(frame.filter(like="sum_").to_numpy(dtype=float)).any():
        raise NotComputable(f"Rows behind the cells hold an infinite {cells.outcome} or covariate: correct them first.")
    if weights == "site" and frame.duplicated([UNIT, PERIOD]).any():
        raise NotComputable(
            f"Treatment differs between the children of a {cells.unit} in one period: a site then has no single treatment, "
            'and only weights="child" has a meaning.'
        )
    n = frame[N].to_numpy(dtype=float)
    numbered = [f"x{cells.covariates.index(name) + 1}" for name in covariates]
    sums = frame[[*(f"sum_{name}" for name in numbered), "sum_y"]].to_numpy(dtype=float)
    means = sums / n[:, None]
    weight, factor = (n, np.ones(len(n))) if weights == "child" else (np.ones(len(n)), 1 / n)
    units, unit_at = np.unique(frame[UNIT].to_numpy(), return_inverse=True)
    periods, period_at = np.unique(frame[PERIOD].to_numpy(), return_inverse=True)
    inside = _scatter(frame, [*numbered, "y"], means, n) * factor[:, None, None]
    k = len(numbered)
    treated = frame[TREATED].to_numpy(dtype=float)
    columns = np.column_stack([means[:, :k], treated, means[:, k]])
    places = [*range(k), k + 1]  # the treatment does not vary inside a cell
    scatter = np.zeros((len(units), k + 2, k + 2))
    scatter[:, np.array(places)[:, None], places] = add_up(inside, unit_at, len(units))
    total = int(n.sum())
    n_rows = total if weights == "child" else len(frame)
    names = (*covariates, cells.treated)
    return WeightedCells(names, units, periods, unit_at, period_at, weight, columns, scatter, n_rows, total, weights)


def _scatter(frame: pd.DataFrame, names: Sequence[str], means: Array, n: Array) -> Array:
    """Sums of squares and products about the cell means (cells x names x names)."""
    found = np.empty((len(frame), len(names), len(names)))
    for i, first in enumerate(names):
        for j in range(i, len(names)):
            column = _cross_name(frame, first, names[j])
            about = frame[column].to_numpy(dtype=float) - n * means[:, i] * means[:, j]
            found[:, i, j] = found[:, j, i] = np.maximum(about, 0.0) if i == j else about
    return found


def _cross_name(frame: pd.DataFrame, first: str, second: str) -> str:
    if first == second == "y":
        return "sum_yy"
    name = f"sum_{first}_{second}"
    return name if name in frame else f"sum_{second}_{first}"


def add_up(values: Array, index: Index, size: int) -> Array:
    """Sums of `values` (cells x ...) by `index`."""
    flat = values.reshape(len(values), -1)
    order = np.argsort(index, kind="stable")
    starts = np.searchsorted(index[order], np.arange(size))
    found: Array = np.add.reduceat(flat[order], starts, axis=0).reshape(size, *values.shape[1:])
    return found
