"""Randomisation inference: the estimate among those of the assignments that could have happened.

Reassigning sites moves only which columns of a fixed matrix are added up, so every draw is a matrix product. With
M the projector on the effects, E_c the columns M(1{site = s} * 1{period >= start c}) and ytilde = M y, the
coefficient under the assignment z is sum_c z_c'b_c / sum_cd z_c'A_cd z_d, b = E'ytilde and A = E'E.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from joinedup.impact.assignments import CHUNK, Labels, count, draw, enumerate_all, groups_of
from joinedup.impact.fitting import Array, sample
from joinedup.impact.model import RandomizationTest
from joinedup.impact.projector import Projector
from joinedup.study.problems import NotComputable

_TIES = 1e-9
"""|statistic| this close (relative) to the one of the data counts as a tie, so that the data always count themselves."""


def randomization_test(
    cells: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    adopted: str,
    draws: int = 4999,
    seed: int = 0,
    strata: str = "",
    covariates: Sequence[str] = (),
) -> RandomizationTest:
    """Two-sided p of the two-way coefficient under the sharp null of no effect on any unit.

    `adopted` is a unit's first treated period, missing where never treated. The whole vector of adoption is permuted
    among the units, within `strata` (a column, constant in a unit) where given: that must be how adoption could have
    come out otherwise. All assignments are enumerated where there are at most `draws`: p = share with |coefficient|
    at least as large; else p = (1 + count) / (draws + 1). Raises NotComputable where nothing can be reassigned.
    Source: Fisher's exact test of the sharp null; Imbens and Rubin (2015), chapter 5.
    """
    used = sample(cells, [outcome, *covariates], unit, period)
    project = Projector(used, unit, period, covariates)
    by_unit = used.drop_duplicates(unit).set_index(unit).loc[list(project.units)]
    starts = sorted(by_unit[adopted].dropna().unique())
    labels = by_unit[adopted].map({start: n for n, start in enumerate(starts, 1)}).fillna(0).to_numpy(dtype=np.int64)
    groups = groups_of(by_unit[strata].to_numpy() if strata else np.zeros(len(labels)))
    assignments = count(labels, groups)
    if assignments < 2:
        raise NotComputable("There is only one way in which adoption could have come out: nothing can be reassigned.")
    statistic = _Statistic(project, used[outcome].to_numpy(dtype=float), [float(start) for start in starts])
    estimate = float(statistic(labels[None, :])[0])
    threshold = abs(estimate) * (1 - _TIES)
    if assignments <= draws:
        found = statistic(np.array(list(enumerate_all(labels, groups)), dtype=np.int64))
        p = float(np.mean(np.abs(found) >= threshold))
        smallest = float(np.mean(np.abs(found) >= np.abs(found).max() * (1 - _TIES)))
        return RandomizationTest(estimate, p, smallest, assignments, assignments, True, None)
    hits = 0
    for drawn in draw(labels, groups, draws, np.random.default_rng(seed)):
        hits += int(np.sum(np.abs(statistic(drawn)) >= threshold))
    return RandomizationTest(estimate, (1 + hits) / (draws + 1), 1 / (draws + 1), draws, assignments, False, seed)


class _Statistic:
    """The coefficient for each row of a matrix of labels (0: never, c: the c-th start)."""

    def __init__(self, project: Projector, outcome: Array, starts: Sequence[float]) -> None:
        self._cohorts = len(starts)
        periods = project.periods[project.period_index]
        member = np.eye(len(project.units))[project.unit_index]
        columns = project(np.hstack([member * (periods >= start)[:, None] for start in starts]))
        self._cross = columns.T @ columns
        self._with_outcome = columns.T @ project(outcome)

    def __call__(self, labels: Labels) -> Array:
        parts = [self._chunk(labels[at : at + CHUNK]) for at in range(0, len(labels), CHUNK)]
        return np.concatenate(parts)

    def _chunk(self, labels: Labels) -> Array:
        chosen = np.hstack([labels == cohort for cohort in range(1, self._cohorts + 1)]).astype(float)
        below = np.einsum("ij,ij->i", chosen @ self._cross, chosen)
        above = chosen @ self._with_outcome
        # An assignment whose treatment the effects explain has no coefficient: it can't be as extreme as the data.
        usable = below > 1e-9
        return np.where(usable, above / np.where(usable, below, 1.0), 0.0)
