"""How the plan of a study departs from the one that was locked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from joinedup.study.model import Study
from joinedup.study.plan_lock import PlanLock

_SMALLEST = "smallest_effects"
_WORDS = frozenset({"plan.impact.caveats"})
"""Keys of the plan that hold words for the report: another sentence makes no result exploratory."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A key of the plan (``plan.impact.strata``) with what was locked and what stands there now ("" for nothing)."""

    key: str
    locked: str
    now: str

    @property
    def strand(self) -> str:
        """The strand whose results depart with it."""
        return "impact" if self.key.startswith(_SMALLEST) else self.key.split(".")[1]


def plan_of(study: Study) -> tuple[Mapping[str, Any], Mapping[str, float]]:
    """What a lock of `study` would hold: its plan, and the smallest effects of interest that its indicators declare."""
    plan = study.settings.get("plan", {})
    effects = {one.id: one.smallest_effect for one in study.indicators.indicators if one.smallest_effect is not None}
    return plan if isinstance(plan, Mapping) else {}, effects


def departures(study: Study) -> tuple[Departure, ...]:
    """Every key in which the study's plan differs from the locked one; none without a lock."""
    lock = study.plan_lock
    if lock is None:
        return ()
    old, new = _flat(lock.plan, lock.smallest_effects), _flat(*plan_of(study))
    return tuple(
        Departure(key, old.get(key, ""), new.get(key, ""))
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    )


def exploratory(study: Study, ids: Mapping[str, object]) -> Mapping[str, str]:
    """The reason for each of the results `ids` that is not as the locked plan has it; empty without a lock."""
    lock = study.plan_lock
    if lock is None:
        return {}
    moved = [departure for departure in departures(study) if departure.key not in _WORDS]
    found = {}
    for id in ids:
        strand = id.partition(".")[0]
        own = [departure for departure in moved if departure.strand == strand]
        if strand not in lock.plan:
            found[id] = f"Exploratory: the plan that was locked on {lock.locked} has no section for {strand}."
        elif own:
            keys = ", ".join(departure.key for departure in own)
            reason = f"Exploratory: it departs from the plan that was locked on {lock.locked} in {keys}"
            found[id] = f"{reason}{_added(study, lock) if strand == 'impact' else ''}."
    return found


def _added(study: Study, lock: PlanLock) -> str:
    """Which outcomes were added or dropped: the others were planned."""
    old = lock.plan.get("impact", {}).get("outcomes", [])
    new = study.plan("impact").get("outcomes", [])
    added, dropped = [one for one in new if one not in old], [one for one in old if one not in new]
    said = [f"added outcomes: {', '.join(added)}"] if added else []
    said += [f"dropped outcomes: {', '.join(dropped)}"] if dropped else []
    return f" ({'; '.join(said)})" if said else ""


def _flat(plan: Mapping[str, Any], smallest_effects: Mapping[str, float]) -> dict[str, str]:
    return dict(
        [*_leaves("plan", plan), *((f"{_SMALLEST}.{key}", _shown(value)) for key, value in smallest_effects.items())]
    )


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(f"{path}.{key}", inner)
    else:
        yield path, _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value)) or "(none)"
    if isinstance(value, Mapping):
        return "; ".join(f"{key} = {_shown(inner)}" for key, inner in sorted(value.items()))
    return format(value, ".9g") if isinstance(value, float) else str(value)
