"""Costs and effects of a programme: incremental cost and effect, net benefit, the cost-effectiveness plane.

The net-benefit regression is linear in the threshold: effect and cost are each regressed once, on the same cells, and the
influence of each unit on both is kept. Source: Hoch, Briggs and Willan (2002), Health Economics 11; Fenwick, Claxton and
Sculpher (2001), Health Economics 10 (acceptability curve); Fieller (1954), JRSS B 16 (interval of a ratio).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.impact.fitting import Array
from joinedup.impact.jackknife import solve_moments, unit_moments
from joinedup.impact.model import Estimate, check_clusters
from joinedup.impact.two_way import influences
from joinedup.impact.weighted_cells import WeightedCells, check_contrast, gather

QUADRANTS = (
    "more effect, higher cost",
    "more effect, lower cost",
    "less effect, lower cost",
    "less effect, higher cost",
)
"""The four parts of the cost-effectiveness plane, clockwise from the upper right."""


@dataclass(frozen=True, slots=True)
class CostEffect:
    """What the programme changed in an outcome and in a cost, on the same cells, with their covariance clustered by unit.

    `effect` counts upwards as better. `draws` (draws x 2: effect, cost) are bootstrap samples of units, treated and
    comparison units apart, with `seed`.
    """

    effect: Estimate
    cost: Estimate
    covariance: float
    draws: Array = field(repr=False)
    seed: int

    def net_benefit(self, threshold: float) -> Estimate:
        """threshold x effect - cost with its clustered error: what the programme is worth if a unit of effect is worth
        `threshold`. Its p and interval raise TooFewClusters as those of `did` do."""
        variance = threshold**2 * self.effect.se**2 + self.cost.se**2 - 2 * threshold * self.covariance
        return Estimate(
            threshold * self.effect.estimate - self.cost.estimate,
            math.sqrt(max(variance, 0.0)),
            self.effect.n_cells,
            self.effect.n_units,
            self.effect.groups,
        )

    def acceptability(self, thresholds: Sequence[float]) -> Array:
        """For each threshold the share of bootstrap samples in which the net benefit is above 0."""
        benefit = np.outer(self.draws[:, 0], np.asarray(thresholds, dtype=float)) - self.draws[:, 1:]
        return np.asarray((benefit > 0).mean(axis=0), dtype=float)

    def perfect_information(self, threshold: float) -> float:
        """What it would be worth to know the truth before deciding: mean of the better option's net benefit less the
        better option's mean. Never below 0."""
        benefit = threshold * self.draws[:, 0] - self.draws[:, 1]
        return max(float(np.maximum(benefit, 0).mean() - max(benefit.mean(), 0.0)), 0.0)

    @property
    def quadrants(self) -> dict[str, float]:
        """The share of bootstrap samples in each of QUADRANTS; no change counts as not more, and as not higher."""
        more, higher = self.draws[:, 0] > 0, self.draws[:, 1] > 0
        parts = (more & higher, more & ~higher, ~more & ~higher, ~more & higher)
        return {name: float(part.mean()) for name, part in zip(QUADRANTS, parts, strict=True)}

    @property
    def ratio(self) -> float | None:
        """Incremental cost for a unit of effect; None where one option is better in both, or the effect is 0.

        Of less effect at lower cost it is what is saved for each unit of effect given up.
        """
        effect, cost = self.effect.estimate, self.cost.estimate
        return cost / effect if effect * cost > 0 else None

    @property
    def ratio_interval(self) -> tuple[float, float] | None:
        """Fieller's 95% interval of the ratio; None where it is unbounded, because the effect's interval holds 0.

        It consists of the thresholds at which the net benefit does not differ from 0. Raises TooFewClusters.
        """
        from scipy.stats import t

        if self.effect.groups is not None:
            check_clusters(*self.effect.groups)
        square = float(t.ppf(0.975, self.effect.n_units - 1)) ** 2
        effect, cost = self.effect.estimate, self.cost.estimate
        a = effect**2 - square * self.effect.se**2
        b = effect * cost - square * self.covariance
        c = cost**2 - square * self.cost.se**2
        if a <= 0:
            return None
        half = math.sqrt(max(b**2 - a * c, 0.0))
        return (b - half) / a, (b + half) / a

    @property
    def words(self) -> str:
        """What effect and cost say together; a ratio only where it means something."""
        effect, cost = self.effect.estimate, self.cost.estimate
        if effect == 0:
            return "no difference in effect: only the costs are compared"
        if effect > 0 and cost <= 0:
            return "more effect at no higher cost: no ratio is needed"
        if effect < 0 and cost >= 0:
            return "less effect at no lower cost: no ratio is needed"
        if effect > 0:
            return "more effect at a higher cost: the ratio is the price of a unit of effect"
        return "less effect at a lower cost: the ratio is what is saved for each unit of effect given up"


