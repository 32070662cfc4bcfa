"""Exporting a study: today as the folder it came from, byte for byte where nobody edited."""

from __future__ import annotations

from pathlib import Path

from joinedup.study.model import Study
from joinedup.study.problems import UsageError

FORMATS = ("folder",)


def export(study: Study, to: str, out: str | Path, source: str | Path | None = None) -> tuple[str, ...]:
    """Write `study` to `out` in the format `to`; returns the files that differ from what was read.

    `source` is the folder that the study was read from: it is never written to. Raises UsageError for an unknown
    format, or where `out` holds something else.
    """
    if to not in FORMATS:
        raise UsageError(f"There is no export format {to!r}. There is: {', '.join(FORMATS)}.")
    if any(name.startswith("data:") for name in study.files):
        raise UsageError(
            "This study was opened with official data, which stay where they are: open it without, then export."
        )
    from joinedup.adapters.xlsform import read_instrument
    from joinedup.study.folder import write_folder

    origin = Path(source) if source is not None else None
    return write_folder(study, Path(out), source=origin, read_instrument=read_instrument)
