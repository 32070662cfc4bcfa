"""Select sites by a strategy whose objective is stated and reached exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from joinedup.study.hints import did_you_mean, shown
from joinedup.study.problems import NotComputable
from joinedup.synthesis.case_selection import scores
from joinedup.synthesis.case_selection.admissible import Admissible, Quota, admissible
from joinedup.synthesis.case_selection.apart import furthest_apart
from joinedup.synthesis.case_selection.branching import Goal, Solved, branch
from joinedup.synthesis.case_selection.distances import Floats, gower, is_number, missing_notes, weights_of
from joinedup.synthesis.case_selection.goals import Coverage, SumOfPairs, SumOfSites
from joinedup.synthesis.case_selection.halves import feasible, join
from joinedup.synthesis.case_selection.strategies import STRATEGIES

NODES = 100_000
"""Nodes of the search tree that are visited before the best set so far is told as not proven."""

_FITTED = ("deviant", "influential", "pathway")
_PAIRED = ("most-similar", "most-different", "max-min", "max-sum")


@dataclass(frozen=True, slots=True)
class Selection:
    """The sites chosen. `sites` is sorted by label, the smallest of all sets that reach the objective.

    `objective`: its value as STRATEGIES states it. `proven`: no admissible set does better; where False the work ended
    first and `bound` is what no set can surpass (equal to `objective` where proven). `alternatives`: the other sets that
    reach the same, in the order of their labels; `complete` is False where there are more than are told.
    `notes`: what was done about missing values.
    """

    strategy: str
    sites: tuple[Any, ...]
    objective: float
    proven: bool
    bound: float
    alternatives: tuple[tuple[Any, ...], ...]
    complete: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeastPair:
    """The least distance of two chosen sites."""

    distance: Floats

    def value(self, chosen: Sequence[int]) -> float:
        at = np.asarray(chosen, dtype=np.intp)
        return float(self.distance[np.ix_(at, at)][np.triu_indices(len(at), 1)].min())


@dataclass(frozen=True, slots=True)
class Task:
    """A choice as a problem: admissible sets of the sites in the order of their labels, and what is to be largest.

    `sign` is -1 where the objective is to be smallest.
    """

    labels: tuple[Any, ...]
    room: Admissible
    goal: Goal | LeastPair
    sign: int
    notes: tuple[str, ...]

    def solve(self, nodes: int, slack: float = 0.0) -> Solved:
        """The optimum. Raises NotComputable where no admissible set was found."""
        found: Solved | None
        if isinstance(self.goal, LeastPair):
            found = furthest_apart(self.goal.distance, self.room, nodes, slack)
        elif isinstance(self.goal, SumOfPairs) and feasible(self.room):
            found = join(self.goal.worth, self.room, slack)
        else:
            found = branch(self.goal, self.room, nodes, slack)
        if found is None:
            raise NotComputable(
                f"No set of {self.room.k} sites keeps what must be chosen, what must not, and the quotas."
            )
        return found

    def named(self, chosen: Sequence[int]) -> tuple[Any, ...]:
        """The labels of positions."""
        return tuple(self.labels[at] for at in chosen)


def select(
    sites: pd.DataFrame,
    k: int,
    strategy: str = "max-min",
    outcome: str | None = None,
    predictors: Sequence[str] = (),
    weights: Mapping[str, float] | None = None,
    must: Sequence[Any] = (),
    exclude: Sequence[Any] = (),
    quota: Quota | None = None,
    *,
    nodes: int = NODES,
) -> Selection:
    """Choose `k` of the rows of `sites` (index: site; columns: attributes) by `strategy`; STRATEGIES states each objective.

    Distances are Gower's over `predictors`, or over all columns but `outcome` where none are named, with `weights`
    (attribute -> weight, else 1). Residuals are those of least squares on the same columns with an intercept; for
    "pathway" the first of `predictors` is the cause of interest. `must` are chosen, `exclude` never are (but count for
    ranges, means and residuals); `quota` is {attribute: {category: number or (least, most)}}.
    Missing values: a distance uses what both sites have; a fit leaves the site out, which then can't be chosen; `.notes`
    says so. Every objective is reached exactly: by a search that proves it, or, for sums over pairs, by joining half-sets
    where there are at most 60 million sets. The search visits `nodes` nodes at most; then `.proven` is False.
    Raises ValueError for what contradicts itself, NotComputable where no set is admissible or a fit is not defined.
    Source: Seawright and Gerring (2008), Political Research Quarterly 61, 294-308; max-min and max-sum are the p-dispersion
    problems of Erkut (1990), European Journal of Operational Research 46.
    """
    task = make_task(sites, k, strategy, outcome, predictors, weights, must, exclude, quota)
    found = task.solve(nodes)
    first, *others = (task.named(chosen) for chosen in found.sets)
    value, bound = task.sign * found.value + 0.0, task.sign * found.bound + 0.0
    return Selection(strategy, first, value, found.proven, bound, tuple(others), found.complete, task.notes)


def near_optimal(
    sites: pd.DataFrame, k: int, strategy: str = "max-min", within: float = 0.05, nodes: int = NODES, **how: Any
) -> pd.DataFrame:
    """The sets within a share `within` of the optimum, best first: columns sites and objective, 100 rows at most.

    `how` are the further arguments of `select`. Which sets are told where there are more: for sums over pairs the best,
    else the first by label; `.attrs["complete"]` says whether all are there.
    """
    task = make_task(sites, k, strategy, **how)
    found = task.solve(nodes, within)
    rows = [(task.named(chosen), task.sign * task.goal.value(chosen) + 0.0) for chosen in found.sets]
    rows.sort(key=lambda row: -task.sign * round(row[1], 9))
    frame = pd.DataFrame(rows, columns=["sites", "objective"])
    frame.attrs["complete"] = found.complete
    return frame


def make_task(
    sites: pd.DataFrame,
    k: int,
    strategy: str,
    outcome: str | None = None,
    predictors: Sequence[str] = (),
    weights: Mapping[str, float] | None = None,
    must: Sequence[Any] = (),
    exclude: Sequence[Any] = (),
    quota: Quota | None = None,
) -> Task:
    """The choice as a problem to be solved. Arguments and errors are those of `select`."""
    _asked(sites, k, strategy, outcome, predictors)
    ordered = sites.sort_index()
    named = [name for name in ordered.columns if name != outcome] if not predictors else list(predictors)
    attributes = ordered[named]
    fitted = strategy in _FITTED or (strategy == "typical" and outcome is not None)
    needed = (
        [outcome, *(named if fitted else ())] if outcome is not None and strategy not in ("max-min", "max-sum") else []
    )
    blank = ordered.index[ordered[needed].isna().any(axis=1)] if needed else ordered.index[:0]
    room = admissible(ordered, k, must, exclude, quota, list(blank))
    notes = () if fitted or strategy == "extreme" else missing_notes(attributes)
    if len(blank):
        notes = (
            *notes,
            f"{', '.join(map(str, blank))} can't be chosen: a value that {strategy} needs is missing there.",
        )
    whole = ordered.drop(index=blank)
    if strategy in ("typical", "extreme", *_FITTED):
        value = _scores(strategy, whole, outcome, named, weights).reindex(ordered.index, fill_value=0.0)
        sign = -1 if strategy == "typical" else 1
        return Task(tuple(ordered.index), room, SumOfSites((sign * value).tolist()), sign, notes)
    if strategy == "diverse":
        weight = weights_of(named, weights)
        classes = [(codes, number) for _, codes, number in scores.strata(attributes, list(weight))]
        return Task(tuple(ordered.index), room, Coverage(classes, list(weight.values())), 1, notes)
    return _paired(strategy, ordered, room, outcome, gower(attributes, weights).to_numpy(), notes)


def _asked(sites: pd.DataFrame, k: int, strategy: str, outcome: str | None, predictors: Sequence[str]) -> None:
    if strategy not in STRATEGIES:
        raise ValueError(f"{shown(strategy)} is no strategy.{did_you_mean(strategy, STRATEGIES)}")
    if not sites.index.is_unique or sites.index.hasnans:
        raise ValueError("The index of `sites` names each site once.")
    for name in (*predictors, *(() if outcome is None else (outcome,))):
        if name not in sites.columns:
            raise ValueError(f"{shown(str(name))} is no attribute.{did_you_mean(str(name), map(str, sites.columns))}")
    if outcome is not None and outcome in predictors:
        raise ValueError(f"{shown(outcome)} can't be the outcome and a predictor.")
    if outcome is None and strategy in (*_FITTED, "extreme"):
        raise ValueError(f"The strategy {strategy} needs an `outcome`.")
    if outcome is not None and not is_number(sites[outcome]):
        raise ValueError(f"The outcome {shown(outcome)} is not a number for every site.")
    if strategy == "pathway" and not predictors:
        raise ValueError("The strategy pathway needs `predictors`, the cause of interest first.")
    if strategy in _PAIRED and k < 2:
        raise ValueError(f"The strategy {strategy} compares chosen sites: k is at least 2.")


def _scores(
    strategy: str, whole: pd.DataFrame, outcome: str | None, named: Sequence[str], weights: Mapping[str, float] | None
) -> pd.Series[float]:
    if outcome is None:
        found = gower(whole[list(named)], weights).to_numpy().sum(axis=1) / max(len(whole) - 1, 1)
        return pd.Series(found, index=whole.index)
    y, x = whole[outcome].to_numpy(dtype=float), whole[list(named)]
    if strategy == "extreme":
        return pd.Series(scores.extremity(y), index=whole.index)
    method = {"influential": scores.cooks_distance, "pathway": scores.pathway}.get(strategy, scores.residual_size)
    return pd.Series(method(y, x), index=whole.index)


def _paired(
    strategy: str,
    ordered: pd.DataFrame,
    room: Admissible,
    outcome: str | None,
    distance: Floats,
    notes: tuple[str, ...],
) -> Task:
    labels = tuple(ordered.index)
    if strategy == "max-min":
        return Task(labels, room, LeastPair(distance), 1, notes)
    if strategy == "max-sum" or (outcome is None and strategy == "most-different"):
        return Task(labels, room, SumOfPairs(distance), 1, notes)
    if outcome is None:
        return Task(labels, room, SumOfPairs(-distance), -1, notes)
    y = ordered[outcome].to_numpy(dtype=float, na_value=np.nan)
    spread = float(np.nanmax(y) - np.nanmin(y))
    if not spread > 0:
        raise NotComputable("The outcome does not vary, so sites differ in nothing that could be explained.")
    apart = np.nan_to_num(np.abs(y[:, None] - y[None, :]) / spread)
    worth = apart - distance if strategy == "most-similar" else distance - apart
    return Task(labels, room, SumOfPairs(worth), 1, notes)
