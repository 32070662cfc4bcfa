"""Large projects of other programs are read in a child process with limits on time and memory, small ones here.

Whatever a file of some hundred kilobytes holds can cost little; what a large one holds is not known before it was read.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from joinedup.adapters.extract.clock import CLOCK, STORE
from joinedup.adapters.extract.model import MOST_MEMORY, REFUSALS, RefusedError
from joinedup.study.problems import Place, Problem, StudyError, UsageError
from joinedup.texts.project import (
    Case,
    Coder,
    CodeSet,
    ImportReport,
    Note,
    Project,
    ProjectCode,
    ProjectCoding,
    ProjectText,
    Variable,
)

SMALL = 60_000
"""Bytes, unpacked, of a project that is read in this process."""
_PARTS: Mapping[str, Callable[..., Any]] = {
    "texts": ProjectText,
    "codes": ProjectCode,
    "codings": ProjectCoding,
    "coders": Coder,
    "cases": Case,
    "variables": Variable,
    "notes": Note,
    "sets": CodeSet,
}
_PATIENCE = 4
"""Seconds by the clock for each second of processor time: the machine may be busy."""
OUT_OF_MEMORY = 3
"""Exit code of a child that had no memory left for its answer."""
_REMEDY = "Export it from its own program in parts."


def seconds_for(size: int) -> float:
    """Processor time for a project of `size` bytes: 1.2 s and, where it is earned, a quarter a megabyte."""
    return 1.2 + 0.25 * size / 1_000_000


def read_apart(reader: str, path: Path, size: int) -> Project:
    """The project in `path`, read in a child by the reader of this name (see `child`). `size`: bytes that it may cost.

    Raises what the reader raises, and StudyError where the child was ended by its limits.
    """
    seconds = seconds_for(size)
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-m", "joinedup.adapters.exchange.child", reader, str(path), str(seconds)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds * _PATIENCE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _stopped("J331", path, f"{seconds:.1f}") from None
    if not done.stdout.endswith(b"\n"):
        raise _why_it_died(done.returncode, path)
    return _answered(json.loads(done.stdout))


def _why_it_died(code: int, path: Path) -> StudyError:
    """The system ends a child for its time by SIGPROF (27), for its memory by SIGKILL or an abort."""
    if code == -27:
        return _stopped("J331", path, f"{STORE:.1f}")
    if code in (OUT_OF_MEMORY, -6, -9, -11):
        return _stopped("J332", path)
    return _stopped("J330", path, "the process that read it ended")


def _stopped(number: str, path: Path, found: str = "") -> StudyError:
    what = RefusedError(number, found, MOST_MEMORY // 1024 // 1024).what
    remedy = REFUSALS[number][1] if number == "J330" else _REMEDY
    return StudyError([Problem(number, Place(path.name), f"The file {what}.", remedy)])


def answer(read: Callable[[], Project]) -> bytes:
    """What the child sends back: JSON of the project, or of what its reader raised; a line."""
    try:
        project = read()
        found: dict[str, object] = {"project": _plain(project)}
    except StudyError as error:
        found = {"problems": [[p.number, p.place.file, p.what, p.remedy] for p in error.problems]}
    except UsageError as error:
        found = {"usage": str(error)}
    return json.dumps(found).encode("ascii") + b"\n"


def _plain(project: Project) -> dict[str, object]:
    parts = {}
    for name in _PARTS:
        CLOCK.earn(STORE)  # what is here was read
        parts[name] = [_row(one) for one in getattr(project, name)]
    about = {name: getattr(project, name) for name in ("name", "description", "origin")}
    return {**about, **parts, "report": _row(project.report)}


def _row(one: Any) -> list[object]:
    values = (getattr(one, field.name) for field in fields(one))
    return [dict(value) if isinstance(value, Mapping) else value for value in values]


def _answered(found: Mapping[str, Any]) -> Project:
    if "problems" in found:
        raise StudyError([Problem(number, Place(file), *said) for number, file, *said in found["problems"]])
    if "usage" in found:
        raise UsageError(found["usage"])
    given = dict(found["project"])
    for name, part in _PARTS.items():
        given[name] = tuple(part(*map(_tupled, row)) for row in given[name])
    return Project(**{**given, "report": ImportReport(*map(_tupled, given["report"]))})


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def cost(path: Path, unpacked: int) -> int:
    """Bytes that reading may cost: words and codings pack to a tenth, so what unpacks to far more is no project."""
    with contextlib.suppress(OSError):
        return min(unpacked, 20 * path.stat().st_size)
    return unpacked
