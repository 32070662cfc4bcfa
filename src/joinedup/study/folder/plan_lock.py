"""plan.lock: the locked analysis plan, written by `joinedup plan lock`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joinedup.study.folder.reading import Reading
from joinedup.study.folder.tomlfile import parse_toml
from joinedup.study.folder.tomlwriter import write_toml
from joinedup.study.plan_lock import PlanLock

PLAN_LOCK = "plan.lock"
_REMEDY = "Put the file back as it was written (from a backup or the version history); a lock is never edited."
_HEAD = b"# The analysis plan as it stood when it was locked. Written by `joinedup plan lock`: don't edit it.\n"


def read_plan_lock(reading: Reading) -> PlanLock | None:
    """The lock; None without the file, and (with a problem) where it can't be read or was changed by hand."""
    data = parse_toml(reading, PLAN_LOCK)
    if data is None:
        return None
    found = _lock(data)
    if found is None:
        what = "The lock needs `locked`, `sha256` and a table [plan]."
        reading.report("J119", PLAN_LOCK, what, _REMEDY)
    elif not found.intact:
        what = "The plan in the lock is not the one whose hash it bears: it was changed after it was locked."
        reading.report("J119", PLAN_LOCK, what, _REMEDY, column="sha256")
        return None
    return found


def _lock(data: Mapping[str, Any]) -> PlanLock | None:
    locked, sha256 = data.get("locked"), data.get("sha256")
    plan, effects = data.get("plan", {}), data.get("smallest_effects", {})
    words = isinstance(locked, str) and isinstance(sha256, str)
    tables = isinstance(plan, dict) and isinstance(effects, dict)
    if not words or not tables or not all(isinstance(size, int | float) for size in effects.values()):
        return None
    return PlanLock(str(locked), str(sha256), plan, {key: float(size) for key, size in effects.items()})


def write_plan_lock(lock: PlanLock) -> bytes:
    """The file's bytes."""
    tables = {"plan": lock.plan, "smallest_effects": lock.smallest_effects}
    return _HEAD + write_toml({"locked": lock.locked, "sha256": lock.sha256} | {k: v for k, v in tables.items() if v})
