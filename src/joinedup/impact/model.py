"""What the designs return: estimates with their uncertainty, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with the standard error clustered by unit, its two-sided p and 95% interval (t, clusters - 1 df).

    `se`, `p`, `low` and `high` are NaN where the error is not estimable. `n_units` are the clusters, `n_cells` the cells.
    """

    estimate: float
    se: float
    p: float
    low: float
    high: float
    n_cells: int
    n_units: int

    @property
    def ci(self) -> tuple[float, float]:
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class DidFit(Estimate):
    """Two-way fixed effects: the coefficient of the treatment. `covariates` are the other coefficients."""

    n_treated: int = 0
    covariates: Mapping[str, Estimate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventStudyFit:
    """An event study: `terms` maps a relative period (0 is the first treated one) to its estimate.

    `cohorts` maps a first treated period to its number of units; `pretrend_p` is the p of the joint F test that all
    terms before the reference are 0, None where there are fewer than one or the test is not estimable.
    """

    terms: Mapping[int, Estimate]
    reference: int
    cohorts: Mapping[int, int]
    pretrend_p: float | None
    covariates: Mapping[str, Estimate] = field(default_factory=dict)

    @property
    def before(self) -> Mapping[int, Estimate]:
        return {relative: term for relative, term in self.terms.items() if relative < 0}

    @property
    def after(self) -> Mapping[int, Estimate]:
        return {relative: term for relative, term in self.terms.items() if relative >= 0}


@dataclass(frozen=True, slots=True)
class RandomizationTest:
    """Where an estimate lies among those of the assignments that could have happened.

    `draws` are the assignments compared: all of them where `enumerated`, else draws with `seed`. `smallest_p` is the
    smallest p that they allow.
    """

    estimate: float
    p: float
    smallest_p: float
    draws: int
    assignments: int
    enumerated: bool
    seed: int | None
