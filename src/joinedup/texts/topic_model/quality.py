"""How good topics are: semantic coherence, exclusivity, and whether other starts find them again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from joinedup.texts.topic_model.corpus import Counted, Floats, Integers

TOP_WORDS = 10
FREX_WEIGHT = 0.7
"""The weight of exclusivity against frequency, as in R's stm."""


def top(topics: Floats, most: int) -> Integers:
    """k x most: the most probable words of each topic; of equally probable ones the first in the alphabet."""
    found: Integers = np.argsort(-topics, axis=1, kind="stable")[:, :most]
    return found


def coherence(counted: Counted, topics: Floats, most: int = TOP_WORDS) -> tuple[float, ...]:
    """Semantic coherence of each topic: over pairs of its top words, the log of how often the rarer one's texts hold both.

    Sum over m > l of log((D(m, l) + 1) / D(l)), words ranked by probability, D the number of texts. Mimno et al.
    (2011), Optimizing semantic coherence in topic models, EMNLP. The nearer to 0 the better.
    """
    ranked = top(topics, most)
    together = _together(counted, ranked)
    return tuple(
        sum(
            float(np.log((together[row[m], row[low]] + 1) / together[row[low], row[low]]))
            for m in range(1, len(row))
            for low in range(m)
        )
        for row in ranked
    )


def coherence_stm(counted: Counted, topics: Floats, most: int = TOP_WORDS) -> tuple[float, ...]:
    """The measure that R's stm calls semantic coherence: 0.01 is added in place of 1, and a pair is ordered by the place
    of its words in the pooled list of all topics' top words, not by their rank in the topic: where topics share words
    the two differ.
    """
    ranked = top(topics, most)
    together = _together(counted, ranked)
    pooled = {word: at for at, word in enumerate(dict.fromkeys(ranked.ravel().tolist()))}
    found = []
    for row in ranked.tolist():
        order = sorted(row, key=pooled.__getitem__)
        pairs = ((order[m], order[low]) for m in range(1, len(order)) for low in range(m))
        found.append(sum(float(np.log(0.01 + together[m, w]) - np.log(0.01 + together[w, w])) for m, w in pairs))
    return tuple(found)


def _together(counted: Counted, ranked: Integers) -> Floats:
    """words x words: texts that hold both; filled for the ranked words alone."""
    words = len(counted.vocabulary)
    wanted = np.unique(ranked)
    holds = np.zeros((counted.texts, words))
    holds[counted.document, counted.word] = 1
    part = holds[:, wanted]
    found = np.zeros((words, words))
    found[np.ix_(wanted, wanted)] = part.T @ part
    return found


def frex(topics: Floats, weight: float = FREX_WEIGHT) -> Floats:
    """k x words: the harmonic mean of two ranks of the word in the topic, as shares of all words: that of how exclusive
    it is to the topic (with `weight`) and that of how frequent it is. Roberts et al. (2014) and R's stm.
    """
    from scipy.stats import rankdata

    words = topics.shape[1]
    exclusive = rankdata(topics / topics.sum(axis=0), axis=1) / words
    frequent = rankdata(topics, axis=1) / words
    found: Floats = 1 / (weight / exclusive + (1 - weight) / frequent)
    return found


def exclusivity(topics: Floats, most: int = TOP_WORDS) -> tuple[float, ...]:
    """Exclusivity of each topic: FREX summed over its top words, as R's stm does. The higher the better."""
    summed = np.take_along_axis(frex(topics), top(topics, most), axis=1).sum(axis=1)
    return tuple(float(total) for total in summed)


def matched(topics: Floats, other: Floats) -> Floats:
    """For each of `topics`, the cosine with its partner in `other`, partners chosen so that the cosines add up highest."""
    from scipy.optimize import linear_sum_assignment

    cosines = _unit(topics) @ _unit(other).T
    rows, columns = linear_sum_assignment(-cosines)
    found: Floats = cosines[rows, columns]
    return found


def stability(topics: Floats, others: Sequence[Floats]) -> tuple[float | None, ...]:
    """For each topic, the mean cosine with its partner in every other start; None where there is no other start."""
    if not others:
        return (None,) * len(topics)
    return tuple(map(float, np.mean([matched(topics, other) for other in others], axis=0)))


def _unit(topics: Floats) -> Floats:
    found: Floats = topics / np.linalg.norm(topics, axis=1, keepdims=True)
    return found
