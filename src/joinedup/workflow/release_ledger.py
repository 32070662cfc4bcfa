"""The ledger of releases, sealed line by line: one that was edited, cut off or taken out from among them is seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joinedup.study.problems import UsageError
from joinedup.workflow.ledger import append_line

if TYPE_CHECKING:
    from joinedup.disclosure import Register

LEDGER = Path("ledger") / "releases.jsonl"
SEAL = "seal"


def read_register(folder: Path) -> Register:
    """What the earlier releases of the study in `folder` showed and rested on, from its ledger; raises UsageError where
    it is damaged."""
    from joinedup.disclosure import Register

    published: list[Any] = []
    records: list[Any] = []
    for number, entry in _entries(folder):
        try:
            published += Register.from_dict(entry["register"]).published
            records += [(str(entry["at"]), entry["records"])] if "records" in entry else []
        except (KeyError, UsageError):
            raise _damaged(number, "the line is no release") from None
    return Register(tuple(published), tuple(records))


def append_release(folder: Path, entry: Mapping[str, Any]) -> None:
    """Write `entry` as the last line of the ledger, sealed with all that stand before it."""
    before = [one[SEAL] for _, one in _entries(folder)]
    append_line(folder / LEDGER, {**entry, SEAL: _seal(entry, before[-1] if before else "")})


def _entries(folder: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The entries with the numbers of their lines; raises UsageError at the first that isn't as it was written."""
    before, lines = "", _lines(folder / LEDGER)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line.decode("utf-8"))
            told = entry.pop(SEAL)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise _damaged(number, "the line is no release", _CUT if number == len(lines) else "") from None
        if told != _seal(entry, before):
            raise _damaged(number, "the line, or one before it, isn't as it was written")
        before = told
        yield number, {**entry, SEAL: told}


def _lines(path: Path) -> list[bytes]:
    """The lines of the ledger; none where there is no such file yet."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _damaged(1, f"the ledger can't be read ({(error.strerror or str(error)).lower()})") from None
    if not any(line.strip() for line in lines):
        raise _damaged(1, "the ledger is empty", " If nothing was ever released or exported, delete the file.")
    return lines


_CUT = " If that was killed, or its disk full, nothing of it has left: delete this line alone."
"""Of a last line without an end: it was cut off while it was written, before anything had its name."""


def _seal(entry: Mapping[str, Any], before: str) -> str:
    written = json.dumps(entry, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{before}\n{written}".encode()).hexdigest()


def _damaged(number: int, what: str, otherwise: str = "") -> UsageError:
    return UsageError(
        f"{LEDGER.as_posix()}:{number}: {what}. Put back the copy that the last release wrote: without it, differences "
        f"between releases can't be audited.{otherwise}"
    )
