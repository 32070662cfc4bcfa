"""Starts for EM: short runs of latent Dirichlet allocation from random responsibilities.

One start misleads on short texts: R's default (spectral) start of the same model ends near a point where no topic
differs from another, while starts from LDA reach higher bounds.
"""

from __future__ import annotations

import numpy as np

from joinedup.texts.topic_model.corpus import Counted, Floats
from joinedup.texts.topic_model.estimation import Estimate, Model

SHORT_RUNS, SHORT_ROUNDS = 5, 10
_ROUNDS, _TOPIC_PRIOR, _WORD_PRIOR = 60, 1.0, 0.1


def lda_start(counted: Counted, k: int, seeds: Floats, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Topics (k x words) and proportions (texts x k) after collapsed variational steps (CVB0) from a random start.

    Asuncion et al. (2009), On smoothing and inference for topic models, UAI. The prior of a word is that of R's stm;
    its prior of a topic (50/k) smooths short texts until all are alike, so 1 is taken. `seeds` add to words' priors.
    """
    alpha, words = _TOPIC_PRIOR, len(counted.vocabulary)
    prior = _WORD_PRIOR + seeds
    shares = random.dirichlet(np.full(k, 0.5), size=len(counted.word))
    shares *= 1e-9 + (prior / prior.sum(axis=1, keepdims=True))[:, counted.word].T
    shares /= shares.sum(axis=1, keepdims=True)
    for _ in range(_ROUNDS):
        weighted = counted.count[:, None] * shares
        in_text = counted.by_text(weighted)
        in_topic = np.array([np.bincount(counted.word, weights=weighted[:, at], minlength=words) for at in range(k)])
        own = in_topic[:, counted.word].T - shares + prior[:, counted.word].T
        total = in_topic.sum(axis=1) - shares + prior.sum(axis=1)
        shares = (in_text[counted.document] - shares + alpha) * own / total
        shares /= shares.sum(axis=1, keepdims=True)
    topics = in_topic + prior
    proportions = in_text + 0.1
    return topics / topics.sum(axis=1, keepdims=True), proportions / proportions.sum(axis=1, keepdims=True)


def best_short(model: Model, k: int, random: np.random.Generator) -> Estimate:
    """The best of a few short runs of EM, each from a start of its own.

    Short runs foretell where long ones end (Biernacki, Celeux and Govaert 2003, Computational Statistics and Data
    Analysis 41, 561-575), so that a start costs little and reaches higher.
    """
    tried = (model.fit(*lda_start(model.counted, k, model.seeds, random), SHORT_ROUNDS) for _ in range(SHORT_RUNS))
    return max(tried, key=lambda found: found.bound)
