"""What the designs return: estimates with their uncertainty, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from joinedup.impact.inversion import Inversion
from joinedup.study.problems import NotComputable

FEW = 4
"""Below this many treated or comparison units the clustered error is not to be trusted: with 1, 2 or 3 of 12 sites
treated it rejects a true null in 55, 18 and 8% of samples at the 5% level (12 sites, 8 periods, simulated)."""


class TooFewClusters(NotComputable):
    """A p or an interval that rests on many treated and comparison units, where there are few."""


def check_clusters(n_treated: int, n_comparison: int) -> None:
    """Raises TooFewClusters below FEW treated or comparison units, naming what to take instead."""
    if min(n_treated, n_comparison) < FEW:
        raise TooFewClusters(
            f"There are {n_treated} treated and {n_comparison} comparison units: with fewer than {FEW} of either, clustered "
            "and bootstrapped p and intervals are wrong. Take the randomisation test."
        )


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with the standard error clustered by unit, its two-sided p and 95% interval (t, clusters - 1 df).

    `se`, `p`, `low` and `high` are NaN where the error is not estimable. `n_units` are the clusters, `n_cells` the cells.
    Where it is an effect, `groups` are the treated and the comparison units: with too few, `p`, `low`, `high` and `ci` raise
    TooFewClusters.
    """

    estimate: float
    se: float
    n_cells: int
    n_units: int
    groups: tuple[int, int] | None = None

    @property
    def p(self) -> float:
        return clustered_p(self.estimate, self.se, self.n_units, self.groups)

    @property
    def ci(self) -> tuple[float, float]:
        return clustered_interval(self.estimate, self.se, self.n_units, self.groups)

    @property
    def low(self) -> float:
        return self.ci[0]

    @property
    def high(self) -> float:
        return self.ci[1]


def clustered_p(estimate: float, se: float, n_units: int, groups: tuple[int, int] | None) -> float:
    """Two-sided p of estimate / se by t with `n_units` - 1 df; NaN without an error."""
    from scipy.stats import t

    if groups is not None:
        check_clusters(*groups)
    return float(2 * t.sf(abs(estimate) / se, n_units - 1)) if se > 0 else float("nan")


def clustered_interval(estimate: float, se: float, n_units: int, groups: tuple[int, int] | None) -> tuple[float, float]:
    """The 95% interval by t with `n_units` - 1 df."""
    from scipy.stats import t

    if groups is not None:
        check_clusters(*groups)
    half = float(t.ppf(0.975, n_units - 1)) * se
    return estimate - half, estimate + half


@dataclass(frozen=True, slots=True)
class DidFit:
    """Two-way fixed effects: the coefficient of the treatment. `covariates` are the other coefficients.

    `se` is CR1, `se_cr3` the jackknife by unit (NaN where the coefficient can't be had without some unit). `p`, `low`,
    `high`, `ci`, `p_cr3` and `ci_cr3` (95%, t with clusters - 1 df) raise TooFewClusters below 4 treated or comparison
    units; a comparison unit is untreated in some period in which another is treated. `n_children` is None where unknown.
    """

    estimate: float
    se: float
    n_cells: int
    n_units: int
    n_treated: int
    n_comparison: int
    n_children: int | None = None
    estimand: str = ""
    covariates: Mapping[str, Estimate] = field(default_factory=dict)

    se_cr3: float = float("nan")

    @property
    def p(self) -> float:
        return clustered_p(self.estimate, self.se, self.n_units, self._groups)

    @property
    def ci(self) -> tuple[float, float]:
        return clustered_interval(self.estimate, self.se, self.n_units, self._groups)

    @property
    def low(self) -> float:
        return self.ci[0]

    @property
    def high(self) -> float:
        return self.ci[1]

    @property
    def p_cr3(self) -> float:
        return clustered_p(self.estimate, self.se_cr3, self.n_units, self._groups)

    @property
    def ci_cr3(self) -> tuple[float, float]:
        return clustered_interval(self.estimate, self.se_cr3, self.n_units, self._groups)

    @property
    def _groups(self) -> tuple[int, int]:
        return self.n_treated, self.n_comparison


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
    smallest p that they allow. `statistic` is what was compared: estimate - null, or that over its clustered error
    (without small-sample factor) where `studentised`.
    """

    estimate: float
    p: float
    smallest_p: float
    draws: int
    assignments: int
    enumerated: bool
    seed: int | None
    statistic: float = float("nan")
    studentised: bool = False
    null: float = 0.0
    inversion: Inversion | None = field(default=None, compare=False, repr=False)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The constant effects that the test does not reject; infinite where the assignments are too few to reject any."""
        if self.inversion is None:
            raise ValueError("this test carries no draws to invert")
        return self.inversion.interval(level)

    @property
    def simulation_interval(self) -> tuple[float, float]:
        """Exact 95% (Clopper-Pearson) interval of the p that all assignments would give; p itself where `enumerated`."""
        from scipy.stats import beta

        if self.enumerated:
            return self.p, self.p
        count = round(self.p * (self.draws + 1)) - 1
        low = float(beta.ppf(0.025, count, self.draws - count + 1)) if count else 0.0
        high = float(beta.ppf(0.975, count + 1, self.draws - count)) if count < self.draws else 1.0
        return low, high


@dataclass(frozen=True, slots=True)
class WildBootstrap:
    """The restricted wild cluster bootstrap: `statistic` is t with the CRV1 error, `draws` the number of sign vectors.

    `kind` are the points drawn from (Rademacher or Webb); `seed` is None where all vectors were `enumerated`.
    """

    estimate: float
    statistic: float
    p: float
    null: float
    draws: int
    enumerated: bool
    kind: str
    seed: int | None
    inversion: Inversion = field(compare=False, repr=False)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The effects around the estimate that the test does not reject, with the same draws."""
        return self.inversion.interval(level)
