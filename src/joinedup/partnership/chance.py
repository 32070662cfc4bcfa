"""More overlap than chance: bodies and agencies keep their numbers of seats, who sits where is drawn anew.

Curveball swaps (Strona et al. 2014, Nature Communications 5, 4114), whose chain is uniform over all tables with the
same margins (Carstens 2015, Physical Review E 91, 042812), run as in Besag and Clifford (1989, Biometrika 76, 633-642):
backwards from the table observed, then forwards again, independently, once for each draw. The table observed and the
drawn ones are then exchangeable whatever the length of the chain, so the p is exact but for the number of draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joinedup.study.problems import NotComputable

Floats = npt.NDArray[np.float64]
Tables = npt.NDArray[np.bool_]
SWAPS = 5
"""Swaps a chain makes for each body of the largest site."""
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class ChanceOverlap:
    """The mean Jaccard overlap over pairs of bodies within sites, against draws with the same margins.

    `by_chance`: its mean over the draws; `low` and `high`: the middle 95% of the draws; `p`: two-sided, twice the smaller
    tail, the observed table counted among the draws; `p_high`: no larger p is meant with 97.5% confidence, given so many
    draws. `sites_observed`, `sites_by_chance`: each site's own mean over its pairs (NaN without a pair).
    """

    observed: float
    by_chance: float
    low: float
    high: float
    p: float
    p_high: float
    pairs: int
    draws: int
    seed: int
    sites_observed: Floats
    sites_by_chance: Floats


def overlap_by_chance(tables: Sequence[npt.ArrayLike], draws: int = 999, seed: int = 1) -> ChanceOverlap:
    """Hold the overlap of bodies against chance. `tables`: one a site, rows are bodies, columns members, 0/1.

    Bodies without a member take no part. Raises ValueError for a table that is not one of 0 and 1, NotComputable
    where no site has two bodies with members or nothing could have come out otherwise.
    """
    found, bodies = _stacked(tables)
    if not (bodies > 1).any():
        raise NotComputable("No site has two bodies with members, so there is no pair to compare.")
    random = np.random.default_rng(seed)
    steps = SWAPS * int(bodies.max())
    hub = found[None].copy()
    curveball(hub, bodies, steps, random)
    chains = np.repeat(hub, draws, axis=0)
    curveball(chains, bodies, steps, random)
    before, drawn = jaccard_sums(found[None], bodies)[0], jaccard_sums(chains, bodies)
    if not (np.abs(drawn - before) > _SAME).any() and not (chains != found).any():
        raise NotComputable("With these numbers of seats no other table is possible, so chance has no say.")
    return _compared(before, drawn, bodies, seed)


def _compared(before: Floats, drawn: Floats, bodies: npt.NDArray[np.intp], seed: int) -> ChanceOverlap:
    pairs = bodies * (bodies - 1) // 2
    total, draws = int(pairs.sum()), len(drawn)
    observed, values = float(before.sum()) / total, drawn.sum(axis=1) / total
    tail = 1 + min(int((values >= observed - _SAME).sum()), int((values <= observed + _SAME).sum()))
    low, high = np.quantile(values, [0.025, 0.975])
    each = np.where(pairs > 0, pairs, np.nan)
    return ChanceOverlap(
        observed, float(values.mean()), float(low), float(high), min(1.0, 2 * tail / (draws + 1)),
        _p_high(tail - 1, draws), total, draws, seed, before / each, drawn.mean(axis=0) / each,
    )  # fmt: skip


def _p_high(beyond: int, draws: int) -> float:
    """Twice the upper 97.5% limit of Clopper and Pearson (1934) for the share of draws in the tail, 1 at most."""
    from scipy.stats import beta

    return min(1.0, 2 * float(beta.ppf(0.975, beyond + 1, draws - beyond))) if beyond < draws else 1.0


def _stacked(tables: Sequence[npt.ArrayLike]) -> tuple[Tables, npt.NDArray[np.intp]]:
    """All tables in one array, filled up with empty bodies and members, and the bodies with members of each."""
    found = []
    for number, table in enumerate(tables):
        cells = np.asarray(table)
        if cells.ndim != 2 or not np.isin(cells, (0, 1)).all():
            raise ValueError(f"Table {number} is not a table of 0 and 1, bodies by members.")
        held = cells.astype(bool)
        found.append(held[held.any(axis=1)])
    rows, columns = (max((table.shape[axis] for table in found), default=0) for axis in (0, 1))
    stacked = np.zeros((len(found), rows, columns), dtype=bool)
    for number, table in enumerate(found):
        stacked[number, : table.shape[0], : table.shape[1]] = table
    return stacked, np.array([len(table) for table in found], dtype=np.intp)


def curveball(chains: Tables, bodies: npt.NDArray[np.intp], steps: int, random: np.random.Generator) -> None:
    """Let every table of `chains` (chains x sites x bodies x members) make `steps` curveball swaps, in place.

    A swap takes two bodies of a site and deals the members that sit on one of them only anew, as many to each as it had.
    """
    number, members = chains.shape[0], chains.shape[3]
    chain = np.arange(number)[:, None]
    site = np.flatnonzero(bodies > 1)
    if not site.size:
        return
    for _ in range(steps):
        first = random.integers(0, bodies[site], (number, site.size))
        second = (first + random.integers(1, bodies[site], (number, site.size))) % bodies[site]
        a, b = chains[chain, site, first], chains[chain, site, second]
        one = a ^ b
        key = np.where(one, random.random((number, site.size, members)), 2.0)
        rank = key.argsort(axis=2).argsort(axis=2)
        dealt = one & (rank < (a & one).sum(axis=2)[..., None])
        chains[chain, site, first] = (a & b) | dealt
        chains[chain, site, second] = (a & b) | (one & ~dealt)


def jaccard_sums(chains: Tables, bodies: npt.NDArray[np.intp]) -> Floats:
    """The sum of the Jaccard overlaps over the pairs of bodies of each site: chains x sites."""
    held = chains.astype(np.float32)
    shared = held @ held.transpose(0, 1, 3, 2)
    size = held.sum(axis=3)
    first, second = np.triu_indices(chains.shape[2], 1)
    both = shared[..., first, second].astype(float)
    either = size[..., first].astype(float) + size[..., second] - both
    inside = second[None, :] < bodies[:, None]
    return np.asarray(np.where(inside, both / np.where(either > 0, either, 1.0), 0.0).sum(axis=2))
