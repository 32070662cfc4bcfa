"""Affirming: a person has read a finding's evidence and stands by it. The ledger only grows."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

from joinedup.study.finding import Affirmation, Finding
from joinedup.study.problems import UsageError
from joinedup.workflow.ledger import append_line

LEDGER = Path("ledger") / "affirmations.jsonl"


def affirm(folder: Path, finding: Finding, by: str, note: str = "", at: datetime | None = None) -> Affirmation:
    """Append to the ledger of the study `folder` that `by` stands by `finding` as it is now; returns what was written.

    `at` defaults to now. Raises UsageError without a name, or for a finding that cites what no longer exists.
    """
    if not by.strip():
        raise UsageError("Say who affirms: --by NAME.")
    if finding.gone:
        raise UsageError(f"Finding {finding.id} can't be affirmed: {'; '.join(finding.gone)}.")
    when = (at or datetime.now(UTC)).isoformat(timespec="seconds")
    affirmation = Affirmation(
        finding.id, by.strip(), when, finding.digest, dict(finding.inputs), note, dict(finding.cited)
    )
    append_line(folder / LEDGER, dataclasses.asdict(affirmation))
    return affirmation
