"""Group-time effects with their errors, bands and aggregates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.impact.adoption_permutation import permutation_p
from joinedup.impact.aggregation import NAMES, Contrast, combinations
from joinedup.impact.fitting import Array
from joinedup.impact.multiplier import multiplier_bootstrap
from joinedup.impact.words import FEW
from joinedup.study.problems import NotComputable

ANALYTIC, BAND, PERMUTED, NONE = "analytic", "multiplier bootstrap, uniform band", "permutation of adoption", "none"


@dataclass(frozen=True, slots=True)
class Inference:
    """How errors are found. `trusted` says for each contrast whether its groups are large enough for analytic ones."""

    draws: int
    seed: int
    permutations: int
    trusted: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class WaldTest:
    """The joint test that all effects before adoption are 0: chi-squared with `df`."""

    statistic: float
    df: int
    p: float


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate: `overall` with its `se` (NaN where it is not defensible), and `table`, one row a part of it.

    `p` is two-sided; `inferred` says how. `critical` is the half width of the table's intervals in errors.
    """

    kind: str
    overall: float
    se: float
    p: float
    inferred: str
    table: pd.DataFrame
    critical: float
    influence: Array

    @property
    def covariance(self) -> Array:
        """The covariance of the table's rows (units independent), as a sensitivity analysis takes it.

        Raises NotComputable where a row has no analytic error: its covariance would be too small.
        """
        psi = self.influence[: len(self.table)]
        if (self.table["se"].isna().to_numpy() & (psi != 0).any(axis=1)).any():
            raise NotComputable(
                "Some effects rest on groups or comparisons too small for an analytic error: their covariance would be "
                "too small, and so would every interval built on it. Use the permutation p."
            )
        return np.asarray(psi @ psi.T / max(psi.shape[1], 1) ** 2, dtype=float)


