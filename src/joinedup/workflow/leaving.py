"""How an export leaves: written beside its place, entered in the ledger of releases, and only then given its name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from joinedup.study.problems import UsageError
from joinedup.workflow.formats import ALL_OR_NOTHING, MAY_BE_WHOLE
from joinedup.workflow.release_ledger import LEDGER, append_release, read_register

if TYPE_CHECKING:
    from joinedup.disclosure import Protected


@dataclass(frozen=True, slots=True)
class Permit:
    """Who lets everything out, past the disclosure gate, and why."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Departure:
    """What the ledger says of an export: its format; who let it out whole, or under which profile it was judged; and the
    protected `tables` whose counts it may tell of."""

    format: str
    permit: Permit | None = None
    profile: str = ""
    tables: tuple[Protected, ...] = ()


def permit_for(to: str, by: str, reason: str) -> Permit | None:
    """Who lets everything out, and why; None where what may leave is asked for.

    Raises UsageError for half of it, for a format that never holds everything, and for one that leaves only so.
    """
    if (by or reason) and to not in MAY_BE_WHOLE:
        raise UsageError(f"--by and --reason let everything out, which --to {to} never does: leave them out.")
    if by.strip() and reason.strip():
        return Permit(by.strip(), reason.strip())
    if by or reason:
        raise UsageError("To let everything out, say who does and why: --by NAME --reason WORDS.")
    if to in ALL_OR_NOTHING:
        what = "the whole study" if to == "folder" else "all texts and codings"
        raise UsageError(
            f"--to {to} holds {what}, with words and numbers that the disclosure gate would hold back. It leaves only "
            "if somebody answers for it: add --by NAME --reason WORDS. Both are kept in the ledger of releases."
        )
    return None


def check_ledger(folder: Path | None) -> Path:
    """The folder whose ledger an export is entered in; UsageError where there is none, or its ledger is damaged."""
    if folder is None or not (folder / "study.toml").is_file():
        raise UsageError(
            "Nothing leaves unregistered: name the folder that the study was read from (source=...). What is exported "
            f"is entered in its {LEDGER.as_posix()}."
        )
    read_register(folder)
    return folder


def enter(folder: Path, departure: Departure, files: Mapping[str, bytes]) -> None:
    """Append what leaves to the ledger of the study in `folder`: when, what, by whom and why, the digest of each file.

    A later release is held against the counts of `departure.tables`, as against those of a release.
    """
    from joinedup.disclosure import Register

    when = datetime.now(UTC).isoformat(timespec="seconds")
    permit = departure.permit
    entry = {
        "at": when,
        "format": departure.format,
        "whole": permit is not None,
        "profile": departure.profile,
        "passed": [],
        "by": permit.by if permit else "",
        "reason": permit.reason if permit else "",
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
        "register": Register().with_release(when, departure.tables).to_dict(),
    }
    try:
        append_release(folder, entry)
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise UsageError(
            f"{folder / LEDGER} can't be written ({why}). Nothing leaves that is not entered there."
        ) from None


def check_file(out: Path, origin: Path | None) -> None:
    """Refuse a place in the study, and a folder."""
    if origin is not None and origin.resolve() in out.resolve().parents:
        raise UsageError(f"{out} lies in the study itself. Name a file elsewhere.")
    if out.is_dir():
        raise UsageError(f"{out} is a folder. Name a file.")


def write_file(out: Path, data: bytes, origin: Path | None, departure: Departure | None = None) -> None:
    """Write `out` beside its place, enter its `departure` in the ledger of the study in `origin`, and rename it.

    Only an earlier export is replaced. Without a departure nothing is entered: the file tells of nobody.
    """
    from joinedup.adapters.render.printed.page import GENERATOR

    check_file(out, origin)
    if out.exists() and (before := out.read_bytes()) != data and GENERATOR.encode() not in before[:2000]:
        raise UsageError(f"{out} is there already and is no earlier export. Choose another name.")
    folder = check_ledger(origin) if departure else None
    beside = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        if departure and folder:
            enter(folder, departure, {out.name: data})
        beside.replace(out)
    except OSError as error:
        raise UsageError(f"{out} can't be written ({(error.strerror or str(error)).lower()}).") from None
    finally:
        with suppress(OSError):
            beside.unlink()
