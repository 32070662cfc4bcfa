"""All files below a study folder, as bytes, by their path with forward slashes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from joinedup.study.folder.reading import Reading

LARGEST_FILE = 1 << 30


def scan(folder: Path) -> Reading:
    """Read every file of `folder` but hidden ones and ``*-report`` at its top; links and devices are problems."""
    files: dict[str, bytes] = {}
    reading = Reading(files)
    for path in _entries(folder, folder, reading):
        name = path.relative_to(folder).as_posix()
        data = _bytes(path, name, reading)
        if data is not None:
            files[name] = data
    return reading


def _entries(folder: Path, top: Path, reading: Reading) -> list[Path]:
    found: list[Path] = []
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        name = folder.relative_to(top).as_posix()
        reading.report("J003", name, f"This folder can't be opened ({_reason(error)}).", "Allow reading it.")
        return found
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith("."):
            continue
        if _is_link(path):
            name = path.relative_to(top).as_posix()
            reading.report("J002", _printable(name), "This is a link.", "Put the file itself there: a study is whole.")
        elif entry.is_dir():
            if not (folder == top and entry.name.endswith("-report")):
                found.extend(_entries(path, top, reading))
        else:
            found.append(path)
    return found


def _is_link(path: Path) -> bool:
    is_junction = getattr(path, "is_junction", None)  # Python 3.12, Windows
    return path.is_symlink() or bool(is_junction and is_junction())


def _bytes(path: Path, name: str, reading: Reading) -> bytes | None:
    if _printable(name) != name:
        reading.report("J020", _printable(name), "The file's name is not valid Unicode.", "Rename the file.")
        return None
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            reading.report("J003", name, "This is no ordinary file.", "Take it out of the folder.")
            return None
        if status.st_size > LARGEST_FILE:
            size = f"{status.st_size / 1e9:.1f} GB"
            remedy = "Keep large data outside the folder and name them in data.toml."
            reading.report("J004", name, f"The file has {size}; a study's files have 1 GB at most.", remedy)
            return None
        return path.read_bytes()
    except OSError as error:
        reading.report("J003", name, f"The file can't be read ({_reason(error)}).", "Allow reading it.")
        return None


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
