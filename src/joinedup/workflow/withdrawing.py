"""Withdrawn consent: recorded once, and from then on gone from every analysis, report and export."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.withdrawals import Withdrawal
from joinedup.workflow.ledger import append_line

LEDGER = Path("ledger") / "withdrawals.jsonl"


def withdraw(
    folder: Path,
    study: Study,
    *,
    by: str,
    reason: str,
    person: str = "",
    text: str = "",
    responses: bool = False,
    at: datetime | None = None,
) -> Withdrawal:
    """Append to the ledger of the study `folder` that `person` took back their words, or that `text` was taken back.

    `by` records it, `responses` takes the person's answers to the survey out, too; `at` defaults to now. Raises
    UsageError where nobody or nothing, or both, are named, or where the study knows neither.
    """
    if bool(person) == bool(text):
        raise UsageError("Say who or what is withdrawn: --person PERSON, or --text TEXT.")
    if not by.strip() or not reason.strip():
        raise UsageError("Say who records it and why: --by NAME --reason WORDS.")
    if responses and not person:
        raise UsageError("--responses belongs to a person: name --person.")
    if person and person not in {one.id for one in study.people}:
        raise UsageError(f"people.csv lists no person {person!r}.")
    if text and text not in study.text_by_id:
        raise UsageError(f"texts/texts.csv lists no text {text!r}.")
    when = (at or datetime.now(UTC)).isoformat(timespec="seconds")
    done = Withdrawal(person, text, by.strip(), when, reason.strip(), responses)
    append_line(folder / LEDGER, {key: value for key, value in asdict(done).items() if key != "row"})
    return done
