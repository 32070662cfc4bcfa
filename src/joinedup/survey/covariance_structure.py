"""Maximum likelihood for factor models of one or several groups: moments, derivatives, the search.

Joreskog (1971, Psychometrika 36); the expected information is that of Bollen (1989), Structural Equations, chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import Codes, Floats

FIXED = -1
_SCORING, _STEPS, _HALVINGS = 5, 500, 40
_DECREMENT, _ROUNDING = 1e-15, 1e-12


class NotConverged(NotComputable):
    """The search found no maximum from where it began."""


@dataclass(frozen=True)
class Sample:
    """One group's `n` complete rows: covariances with divisor n (p x p) and means (p)."""

    n: int
    covariance: Floats
    mean: Floats


@dataclass(frozen=True)
class Pattern:
    """Which parameter stands where in one group's matrices (its number, or FIXED at the value of `values`).

    Loadings p x m, factor covariances m x m (symmetric), residual variances p, intercepts p, factor means m.
    """

    loading: Codes
    factor: Codes
    residual: Codes
    intercept: Codes
    factor_mean: Codes


@dataclass(frozen=True)
class Matrices:
    """One group's matrices at given parameters, and the moments that they imply."""

    loading: Floats
    factor: Floats
    residual: Floats
    factor_mean: Floats
    covariance: Floats
    mean: Floats


@dataclass(frozen=True)
class Fitted:
    """The maximum: parameters, inverse expected information, discrepancy summed over groups (n F: chi-square)."""

    parameters: Floats
    variance: Floats
    chi2: float
    groups: tuple[Matrices, ...]


def matrices(pattern: Pattern, parameters: Floats) -> Matrices:
    """The matrices of a group; what is fixed is 0, a fixed factor variance 1."""
    padded = np.append(parameters, 0.0)
    loading, residual = padded[pattern.loading], padded[pattern.residual]
    factor, means = padded[pattern.factor], padded[pattern.factor_mean]
    factor = factor + np.diag(np.where(np.diag(pattern.factor) == FIXED, 1.0, 0.0))
    covariance = loading @ factor @ loading.T + np.diag(residual)
    return Matrices(loading, factor, residual, means, covariance, padded[pattern.intercept] + loading @ means)


def discrepancy(sample: Sample, implied: Matrices) -> float:
    """n F: n (log|S| of the model - log|S| + tr(S S_model^-1) - p + the means' distance); infinite if not positive."""
    try:
        lower = np.linalg.cholesky(implied.covariance)
    except np.linalg.LinAlgError:
        return float("inf")
    away = sample.mean - implied.mean
    ratio = np.linalg.solve(implied.covariance, sample.covariance + np.outer(away, away))
    log_det = 2 * np.log(np.diag(lower)).sum() - np.linalg.slogdet(sample.covariance)[1]
    return float(sample.n * (log_det + np.trace(ratio) - len(away)))


def _derivatives(pattern: Pattern, at: Matrices, count: int) -> tuple[Floats, Floats]:
    """The derivatives of a group's covariances (count x p x p) and means (count x p) by each parameter."""
    p, m = at.loading.shape
    covariance, mean = np.zeros((count, p, p)), np.zeros((count, p))
    spread = at.loading @ at.factor
    for i, j in zip(*np.nonzero(pattern.loading != FIXED), strict=True):
        number = pattern.loading[i, j]
        covariance[number, i, :] += spread[:, j]
        covariance[number, :, i] += spread[:, j]
        mean[number, i] += at.factor_mean[j]
    for j in range(m):
        for k in range(j + 1):
            if (number := pattern.factor[j, k]) != FIXED:
                both = np.outer(at.loading[:, j], at.loading[:, k])
                covariance[number] += both if j == k else both + both.T
        if (number := pattern.factor_mean[j]) != FIXED:
            mean[number] += at.loading[:, j]
    for i in range(p):
        covariance[pattern.residual[i], i, i] += 1
        if pattern.intercept[i] != FIXED:
            mean[pattern.intercept[i], i] += 1
    return covariance, mean


