"""The same study gives the same bytes in every format, in another process, folder, time zone and order of hashes. SIMULATED."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hardening.test_canaries import planted

FORMATS = {".html", ".pdf", ".docx", ".pptx", ".svg", ".csv", ".json", ".sav", ".xml", ".qmd", ".md"}


def released(folder: Path, out: Path, **surroundings: str) -> dict[str, str]:
    """The digest of every file of a release made by a process in these surroundings; register.json holds its time."""
    command = [sys.executable, "-m", "joinedup", "release", str(folder), "--out", str(out)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C", **surroundings}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    files = (path for path in out.rglob("*") if path.is_file() and path.name != "register.json")
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    place = tmp_path_factory.mktemp("first")
    return released(planted(place / "study"), place / "out", PYTHONHASHSEED="1", TZ="UTC")


def test_every_format_is_there(first: dict[str, str]) -> None:
    assert {Path(name).suffix for name in first} >= FORMATS


def test_another_process_elsewhere_gives_the_same_bytes(first: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "another place").mkdir()
    folder = planted(tmp_path / "another place" / "study")
    again = released(folder, tmp_path / "out", PYTHONHASHSEED="2", TZ="Asia/Tokyo", SOURCE_DATE_EPOCH="0")
    assert {name for name in first.keys() | again.keys() if first.get(name) != again.get(name)} == set()
