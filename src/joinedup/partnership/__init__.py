"""The partnership strand. Its statistics are functions of plain tables; a name is imported when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joinedup.partnership.chance import ChanceOverlap, overlap_by_chance
    from joinedup.partnership.memberships import duplicated_seats, overlap

_HOMES = {
    "ChanceOverlap": "chance",
    "duplicated_seats": "memberships",
    "overlap": "memberships",
    "overlap_by_chance": "chance",
}

__all__ = ["ChanceOverlap", "duplicated_seats", "overlap", "overlap_by_chance"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'joinedup.partnership' has no attribute {name!r}")
    value = getattr(import_module(f"joinedup.partnership.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
