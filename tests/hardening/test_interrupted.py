"""A run that is killed, or that fails at any write, leaves the old report or the new one, never something between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import joinedup
from joinedup.study.problems import UsageError
from joinedup.workflow import writing
from joinedup.workflow.running import compute
from joinedup.workflow.starting import start

TITLE = 'title = "An evaluation"'


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def two_reports(tmp_path: Path) -> tuple[Path, Path, dict[str, bytes], dict[str, bytes]]:
    """A study, its report, and what the report holds before and after an edit of the study's title."""
    study, out = tmp_path / "study", tmp_path / "out"
    start(study)
    joinedup.run(joinedup.open_study(study), out=out)
    old = snapshot(out)
    toml = (study / "study.toml").read_text("utf-8")
    assert TITLE in toml
    (study / "study.toml").write_text(toml.replace(TITLE, 'title = "Another"'), encoding="utf-8", newline="\n")
    joinedup.run(joinedup.open_study(study), out=tmp_path / "new")
    new = snapshot(tmp_path / "new")
    assert old != new
    return study, out, old, new


def test_a_killed_run_leaves_a_whole_report(two_reports: tuple[Path, Path, dict[str, bytes], dict[str, bytes]]) -> None:
    study, out, old, new = two_reports
    command = [sys.executable, "-P", "-m", "joinedup", "run", str(study), "--out", str(out)]
    for delay in (0.3, 0.8, 1.5, 2.5, 3.5):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.kill()
        process.wait()
        assert snapshot(out) in (old, new)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert snapshot(out) == new


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_control_c_ends_with_130_and_the_old_report(
    two_reports: tuple[Path, Path, dict[str, bytes], dict[str, bytes]],
) -> None:
    study, out, old, new = two_reports
    command = [sys.executable, "-P", "-m", "joinedup", "run", str(study), "--out", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not list(out.parent.glob("*.partial")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)  # until it writes: before Python has started, nothing of ours could answer
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert snapshot(out) in (old, new)
    if snapshot(out) == old:
        assert process.returncode == 130
        assert "Traceback" not in said
    assert not [path for path in out.parent.iterdir() if path.name.endswith((".partial", ".old"))]


def test_a_failure_at_any_write_leaves_the_old_report(
    two_reports: tuple[Path, Path, dict[str, bytes], dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    study, out, old, new = two_reports
    opened = joinedup.open_study(study)
    real_write, real_rename = Path.write_text, Path.rename
    failures = 0

    def failing_at(turn: int, real: Callable[..., Any]) -> Callable[..., Any]:
        count = iter(range(1, 10_000))

        def write(self: Path, *arguments: Any, **named: Any) -> Any:
            if next(count) == turn:
                raise OSError(28, "No space left on device")
            return real(self, *arguments, **named)

        return write

    results, findings = compute(opened)
    for name, real in (("write_text", real_write), ("rename", real_rename)):
        for turn in range(1, 400):
            with monkeypatch.context() as patch:
                patch.setattr(Path, name, failing_at(turn, real))
                try:
                    writing.write_run(opened, results, findings, out, lambda *_: None)
                except UsageError:
                    failures += 1
                    assert snapshot(out) == old
                    assert sorted(path.name for path in out.parent.iterdir()) == ["new", "out", "study"]
                    continue
            assert snapshot(out) == new
            break
        _restore(out, old)
    assert failures > 5


def _restore(out: Path, files: dict[str, bytes]) -> None:
    for path in [path for path in out.rglob("*") if path.is_file()]:
        path.unlink()
    for name, data in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)
