"""A choice already made: its regret, its place among choices at random, and how it differs from all sites."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from joinedup.study.problems import NotComputable
from joinedup.synthesis.case_selection.admissible import bits
from joinedup.synthesis.case_selection.distances import is_number
from joinedup.synthesis.case_selection.selecting import NODES, Selection, Task, make_task, select

_TRIES = 20
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Assessment:
    """How good a choice is by the objective of a strategy.

    `regret`: what is lost against the optimum, 0 or more; `regret_share`: as a share of the optimum (None where that is
    0). `as_good`: of `draws` admissible sets at random, the share that is at least as good. `differences`: see
    `differences`. `optimum`: the selection that the choice is held against; where it is not proven the regret is at
    least what is told.
    """

    chosen: tuple[Any, ...]
    objective: float
    regret: float
    regret_share: float | None
    as_good: float | None
    draws: int
    differences: pd.DataFrame
    optimum: Selection


def assess(
    sites: pd.DataFrame,
    chosen: Sequence[Any],
    strategy: str = "max-min",
    *,
    draws: int = 999,
    seed: int = 1,
    nodes: int = NODES,
    **how: Any,
) -> Assessment:
    """Hold a choice already made against the optimum of `strategy`; `how` are the further arguments of `select`.

    Raises ValueError where `chosen` is no set of sites that the arguments admit, and what `select` raises.
    """
    task = make_task(sites, len(chosen), strategy, **how)
    at = _positions(task, chosen)
    best = select(sites, len(chosen), strategy, nodes=nodes, **how)
    value = task.sign * task.goal.value(at) + 0.0
    regret = task.sign * (best.objective - value)
    regret = 0.0 if abs(regret) <= _SAME * max(1.0, abs(value)) else regret
    share = regret / abs(best.objective) if abs(best.objective) > _SAME else None
    rivals = _random_values(task, draws, seed)
    least = task.goal.value(at) - _SAME * max(1.0, abs(value))
    as_good = float(np.mean([rival >= least for rival in rivals])) if rivals else None
    return Assessment(task.named(at), value, regret, share, as_good, len(rivals), differences(sites, chosen), best)


def _positions(task: Task, chosen: Sequence[Any]) -> tuple[int, ...]:
    unknown = [str(site) for site in chosen if site not in task.labels]
    if unknown or len(set(chosen)) < len(chosen):
        raise ValueError(f"A choice names sites, each once; this is not so of {', '.join(unknown) or 'one of them'}.")
    at = tuple(sorted(task.labels.index(site) for site in chosen))
    allowed = {*task.room.must, *task.room.free}
    if set(at) - allowed or set(task.room.must) - set(at) or not task.room.holds(bits(at)):
        raise ValueError("The choice does not keep what must be chosen, what must not, or the quotas.")
    return at


def _random_values(task: Task, draws: int, seed: int) -> list[float]:
    """The objective of admissible sets drawn at random, all equally likely; fewer than `draws` where the limits are tight."""
    random = np.random.default_rng(seed)
    free = np.array(task.room.free, dtype=np.intp)
    order = random.random((draws * (_TRIES if task.room.limits else 1), len(free))).argsort(axis=1)[:, : task.room.open]
    found: list[float] = []
    for row in free[order]:
        chosen = (*task.room.must, *row.tolist())
        if task.room.holds(bits(chosen)):
            found.append(task.goal.value(chosen))
        if len(found) == draws:
            break
    return found


def differences(sites: pd.DataFrame, chosen: Sequence[Any]) -> pd.DataFrame:
    """How the chosen sites differ from all of `sites`, one row an attribute, for a category one row a category.

    Columns: attribute, category (empty for a number), chosen and all (means, or shares), standardised (their difference
    over the standard deviation of all sites, for a share sqrt(p(1-p)); missing where nothing varies), known_chosen and
    known_all (sites with a value). An attribute that no site has is not compared. Source: Austin (2009), Statistics in Medicine 28, 3083-3107, with the population's
    own spread, since these are all sites there are.
    """
    rows: list[tuple[Any, ...]] = []
    if not len(chosen):
        raise NotComputable("No site was chosen.")
    for name in sites.columns:
        known = sites[name].dropna()
        if known.empty:
            continue
        picked = known[known.index.isin(list(chosen))]
        if is_number(sites[name]):
            rows.append(_row(str(name), "", known.astype(float), picked.astype(float)))
            continue
        for category in sorted(known.unique(), key=str):
            rows.append(
                _row(str(name), str(category), (known == category).astype(float), (picked == category).astype(float))
            )
    columns = ["attribute", "category", "chosen", "all", "standardised", "known_chosen", "known_all"]
    return pd.DataFrame(rows, columns=columns).astype({"chosen": float, "standardised": float})


def _row(name: str, category: str, known: pd.Series[float], picked: pd.Series[float]) -> tuple[Any, ...]:
    if not len(picked):
        return name, category, None, _mean(known), None, 0, len(known)
    of_all, of_chosen = _mean(known), _mean(picked)
    spread = math.sqrt(math.fsum((value - of_all) ** 2 for value in known) / len(known))
    standardised = (of_chosen - of_all) / spread if spread > _SAME * max(1.0, abs(of_all)) else None
    return name, category, of_chosen, of_all, standardised, len(picked), len(known)


def _mean(values: pd.Series[float]) -> float:
    return math.fsum(values) / len(values)
