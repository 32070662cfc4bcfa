"""What synthesis/qca.toml declares: the sets, how they are calibrated and why, the cut-offs, the expectations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joinedup.study.model import Study
from joinedup.study.registry import key_part

NAME = "qca"
FILE = f"synthesis/{NAME}.toml"
KEYS: Mapping[str, tuple[type, ...]] = {
    "outcome": (str,),
    "conditions": (list,),
    "reason": (str,),
    "inclusion": (int, float),
    "pri": (int, float),
    "frequency": (int,),
    "contradiction": (int, float),
    "enhanced": (bool,),
    "impossible": (list,),
    "test_inclusion": (list,),
    "set": (list,),
}
SET_KEYS: Mapping[str, tuple[type, ...]] = {
    "id": (str,),
    "label": (str,),
    "result": (str,),
    "key": (str,),
    "attribute": (str,),
    "indicator": (str,),
    "period": (str,),
    "item": (str,),
    "in": (list,),
    "method": (str,),
    "anchors": (list,),
    "reason": (str,),
    "expectation": (int,),
    "because": (str,),
    "negated_expectation": (int,),
    "negated_because": (str,),
    "theme": (str,),
}
SOURCES = ("result", "attribute", "indicator", "item")
CATEGORIES = "categories"
ANCHORS: Mapping[str, tuple[str, ...]] = {"direct": ("out", "crossover", "in")}


@dataclass(frozen=True)
class DeclaredSet:
    """A set: where its values come from, and how they become memberships. `name` is its id as a part of a key."""

    name: str
    label: str
    source: str
    told: str
    method: str
    anchors: tuple[float, ...]
    reasons: tuple[str, ...]
    inside: tuple[str, ...]
    raw: Mapping[str, Any]


@dataclass(frozen=True)
class Declared:
    """A whole analysis."""

    outcome: DeclaredSet
    conditions: tuple[DeclaredSet, ...]
    reason: str
    inclusion: float
    pri: float
    frequency: int
    contradiction: float | None
    enhanced: bool
    impossible: tuple[str, ...]
    test_inclusion: tuple[float, ...]

    def expectations(self, negated: bool = False) -> dict[str, int] | None:
        """What is expected of each condition, for the outcome or for its negation; None where nothing is declared."""
        key = "negated_expectation" if negated else "expectation"
        return {one.name: int(one.raw[key]) for one in self.conditions if key in one.raw} or None


def declared(study: Study) -> Declared | None:
    """The declaration of a study that was checked; None without one."""
    found = study.synthesis.get(NAME)
    if found is None:
        return None
    sets = {str(one["id"]): _set(one) for one in found["set"]}
    contradiction = found.get("contradiction")
    return Declared(
        outcome=sets[found["outcome"]],
        conditions=tuple(sets[name] for name in found["conditions"]),
        reason=str(found["reason"]),
        inclusion=float(found.get("inclusion", 0.8)),
        pri=float(found.get("pri", 0.5)),
        frequency=int(found.get("frequency", 1)),
        contradiction=None if contradiction is None else float(contradiction),
        enhanced=bool(found.get("enhanced", False)),
        impossible=tuple(map(str, found.get("impossible", ()))),
        test_inclusion=tuple(map(float, found.get("test_inclusion", ()))),
    )


def _set(raw: Mapping[str, Any]) -> DeclaredSet:
    anchors = raw.get("anchors", ())
    source = next(name for name in SOURCES if name in raw)
    told = {
        "result": f"{raw.get('result')}: {raw.get('key')}",
        "attribute": f"sites.csv: {raw.get('attribute')}",
        "indicator": f"{raw.get('indicator')} in {raw.get('period')}",
        "item": f"answer to {raw.get('item')}",
    }
    return DeclaredSet(
        name=key_part(raw["id"]),
        label=str(raw["label"]),
        source=source,
        told=told[source],
        method=str(raw.get("method", CATEGORIES if "in" in raw else "direct")),
        anchors=tuple(float(anchor["at"]) for anchor in anchors),
        reasons=tuple(str(anchor["reason"]) for anchor in anchors),
        inside=tuple(map(str, raw.get("in", ()))),
        raw=raw,
    )
