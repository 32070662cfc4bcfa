"""A Study as a folder again: original bytes for what was not edited, the canonical form for what was."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from joinedup.study.folder.parts import parts, removed
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.survey import INSTRUMENT, ReadInstrument, instrument_of
from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.survey import Instrument

WriteInstrument = Callable[[Instrument], bytes]


def write_folder(
    study: Study,
    out: Path,
    *,
    source: Path | None = None,
    read_instrument: ReadInstrument | None = None,
    write_instrument: WriteInstrument | None = None,
    before: Callable[[Mapping[str, bytes]], None] | None = None,
) -> tuple[str, ...]:
    """Write `study` into the new or empty folder `out`, or over an earlier export; returns the paths that differ.

    `source` is the study's own folder, which is never written. Without `read_instrument` an edit of the
    questionnaire can't be seen: its workbook is kept. The folder appears whole or not at all; `before` is told its
    files when they are written, before it appears. Raises UsageError
    where `out` holds anything that would be lost, and for an edited questionnaire without `write_instrument`.
    """
    out = Path(out)
    files = folder_files(study, read_instrument, write_instrument)
    _refuse(study, out, files, source)
    try:
        _write(out, files, before)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UsageError(f"{out} can't be written ({reason}). Nothing was changed.") from error
    names = sorted({*files, *study.files})
    return tuple(name for name in names if files.get(name) != study.files.get(name))


def folder_files(
    study: Study,
    read_instrument: ReadInstrument | None = None,
    write_instrument: WriteInstrument | None = None,
) -> Mapping[str, bytes]:
    """The bytes of every file of the study's folder, by path, sorted."""
    gone = removed(study)
    files = {name: data for name, data in study.files.items() if name not in gone}
    original = Reading(study.files)
    for part in parts(study):
        data = part.bytes(original)
        if data is not None:
            files[part.file] = data
    instrument = study.survey.instrument
    if instrument is not None and _is_edited(instrument, original, read_instrument):
        if write_instrument is None:
            raise UsageError("The questionnaire was edited here: export it as XLSForm, and put that into the study.")
        files[INSTRUMENT] = write_instrument(instrument)
    for name in files:
        _safe(name)
    return dict(sorted(files.items()))


def _is_edited(instrument: Instrument, original: Reading, read_instrument: ReadInstrument | None) -> bool:
    if INSTRUMENT not in original.files:
        return True
    return read_instrument is not None and instrument_of(original, read_instrument) != instrument


def _safe(name: str) -> None:
    parts = PurePosixPath(name).parts
    if not parts or PurePosixPath(name).is_absolute() or ".." in parts or "\\" in name or ":" in parts[0]:
        raise UsageError(f"`{name}` is no path below a study folder: nothing was written.")


def _refuse(study: Study, out: Path, files: Mapping[str, bytes], source: Path | None) -> None:
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file. Name a new or empty folder.")
    if source is not None:
        own, target = source.resolve(), out.resolve()
        if own == target or own in target.parents or target in own.parents:
            raise UsageError(f"{out} is the study itself, lies in it or around it. Name another folder.")
    held = _held(out) if out.is_dir() else {}
    for name, path in held.items():
        known = [data for data in (study.files.get(name), files.get(name)) if data is not None]
        if not path.is_file() or path.is_symlink() or path.read_bytes() not in known:
            raise UsageError(f"{out} holds {name}, which is not of an earlier export. Name a new or empty folder.")
    is_original = set(held) == set(study.files) and all(held[n].read_bytes() == study.files[n] for n in held)
    if source is None and held and is_original and dict(files) != dict(study.files):
        raise UsageError(f"{out} may be the study itself. Name a new or empty folder.")


def _held(folder: Path) -> Mapping[str, Path]:
    """Everything below `folder` but folders, hidden files too."""
    found = {}
    for top, folders, names in os.walk(folder):
        links = [name for name in folders if Path(top, name).is_symlink()]
        for name in [*names, *links]:
            path = Path(top, name)
            found[path.relative_to(folder).as_posix()] = path
    return found


def _write(out: Path, files: Mapping[str, bytes], before: Callable[[Mapping[str, bytes]], None] | None = None) -> None:
    """Write all files beside `out` and rename."""
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        fresh = beside / "new"
        fresh.mkdir()
        for name, data in files.items():
            target = fresh.joinpath(*PurePosixPath(name).parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        if before is not None:
            before(files)
        _put(fresh, out, beside / "old")
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _put(fresh: Path, out: Path, old: Path) -> None:
    """Put `fresh` in the place of `out`; what stood there comes back if that fails."""
    if out.exists():
        out.rename(old)
    try:
        fresh.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
