"""Unit and time weights of synthetic control and synthetic difference in differences, for many placebos at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joinedup.impact.fitting import Array
from joinedup.impact.simplex import Problems, exact, stopped

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a cohort's problems share: outcomes (units x periods), the number of periods before, and the rules.

    The ridge zeta of the unit weights is `factor` * sigma + `fixed`; sigma is the standard deviation of the first
    differences of a problem's controls before the start. `intercept` (synthetic DiD) allows a constant gap and adds
    time weights. `extra` are further rows to be matched (predictors x units).
    """

    outcome: Array
    before: int
    factor: float
    fixed: float
    intercept: bool
    solver: str
    extra: Array

    @property
    def rows(self) -> int:
        return self.before + len(self.extra)

    def sigma(self, donors: Mask) -> Array:
        """The sigma of each problem; `donors` is problems x units."""
        steps = np.diff(self.outcome[:, : self.before], axis=1)
        steps = steps - steps.mean()
        number = donors.sum(axis=1) * steps.shape[1]
        mean = donors @ steps.sum(axis=1) / number
        return np.asarray(np.sqrt((donors @ (steps**2).sum(axis=1) - number * mean**2) / (number - 1)), dtype=float)

    def zeta(self, donors: Mask) -> Array:
        return np.asarray(self.factor * self.sigma(donors) + self.fixed, dtype=float)


@dataclass(frozen=True, slots=True)
class Weighted:
    """Weights of each assignment: problems x units, problems x periods before, and the gaps problems x periods."""

    units: Array
    times: Array
    gaps: Array
    before: int

    @property
    def estimates(self) -> Array:
        after = self.gaps[:, self.before :].mean(axis=1)
        return np.asarray(after - np.einsum("pt,pt->p", self.times, self.gaps[:, : self.before]), dtype=float)

    @property
    def fit_before(self) -> Array:
        """Root mean squared gap before the start, less the weighted gap where there are time weights."""
        return np.asarray(np.sqrt((self._centred()[:, : self.before] ** 2).mean(axis=1)), dtype=float)

    @property
    def fit_after(self) -> Array:
        return np.asarray(np.sqrt((self._centred()[:, self.before :] ** 2).mean(axis=1)), dtype=float)

    def _centred(self) -> Array:
        level = np.einsum("pt,pt->p", self.times, self.gaps[:, : self.before])
        return np.asarray(self.gaps - level[:, None], dtype=float)


def weigh(setting: Setting, targets: Array, donors: Mask) -> Weighted:
    """`targets` is problems x units: what each treated unit counts in the mean to be matched; `donors` likewise."""
    wanted = targets @ setting.outcome
    units = _unit_weights(setting, targets, donors)
    times = _time_weights(setting, donors) if setting.intercept else np.zeros((len(targets), setting.before))
    return Weighted(units, times, wanted - units @ setting.outcome, setting.before)


def _unit_weights(setting: Setting, targets: Array, donors: Mask) -> Array:
    path = setting.outcome[:, : setting.before]
    if setting.intercept:
        path = path - path.mean(axis=1, keepdims=True)
    matched = np.hstack([path, setting.extra.T])
    eta = setting.zeta(donors) ** 2 * setting.rows
    if setting.solver == "exact":
        found = np.zeros(targets.shape)
        for at, allowed in enumerate(donors):
            found[at, allowed] = exact(matched[allowed].T, targets[at] @ matched, float(eta[at]))
        return found
    # As the weights sum to 1, what all units share in a period drops out: without it the sums of squares stay exact.
    matched = matched - matched.mean(axis=0)
    wanted = targets @ matched
    gram = matched @ matched.T
    same = np.zeros(len(targets), dtype=np.int64)
    rows = np.full(len(targets), float(setting.rows))
    least = (1e-5 * setting.sigma(donors)) ** 2
    return stopped(Problems(gram[None], same, targets @ gram, (wanted**2).sum(axis=1), donors, eta, rows, least))


def _time_weights(setting: Setting, donors: Mask) -> Array:
    """Periods before weighted so that the controls' weighted mean differs from their later mean by a constant."""
    columns = np.column_stack([setting.outcome[:, : setting.before], setting.outcome[:, setting.before :].mean(axis=1)])
    ridge = (1e-6 * setting.sigma(donors)) ** 2
    if setting.solver == "exact":
        found = np.empty((len(donors), setting.before))
        for at, allowed in enumerate(donors):
            centred = columns[allowed] - columns[allowed].mean(axis=0)
            found[at] = exact(centred[:, :-1], centred[:, -1], float(ridge[at]) * len(centred))
        return found
    return _stopped_time_weights(setting, columns, donors, ridge)


def _stopped_time_weights(setting: Setting, columns: Array, donors: Mask, ridge: Array) -> Array:
    shifted = columns - columns.mean(axis=1, keepdims=True)
    shifted = shifted - shifted.mean(axis=0)
    sizes = donors.sum(axis=1).astype(float)
    sums = donors @ shifted
    products = (shifted[:, :, None] * shifted[:, None, :]).reshape(len(shifted), -1)
    gram = (donors @ products).reshape(len(donors), columns.shape[1], columns.shape[1])
    gram = gram - sums[:, :, None] * sums[:, None, :] / sizes[:, None, None]
    allowed = np.ones((len(donors), setting.before), dtype=bool)
    least = (1e-5 * setting.sigma(donors)) ** 2
    each = np.arange(len(donors))
    return stopped(
        Problems(gram[:, :-1, :-1], each, gram[:, :-1, -1], gram[:, -1, -1], allowed, ridge * sizes, sizes, least)
    )
