"""Exporting a study: today as the folder it came from, byte for byte where nobody edited."""

from __future__ import annotations

from pathlib import Path

from joinedup.study.model import Study
from joinedup.study.problems import UsageError

FORMATS = ("folder",)


def export(study: Study, to: str, out: str | Path) -> tuple[str, ...]:
    """Write `study` to `out` in the format `to`; returns the files that differ from what was read.

    Raises UsageError for an unknown format, or where `out` holds something else.
    """
    if to not in FORMATS:
        raise UsageError(f"There is no export format {to!r}. There is: {', '.join(FORMATS)}.")
    from joinedup.study.folder import write_folder

    return write_folder(study, Path(out))