def _score(sample: Sample, pattern: Pattern, at: Matrices, count: int) -> Floats:
    covariance, mean = _derivatives(pattern, at, count)
    inverse = np.linalg.inv(at.covariance)
    away = sample.mean - at.mean
    misfit = inverse @ (sample.covariance + np.outer(away, away) - at.covariance) @ inverse
    return np.asarray(sample.n * (np.einsum("ij,tij->t", misfit, covariance) / 2 + mean @ (inverse @ away)))


def _information(sample: Sample, pattern: Pattern, at: Matrices, count: int) -> Floats:
    covariance, mean = _derivatives(pattern, at, count)
    inverse = np.linalg.inv(at.covariance)
    weighted = inverse @ covariance
    flat, turned = weighted.reshape(count, -1), weighted.transpose(0, 2, 1).reshape(count, -1)
    return np.asarray(sample.n * (flat @ turned.T / 2 + mean @ inverse @ mean.T), dtype=float)


class _Problem:
    """The samples and patterns of one fit, with the sums over groups that its steps need."""

    def __init__(self, samples: Sequence[Sample], patterns: Sequence[Pattern], count: int) -> None:
        self.samples, self.patterns, self.count = samples, patterns, count

    def groups(self, parameters: Floats) -> tuple[Matrices, ...]:
        return tuple(matrices(pattern, parameters) for pattern in self.patterns)

    def value(self, groups: Sequence[Matrices]) -> float:
        return sum(map(discrepancy, self.samples, groups))

    def score(self, groups: Sequence[Matrices]) -> Floats:
        parts = zip(self.samples, self.patterns, groups, strict=True)
        return np.asarray(np.sum([_score(*part, self.count) for part in parts], axis=0), dtype=float)

    def variance(self, groups: Sequence[Matrices]) -> Floats:
        parts = zip(self.samples, self.patterns, groups, strict=True)
        information = np.sum([_information(*part, self.count) for part in parts], axis=0, dtype=float)
        try:
            return np.asarray(np.linalg.inv(information), dtype=float)
        except np.linalg.LinAlgError:
            raise NotComputable("The factor model is not identified on these data.") from None


def fit(samples: Sequence[Sample], patterns: Sequence[Pattern], start: Floats) -> Fitted:
    """Maximum likelihood: some steps of Fisher scoring, then BFGS from the last information, each step halved at need.

    Raises NotComputable where the model is not identified, NotConverged where the search finds no maximum.
    """
    problem, parameters = _Problem(samples, patterns, len(start)), start
    groups = problem.groups(parameters)
    value, score, inverse = problem.value(groups), problem.score(groups), problem.variance(groups)
    least = _DECREMENT * sum(sample.n for sample in samples)
    for number in range(_STEPS):
        step = inverse @ score
        if abs(float(score @ step)) < least:
            return Fitted(parameters, problem.variance(groups), max(value, 0.0), groups)
        tried, groups, value = _halved(problem, parameters, step, value)
        found = problem.score(groups)
        scoring = number < _SCORING
        inverse = problem.variance(groups) if scoring else _updated(inverse, tried - parameters, score - found)
        parameters, score = tried, found
    raise NotConverged("The factor model did not converge: the items may not share these factors.")


def _updated(inverse: Floats, moved: Floats, bent: Floats) -> Floats:
    """The BFGS update of an inverse information after a step `moved` that took `bent` off the score."""
    along = float(moved @ bent)
    if along <= 1e-12 * float(np.linalg.norm(moved) * np.linalg.norm(bent)):
        return inverse
    shift = np.eye(len(moved)) - np.outer(moved, bent) / along
    return np.asarray(shift @ inverse @ shift.T + np.outer(moved, moved) / along, dtype=float)


def _halved(
    problem: _Problem, parameters: Floats, step: Floats, value: float
) -> tuple[Floats, tuple[Matrices, ...], float]:
    """The longest of the step, its half, its quarter, ... that does not worsen the fit."""
    for halving in range(_HALVINGS):
        tried = parameters + step / 2**halving
        groups = problem.groups(tried)
        found = problem.value(groups)
        if found <= value + _ROUNDING * (1 + abs(value)):
            return tried, groups, found
    raise NotConverged("The factor model did not converge: the items may not share these factors.")
