"""Withdrawn consent: what a person takes back is blanked before any analysis sees it."""

from __future__ import annotations

from dataclasses import dataclass

BLANK = "\u2588"
"""Stands for every character that was withdrawn: offsets stay what they were."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A person takes back what they said in all texts, or a text is taken back as a whole: who recorded it, when, why.

    One of `person` and `text` is empty. `responses` says whether the person's answers to the survey go, too.
    """

    person: str
    text: str
    by: str
    at: str
    reason: str
    responses: bool = False
    row: int = 0


def blanked(words: str) -> str:
    """`words` with every character but blanks and line ends withdrawn."""
    return "".join(char if char.isspace() else BLANK for char in words)


def is_withdrawn(quote: str) -> bool:
    """Whether any of `quote` was withdrawn."""
    return BLANK in quote
