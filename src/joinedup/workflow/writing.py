"""Writing what a run computed: beside the target first, then renamed, so that nothing is ever half-written."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from glob import escape
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


def _place(out: Path) -> Path:
    """Where `out` lies; raises UsageError where nothing can lie there."""
    try:
        place = out.resolve()
        place.exists()
        if out.is_symlink() and not place.exists():
            raise UsageError(f"{out} is a link to nothing: choose a folder with --out.")
        place.with_name(f".{place.name}.{os.getpid()}.partial").exists()
    except (OSError, RuntimeError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise UsageError(
            f"No folder can be made of that name ({why.lower()}): choose another one with --out."
        ) from None
    return place


_OUTER = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO})
"""What a disk says when it is full, closed or broken: nobody's fault here."""


@contextmanager
def written_beside(out: Path) -> Iterator[Path]:
    """A new folder beside `out`, to be filled and renamed; gone at the end if it is still there.

    What a run that was killed left beside `out` goes, too.

    Raises UsageError where it can't be made, or where the disk is full, closed or broken.
    """
    beside = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            _clear_left(out, "partial")
            shutil.rmtree(beside, ignore_errors=True)
            beside.mkdir()
        except OSError as error:
            raise _unwritable(error, out) from None
        yield beside
    except OSError as error:
        if error.errno in _OUTER:
            raise _unwritable(error, out) from error
        raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _clear_left(out: Path, what: str) -> None:
    """Take away the folders that runs to `out` left when they were killed, and not those of one that still runs."""
    for left in out.parent.glob(f".{escape(out.name)}.*.{what}"):
        process = left.name.removeprefix(f".{out.name}.").removesuffix(f".{what}")
        if process.isdecimal() and not _runs(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def _runs(process: int) -> bool:
    """Whether there is a process of that number, or nobody can tell."""
    if os.name != "posix":  # elsewhere a signal ends the process that it asks after
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _unwritable(error: OSError, out: Path) -> UsageError:
    why = (error.strerror or str(error)).lower()
    return UsageError(
        f"{out} could not be written ({why}); what stood there is as it was. Make room, or choose another folder with --out."
    )


def check_out(out: Path, mark: str = MARK, kind: str = "a report of joinedup") -> None:
    """Refuse a target inside a study, a file, or a folder with something else in it than what holds the file `mark`."""
    place = _place(out)
    for folder in (place, *place.parents):
        if (folder / "study.toml").is_file():
            raise UsageError(f"{out} lies inside the study {folder}: choose a folder outside it with --out.")
    nearest = next(folder for folder in (place, *place.parents) if folder.exists())
    if not nearest.is_dir():
        raise UsageError(f"{nearest} is a file: choose a folder with --out.")
    if not os.access(nearest if nearest != place else place.parent, os.W_OK):
        raise UsageError(f"Nothing may be written to {nearest}: choose another folder with --out.")
    if place.is_dir() and any(place.iterdir()) and not (place / mark).is_file():
        raise UsageError(f"{out} holds something else than {kind}: choose another folder with --out.")


def write_run(
    study: Study, results: Mapping[str, Result], findings: Mapping[str, Finding], out: Path, progress: Progress
) -> tuple[Path | None, str]:
    """Write results, tables, findings and, where its parts are installed, the report; returns its path and a note."""
    from joinedup.adapters.render import render_report

    with written_beside(out) as beside:
        (beside / "results").mkdir()
        for id, result in results.items():
            write_json(beside / "results" / f"{id}.json", result)
        note = ""
        try:
            render_report(study, results, findings, beside, progress)
        except UsageError as error:
            note = str(error)
        write_json(beside / MARK, list(findings.values()))
        replace_folder(beside, out)
    report = out / "report.html"
    return (report if report.is_file() else None), note


def replace_folder(new: Path, old: Path) -> None:
    """Put the folder `new` in the place of `old`; if that fails, `old` is as it was."""
    if not old.exists():
        new.rename(old)
        _clear_left(old, "old")
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
    _clear_left(old, "old")


def write_json(path: Path, value: Any) -> None:
    """Write `value` (see `json_text`) as JSON, the same bytes for the same value."""
    path.write_text(json_text(value) + "\n", encoding="utf-8", newline="\n")
