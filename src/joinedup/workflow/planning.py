"""Locking the analysis plan: before the outcomes are looked at, so that every later change shows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from joinedup.study.folder.plan_lock import PLAN_LOCK, write_plan_lock
from joinedup.study.model import Study
from joinedup.study.plan_departures import departures, plan_of
from joinedup.study.plan_lock import PlanLock, plan_digest
from joinedup.study.problems import StudyError, UsageError
from joinedup.workflow.opening import read_study

_PLANNED = ("study.toml", PLAN_LOCK, "indicators/indicators.toml")


def lock_plan(folder: Path, on: date | None = None) -> tuple[Study, PlanLock, bool]:
    """Write plan.lock into the study `folder`; returns the study, the lock, and whether it is new.

    `on` defaults to today (UTC). A plan that is locked already and did not change keeps its lock. Evidence may still be
    missing: only problems of the plan itself stand in the way (StudyError). Raises UsageError where there is no plan,
    where the plan differs from the locked one, or where the folder can't be written.
    """
    study, problems = read_study(folder)
    own = [problem for problem in problems if problem.place.file in _PLANNED]
    if own:
        raise StudyError(own)
    plan, effects = plan_of(study)
    if not plan:
        raise UsageError("study.toml has no analysis plan to lock: write [plan.impact] and the other sections first.")
    if study.plan_lock is not None:
        _refuse_departures(study, study.plan_lock)
        return study, study.plan_lock, False
    lock = PlanLock((on or datetime.now(UTC).date()).isoformat(), plan_digest(plan, effects), plan, effects)
    try:
        with (folder / PLAN_LOCK).open("xb") as file:
            file.write(write_plan_lock(lock))
    except OSError as error:
        raise UsageError(f"{folder / PLAN_LOCK} can't be written ({error.strerror}).") from error
    return study, lock, True


def _refuse_departures(study: Study, lock: PlanLock) -> None:
    moved = departures(study)
    if moved:
        keys = ", ".join(departure.key for departure in moved)
        raise UsageError(
            f"The plan was locked on {lock.locked} and has changed since in {keys}. A lock is never renewed: the report "
            "shows each departure. Put the plan back, or give the reason for the departure in the report."
        )
