"""Candidate themes: a structural topic model of short texts, with covariates of prevalence.

Roberts, Stewart and Tingley (2014), "Structural topic models for open-ended survey responses", American Journal of
Political Science 58(4), 1064-1082. A topic is a suggestion: words that occur together. Whether it is a theme a person
says who has read its passages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from joinedup.study.problems import NotComputable
from joinedup.texts.topic_model import quality
from joinedup.texts.topic_model.corpus import Counted, Covariates, Floats, count_words, design
from joinedup.texts.topic_model.effects import Regression, compose
from joinedup.texts.topic_model.estimation import Estimate, Model
from joinedup.texts.topic_model.starts import best_short
from joinedup.texts.words import words

if TYPE_CHECKING:
    import pandas as pd

SEED_SHARE = 0.1
"""The pseudo-counts of a topic's seed words, as a share of the words that a topic holds on average."""


@dataclass(frozen=True)
class Themes:
    """The best of several fits. Topics stand in the order of their mean share; seeded ones first, as the seeds do.

    `topics`: k x words, probabilities. `bounds`: the evidence bound of every start, the best first. `stability`: for
    each topic its mean likeness (cosine, 0 to 1) to its partner in every other start. `seeded`: names of the seeds.
    """

    counted: Counted
    covariates: tuple[str, ...]
    estimate: Estimate
    design: Floats
    clusters: tuple[str, ...] | None
    seed: int
    bounds: tuple[float, ...]
    stability: tuple[float | None, ...]
    seeded: tuple[str, ...]
    given: int

    @property
    def k(self) -> int:
        return len(self.topics)

    @property
    def vocabulary(self) -> tuple[str, ...]:
        return self.counted.vocabulary

    @property
    def topics(self) -> Floats:
        return self.estimate.topics

    @property
    def bound(self) -> float:
        """The evidence bound of the fit that is kept."""
        return self.bounds[0]

    @cached_property
    def proportions(self) -> Floats:
        """Every text's shares of the topics, texts x k; NaN for a text without any word of the vocabulary."""
        found = np.full((self.given, self.k), np.nan)
        found[self.counted.used] = self.estimate.proportions
        return found

    @property
    def shares(self) -> tuple[float, ...]:
        """The mean share of each topic over texts."""
        return tuple(map(float, self.estimate.proportions.mean(axis=0)))

    def top_words(self, most: int = 10) -> tuple[tuple[str, ...], ...]:
        """The most probable words of each topic."""
        return tuple(tuple(self.vocabulary[at] for at in row) for row in quality.top(self.topics, most))

    def distinctive_words(self, most: int = 10) -> tuple[tuple[str, ...], ...]:
        """The words of each topic that are frequent in it and rare elsewhere (FREX, both ranks weighing alike)."""
        scores = quality.frex(self.topics, 0.5)
        return tuple(tuple(self.vocabulary[at] for at in row) for row in quality.top(scores, most))

    def representative(self, most: int = 3) -> tuple[tuple[int, ...], ...]:
        """For each topic the texts (places in what was given) that hold most of it, the best first."""
        order = np.argsort(-self.estimate.proportions, axis=0, kind="stable")[:most]
        return tuple(tuple(int(self.counted.used[at]) for at in order[:, topic]) for topic in range(self.k))

    @property
    def coherence(self) -> tuple[float, ...]:
        """Semantic coherence of each topic, by its definition."""
        return quality.coherence(self.counted, self.topics)

    @property
    def coherence_stm(self) -> tuple[float, ...]:
        """Semantic coherence of each topic by the rule of R's stm."""
        return quality.coherence_stm(self.counted, self.topics)

    @property
    def exclusivity(self) -> tuple[float, ...]:
        """Exclusivity of each topic."""
        return quality.exclusivity(self.topics)

    @property
    def effects(self) -> pd.DataFrame:
        """One row a topic (from 0) and covariate: `topic`, `covariate`, `estimate` (difference in the topic's share),
        `se`, `low`, `high` (95%), `p`; empty without covariates. See `topic_model.effects.compose`.
        """
        import pandas as pd

        pairs = [(topic, at) for topic in range(self.k) for at in range(1, len(self.covariates))]
        rows = [(topic, self.covariates[at], *astuple(self.regression.term(at, topic))) for topic, at in pairs]
        return pd.DataFrame(rows, columns=["topic", "covariate", "estimate", "se", "low", "high", "p"])

    def regress(self, columns: Floats) -> Regression:
        """Regressions of the topics' shares on other columns (texts given x columns), errors as for `effects`."""
        return compose(self.estimate, columns[self.counted.used], self.clusters, self.seed)

    @cached_property
    def regression(self) -> Regression:
        """Of the topics' shares on the covariates."""
        return compose(self.estimate, self.design, self.clusters, self.seed)


