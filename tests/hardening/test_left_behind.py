"""What a killed run or a full disk leaves behind: nothing that stays, and no damaged ledger. SIMULATED."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from joinedup.disclosure import Register
from joinedup.study.problems import UsageError
from joinedup.workflow.ledger import append_line
from joinedup.workflow.release_ledger import LEDGER, append_release, read_register
from joinedup.workflow.writing import replace_folder, written_beside


def _ended() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.skipif(os.name != "posix", reason="asking after a process would end it")
def test_the_next_run_takes_away_what_a_killed_one_left(tmp_path: Path) -> None:
    out, gone = tmp_path / "out [1]", _ended()
    others = {f".out [1].{os.getppid()}.partial", ".out [1].draft.partial", f".other.{gone}.partial"}
    for name in (*others, f".out [1].{gone}.partial", f".out [1].{gone}.old"):
        (tmp_path / name / "tables").mkdir(parents=True)
    with written_beside(out) as beside:
        (beside / "report.html").touch()
        left = {path.name for path in tmp_path.iterdir()}
        assert left == {*others, f".out [1].{gone}.old", beside.name}  # the release before stays until there is another
        replace_folder(beside, out)
    assert {path.name for path in tmp_path.iterdir()} == {*others, "out [1]"}


def test_a_full_disk_leaves_the_ledger_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    path = tmp_path / LEDGER
    with pytest.raises(OSError, match="No space"):
        append_line(path, {"at": "2026"})
    assert not path.exists()
    monkeypatch.undo()
    append_release(tmp_path, {"at": "2026-01", "register": Register().to_dict()})
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        append_release(tmp_path, {"at": "2026-02", "register": Register().to_dict()})
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (b"", r":1: the ledger is empty\..*If nothing was ever released or exported, delete the file"),
        (b"\xff\xfe{}\n", r":1: the line is no release"),
        (b'{"at": "2026', r":1: the line is no release.*delete this line alone"),
    ],
)
def test_a_ledger_that_is_none_is_refused_in_a_sentence(tmp_path: Path, damage: bytes, told: str) -> None:
    (tmp_path / "ledger").mkdir()
    (tmp_path / LEDGER).write_bytes(damage)
    with pytest.raises(UsageError, match=told):
        read_register(tmp_path)


def test_a_folder_in_the_place_of_the_ledger_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / LEDGER).mkdir(parents=True)
    with pytest.raises(UsageError, match=r"releases\.jsonl:1: the ledger can't be read \("):
        read_register(tmp_path)


def test_line_ends_of_another_system_are_no_damage(tmp_path: Path) -> None:
    append_release(tmp_path, {"at": "2026-01", "register": Register().to_dict()})
    path = tmp_path / LEDGER
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert not read_register(tmp_path).published
