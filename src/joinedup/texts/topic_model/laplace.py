"""The texts' own problem in a round of EM: the mode of each text's eta, and the normal curve that fits there.

All texts are climbed at once: Newton steps with the exact Hessian where it is positive definite, otherwise with the
bound on it that leaves out its concave part. Sums over a text's words are products of sparse matrices.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from joinedup.texts.topic_model.corpus import Counted, Floats

_STEPS, _HALVINGS, _STILL = 15, 12, 1e-4
_SMALLEST = 1e-100


def softmax(eta: Floats) -> Floats:
    """Proportions over k topics from eta over k - 1 (the last topic's is 0)."""
    full = np.concatenate([eta, np.zeros((*eta.shape[:-1], 1))], axis=-1)
    full = np.exp(full - full.max(axis=-1, keepdims=True))
    found: Floats = full / full.sum(axis=-1, keepdims=True)
    return found


class EStep:
    """For given topics (k x words), predictions of eta (texts x (k-1)) and its covariance."""

    def __init__(self, counted: Counted, topics: Floats, predicted: Floats, sigma: Floats) -> None:
        self._counted, self._topics, self._predicted = counted, topics, predicted
        self._at_entries = topics[:, counted.word].T
        self._length = counted.by_text(counted.count)
        self._precision = np.linalg.inv(sigma)
        self._half_log_det = 0.5 * float(np.linalg.slogdet(sigma)[1])
        self._upper = np.triu_indices(len(topics) - 1)
        self._pairs = (topics[self._upper[0]] * topics[self._upper[1]]).T

    def _likelihood(self, theta: Floats) -> Floats:
        """The probability of the word of every entry."""
        found = np.einsum("nk,nk->n", theta[self._counted.document], self._at_entries)
        result: Floats = np.maximum(found, _SMALLEST)
        return result

    def _value(self, eta: Floats) -> Floats:
        """The log of the joint density of each text, up to a constant."""
        off = eta - self._predicted
        prior = 0.5 * np.einsum("di,ij,dj->d", off, self._precision, off)
        words = self._counted.count * np.log(self._likelihood(softmax(eta)))
        found: Floats = self._counted.by_text(words) - prior
        return found

    def _state(self, eta: Floats) -> tuple[Floats, Floats, Floats]:
        """Proportions, expected words of each topic in each text, and the likelihood at entries."""
        theta = softmax(eta)
        likelihood = self._likelihood(theta)
        expected: Floats = theta * (self._counted.matrix(self._counted.count / likelihood) @ self._topics.T)
        return theta, expected, likelihood

    def _bounded(self, theta: Floats) -> Floats:
        """The Hessian of minus the log density without its concave part, texts x (k-1) x (k-1)."""
        free = theta[:, :-1]
        n = self._length[:, None, None]
        found: Floats = n * (_diagonal(free) - free[:, :, None] * free[:, None, :]) + self._precision
        return found

    def _hessian(self, theta: Floats, expected: Floats, likelihood: Floats) -> Floats:
        """The Hessian of minus the log density, texts x (k-1) x (k-1)."""
        rows, columns = self._upper
        found = self._bounded(theta) - _diagonal(expected[:, :-1])
        weights = self._counted.matrix(self._counted.count / likelihood**2)
        outer = theta[:, rows] * theta[:, columns] * (weights @ self._pairs)
        found[:, rows, columns] += outer
        found[:, columns, rows] += np.where(rows == columns, 0, outer)
        return found

    def climb(self, eta: Floats) -> Floats:
        """The mode of every text's eta, from where it was."""
        value = self._value(eta)
        for _ in range(_STEPS):
            theta, expected, likelihood = self._state(eta)
            slope = expected[:, :-1] - self._length[:, None] * theta[:, :-1] - (eta - self._predicted) @ self._precision
            hessian = self._hessian(theta, expected, likelihood)
            bent = _not_definite(hessian)
            hessian[bent] = self._bounded(theta)[bent]
            step = np.linalg.solve(hessian, slope[:, :, None])[:, :, 0]
            eta, value, moved = self._halve(eta, value, step)
            if moved < _STILL:
                break
        return eta

    def _halve(self, eta: Floats, value: Floats, step: Floats) -> tuple[Floats, Floats, float]:
        """A step, halved for those texts that it would take down; also how far the furthest text moved."""
        left, length, moved = np.ones(len(eta), dtype=bool), 1.0, 0.0
        for _ in range(_HALVINGS):
            tried = eta + length * step
            found = self._value(tried)
            better = left & (found >= value - 1e-10)
            if better.any():
                moved = max(moved, float(np.abs(length * step[better]).max()))
            eta = np.where(better[:, None], tried, eta)
            value = np.where(better, found, value)
            left &= ~better
            length /= 2
            if not left.any():
                break
        return eta, value, moved

    def laplace(self, eta: Floats) -> tuple[Floats, float]:
        """The covariance of every text's eta at its mode, and the bound of all texts.

        Where the Hessian is not positive definite, its diagonal is raised to dominate its row, as R's stm does.
        """
        hessian = self._hessian(*self._state(eta))
        for at in np.flatnonzero(_not_definite(hessian)):
            rows = np.abs(hessian[at]).sum(axis=1) - np.abs(np.diag(hessian[at]))
            np.fill_diagonal(hessian[at], np.maximum(np.diag(hessian[at]), rows + 1e-6))
        log_det = np.linalg.slogdet(hessian)[1]
        bound = float((self._value(eta) - 0.5 * log_det).sum()) - len(eta) * self._half_log_det
        nu: Floats = np.linalg.inv(hessian)
        return nu, bound

    def word_counts(self, eta: Floats) -> Floats:
        """Expected counts, k x words."""
        theta = softmax(eta)
        weights = self._counted.matrix(self._counted.count / self._likelihood(theta))
        found: Floats = self._topics * (weights.T @ theta).T
        return found


def _diagonal(rows: Floats) -> Floats:
    """Each row as a diagonal matrix."""
    found: Floats = rows[:, :, None] * np.eye(rows.shape[1])
    return found


def _not_definite(matrices: Floats) -> npt.NDArray[np.bool_]:
    """Which of the symmetric matrices are not positive definite."""
    try:
        np.linalg.cholesky(matrices)
    except np.linalg.LinAlgError:
        found: npt.NDArray[np.bool_] = np.linalg.eigvalsh(matrices)[:, 0] <= 1e-8
        return found
    return np.zeros(len(matrices), dtype=bool)
