"""Are the withdrawals sound: each names a person or a text of the study, and who recorded it."""

from __future__ import annotations

from collections.abc import Iterator

from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem
from joinedup.study.rules import dated, known

_FILE = "ledger/withdrawals.jsonl"


def check_withdrawals(study: Study) -> Iterator[Problem]:
    """Every problem of ledger/withdrawals.jsonl."""
    people = {person.id for person in study.people}
    for one in study.withdrawals:
        yield from dated(one.at[:10], Place(_FILE, one.row, "at"))
        if bool(one.person) == bool(one.text):
            what = "The line withdraws " + ("a person and a text." if one.person else "neither a person nor a text.")
            yield Problem("J614", Place(_FILE, one.row), what, "Name one of them, and leave the other empty.")
        elif one.person:
            yield from known("person", one.person, people, Place(_FILE, one.row, "person"))
        else:
            yield from known("text", one.text, study.text_by_id, Place(_FILE, one.row, "text"))
        for key, value in (("by", one.by), ("reason", one.reason)):
            if not value.strip():
                what = f"`{key}` is empty."
                yield Problem("J614", Place(_FILE, one.row, key), what, "Say who recorded the withdrawal, and why.")
