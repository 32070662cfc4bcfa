"""What a survey is made of: the instrument's items, scales, the roster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from joinedup.study.site import Extra

COMPLETE = "complete"
PARTIAL = "partial"
OUTCOMES = (COMPLETE, PARTIAL, "refused", "not eligible", "unknown", "no contact")
"""Outcome codes of a roster row; only the first two have a response."""

MISSING = {"refused": "-7", "don't know": "-8", "not applicable": "-9", "not asked": "-10"}
"""Codes of the missing kinds that an answer may hold; an empty cell was not answered."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question of the instrument. `options` maps answer codes to labels (select items only).

    `kind` is the XLSForm type without its list name: select_one, select_multiple, integer, text, ...
    """

    name: str
    kind: str
    label: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire, frozen at launch under its version."""

    version: str
    title: str
    items: tuple[Item, ...]

    def item(self, name: str) -> Item | None:
        return next((item for item in self.items if item.name == name), None)


@dataclass(frozen=True, slots=True)
class Scale:
    """Items that together measure one level; `low`..`high` is the range of every answer.

    `reverse` names the items whose answer x counts as low + high - x.
    """

    id: str
    label: str
    level: str
    items: tuple[str, ...]
    reverse: tuple[str, ...] = ()
    low: float = 1.0
    high: float = 5.0


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A person who was asked in a wave: the only denominator of a response rate."""

    wave: str
    site: str
    agency: str
    role: str
    person: str
    outcome: str
    extra: Extra = field(default_factory=dict)
    row: int = 0
