"""The analysis plan as it was locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joinedup.study.digest import digest


@dataclass(frozen=True, slots=True)
class PlanLock:
    """What was planned: [plan] of study.toml and the smallest effects of interest, with the day and the hash.

    `sha256` is the digest of both as it was written; `plan` and `smallest_effects` are their copies.
    """

    locked: str
    sha256: str
    plan: Mapping[str, Any] = field(default_factory=dict)
    smallest_effects: Mapping[str, float] = field(default_factory=dict)

    @property
    def intact(self) -> bool:
        """Whether the copies are still those that were hashed."""
        return self.sha256 == plan_digest(self.plan, self.smallest_effects)


def plan_digest(plan: Mapping[str, Any], smallest_effects: Mapping[str, float]) -> str:
    """SHA-256 of a plan, whatever the order of its keys."""
    return digest(plan, smallest_effects)
