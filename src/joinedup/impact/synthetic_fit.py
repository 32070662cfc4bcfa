"""What a synthetic design found, and its placebos in space and in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.impact.assignments import count, draw, enumerate_all
from joinedup.impact.fitting import Array
from joinedup.impact.synthetic_cohorts import Cohort, Design
from joinedup.impact.synthetic_weights import Mask, Weighted, weigh
from joinedup.impact.wide import Wide
from joinedup.study.problems import NotComputable

_PERFECT = 1e-4
"""A fit before the start closer than this share of sigma is no fit but too many donors."""
_TIES = 1e-9


@dataclass(frozen=True, slots=True)
class Placebos:
    """The estimates of assignments among the comparison sites.

    `se` is their standard deviation, dividing by their number (`se_sample`: by one less). `p` is the rank of |estimate|
    among them and itself, `ratio_p` that of the RMSPE ratio without the `perfect` ones whose fit before the start is
    perfect (None where the fit itself is). `enumerated` says that these are all assignments; else drawn with `seed`.
    """

    estimates: Array
    ratios: Array
    se: float
    se_sample: float
    p: float
    ratio_p: float | None
    perfect: int
    draws: int
    enumerated: bool
    seed: int | None
    low: float
    high: float

    @property
    def smallest_p(self) -> float:
        """The smallest p that this number of assignments allows."""
        return 1 / (self.draws + 1)


@dataclass(frozen=True)
class SyntheticFit:
    """`.estimate`, `.weights`, `.placebos()` of a synthetic control or a synthetic difference in differences."""

    design: Design
    cohorts: tuple[Cohort, ...]
    fits: tuple[Weighted, ...]
    methods: str = ""

    @classmethod
    def of(cls, design: Design, cohorts: tuple[Cohort, ...]) -> SyntheticFit:
        """Estimate every cohort against the sites that are never treated."""
        controls = _controls(design.panel, cohorts)
        fits = []
        for cohort in cohorts:
            target = _targets(design.panel, np.array([cohort.members]))
            fits.append(weigh(design.setting(cohort, controls), target, controls[None]))
        return cls(design, cohorts, tuple(fits))

    def with_methods(self, methods: str) -> SyntheticFit:
        return replace(self, methods=methods)

    @cached_property
    def controls(self) -> Mask:
        return _controls(self.design.panel, self.cohorts)

    @property
    def donors(self) -> npt.NDArray[Any]:
        """The comparison sites."""
        return np.asarray(self.design.panel.units[self.controls])

    @property
    def left_out(self) -> int:
        return self.design.panel.left_out

    @cached_property
    def estimate(self) -> float:
        """The mean effect after the start; over several starts weighted by treated site-periods."""
        return float(self._shares @ [fit.estimates[0] for fit in self.fits])

    @property
    def weights(self) -> pd.Series[float] | pd.DataFrame:
        """The comparison sites' weights, adding up to 1; a column for each start where there are several."""
        return self._by_start([fit.units[0][self.controls] for fit in self.fits], self.donors)

    @property
    def time_weights(self) -> pd.Series[float] | pd.DataFrame | None:
        """The weights of the periods before; None for synthetic control. 0 after a cohort's start."""
        if not self.design.rules[0]:
            return None
        most = max(cohort.before for cohort in self.cohorts)
        padded = [np.pad(fit.times[0], (0, most - len(fit.times[0]))) for fit in self.fits]
        return self._by_start(padded, self.design.panel.periods[:most])

    @cached_property
    def path(self) -> pd.DataFrame:
        """start, period, treated, synthetic, gap: the paths that a figure shows."""
        parts = []
        for cohort, fit in zip(self.cohorts, self.fits, strict=True):
            wanted = (_targets(self.design.panel, np.array([cohort.members])) @ self.design.panel.outcome)[0]
            columns = {"start": cohort.start, "period": self.design.panel.periods, "treated": wanted}
            parts.append(pd.DataFrame(columns | {"synthetic": wanted - fit.gaps[0], "gap": fit.gaps[0]}))
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def sigma(self) -> float:
        """The standard deviation of the controls' first differences before the (first) start."""
        return float(self.design.setting(self.cohorts[0], self.controls).sigma(self.controls[None])[0])

    @property
    def rmspe_before(self) -> float:
        return float(_pooled(self._shares, [fit.fit_before for fit in self.fits])[0])

    @property
    def rmspe_after(self) -> float:
        return float(_pooled(self._shares, [fit.fit_after for fit in self.fits])[0])

    @property
    def perfect(self) -> bool:
        """Whether the fit before the start is perfect: then it says nothing about the weights."""
        return self.rmspe_before <= _PERFECT * self.sigma

    @property
    def ratio(self) -> float | None:
        """RMSPE after over before the start; None where the fit before is perfect."""
        return None if self.perfect else self.rmspe_after / self.rmspe_before

    def placebos(self, draws: int = 200, seed: int = 0) -> Placebos:
        """The same design on groups of comparison sites that were not treated, as many and as staggered as the treated.

        All assignments are enumerated where there are at most `draws`; else `draws` are drawn. The error assumes that
        treated and comparison sites vary alike. Raises NotComputable where there are too few comparison sites.
        """
        sites = sum(cohort.sites for cohort in self.cohorts)
        pool = np.flatnonzero(self.controls)
        if len(pool) < sites + 2:
            raise NotComputable(
                f"{len(pool)} comparison sites are too few for placebo groups of {sites} with at least 2 sites to "
                "compare them with: use randomisation inference instead."
            )
        labels = np.zeros(len(pool), dtype=np.int64)
        labels[:sites] = np.repeat(np.arange(1, len(self.cohorts) + 1), [cohort.sites for cohort in self.cohorts])
        every = count(labels, [np.arange(len(pool))])
        enumerated = every <= draws
        found = [self._assigned(chosen, pool) for chosen in _chunks(labels, draws, seed, enumerated)]
        estimates = np.concatenate([part[0] for part in found])
        ratios = np.concatenate([part[1] for part in found])
        return self._ranked(estimates, ratios, enumerated, None if enumerated else seed)

    def in_time(self, start: float) -> SyntheticFit:
        """The same design as if treatment had begun at `start`, on the periods before it did: no effect is expected.

        Raises NotComputable with several starts, or where `start` leaves fewer than 2 periods before or none after.
        """
        if len(self.cohorts) > 1:
            raise NotComputable("A placebo in time needs one start: take the cohorts one by one.")
        old = self.cohorts[0]
        panel = self.design.panel
        periods = panel.periods[: old.before]
        before = int((periods < start).sum())
        if before < 2 or before == len(periods):
            raise NotComputable(
                f"A placebo start in {start:g} needs at least 2 periods before it and one between it and {old.start:g}."
            )
        shorter = replace(panel, periods=periods, outcome=panel.outcome[:, : old.before])
        cohort = Cohort(float(start), old.members, before, len(periods) - before)
        return SyntheticFit.of(replace(self.design, panel=shorter), (cohort,)).with_methods(
            f"{self.methods} Placebo in time: as if treatment had begun in {start:g}."
        )

    @cached_property
    def _shares(self) -> Array:
        weights = self.design.panel.weights
        parts = np.array([weights[list(cohort.members)].sum() * cohort.after for cohort in self.cohorts])
        return np.asarray(parts / parts.sum(), dtype=float)

    def _by_start(self, columns: Sequence[Array], index: npt.NDArray[Any]) -> pd.Series[float] | pd.DataFrame:
        if len(columns) == 1:
            return pd.Series(columns[0], index=index, name="weight")
        return pd.DataFrame(
            {cohort.start: column for cohort, column in zip(self.cohorts, columns, strict=True)}, index=index
        )

    def _assigned(self, labels: npt.NDArray[np.int64], pool: npt.NDArray[np.int64]) -> tuple[Array, Array]:
        """Estimates and RMSPE ratios (NaN for a perfect fit) of each row of `labels` over the comparison sites."""
        donors = np.zeros((len(labels), len(self.design.panel.units)), dtype=bool)
        donors[:, pool] = labels == 0
        fits, shares = [], []
        for number, cohort in enumerate(self.cohorts, 1):
            members = pool[np.nonzero(labels == number)[1].reshape(len(labels), cohort.sites)]
            setting = self.design.setting(cohort, self.controls)
            fits.append(weigh(setting, _targets(self.design.panel, members), donors))
            shares.append(self.design.panel.weights[members].sum(axis=1) * cohort.after)
        share = np.array(shares) / np.sum(shares, axis=0)
        before, after = _pooled(share, [f.fit_before for f in fits]), _pooled(share, [f.fit_after for f in fits])
        usable = before > _PERFECT * self.sigma
        ratios = np.where(usable, after / np.where(usable, before, 1.0), np.nan)
        return (share * np.array([fit.estimates for fit in fits])).sum(axis=0), ratios

    def _ranked(self, estimates: Array, ratios: Array, enumerated: bool, seed: int | None) -> Placebos:
        from scipy.stats import norm

        number = len(estimates)
        usable = ratios[~np.isnan(ratios)]
        se = float(estimates.std())
        half = float(norm.ppf(0.975)) * se
        hits = int((np.abs(estimates) >= abs(self.estimate) * (1 - _TIES)).sum())
        ratio_p = None
        if self.ratio is not None:
            ratio_p = (1 + int((usable >= self.ratio * (1 - _TIES)).sum())) / (len(usable) + 1)
        return Placebos(
            estimates=estimates,
            ratios=ratios,
            se=se,
            se_sample=float(estimates.std(ddof=1)),
            p=(1 + hits) / (number + 1),
            ratio_p=ratio_p,
            perfect=number - len(usable),
            draws=number,
            enumerated=enumerated,
            seed=seed,
            low=self.estimate - half,
            high=self.estimate + half,
        )


def _controls(panel: Wide, cohorts: Sequence[Cohort]) -> Mask:
    found = np.ones(len(panel.units), dtype=bool)
    for cohort in cohorts:
        found[list(cohort.members)] = False
    return found


def _targets(panel: Wide, members: npt.NDArray[np.int64]) -> Array:
    """problems x units: what each of `members` (problems x sites) counts in the treated mean."""
    found = np.zeros((len(members), len(panel.units)))
    np.put_along_axis(found, members, panel.weights[members], axis=1)
    return np.asarray(found / found.sum(axis=1, keepdims=True), dtype=float)


def _pooled(shares: Array, parts: Sequence[Array]) -> Array:
    squares = np.array(parts) ** 2
    return np.asarray(np.sqrt((shares.reshape(len(parts), -1) * squares).sum(axis=0)), dtype=float)


def _chunks(labels: npt.NDArray[np.int64], draws: int, seed: int, enumerated: bool) -> Iterator[npt.NDArray[np.int64]]:
    everywhere = [np.arange(len(labels))]
    if enumerated:
        return iter([np.array(list(enumerate_all(labels, everywhere)), dtype=np.int64)])
    return draw(labels, everywhere, draws, np.random.default_rng(seed))
