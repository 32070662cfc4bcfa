"""Cells of children as a panel: means, counts and first treated periods."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from joinedup.impact.sufficient_statistics import PERIOD, TREATED, UNIT, Cells, N
from joinedup.study.problems import NotComputable


def panel_of(
    cells: Cells, outcome: str, unit: str, period: str, treated: str, covariates: Sequence[str], children: str
) -> pd.DataFrame:
    """A row a unit and period: the mean of `outcome`, the first treated period as `treated`, the count as `children`.

    With the counts as weights least squares on these rows is that on the children's, clustered errors included, as long
    as every regressor is constant in a cell. Raises NotComputable where one is not, or treatment has no one start.
    """
    cells.check_names(outcome, unit, period, treated, covariates)
    if covariates:
        raise NotComputable(
            f"Here cells take no covariates of children ({', '.join(covariates)}): their means by cell would give another "
            "coefficient. Leave them out, or take did, which has their cross products."
        )
    frame = cells.frame
    if frame.isna().any(axis=None):
        raise NotComputable(
            "Some cells have no count or sum (suppressed or missing): make the cells where the rows are."
        )
    when = frame[PERIOD]
    first = when.where(frame[TREATED] == 1).groupby(frame[UNIT].to_numpy(), observed=True).transform("min")
    if frame.duplicated([UNIT, PERIOD]).any() or ((frame[TREATED] == 1) != (first.notna() & (when >= first))).any():
        raise NotComputable(f"Treatment ends at some {unit}, or differs between its children: it has no one start.")
    columns = {unit: frame[UNIT], period: when, outcome: frame["sum_y"] / frame[N], treated: first, children: frame[N]}
    return pd.DataFrame(columns)
