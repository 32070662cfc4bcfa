"""Aggregates of group-time effects: linear maps of the effects, with the influence of the groups' shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joinedup.impact.fitting import Array
from joinedup.study.problems import NotComputable

Chosen = npt.NDArray[np.bool_]
NAMES = {"simple": "part", "dynamic": "relative", "group": "group", "calendar": "period"}


@dataclass(frozen=True, slots=True)
class Contrast:
    """A group in a period: columns of the period and of its base; comparison units adopt after `limit` only."""

    group: float
    when: float
    now: int
    base: int
    limit: float


@dataclass(frozen=True, slots=True)
class Combination:
    """Weights over the contrasts, and how they move with the groups' shares.

    `derivative` is groups x contrasts, `deviation` units x groups: each unit's influence on the shares.
    """

    label: float
    weights: Array
    derivative: Array
    deviation: Array

    def influence(self, estimates: Array, psi: Array) -> Array:
        """The influence of each unit on the combination."""
        return np.asarray(self.weights @ psi + self.deviation @ (self.derivative @ estimates), dtype=float)


def combinations(
    kind: str, contrasts: Sequence[Contrast], adopted: Array, weights: Array
) -> tuple[list[Combination], Combination]:
    """The rows of the aggregate `kind`, and its overall. Source: Callaway and Sant'Anna (2021), section 3."""
    if kind not in NAMES:
        raise ValueError(f"kind must be one of {', '.join(NAMES)}, not {kind!r}")
    groups = np.array([c.group for c in contrasts])
    periods = np.array([c.when for c in contrasts])
    treated = periods >= groups
    if not treated.any():
        raise NotComputable("No treated period has a comparison: there is no effect to aggregate.")
    shares = _Shares(groups, adopted, weights)
    if kind == "simple":
        overall = shares.mean(0.0, treated)
        return [], overall
    if kind == "dynamic":
        relative = periods - groups
        parts = [shares.mean(float(e), relative == e) for e in np.unique(relative)]
        return parts, _plain([part for part in parts if part.label >= 0])
    if kind == "calendar":
        parts = [shares.mean(float(t), treated & (periods == t)) for t in np.unique(periods[treated])]
        return parts, _plain(parts)
    own = [treated & (groups == group) for group in np.unique(groups[treated])]
    parts = [shares.mean(float(groups[at][0]), at) for at in own]
    return parts, shares.mean(0.0, treated, np.array([1 / max((treated & (groups == g)).sum(), 1) for g in groups]))


def _plain(parts: Sequence[Combination]) -> Combination:
    weights = np.mean([part.weights for part in parts], axis=0)
    derivative = np.mean([part.derivative for part in parts], axis=0)
    return Combination(0.0, weights, derivative, parts[0].deviation)


class _Shares:
    """The groups' shares of the units (by weight)."""

    def __init__(self, groups: Array, adopted: Array, weights: Array) -> None:
        self._levels, self._own = np.unique(groups, return_inverse=True)
        member = (adopted[:, None] == self._levels[None, :]) * weights[:, None]
        self._share = member.mean(axis=0)
        self._deviation = member - self._share

    def mean(self, label: float, chosen: Chosen, each: Array | None = None) -> Combination:
        """The mean over `chosen` contrasts by share; `each` scales a contrast's part (1 / its number in the group)."""
        factor = chosen * (np.ones(len(self._own)) if each is None else each)
        total = float(factor @ self._share[self._own])
        weights = factor * self._share[self._own] / total
        # d weights_k / d share_g: a share moves the weights of its own contrasts, and the total that divides them all.
        by_group = np.zeros((len(self._levels), len(factor)))
        by_group[self._own, np.arange(len(factor))] = factor
        derivative = (by_group - np.outer(by_group.sum(axis=1), weights)) / total
        return Combination(label, weights, derivative, self._deviation)
