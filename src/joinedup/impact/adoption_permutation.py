"""Permutation of adoption vectors: group-time effects under the assignments that could have happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from joinedup.impact.assignments import count, draw, enumerate_all
from joinedup.impact.fitting import Array

Contrast = tuple[float, int, int, float]
"""A group, the columns of the period and of its base, and the period before which a comparison must not adopt."""
_ELEMENTS = 4_000_000
"""Elements of the largest matrix at a time."""
_TIES = 1e-9


def permutation_p(
    outcome: Array,
    weights: Array,
    adopted: Array,
    contrasts: Sequence[Contrast],
    combinations: Array,
    draws: int,
    seed: int,
) -> tuple[Array, int, bool]:
    """Two-sided p of each of `combinations` (rows) of the group-time effects, draws, and whether all were enumerated.

    A site's weight stays with the site; only the starts move. The effects are differences of mean changes.
    """
    groups = np.unique(adopted)
    labels = np.searchsorted(groups, adopted).astype(np.int64)
    everywhere = [np.arange(len(labels))]
    every = count(labels, everywhere)
    enumerated = every <= draws
    drawn: Iterator[npt.NDArray[np.int64]]
    if enumerated:
        drawn = iter([np.array(list(enumerate_all(labels, everywhere)), dtype=np.int64)])
    else:
        drawn = draw(labels, everywhere, draws, np.random.default_rng(seed))
    data = np.abs(combinations @ _effects(outcome, weights, groups, contrasts, labels[None, :])[0])
    hits = np.zeros(len(combinations))
    chunk = max(1, _ELEMENTS // (len(groups) * len(labels)))
    for block in drawn:
        for at in range(0, len(block), chunk):
            found = _effects(outcome, weights, groups, contrasts, block[at : at + chunk]) @ combinations.T
            hits += (np.abs(found) >= data * (1 - _TIES)).sum(axis=0)
    if enumerated:
        return hits / every, every, True
    return (1 + hits) / (draws + 1), draws, False


def _effects(
    outcome: Array, weights: Array, groups: Array, contrasts: Sequence[Contrast], labels: npt.NDArray[np.int64]
) -> Array:
    """Group-time effects for each row of `labels` (the position of a site's start in `groups`): draws x contrasts."""
    members = (labels[:, None, :] == np.arange(len(groups))[None, :, None]) * weights
    sizes = members.sum(axis=2)
    sums = members @ outcome
    found = np.empty((len(labels), len(contrasts)))
    for at, (group, now, base, limit) in enumerate(contrasts):
        own = int(np.searchsorted(groups, group))
        others = np.flatnonzero((groups > limit) & (groups != group))
        change = sums[:, :, now] - sums[:, :, base]
        comparison = change[:, others].sum(axis=1) / sizes[:, others].sum(axis=1)
        found[:, at] = change[:, own] / sizes[:, own] - comparison
    return found
