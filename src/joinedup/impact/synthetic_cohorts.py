"""Who is treated from when: the cohorts of a synthetic design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from joinedup.impact.fitting import Array
from joinedup.impact.synthetic_weights import Mask, Setting
from joinedup.impact.wide import Wide, starts
from joinedup.study.problems import NotComputable


@dataclass(frozen=True, slots=True)
class Cohort:
    """Sites with the same start: their positions in the panel, and the number of periods before and treated."""

    start: float
    members: tuple[int, ...]
    before: int
    after: int

    @property
    def sites(self) -> int:
        return len(self.members)


@dataclass(frozen=True, slots=True)
class Design:
    """A panel and the rules of its weights: intercept, the factor of sigma or a fixed ridge, and the solver."""

    panel: Wide
    rules: tuple[bool, float, float | None, str]
    predictors: Array | None

    def setting(self, cohort: Cohort, controls: Mask) -> Setting:
        intercept, least, ridge, solver = self.rules
        factor = (cohort.sites * cohort.after) ** 0.25 if intercept else least
        return Setting(
            self.panel.outcome,
            cohort.before,
            0.0 if ridge is not None else factor,
            ridge or 0.0,
            intercept,
            solver,
            self._extra(cohort, controls),
        )

    def _extra(self, cohort: Cohort, controls: Mask) -> Array:
        """Predictors x units: means before the start, scaled to the controls' spread of the outcome before it."""
        if self.predictors is None:
            return np.empty((0, len(self.panel.units)))
        before = self.predictors[:, :, : cohort.before]
        known = ~np.isnan(before)
        means = np.where(known, before, 0.0).sum(axis=2) / np.maximum(known.sum(axis=2), 1)
        if not known.any(axis=2).all():
            raise NotComputable("A predictor has no value before the start at some site.")
        spread = means[:, controls].std(axis=1, ddof=1)
        if (spread == 0).any():
            raise NotComputable("A predictor is the same at all comparison sites: leave it out.")
        scale = self.panel.outcome[controls, : cohort.before].std(ddof=1) / spread
        return np.asarray(means * scale[:, None], dtype=float)


def cohorts_of(
    panel: pd.DataFrame, found: Wide, unit: str, period: str, treated: str | Sequence[Any] | Any, start: Any
) -> tuple[Cohort, ...]:
    """The cohorts, earliest first. Raises NotComputable where there is none, no control, or too few periods before."""
    dates = _dates(panel, found, unit, period, treated, start)
    if not np.isfinite(dates).any():
        raise NotComputable("No site with a complete series is treated within the periods.")
    if np.isfinite(dates).all():
        raise NotComputable("Every site is treated: there is none to compare with.")
    cohorts = []
    for first in np.unique(dates[np.isfinite(dates)]):
        before = int((found.periods < first).sum())
        members = tuple(np.flatnonzero(dates == first).tolist())
        if before < 2:
            raise NotComputable(
                f"{len(members)} treated sites start in {first:g} with fewer than 2 periods of {period} before: weights "
                "can't be chosen by their past. Leave them out or bring earlier periods."
            )
        cohorts.append(Cohort(float(first), members, before, len(found.periods) - before))
    return tuple(cohorts)


def _dates(
    panel: pd.DataFrame, found: Wide, unit: str, period: str, treated: str | Sequence[Any] | Any, start: Any
) -> Array:
    """Each unit's first treated period, infinite for never."""
    own = _named_column(panel, start)
    if own is not None:
        chosen, _ = _chosen(panel, found, unit, treated)
        return np.where(chosen, starts(found, panel, unit, period, own), np.inf)
    chosen, first = _chosen(panel, found, unit, treated)
    if start is None:
        if first is None or (first == found.periods[0])[chosen].any():
            raise NotComputable("Say when treatment started: `start` is the first treated period.")
        return first
    if isinstance(start, str):
        raise NotComputable(f"The start {start!r} is neither a period nor a column of the panel.")
    if not found.periods[0] < float(start) <= found.periods[-1]:
        raise NotComputable(
            f"The start {start} is not within the periods {found.periods[0]:g} to {found.periods[-1]:g} after the first."
        )
    if first is not None:
        other = chosen & (first != found.periods[0]) & (first != float(start))
        if other.any():
            raise NotComputable(
                f"By the column {treated} {found.units[other][0]} is treated from {first[other][0]:g}, not {start}."
            )
    return np.where(chosen, float(start), np.inf)


def _chosen(panel: pd.DataFrame, found: Wide, unit: str, treated: Any) -> tuple[Mask, Array | None]:
    """Which units are treated, and from which period on where a column says so."""
    column = _named_column(panel, treated)
    if column is None or column in set(found.units.tolist()):
        wanted = list(treated) if pd.api.types.is_list_like(treated) else [treated]
        lacking = [str(name) for name in wanted if name not in set(found.units.tolist())]
        if lacking:
            known = "has a gap in its series" if set(lacking) <= set(panel[unit].astype(str)) else f"is not in {unit}"
            raise NotComputable(f"The treated {', '.join(lacking)} {known}.")
        return np.array([name in wanted for name in found.units.tolist()], dtype=bool), None
    values = found.column(panel, column)
    if not np.isin(values, (0, 1)).all():
        raise NotComputable(f"The column {column} must hold 0 and 1.")
    if (np.diff(values, axis=1) < 0).any():
        raise NotComputable(f"By the column {column} treatment ends at some site: it must stay once it has begun.")
    ever = np.asarray(values.max(axis=1) > 0, dtype=bool)
    return ever, np.where(ever, found.periods[values.argmax(axis=1)], np.inf)


def _named_column(panel: pd.DataFrame, name: Any) -> str | None:
    return name if isinstance(name, str) and name in panel.columns else None
