"""The analysis plan is locked once; every departure shows; what was not planned is exploratory; a lock is not edited."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from joinedup.cli import cli
from joinedup.report.chapters.plan import plan_section
from joinedup.report.model import Bullets, Paragraph, TableBlock
from joinedup.study.folder import read_folder, write_folder
from joinedup.study.folder.plan_lock import PLAN_LOCK, read_plan_lock, write_plan_lock
from joinedup.study.folder.reading import Reading
from joinedup.study.plan_departures import departures, exploratory
from joinedup.study.plan_lock import PlanLock, plan_digest
from joinedup.study.problems import StudyError, UsageError
from joinedup.workflow.opening import open_study
from joinedup.workflow.planning import lock_plan
from joinedup.workflow.running import compute
from joinedup.workflow.starting import start

DAY = date(2024, 3, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    start(tmp_path / "study")
    return tmp_path / "study"


def edited(folder: Path, old: str, new: str, file: str = "study.toml") -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def test_a_lock_keeps_the_plan_its_hash_and_the_day(folder: Path) -> None:
    _, lock, is_new = lock_plan(folder, DAY)
    assert is_new and lock.locked == "2024-03-01" and lock.intact
    assert lock.plan["impact"]["outcomes"] == ["visits"] and lock.smallest_effects == {"visits": 1.0}
    study = open_study(folder)
    assert study.plan_lock == lock and not departures(study)
    before = (folder / PLAN_LOCK).read_bytes()
    assert lock_plan(folder)[1:] == (lock, False)
    assert (folder / PLAN_LOCK).read_bytes() == before


def test_the_command_says_when_and_with_which_hash(folder: Path) -> None:
    done = CliRunner().invoke(cli, ["plan", "lock", str(folder)])
    assert done.exit_code == 0 and "is locked on" in done.output
    again = CliRunner().invoke(cli, ["plan", "lock", str(folder)])
    assert "was locked on" in again.output and read_folder(folder)[0].plan_lock.sha256 in again.output


def test_every_departure_shows_and_its_strand_is_exploratory(folder: Path) -> None:
    edited(folder, 'outcomes = ["visits"]', "outcomes = []")
    lock_plan(folder, DAY)
    edited(folder, "lag_months = 6", "lag_months = 12")
    edited(folder, "outcomes = []", 'outcomes = ["visits"]')
    edited(folder, "smallest_effect = 1", "smallest_effect = 2", "indicators/indicators.toml")
    study = open_study(folder)
    found = {departure.key: (departure.locked, departure.now) for departure in departures(study)}
    assert found == {
        "plan.impact.lag_months": ("6", "12"),
        "plan.impact.outcomes": ("(none)", "visits"),
        "smallest_effects.visits": ("1", "2"),
    }
    reasons = exploratory(study, {"impact.did": 0, "survey.response": 0, "partnership.bodies": 0})
    assert "added outcomes: visits" in reasons["impact.did"] and "plan.impact.lag_months" in reasons["impact.did"]
    assert "no section for partnership" in reasons["partnership.bodies"] and "survey.response" not in reasons
    results, _ = compute(study)
    assert results["impact.did"].caveats[0] == reasons["impact.did"]
    blocks = plan_section(study, results)
    table = next(block for block in blocks if isinstance(block, TableBlock))
    assert len(table.lines) == 3 and any(isinstance(block, Bullets) for block in blocks)
    with pytest.raises(UsageError, match=r"changed since in plan\.impact\.lag_months"):
        lock_plan(folder)


def test_without_a_lock_the_report_says_so_and_marks_nothing(folder: Path) -> None:
    study = open_study(folder)
    blocks = plan_section(study, {})
    assert (
        isinstance(blocks[1], Paragraph) and blocks[1].role == "caution" and not exploratory(study, {"impact.did": 0})
    )
    assert not plan_section(dataclasses.replace(study, settings={}), {})


def test_another_sentence_for_the_report_is_a_departure_but_not_exploratory(folder: Path) -> None:
    lock_plan(folder, DAY)
    edited(folder, "draws = 999", 'draws = 999\ncaveats = ["Take care."]')
    study = open_study(folder)
    assert [departure.key for departure in departures(study)] == ["plan.impact.caveats"]
    assert "impact.did" not in exploratory(study, {"impact.did": 0})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("lag_months = 6", "lag_months = 3"), "changed after it was locked"),
        (("sha256", "sha512"), "needs `locked`"),
        (("visits = 1.0", 'visits = "small"'), "needs `locked`"),
    ],
)
def test_a_lock_that_was_edited_makes_the_study_unsound(folder: Path, change: tuple[str, str], said: str) -> None:
    lock_plan(folder, DAY)
    edited(folder, *change, file=PLAN_LOCK)
    with pytest.raises(StudyError) as raised:
        open_study(folder)
    assert [problem.number for problem in raised.value.problems] == ["J119"]
    assert said in raised.value.problems[0].what and raised.value.problems[0].place.file == PLAN_LOCK


def test_nothing_to_lock_and_a_plan_with_problems_are_refused(folder: Path) -> None:
    edited(folder, 'outcomes = ["visits"]', 'outcomes = ["visit"]')
    with pytest.raises(StudyError, match="J501"):
        lock_plan(folder)
    (folder / "study.toml").write_text('id = "s"\ntitle = "S"\n', encoding="utf-8")
    with pytest.raises(UsageError, match="no analysis plan"):
        lock_plan(folder)
    assert not (folder / PLAN_LOCK).exists()


def test_the_lock_goes_with_the_study(folder: Path, tmp_path: Path) -> None:
    lock_plan(folder, DAY)
    study, _ = read_folder(folder)
    write_folder(study, tmp_path / "out")
    assert (tmp_path / "out" / PLAN_LOCK).read_bytes() == (folder / PLAN_LOCK).read_bytes()


_VALUES = st.recursive(
    st.text(max_size=5) | st.integers(-99, 99) | st.booleans() | st.floats(-1e6, 1e6),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
_KEYS = st.text("abc_", min_size=1, max_size=4)


@given(st.dictionaries(_KEYS, st.dictionaries(_KEYS, _VALUES, max_size=3), max_size=3))
def test_any_plan_is_read_back_as_it_was_locked(plan: dict[str, dict[str, object]]) -> None:
    lock = PlanLock("2024-03-01", plan_digest(plan, {"x": 0.5}), plan, {"x": 0.5})
    reading = Reading({PLAN_LOCK: write_plan_lock(lock)})
    assert read_plan_lock(reading) == lock and not reading.problems
