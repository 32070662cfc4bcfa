"""Opening a study: the folder read, official data attached, every check made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from joinedup.study.model import Study
from joinedup.study.problems import Problem, StudyError

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many steps are done, and how many there are (0: unknown)."""

STRANDS = ("disclosure", "survey", "texts", "partnership", "indicators", "impact", "synthesis")


def silent(what: str, done: int, total: int) -> None:
    """Progress for nobody."""


def read_study(path: Path, data: Path | None = None, progress: Progress = silent) -> tuple[Study, tuple[Problem, ...]]:
    """Read the study folder `path` (and the official files in `data`), with every problem found.

    Raises UsageError where there is no such folder. Problems are sorted by place.
    """
    from joinedup.adapters.xlsform import read_instrument
    from joinedup.study.consequences import without_consequences
    from joinedup.study.folder import read_folder

    study, problems = read_folder(path, read_instrument)
    found = list(problems)
    if data is not None:
        from joinedup.adapters.official import attach

        try:
            study = attach(study, data, progress)
        except StudyError as error:
            found += error.problems
    found = list(without_consequences((*found, *check(study))))
    return study, tuple(sorted(dict.fromkeys(found), key=lambda problem: (problem.place, problem.number, problem.what)))


def check(study: Study) -> Iterator[Problem]:
    """Every problem of a study: its frame, then each strand; and a questionnaire that was changed after its launch."""
    from joinedup.adapters.launched import check_launched
    from joinedup.study.checks import check_core

    yield from check_core(study)
    yield from check_launched(study)
    for strand in STRANDS:
        yield from import_module(f"joinedup.{strand}.checks").check(study)
    if "report" in study.settings:
        from joinedup.report.checklists.checks import check as check_checklists

        yield from check_checklists(study)


def open_study(
    path: str | Path, data: str | Path | None = None, progress: Progress = silent, *, whole: bool = False
) -> Study:
    """Open the study folder `path`; `data` is the folder of official files that its data.toml describes.

    What was withdrawn (ledger/withdrawals.jsonl) is blanked in the study that comes back, unless `whole` is asked for,
    by which the folder can be written again.
    Raises StudyError with every problem where the study is unsound, UsageError where there is no such folder.
    """
    study, problems = read_study(Path(path), Path(data) if data is not None else None, progress)
    if problems:
        raise StudyError(problems)
    from joinedup.texts.withdrawn import without_withdrawn

    return study if whole else without_withdrawn(study)
