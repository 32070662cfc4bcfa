"""Variational EM with a Laplace approximation, as in the structural topic model (Roberts, Stewart and Airoldi 2016).

"A model of text for experimentation in the social sciences", Journal of the American Statistical Association 111(515),
988-1003. A text's topics are softmax(eta), eta normal around the covariates' prediction; the last topic's eta is 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from joinedup.texts.topic_model.corpus import Counted, Floats, Integers
from joinedup.texts.topic_model.laplace import EStep, softmax

MOST_ROUNDS = 500
TOLERANCE = 1e-5
"""EM ends where the bound has moved by less than this share of itself (the value of R's stm), five rounds running.

A bound by Laplace's approximation may fall before it rises again: one calm round is no end.
"""
_CALM = 5


@dataclass(frozen=True)
class Estimate:
    """What EM has found. `eta`: texts x (k-1); `nu`: the covariance of each, texts x (k-1) x (k-1).

    `topics`: k x words, the probability of each word in each topic; `gamma`: covariates x (k-1); `sigma`: the
    covariance of eta around its prediction; `bound`: the evidence bound of all texts.
    """

    eta: Floats
    nu: Floats
    topics: Floats
    gamma: Floats
    sigma: Floats
    bound: float
    rounds: int
    converged: bool

    @property
    def proportions(self) -> Floats:
        return softmax(self.eta)

    def reordered(self, order: Integers) -> Estimate:
        """The same fit with its topics in another order: the one that comes last becomes the one whose eta is 0."""
        k = len(order)
        change = np.eye(k)[order][:-1] - np.eye(k)[order][-1]
        change = change[:, :-1]
        return replace(
            self,
            eta=self.eta @ change.T,
            nu=change @ self.nu @ change.T,
            topics=self.topics[order],
            gamma=self.gamma @ change.T,
            sigma=change @ self.sigma @ change.T,
        )


@dataclass(frozen=True)
class Model:
    """What stays fixed over EM: the counted texts, the design matrix, and pseudo-counts of seed words (k x words)."""

    counted: Counted
    design: Floats
    seeds: Floats

    def fit(self, topics: Floats, proportions: Floats, most: int = MOST_ROUNDS) -> Estimate:
        """EM from a start: topics, k x words, and proportions, texts x k."""
        return self.go_on(self._start(topics, proportions), most)

    def go_on(self, at: Estimate, most: int = MOST_ROUNDS) -> Estimate:
        """EM from where another run of it stopped."""
        calm = 0
        for _ in range(most):
            found = self._round(at)
            calm = calm + 1 if abs(found.bound - at.bound) < TOLERANCE * abs(found.bound) else 0
            at = found
            if calm == _CALM:
                return replace(at, converged=True)
        return at

    def _start(self, topics: Floats, proportions: Floats) -> Estimate:
        logs = np.log(np.maximum(proportions, 1e-3))
        eta = logs[:, :-1] - logs[:, -1:]
        free = eta.shape[1]
        gamma = np.zeros((self.design.shape[1], free))
        return Estimate(eta, np.zeros((0, 0, 0)), topics, gamma, 20 * np.eye(free), -np.inf, 0, False)

    def _round(self, at: Estimate) -> Estimate:
        step = EStep(self.counted, at.topics, self.design @ at.gamma, at.sigma)
        eta = step.climb(at.eta)
        nu, bound = step.laplace(eta)
        topics = self.seeds + step.word_counts(eta)
        gamma: Floats = np.linalg.lstsq(self.design, eta, rcond=None)[0]
        off = eta - self.design @ gamma
        sigma = (off.T @ off + nu.sum(axis=0)) / len(eta)
        prior = float((self.seeds * np.log(np.maximum(at.topics, 1e-300))).sum())
        topics = topics / topics.sum(axis=1, keepdims=True)
        return Estimate(eta, nu, topics, gamma, sigma, bound + prior, at.rounds + 1, False)
