"""Starting a study: a sound folder in which every file is explained."""

from __future__ import annotations

import os
import shutil
from importlib.resources import as_file, files
from pathlib import Path

from joinedup.study.problems import UsageError
from joinedup.workflow.writing import replace_folder


def start(folder: Path) -> tuple[str, ...]:
    """Write the starter study to `folder`; returns its files. Raises UsageError where something is there already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already, and not empty: choose another name.")
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with as_file(files("joinedup.workflow") / "starter") as starter:
            shutil.copytree(starter, beside, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
        if folder.exists():
            folder.rmdir()
        replace_folder(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return tuple(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()))
