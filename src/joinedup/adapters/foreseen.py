"""What an import would make of a study: judged before a byte is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from joinedup.adapters.xlsform import read_instrument
from joinedup.study.folder import read_folder
from joinedup.study.folder.reader import assemble
from joinedup.study.folder.reading import Reading
from joinedup.study.hints import did_you_mean, listed
from joinedup.study.model import Study
from joinedup.study.problems import Problem, StudyError, UsageError

Check = Callable[[Study], Iterator[Problem]]


def read_for_import(folder: Path, files: Iterable[str]) -> Study:
    """The study in `folder`. Raises StudyError where study.toml or one of `files` can't be read."""
    study, problems = read_folder(folder, read_instrument)
    needed = {"study.toml", *files}
    stop(problem for problem in problems if problem.place.file in needed)
    return study


def stop(problems: Iterable[Problem]) -> None:
    """Raise StudyError where there is any problem."""
    found = tuple(problems)
    if found:
        raise StudyError(found)


def declared(what: str, given: str, known: Iterable[str]) -> None:
    """Raise UsageError where `given` is none of what the study declares."""
    there = sorted(known)
    if given not in there:
        hint = did_you_mean(given, there) or f" The study has {listed(there)}."
        raise UsageError(f"{given!r} is no {what} of this study.{hint}")


def refuse_new_problems(study: Study, files: Mapping[str, bytes], check: Check) -> None:
    """Raise StudyError with what `check` would say of the study with `files` and does not say of it without."""
    reading = Reading({**study.files, **files})
    then = assemble(reading, read_instrument)
    before = set(check(study))
    broken = [problem for problem in reading.problems if problem.place.file in files]
    stop([*broken, *(problem for problem in check(then) if problem not in before)])
