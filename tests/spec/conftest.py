"""The demonstration study, run once a test process."""

from __future__ import annotations

from pathlib import Path

import pytest

import joinedup

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="session")
def pathfinders_run(tmp_path_factory: pytest.TempPathFactory) -> joinedup.Run:
    """A run of examples/pathfinders with its report."""
    study = joinedup.open_study(EXAMPLES / "pathfinders")
    return joinedup.run(study, out=tmp_path_factory.mktemp("run") / "pathfinders-report")
