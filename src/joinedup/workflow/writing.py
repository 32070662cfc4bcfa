"""Writing what a run computed: beside the target first, then renamed, so that nothing is ever half-written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joinedup.study.finding import Finding
from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.result import Result
from joinedup.workflow.json_text import json_text
from joinedup.workflow.opening import Progress

MARK = "findings.json"
"""A folder that holds this file is a report of ours and may be replaced."""


def check_out(out: Path, mark: str = MARK, kind: str = "a report of joinedup") -> None:
    """Refuse a target inside a study, a file, or a folder with something else in it than what holds the file `mark`."""
    place = out.resolve()
    for folder in (place, *place.parents):
        if (folder / "study.toml").is_file():
            raise UsageError(f"{out} lies inside the study {folder}: choose a folder outside it with --out.")
    if place.exists() and not place.is_dir():
        raise UsageError(f"{out} is a file: choose a folder with --out.")
    if place.is_dir() and any(place.iterdir()) and not (place / mark).is_file():
        raise UsageError(f"{out} holds something else than {kind}: choose another folder with --out.")


def write_run(
    study: Study, results: Mapping[str, Result], findings: Mapping[str, Finding], out: Path, progress: Progress
) -> tuple[Path | None, str]:
    """Write results, tables, findings and, where its parts are installed, the report; returns its path and a note."""
    from joinedup.adapters.render import render_report

    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        (beside / "results").mkdir(parents=True)
        for id, result in results.items():
            write_json(beside / "results" / f"{id}.json", result)
        note = ""
        try:
            render_report(study, results, findings, beside, progress)
        except UsageError as error:
            note = str(error)
        write_json(beside / MARK, list(findings.values()))
        replace_folder(beside, out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    report = out / "report.html"
    return (report if report.is_file() else None), note


def replace_folder(new: Path, old: Path) -> None:
    """Put the folder `new` in the place of `old`; if that fails, `old` is as it was."""
    if not old.exists():
        new.rename(old)
        return
    aside = old.with_name(f".{old.name}.{os.getpid()}.old")
    shutil.rmtree(aside, ignore_errors=True)
    old.rename(aside)
    try:
        new.rename(old)
    except OSError:
        aside.rename(old)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def write_json(path: Path, value: Any) -> None:
    """Write `value` (see `json_text`) as JSON, the same bytes for the same value."""
    path.write_text(json_text(value) + "\n", encoding="utf-8", newline="\n")
