"""The Goodman-Bacon decomposition: which two-group comparisons the two-way coefficient averages, and with what weight.

Source: Goodman-Bacon (2021), Difference-in-differences with variation in treatment timing, Journal of Econometrics 225.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from joinedup.impact.fitting import Array
from joinedup.impact.panel_columns import check_single, numbers, periods_of
from joinedup.study.problems import NotComputable

NEVER, ALWAYS = "treated against never treated", "treated against always treated"
EARLIER, LATER = "earlier against later treated", "later against earlier treated"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`treated` is the first treated period of the group whose change is measured, `control` that of its comparison
    (infinite: never; minus infinite: before the panel begins). `weight` is its share of the two-way coefficient."""

    kind: str
    treated: float
    control: float
    weight: float
    estimate: float


@dataclass(frozen=True, slots=True)
class Bacon:
    """The comparisons behind a two-way coefficient; their weights sum to 1, and `estimate` is their weighted sum."""

    comparisons: tuple[Comparison, ...]

    @property
    def estimate(self) -> float:
        return float(sum(part.weight * part.estimate for part in self.comparisons))

    @property
    def table(self) -> pd.DataFrame:
        """A row a kind of comparison: kind, weight, estimate (the weighted mean of its comparisons)."""
        frame = pd.DataFrame([(c.kind, c.weight, c.weight * c.estimate) for c in self.comparisons])
        sums = frame.groupby(0).sum()
        kinds = [kind for kind in (NEVER, ALWAYS, EARLIER, LATER) if kind in sums.index]
        weight, total = sums.loc[kinds, 1].to_numpy(), sums.loc[kinds, 2].to_numpy()
        return pd.DataFrame({"kind": kinds, "weight": weight, "estimate": total / weight})

    @property
    def forbidden_share(self) -> float:
        """The weight of comparisons with units already treated: where effects vary, they may have the wrong sign."""
        return float(sum(part.weight for part in self.comparisons if part.kind in (ALWAYS, LATER)))


def bacon(panel: pd.DataFrame, outcome: str, unit: str, period: str, treated: str) -> Bacon:
    """Decompose the two-way coefficient of `treated` (0 or 1, once on always on) in a balanced, unweighted panel.

    Raises NotComputable where the panel has gaps, treatment ends somewhere, or there is nothing to compare; ValueError
    for two rows of a unit in one period.
    """
    periods = np.unique(periods_of(panel, period))
    values, switched = _wide(panel.assign(**{period: periods_of(panel, period)}), outcome, unit, period, treated)
    first = np.where(switched.any(axis=1), switched.argmax(axis=1), len(periods))
    groups = {int(start): values[first == start].mean(axis=0) for start in np.unique(first)}
    share = {start: float(np.mean(first == start)) for start in groups}
    parts = list(_comparisons(groups, share, len(periods)))
    total = sum(part[3] for part in parts)
    if not total:
        raise NotComputable(
            "No unit begins within the panel beside one that does not begin then: there is nothing to compare."
        )

    def label(start: int) -> float:
        return -np.inf if start == 0 else np.inf if start == len(periods) else float(periods[start])

    return Bacon(tuple(Comparison(k, label(a), label(b), w / total, e) for k, a, b, w, e in parts))


def _wide(panel: pd.DataFrame, outcome: str, unit: str, period: str, treated: str) -> tuple[Array, Array]:
    check_single(panel, unit, period)
    given = panel.assign(**{name: numbers(panel, name) for name in (outcome, treated)})
    values = given.pivot(index=unit, columns=period, values=outcome).to_numpy(dtype=float)
    on = given.pivot(index=unit, columns=period, values=treated).to_numpy(dtype=float)
    if not len(panel):
        raise NotComputable("The panel is empty.")
    gaps = int(np.sum(np.isnan(values) | np.isnan(on)))
    if gaps:
        raise NotComputable(f"The decomposition needs a balanced panel; {gaps} cells are missing.")
    if not np.isin(on, (0.0, 1.0)).all() or (np.diff(on, axis=1) < 0).any():
        raise NotComputable("The decomposition needs a treatment of 0 or 1 that never ends.")
    return values, on


def _comparisons(
    groups: dict[int, Array], share: dict[int, float], periods: int
) -> Iterator[tuple[str, int, int, float, float]]:
    """(kind, group, its comparison, weight before scaling, difference in differences)."""
    timed = [start for start in groups if 0 < start < periods]
    on = {start: (periods - start) / periods for start in groups}
    for early in timed:
        for control, kind in ((periods, NEVER), (0, ALWAYS)):
            if control in groups:
                weight = share[early] * share[control] * on[early] * (1 - on[early])
                yield kind, early, control, weight, _did(groups[early] - groups[control], 0, early, periods)
        for late in (start for start in timed if start > early):
            both, gap = share[early] * share[late], on[early] - on[late]
            change = groups[early] - groups[late]
            yield EARLIER, early, late, both * gap * (1 - on[early]), _did(change, 0, early, late)
            yield LATER, late, early, both * on[late] * gap, _did(-change, early, late, periods)


def _did(difference: Array, begin: int, switch: int, end: int) -> float:
    return float(difference[switch:end].mean() - difference[begin:switch].mean())
