"""Fixtures that all tests share: where the acceptance and real data lie, and what was not tested for want of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("joinedup", deadline=None)  # a test that a busy machine can fail tests the machine
settings.load_profile("joinedup")

ROOT = Path(__file__).resolve().parents[1]
CI = os.environ.get("CI") == "true"


def _absent(what: str) -> None:
    """Skip, loudly; in CI nothing may be skipped."""
    if CI:
        pytest.fail(f"{what} is absent, and with CI=true nothing may be skipped")
    pytest.skip(f"NOT TESTED: {what} is absent")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with acceptance cases and real data beside the checkout."""
    path = ROOT.parent / "shared"
    if not path.is_dir():
        _absent("../shared (acceptance cases and real data)")
    return path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line that says what was not tested."""
    reasons = sorted({str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", [])})
    if reasons:
        terminalreporter.write_sep(
            "!", "NOT TESTED: " + "; ".join(r.removeprefix("Skipped: ") for r in reasons), red=True
        )