def cost_effect(
    cells: pd.DataFrame,
    effect: str,
    cost: str,
    unit: str,
    period: str,
    treated: str,
    covariates: Sequence[str] = (),
    better: str = "up",
    weights: str | None = None,
    children: str = "n",
    draws: int = 1000,
    seed: int = 0,
) -> CostEffect:
    """Difference in differences (as `did`) of the columns `effect` and `cost`, on the cells that have both.

    `better` says whether more ("up") or less ("down") of the outcome is better. Costs are in constant prices: deflate
    them first. The bootstrap draws whole units with replacement, as many treated and as many comparison ones as there
    are. Raises what `did` raises, and ValueError for another direction or no draw.
    """
    if better not in ("up", "down"):
        raise ValueError(f'better must be "up" or "down", not {better!r}')
    if draws < 1:
        raise ValueError("at least one bootstrap sample is needed")
    sign = 1.0 if better == "up" else -1.0
    both = cells.dropna(subset=[effect, cost]).assign(**{effect: lambda frame: sign * frame[effect]})
    samples = [gather(both, name, unit, period, treated, covariates, weights, children) for name in (effect, cost)]
    return paired(samples[0], samples[1], draws, seed)


def paired(effect: WeightedCells, cost: WeightedCells, draws: int, seed: int) -> CostEffect:
    """The same for two samples of the same units, which may differ in their cells (an outcome on a day, a cost over a year).

    Raises ValueError where the units differ or are treated in one sample alone.
    """
    samples = (effect, cost)
    for sample in samples:
        check_contrast(sample)
    if not np.array_equal(effect.units, cost.units) or not np.array_equal(_ever(effect), _ever(cost)):
        raise ValueError("effect and cost need the same units, treated in both")
    found = [influences(sample) for sample in samples]
    covariance = found[0][2] * float(found[0][1][:, -1] @ found[1][1][:, -1])
    first, second = (_estimate(sample, *parts) for sample, parts in zip(samples, found, strict=True))
    return CostEffect(first, second, covariance, _bootstrap(samples, draws, seed), seed)


def _estimate(sample: WeightedCells, beta: Array, influence: Array, factor: float) -> Estimate:
    se = math.sqrt(factor * float(influence[:, -1] @ influence[:, -1]))
    groups = sample.n_treated(), sample.n_comparison()
    return Estimate(float(beta[-1]), se, len(sample.unit), len(sample.units), groups)


def _bootstrap(samples: Sequence[WeightedCells], draws: int, seed: int) -> Array:
    """The coefficients of the treatment in both samples of the same units, in every draw of units; lost draws are
    left out (a draw in which effects leave nothing of the treatment)."""
    counts = _counts(samples[0], draws, np.random.default_rng(seed))
    columns = []
    for sample in samples:
        parts, periods = unit_moments(sample)
        moments = (counts @ parts.reshape(len(parts), -1)).reshape(draws, *parts.shape[1:])
        columns.append(solve_moments(moments, periods, len(sample.names))[:, -1])
    found = np.column_stack(columns)
    return np.asarray(found[np.isfinite(found).all(axis=1)], dtype=float)


def _counts(sample: WeightedCells, draws: int, random: np.random.Generator) -> Array:
    """How often each unit is in each draw (draws x units), treated and comparison units drawn apart."""
    is_treated = _ever(sample)
    found = np.zeros((draws, len(sample.units)))
    for group in (np.flatnonzero(is_treated), np.flatnonzero(~is_treated)):
        if len(group):
            found[:, group] = random.multinomial(len(group), np.full(len(group), 1 / len(group)), size=draws)
    return found


def _ever(sample: WeightedCells) -> npt.NDArray[np.bool_]:
    """Whether each unit has a treated cell."""
    found: npt.NDArray[np.bool_] = np.zeros(len(sample.units), dtype=bool)
    found[sample.unit[sample.treated != 0]] = True
    return found
