"""Many files at once, with a cache by content: a collection of reports is read once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from joinedup.adapters.extract.model import Extracted, RefusedError, problem_of
from joinedup.adapters.extract.pool import CHILDREN, Pool

_FORM = "3"
"""Raise it when extraction gives another text, or other places, for the same bytes."""


def cache_folder() -> Path:
    """Where texts that were extracted are kept: JOINEDUP_CACHE, else the user's cache folder."""
    import platformdirs

    own = os.environ.get("JOINEDUP_CACHE")
    return Path(own or platformdirs.user_cache_dir("joinedup")) / "extract"


def extract_many(
    paths: Iterable[Path], cache: Path | None = None, progress: Callable[[int, int], None] | None = None
) -> dict[Path, Extracted]:
    """The texts of `paths`, in their order. A file that can't be read has problems; nothing is raised for it.

    `cache` is the folder of what was extracted before (default: the user's; entries are checked, and a broken one is
    made anew). `progress` is told (files done, files in all).
    """
    wanted = list(dict.fromkeys(paths))
    folder = cache if cache is not None else cache_folder()
    found: dict[Path, Extracted] = {}
    with Pool(CHILDREN) as pool, ThreadPoolExecutor(CHILDREN) as threads:
        for path, text in zip(wanted, threads.map(lambda p: _extract(pool, p, folder), wanted), strict=True):
            found[path] = text
            if progress is not None:
                progress(len(found), len(wanted))
    return found


def _extract(pool: Pool, path: Path, folder: Path) -> Extracted:
    try:
        data = path.read_bytes()
    except OSError as error:
        return Extracted(
            "", problems=(problem_of(RefusedError("J330", error.strerror or "it can't be opened"), path.name),)
        )
    suffix = path.suffix.lower().lstrip(".")
    entry = folder / f"{hashlib.sha256(data).hexdigest()}.{suffix if suffix.isalnum() else 'file'}.json"
    found = _read(entry)
    if found is None:
        found = pool.extract(data, path.name)
        if not found.problems:
            _write(entry, found)
    return found


def _read(entry: Path) -> Extracted | None:
    """The entry, or None where there is none, it is broken, or it was made by another form of extraction."""
    try:
        digest, _, body = entry.read_bytes().partition(b"\n")
        if digest.decode("ascii") != _digest(body):
            return None
        text, anchors = json.loads(body)
    except (OSError, ValueError, TypeError):
        return None
    return Extracted(text, tuple((at, place) for at, place in anchors))


def _write(entry: Path, found: Extracted) -> None:
    """Beside and renamed, readable by the user alone; a cache that can't be written is none."""
    body = json.dumps([found.text, found.anchors], ensure_ascii=False).encode("utf-8")
    beside = entry.with_name(f"{entry.name}.{os.getpid()}.part")
    with suppress(OSError):
        entry.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.write_bytes(_digest(body).encode("ascii") + b"\n" + body)
        beside.replace(entry)
    with suppress(OSError):
        beside.unlink()


def _digest(body: bytes) -> str:
    return hashlib.sha256(_FORM.encode("ascii") + body).hexdigest()
