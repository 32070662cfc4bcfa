"""Maximum likelihood for factor models of one or several groups: moments, derivatives, Fisher scoring.

Joreskog (1971, Psychometrika 36); the expected information is that of Bollen (1989), Structural Equations, chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import Codes, Floats

FIXED = -1
_STEPS, _HALVINGS, _DECREMENT = 500, 40, 1e-17


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


def _score_and_information(sample: Sample, pattern: Pattern, at: Matrices, count: int) -> tuple[Floats, Floats]:
    covariance, mean = _derivatives(pattern, at, count)
    inverse = np.linalg.inv(at.covariance)
    away = sample.mean - at.mean
    misfit = inverse @ (sample.covariance + np.outer(away, away) - at.covariance) @ inverse
    weighted = inverse @ covariance
    score = sample.n * (np.einsum("ij,tij->t", misfit, covariance) / 2 + mean @ inverse @ away)
    flat, turned = weighted.reshape(count, -1), weighted.transpose(0, 2, 1).reshape(count, -1)
    return score, sample.n * (flat @ turned.T / 2 + mean @ inverse @ mean.T)


def fit(samples: Sequence[Sample], patterns: Sequence[Pattern], start: Floats) -> Fitted:
    """Maximum likelihood by Fisher scoring with halved steps. Raises NotComputable where it does not converge."""
    count, parameters = len(start), start
    groups = tuple(matrices(pattern, parameters) for pattern in patterns)
    value = sum(map(discrepancy, samples, groups))
    for _ in range(_STEPS):
        parts = [_score_and_information(s, p, g, count) for s, p, g in zip(samples, patterns, groups, strict=True)]
        score, information = sum(part[0] for part in parts), sum(part[1] for part in parts)
        try:
            variance = np.asarray(np.linalg.inv(information), dtype=float)
        except np.linalg.LinAlgError:
            raise NotComputable("The factor model is not identified on these data.") from None
        step = variance @ score
        if abs(float(np.dot(score, step))) < _DECREMENT * sum(sample.n for sample in samples):
            return Fitted(parameters, variance, max(value, 0.0), groups)
        parameters, groups, value = _halved(samples, patterns, parameters, step, value)
    raise NotComputable("The factor model did not converge.")


def _halved(
    samples: Sequence[Sample], patterns: Sequence[Pattern], parameters: Floats, step: Floats, value: float
) -> tuple[Floats, tuple[Matrices, ...], float]:
    """The longest of the step, its half, its quarter, ... that does not worsen the fit."""
    for halving in range(_HALVINGS):
        tried = parameters + step / 2**halving
        groups = tuple(matrices(pattern, tried) for pattern in patterns)
        found = sum(map(discrepancy, samples, groups))
        if found <= value + 1e-10 * (1 + abs(value)):
            return tried, groups, found
    raise NotComputable("The factor model did not converge.")