@dataclass(frozen=True)
class GroupTime:
    """Group-time effects: `.att` is the table, `.influence` contrasts x units, `.aggregate(kind)` the summaries.

    `cohorts` are the numbers of sites first treated in each period, `left_out` the sites left out and why.
    """

    contrasts: tuple[Contrast, ...]
    estimates: Array
    influence: Array
    adopted: Array
    weights: Array
    outcome: Array | None
    units: tuple[Any, ...]
    inference: Inference
    cohorts: Mapping[float, int]
    smallest_cohort: int
    left_out: Mapping[str, int]
    methods: str

    @property
    def att(self) -> pd.DataFrame:
        """group, period, att, se, low, high, p, inferred, se_draws; one row a group and period.

        low to high is the 95% interval: pointwise, or with draws the uniform band. se is missing for small groups.
        """
        return self._contrast_table[0]

    @property
    def critical(self) -> float:
        """The half width of the intervals of `.att` in standard errors."""
        return self._contrast_table[1]

    @cached_property
    def _contrast_table(self) -> tuple[pd.DataFrame, float]:
        labels = pd.DataFrame({"group": [c.group for c in self.contrasts], "period": [c.when for c in self.contrasts]})
        return self._table(labels.map(_whole), np.eye(len(self.estimates)), self.influence)

    @cached_property
    def pretest(self) -> WaldTest | None:
        """That all effects before adoption are 0. None where there are none, or their covariance can't be trusted."""
        from scipy.stats import chi2

        before = [at for at, c in enumerate(self.contrasts) if c.when < c.group and c.now != c.base]
        if not before or not self.inference.trusted[before].all():
            return None
        psi = self.influence[before]
        covariance = psi @ psi.T / psi.shape[1] ** 2
        spread = np.linalg.eigvalsh(covariance)
        if spread[0] < spread[-1] * 1e-10:
            return None
        statistic = float(self.estimates[before] @ np.linalg.solve(covariance, self.estimates[before]))
        return WaldTest(statistic, len(before), float(chi2.sf(statistic, len(before))))

    def aggregate(self, kind: str) -> Aggregate:
        """`kind` "simple" (all treated group-times), "dynamic" (by periods since adoption), "group" or "calendar".

        The overall of dynamic and calendar is the plain mean of their treated rows, of group the mean by the groups'
        shares. Raises ValueError for another kind, NotComputable where nothing is treated.
        """
        parts, overall = combinations(kind, self.contrasts, self.adopted, self.weights)
        every = [*parts, overall]
        rows = np.array([part.weights for part in every])
        psi = np.array([part.influence(self.estimates, self.influence) for part in every])
        labels = pd.DataFrame({NAMES[kind]: [_whole(part.label) for part in parts]}) if parts else pd.DataFrame()
        table, critical = self._table(labels, rows[:-1], psi[:-1])
        whole, _ = self._table(pd.DataFrame(), rows[-1:], psi[-1:], draws=0)
        last = whole.iloc[0]
        return Aggregate(
            kind, float(last["att"]), float(last["se"]), float(last["p"]), str(last["inferred"]), table, critical, psi
        )

    def _table(
        self, labels: pd.DataFrame, rows: Array, psi: Array, draws: int | None = None
    ) -> tuple[pd.DataFrame, float]:
        from scipy.stats import norm

        draws = self.inference.draws if draws is None else draws
        att = rows @ self.estimates
        used = rows != 0
        trusted = ~(used & ~self.inference.trusted).any(axis=1)
        se = np.sqrt((psi**2).sum(axis=1)) / max(psi.shape[1], 1)
        se = np.where(trusted & (se > 0), se, np.nan)
        critical = float(norm.ppf(0.975))
        spread = np.full(len(se), np.nan)
        if draws > 0 and np.isfinite(se).any():
            found = multiplier_bootstrap(psi, se, draws, self.inference.seed)
            spread, critical = found.se, found.critical
        p = 2 * norm.sf(np.abs(att) / se)
        inferred = np.where(np.isfinite(se), BAND if draws > 0 else ANALYTIC, NONE).astype(object)
        open_ = ~trusted
        if open_.any() and self.outcome is not None:
            p[open_] = self._permuted(rows[open_])
            inferred[open_] = PERMUTED
        table = labels.assign(
            att=att, se=se, low=att - critical * se, high=att + critical * se, p=p, inferred=inferred, se_draws=spread
        )
        return table, critical

    def _permuted(self, rows: Array) -> Array:
        assert self.outcome is not None
        found, _, _ = permutation_p(
            self.outcome,
            self.weights,
            self.adopted,
            [(c.group, c.now, c.base, c.limit) for c in self.contrasts],
            rows,
            self.inference.permutations,
            self.inference.seed,
        )
        return found

    @property
    def _untrusted(self) -> str:
        small = [f"{_whole(group)} ({size})" for group, size in self.cohorts.items() if size < self.smallest_cohort]
        reasons = [f"groups of fewer than {self.smallest_cohort} sites ({', '.join(small)})"] if small else []
        large = np.array([self.cohorts[c.group] >= self.smallest_cohort for c in self.contrasts])
        reasons += (
            [f"contrasts with fewer than {FEW} comparison sites"] if (large & ~self.inference.trusted).any() else []
        )
        how = (
            f"p by permutation of the adoption vectors among all sites (every assignment where there are at most "
            f"{self.inference.permutations}, else that many drawn, seed {self.inference.seed}), assuming "
            "exchangeability; not design-based"
            if self.outcome is not None
            else "no p either, since permutation of adoption is not offered with covariates"
        )
        return f"No analytic error, which would be too small, for {' and '.join(reasons)}; {how}."

    @property
    def said(self) -> str:
        """The methods sentence, with how errors were found and for which groups they were not."""
        errors = "Analytic errors from influence functions, independent between sites."
        if self.inference.draws:
            errors += (
                f" Uniform 95% bands: multiplier bootstrap, {self.inference.draws} draws, seed {self.inference.seed}."
            )
        if not self.inference.trusted.all():
            errors += f" {self._untrusted}"
        gone = [f"{number} sites with {reason}" for reason, number in self.left_out.items() if number]
        return " ".join([self.methods, errors, *([f"Left out: {'; '.join(gone)}."] if gone else [])])


def _whole(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number
