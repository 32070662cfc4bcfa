"""Dose-response: does the effect go with how far the programme has been put into practice?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from joinedup.impact.assignments import count, draw, enumerate_all
from joinedup.impact.effects import Effects
from joinedup.impact.fitting import Array
from joinedup.impact.panel_columns import dated, numbers
from joinedup.impact.weighted_cells import WeightedCells, gather
from joinedup.study.problems import NotComputable

_FEW = 4
_ON = "treated by adoption"
_TIES = 1e-9


@dataclass(frozen=True, slots=True)
class DoseResponse:
    """`slope`: how much larger the effect is with a score larger by one; `per_sd`: by one standard deviation.

    `effect` is the effect at the mean score. `p` is by permutation of the scores among the treated sites, `smallest_p`
    the smallest it can be; `table` has unit, score, effect (of the site against the comparison).
    """

    slope: float
    per_sd: float
    effect: float
    p: float
    smallest_p: float
    draws: int
    enumerated: bool
    seed: int | None
    table: pd.DataFrame
    methods: str


def dose_response(
    cells: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    adopted: str,
    score: str,
    draws: int = 4999,
    seed: int = 0,
    covariates: Sequence[str] = (),
) -> DoseResponse:
    """outcome ~ treated + treated x (score - mean score) | unit + period; `score` is constant in a treated unit.

    `cells` has a row a unit and period; `adopted` is missing for comparison units, whose score is not used. Treated
    units without a score are left out. Every site weighs the same. The p permutes the scores among the treated sites
    (all orders where there are at most `draws`): it tests association, and only an assigned dose would make it an
    effect of the dose. Raises NotComputable with fewer than 4 scored treated sites, or scores that are all the same.
    """
    given = dated(cells, unit, period, adopted).assign(**{score: numbers(cells, score)})
    scored = given[given[adopted].isna() | given[score].notna()]
    scored = scored.assign(**{_ON: (scored[period] >= scored[adopted]).astype(float)})
    data = gather(scored, outcome, unit, period, _ON, covariates)
    by_unit = scored.drop_duplicates(unit).set_index(unit).loc[data.units.tolist()]
    own = np.flatnonzero(by_unit[adopted].notna().to_numpy())
    scores = by_unit[score].to_numpy(dtype=float)[own]
    _check(scored, unit, score, scores)
    member = (data.unit[:, None] == own[None, :]) * data.treated[:, None]
    columns, explained = _free(data, member)
    slope_of = _Slope(columns, explained)
    centred = scores - scores.mean()
    slope = float(slope_of(centred[None])[0])
    p, smallest, number, enumerated = _permuted(slope_of, centred, slope, draws, seed)
    effects = np.linalg.lstsq(columns.T @ columns, columns.T @ explained, rcond=None)[0]
    whole = columns.sum(axis=1)
    effect = float(whole @ (explained - slope * (columns @ centred)) / (whole @ whole))
    spread = float(scores.std(ddof=1))
    return DoseResponse(
        slope,
        slope * spread,
        effect,
        p,
        smallest,
        number,
        enumerated,
        None if enumerated else seed,
        pd.DataFrame({unit: data.units[own], "score": scores, "effect": effects}),
        f"Dose-response for the average site: the programme effect interacted with {score} at {len(own)} treated sites "
        f"(two-way fixed effects); p by {'all' if enumerated else f'{number} drawn'} permutations of the scores among "
        "them. The scores were not assigned: an association, not the effect of a higher score.",
    )


def _free(data: WeightedCells, member: Array) -> tuple[Array, Array]:
    """The columns of `member` and the outcome, free of unit and period effects and of covariates."""
    effects = Effects(data)
    covariates = effects(data.columns[:, :-2])
    both = effects(np.column_stack([member, data.columns[:, -1]]))
    if covariates.shape[1]:
        both = both - covariates @ np.linalg.lstsq(covariates, both, rcond=None)[0]
    return both[:, :-1], both[:, -1]


class _Slope:
    """The interaction's coefficient for each row of scores: the programme effect is partialled out once."""

    def __init__(self, columns: Array, outcome: Array) -> None:
        whole = columns.sum(axis=1)
        square = float(whole @ whole)
        if square < 1e-9:
            raise NotComputable("The effects of units and periods leave nothing to estimate a programme effect from.")
        kept = columns - np.outer(whole, whole @ columns) / square
        self._cross, self._with = kept.T @ kept, kept.T @ outcome

    def __call__(self, scores: Array) -> Array:
        below = np.einsum("ij,ij->i", scores @ self._cross, scores)
        return np.asarray(scores @ self._with / np.where(below > 1e-12, below, np.inf), dtype=float)


def _check(used: pd.DataFrame, unit: str, score: str, scores: Array) -> None:
    if len(scores) < _FEW:
        raise NotComputable(f"{len(scores)} treated sites have a {score}: at least {_FEW} are needed to see a slope.")
    if np.ptp(scores) == 0:
        raise NotComputable(f"All treated sites have the same {score}: there is no dose to compare.")
    if (used.dropna(subset=[score]).groupby(unit, observed=True)[score].nunique() > 1).any():
        raise NotComputable(f"The column {score} changes from period to period at some site: give each site one score.")


def _permuted(slope_of: _Slope, centred: Array, slope: float, draws: int, seed: int) -> tuple[float, float, int, bool]:
    levels, labels = np.unique(centred, return_inverse=True)
    everywhere = [np.arange(len(labels))]
    every = count(labels, everywhere)
    least = abs(slope) * (1 - _TIES)
    if every <= draws:
        found = np.abs(slope_of(levels[np.array(list(enumerate_all(labels, everywhere)))]))
        return float((found >= least).mean()), float((found >= found.max() * (1 - _TIES)).mean()), every, True
    hits = 0
    for drawn in draw(labels, everywhere, draws, np.random.default_rng(seed)):
        hits += int((np.abs(slope_of(levels[drawn])) >= least).sum())
    return (1 + hits) / (draws + 1), 1 / (draws + 1), draws, False
