"""Partnership bodies, who sits on them, what they are for, and what is provided."""

from __future__ import annotations

from dataclasses import dataclass, field

from joinedup.study.site import Extra

TARGETED = "targeted"
UNIVERSAL = "universal"


@dataclass(frozen=True, slots=True)
class Body:
    """A formal partnership body of a site; `document` is the text that names it, `page` where."""

    id: str
    site: str
    name: str
    kind: str = ""
    document: str = ""
    page: str = ""
    extra: Extra = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """A seat of an agency (by a role) on a body."""

    body: str
    agency: str
    role: str = ""
    extra: Extra = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class Remit:
    """A task that a body has."""

    body: str
    remit: str
    extra: Extra = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class Provision:
    """A service of a site and its yearly spending in pounds; `spend` is None where it is marked, with the mark."""

    site: str
    service: str
    tier: str
    period: str
    spend: float | None
    mark: str = ""
    extra: Extra = field(default_factory=dict)
    row: int = 0