def fit_themes(
    texts: Sequence[str],
    k: int,
    covariates: Covariates = None,
    starts: int = 10,
    seed: int = 0,
    *,
    seeds: Mapping[str, Sequence[str]] | None = None,
    clusters: Sequence[str] | None = None,
) -> Themes:
    """`k` topics of `texts`, whose shares may move with `covariates`; the best of `starts` starts is kept.

    `covariates`: columns by name (a mapping or a frame; or an array, texts x columns), a value a text; words are
    categories, the first in their order is what the others are compared with. `seeds`: names of topics with words that belong to them (keywords of a
    codebook): their topics come first. `clusters`: who said each text, where one person says several.

    A text that is missing (None, NaN) is one without words. The same arguments give the same themes. Raises ValueError for arguments without sense, NotComputable where the
    texts hold too few words for `k` topics.
    """
    if k < 2 or starts < 1 or len(seeds or ()) > k:
        raise ValueError("A topic model needs two topics or more, one start or more, and no more seeds than topics.")
    texts = list(texts.values() if isinstance(texts, Mapping) else texts)
    wanted = {name: _single_words(given) for name, given in (seeds or {}).items()}
    counted = count_words(texts, [word for found in wanted.values() for word in found])
    names, columns = design(covariates, len(texts))
    if counted.texts < max(2 * k, len(names) + 2) or len(counted.vocabulary) < 2 * k:
        raise NotComputable(
            f"{counted.texts} texts with {len(counted.vocabulary)} words that occur in two or more are too few for "
            f"{k} topics."
        )
    model = Model(counted, columns[counted.used], _pseudo_counts(counted, k, wanted))
    fits = _fits(model, k, starts, seed)
    best = _ordered(fits[0], len(wanted))
    spoken = tuple(clusters[at] for at in counted.used) if clusters is not None else None
    return Themes(
        counted,
        names,
        best,
        model.design,
        spoken,
        seed,
        tuple(fit.bound for fit in fits),
        quality.stability(best.topics, [fit.topics for fit in fits[1:]]),
        tuple(wanted),
        len(texts),
    )


def _fits(model: Model, k: int, starts: int, seed: int) -> list[Estimate]:
    """One fit a start, the best first."""
    children = np.random.SeedSequence(seed).spawn(starts)
    found = [model.go_on(best_short(model, k, np.random.default_rng(child))) for child in children]
    return sorted(found, key=lambda fit: -fit.bound)


def _single_words(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for phrase in given for word in words(phrase)))


def _pseudo_counts(counted: Counted, k: int, seeds: Mapping[str, Sequence[str]]) -> Floats:
    place = {word: at for at, word in enumerate(counted.vocabulary)}
    found = np.zeros((k, len(place)))
    for topic, (name, given) in enumerate(seeds.items()):
        at = [place[word] for word in given if word in place]
        if not at:
            raise ValueError(f"No seed word of {name!r} occurs in the texts.")
        found[topic, at] = SEED_SHARE * counted.count.sum() / k / len(at)
    return found


def _ordered(fit: Estimate, fixed: int) -> Estimate:
    """`fit` with its topics in the order of their mean share, after the first `fixed` ones."""
    shares = fit.proportions.mean(axis=0)
    order = np.array([*range(fixed), *(fixed + np.argsort(-shares[fixed:], kind="stable"))])
    return fit.reordered(order)


def choose_k(
    texts: Sequence[str], ks: Sequence[int], covariates: Covariates = None, starts: int = 5, seed: int = 0
) -> pd.DataFrame:
    """What speaks for how many topics: one row a number of topics, with `k`, `bound`, means over topics of `coherence`,
    `coherence_stm`, `exclusivity` and `stability`, and `spread` (best bound less worst). No column decides alone:
    more topics are more exclusive and less coherent.
    """
    import pandas as pd

    rows = []
    for k in ks:
        found = fit_themes(texts, k, covariates, starts, seed)
        stable = [value for value in found.stability if value is not None]
        means = [float(np.mean(of)) for of in (found.coherence, found.coherence_stm, found.exclusivity)]
        spread = found.bounds[0] - found.bounds[-1]
        rows.append((k, found.bound, *means, float(np.mean(stable)) if stable else None, spread))
    return pd.DataFrame(
        rows, columns=["k", "bound", "coherence", "coherence_stm", "exclusivity", "stability", "spread"]
    )
