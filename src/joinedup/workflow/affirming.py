"""Affirming: a person has read a finding's evidence and stands by it. The ledger only grows."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from joinedup.study.finding import Affirmation, Finding
from joinedup.study.problems import UsageError

LEDGER = Path("ledger") / "affirmations.jsonl"


def affirm(folder: Path, finding: Finding, by: str, note: str = "", at: datetime | None = None) -> Affirmation:
    """Append to the ledger of the study `folder` that `by` stands by `finding` as it is now; returns what was written.

    `at` defaults to now. Raises UsageError without a name, or for a finding that cites what no longer exists.
    """
    if not by.strip():
        raise UsageError("Say who affirms: --by NAME.")
    gone = [reason for reason in finding.reasons if reason.endswith("no longer exists")]
    if gone:
        raise UsageError(f"Finding {finding.id} can't be affirmed: {'; '.join(gone)}.")
    when = (at or datetime.now(UTC)).isoformat(timespec="seconds")
    affirmation = Affirmation(finding.id, by.strip(), when, finding.digest, dict(finding.inputs), note)
    _append(folder / LEDGER, affirmation)
    return affirmation


def _append(path: Path, affirmation: Affirmation) -> None:
    """One whole line, on the disk before this returns; a last line that was cut off is ended first."""
    path.parent.mkdir(exist_ok=True)
    record = {
        "finding": affirmation.finding,
        "by": affirmation.by,
        "at": affirmation.at,
        "digest": affirmation.digest,
        "inputs": dict(affirmation.inputs),
        "note": affirmation.note,
    }
    line = json.dumps(record, ensure_ascii=False) + "\n"
    if path.exists() and path.stat().st_size and not path.read_bytes().endswith(b"\n"):
        line = "\n" + line
    with path.open("ab") as ledger:
        ledger.write(line.encode())
        ledger.flush()
        os.fsync(ledger.fileno())
