"""What the registry holds of a result: its id, its strand, its title and its keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResultKind:
    """A result that joinedup can compute. `keys` maps a key pattern to what the value is, with its unit."""

    id: str
    strand: str
    title: str
    keys: Mapping[str, str]


INTERVAL = {"low": "lower end of the 95% interval", "high": "upper end of the 95% interval"}
