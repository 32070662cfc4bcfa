"""Which sets may be chosen: so many sites, some of them for certain, others never, so many of a kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from joinedup.study.hints import did_you_mean, shown
from joinedup.study.problems import NotComputable

Quota = Mapping[str, Mapping[Any, int | tuple[int, int]]]
"""attribute -> category -> how many, exactly or (at least, at most)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At least `low` and at most `high` sites of `members` (a set of positions as bits)."""

    attribute: str
    members: int
    low: int
    high: int


@dataclass(frozen=True)
class Admissible:
    """Sets of `k` of the positions 0, 1, ... that hold all of `must`, further ones of `free` only, and keep `limits`."""

    k: int
    must: tuple[int, ...]
    free: tuple[int, ...]
    limits: tuple[Limit, ...] = ()

    @cached_property
    def open(self) -> int:
        """How many sites remain to be chosen."""
        return self.k - len(self.must)

    @cached_property
    def by_attribute(self) -> tuple[tuple[Limit, ...], ...]:
        """The limits of each attribute; the classes of one attribute do not overlap."""
        names = dict.fromkeys(limit.attribute for limit in self.limits)
        return tuple(tuple(limit for limit in self.limits if limit.attribute == name) for name in names)

    def holds(self, chosen: int) -> bool:
        """Whether a whole set (as bits) keeps the limits."""
        return all(limit.low <= (chosen & limit.members).bit_count() <= limit.high for limit in self.limits)

    def possible(self, chosen: int, rest: int) -> bool:
        """Whether the limits leave hope for a set that begins with `chosen` and goes on in `rest` (necessary only)."""
        for limit in self.limits:
            have = (chosen & limit.members).bit_count()
            if have > limit.high or have + (rest & limit.members).bit_count() < limit.low:
                return False
        return True

    def most(self, gains: Sequence[tuple[float, int]], chosen: int, open: int) -> float:
        """The most that `open` further positions can gain; `gains` are (gain, position), the largest first.

        Each attribute's limits are kept by themselves (exact for one attribute, an upper bound for several): first
        what its lower limits ask for, then the largest that its upper limits allow. -inf where none can.
        """
        if not self.limits:
            return sum(gain for gain, _ in gains[:open]) if len(gains) >= open else float("-inf")
        return min(_most(gains, limits, chosen, open) for limits in self.by_attribute)


def _most(gains: Sequence[tuple[float, int]], limits: Sequence[Limit], chosen: int, open: int) -> float:
    have = [(chosen & limit.members).bit_count() for limit in limits]
    total, left = 0.0, []
    for gain, position in gains:
        at = next((at for at, limit in enumerate(limits) if limit.members >> position & 1), None)
        if at is not None and have[at] < limits[at].low:
            total, open, have[at] = total + gain, open - 1, have[at] + 1
        else:
            left.append((gain, at))
    if open < 0 or any(count < limit.low for count, limit in zip(have, limits, strict=True)):
        return float("-inf")
    for gain, at in left:
        if open == 0:
            break
        if at is not None:
            if have[at] >= limits[at].high:
                continue
            have[at] += 1
        total, open = total + gain, open - 1
    return total if open == 0 else float("-inf")


def admissible(
    sites: pd.DataFrame,
    k: int,
    must: Sequence[Any],
    exclude: Sequence[Any],
    quota: Quota | None,
    unusable: Sequence[Any],
) -> Admissible:
    """The admissible sets of `k` rows of `sites`. Raises ValueError for what contradicts itself, NotComputable for no set."""
    labels = list(sites.index)
    for what, named in (("must", must), ("exclude", exclude)):
        for site in named:
            if site not in labels:
                raise ValueError(
                    f"`{what}` names {shown(str(site))}, no site.{did_you_mean(str(site), map(str, labels))}"
                )
    both = [site for site in must if site in set(exclude)]
    if both:
        raise ValueError(f"{both[0]} is in `must` and in `exclude`.")
    bare = [site for site in must if site in set(unusable)]
    if bare:
        raise NotComputable(f"{bare[0]} must be chosen, but a value that the strategy needs is missing there.")
    if not 1 <= k <= len(labels) or len(set(must)) > k:
        raise ValueError(f"k is {k}: with {len(labels)} sites and {len(set(must))} in `must` that can't be.")
    out = set(exclude) | set(unusable)
    held = tuple(at for at, site in enumerate(labels) if site in set(must))
    free = tuple(at for at, site in enumerate(labels) if site not in out and at not in held)
    found = Admissible(k, held, free, _limits(sites, quota or {}, k))
    gains = [(0.0, at) for at in free]
    if found.most(gains, bits(held), found.open) < 0 or not found.possible(bits(held), bits(free)):
        raise NotComputable(f"No set of {k} sites keeps what must be chosen, what must not, and the quotas.")
    return found


def bits(positions: Sequence[int]) -> int:
    """Positions as the bits of a number."""
    return sum(1 << position for position in positions)


def _limits(sites: pd.DataFrame, quota: Quota, k: int) -> tuple[Limit, ...]:
    found = []
    for attribute, classes in quota.items():
        if attribute not in sites.columns:
            hint = did_you_mean(str(attribute), map(str, sites.columns))
            raise ValueError(f"The quota of {shown(str(attribute))} has no attribute.{hint}")
        if not isinstance(classes, Mapping):
            raise ValueError(f"The quota of {attribute} is not of the form {{category: number or (least, most)}}.")
        for category, asked in classes.items():
            low, high = asked if isinstance(asked, tuple | list) else (asked, asked)
            members = [at for at, value in enumerate(sites[attribute]) if value == category]
            if not members:
                known = sorted({str(value) for value in sites[attribute].dropna()})
                raise ValueError(f"No site has {attribute} {shown(str(category))}.{did_you_mean(str(category), known)}")
            if not 0 <= low <= high:
                raise ValueError(f"The quota of {attribute} {shown(str(category))} is from {low} to {high}.")
            found.append(Limit(str(attribute), bits(members), int(low), min(int(high), k)))
    return tuple(found)
