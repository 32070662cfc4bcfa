"""The one script: what it says where a machine lacks something."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

DEV = Path(__file__).resolve().parents[2] / "dev"


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("dev", str(DEV))
    spec = importlib.util.spec_from_loader("dev", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module.shutil, "which", lambda _: None)
    return module


def test_a_python_without_venv_is_told_which_package(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1, "", "ensurepip is not available")

    monkeypatch.setattr(dev.subprocess, "run", refuse)
    with pytest.raises(SystemExit) as caught:
        dev.find_uv()
    assert "python3-venv" in str(caught.value)
    assert "ensurepip is not available" in str(caught.value)


def test_no_network_is_said_and_nothing_half_made_stays(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        (tmp_path / ".uv").mkdir()
        return subprocess.CompletedProcess([], 0, "", "")

    monkeypatch.setattr(dev.subprocess, "run", make)
    monkeypatch.setattr(dev.subprocess, "call", lambda *_, **__: 1)
    with pytest.raises(SystemExit) as caught:
        dev.find_uv()
    assert "network" in str(caught.value)
    assert not (tmp_path / ".uv").exists()
