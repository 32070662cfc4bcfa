"""Realist configurations: in which context which mechanism brings about which outcome, with passages for and against.

Pawson and Tilley (1997), Realistic Evaluation; reporting after RAMESES II (Wong et al. 2016, BMC Medicine 14, 96). A
configuration whose mechanism nobody speaks of is a conjecture, however plausible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("context", "mechanism", "outcome")
CONJECTURE, INCOMPLETE, SUPPORTED, CONTESTED = "conjecture", "incomplete", "supported", "contested"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A passage that speaks for (or against) one part of a configuration, in a text of `site` ("": of no site)."""

    part: str
    speaks_for: bool
    text: str
    site: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    """A context-mechanism-outcome triple. `leads_to` is the configuration whose context this outcome becomes."""

    id: str
    context: str
    mechanism: str
    outcome: str
    spoken: tuple[Spoken, ...] = ()
    leads_to: str = ""

    def passages(self, part: str, speaks_for: bool = True) -> tuple[Spoken, ...]:
        """The passages for (or against) one part."""
        return tuple(one for one in self.spoken if one.part == part and one.speaks_for is speaks_for)

    @property
    def status(self) -> str:
        """Conjecture without a passage for the mechanism; contested with one against it; incomplete; supported."""
        if not self.passages("mechanism"):
            return CONJECTURE
        if self.passages("mechanism", False):
            return CONTESTED
        return SUPPORTED if all(self.passages(part) for part in PARTS) else INCOMPLETE

    def at(self, site: str) -> Mapping[str, bool]:
        """Which parts have a passage for them at `site`."""
        return {part: any(one.site == site for one in self.passages(part)) for part in PARTS}


def matrix(configurations: Sequence[Configuration], sites: Iterable[str]) -> dict[str, dict[str, int]]:
    """Site x configuration: 1 where all three parts have a passage at the site, else 0."""
    return {site: {one.id: int(all(one.at(site).values())) for one in configurations} for site in sites}


def frame(configurations: Sequence[Configuration], sites: Sequence[str], part: str = "") -> pd.DataFrame:
    """The matrix as crisp memberships, one row a site, for QCA; `part` gives one part's passages instead of all three."""
    import pandas as pd

    if part and part not in PARTS:
        raise ValueError(f"{part!r} is none of {', '.join(PARTS)}")
    rows = matrix(configurations, sites)
    if part:
        rows = {site: {one.id: int(one.at(site)[part]) for one in configurations} for site in sites}
    return pd.DataFrame.from_dict(rows, orient="index", columns=[one.id for one in configurations])


def chains(configurations: Sequence[Configuration]) -> tuple[tuple[str, ...], ...]:
    """Chains in which an outcome becomes the next context, from each start; a circle ends where it meets itself."""
    following = {one.id: one.leads_to for one in configurations if one.leads_to}
    starts = [id for id in following if id not in following.values()]
    found = []
    for start in starts:
        chain = [start]
        while (then := following.get(chain[-1], "")) and then not in chain:
            chain.append(then)
        found.append(tuple(chain))
    return tuple(found)
