"""The child process in which large projects are read; started by `apart` as `python -I -m`, never imported by it."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from joinedup.adapters.exchange.apart import OUT_OF_MEMORY, answer
from joinedup.adapters.extract.child import limit_process
from joinedup.adapters.extract.clock import CLOCK
from joinedup.adapters.extract.model import MOST_MEMORY, RefusedError, problem_of
from joinedup.study.problems import StudyError
from joinedup.texts.project import Project

READERS = {
    "refi_qda": "joinedup.adapters.refi_qda.reader",
    "qualcoder": "joinedup.adapters.qualcoder",
    "taguette": "joinedup.adapters.taguette",
}


def _read(reader: str, path: Path) -> Project:
    try:
        found: Project = importlib.import_module(READERS[reader]).read_here(path)
        return found
    except (MemoryError, OverflowError):
        refused = RefusedError("J332", limit=MOST_MEMORY // 1024 // 1024)
    except RecursionError:
        refused = RefusedError("J330", "its parts refer to each other in rings")
    raise StudyError([problem_of(refused, path.name)])


def main(reader: str, path: str, seconds: str) -> None:
    """Read one project under the limits and write the answer to what was standard output."""
    limit_process()
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a parser prints must not look like an answer
    CLOCK.allow(float(seconds))
    try:
        said = answer(lambda: _read(reader, Path(path)))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    pipe.write(said)
    pipe.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
