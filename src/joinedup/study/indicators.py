"""Series by site and period: outputs, expenditure, outcomes."""

from __future__ import annotations

from dataclasses import dataclass, field

from joinedup.study.dates import PeriodRule
from joinedup.study.site import Extra

FAMILIES = ("output", "expenditure", "outcome", "context")
MARKS = {
    "c": "suppressed",
    "z": "not applicable",
    "x": "not available",
    ":": "missing",
    "k": "rounds to zero",
    "low": "rounds to zero",
}
"""Status marks of official statistics: values, kept as published; never 0, never dropped in silence."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A declared series.

    `direction` is what counts as better: "up", "down" or "" (neither). `numerator` and `denominator` describe a rate
    in words, or name other indicators where the rate is to be computed (`per` children). `deflate` says that the
    series is money in current prices. `smallest_effect` is the smallest effect of interest in the indicator's unit.
    """

    id: str
    label: str
    family: str
    unit: str
    period: PeriodRule
    numerator: str = ""
    denominator: str = ""
    per: float = 1.0
    direction: str = ""
    source: str = ""
    deflate: bool = False
    smallest_effect: float | None = None
    service: str = ""
    breaks: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class SiteChange:
    """A change of codes or boundaries: `old` became `new` from the period `start`."""

    old: str
    new: str
    start: str
    rule: str
    source: str = ""
    extra: Extra = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A site's statistical neighbour: `neighbour` was like `site`, `rank` as written (1: the nearest)."""

    site: str
    neighbour: str
    rank: str = ""
    extra: Extra = field(default_factory=dict)
    row: int = 0


SITE_CHANGE_RULES = ("recode", "merge", "split")
