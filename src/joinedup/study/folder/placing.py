"""Files put into a study folder: all of them or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from joinedup.study.problems import UsageError


def place_files(folder: Path, files: Mapping[str, bytes], what: str) -> None:
    """Write `files` (by their path below `folder`) beside their places first, then rename them, in their order.

    Raises UsageError, which begins with `what` ("The text was not imported"), where that fails: the folder is then as
    it was before. Name the table that makes the others known last. A path that leads out of the folder, by its name or
    by a link, is never written.
    """
    home = folder.resolve()
    out = next((name for name in files if not (home / name).resolve().is_relative_to(home)), "")
    if out:
        raise UsageError(f"{what}: {out} lies outside {folder}.")
    places = {folder / name: data for name, data in files.items()}
    beside = {place: place.with_name(f".{place.name}.{os.getpid()}.partial") for place in places}
    done: dict[Path, bytes | None] = {}
    try:
        for place, data in places.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            _write(beside[place], data)
        for place, other in beside.items():
            before = place.read_bytes() if place.exists() else None
            other.replace(place)
            done[place] = before
    except OSError as error:
        for place, before in done.items():
            with suppress(OSError):
                _put_back(place, before)
        raise UsageError(f"{what} ({(error.strerror or str(error)).lower()}): nothing changed.") from None
    finally:
        for other in beside.values():
            with suppress(OSError):
                other.unlink()


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _put_back(place: Path, before: bytes | None) -> None:
    if before is None:
        place.unlink()
    else:
        place.write_bytes(before)
