"""Problems of a study: numbered sentences that say what, where, and what to do.

The catalogue is closed: users, tests and the manual share its numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a problem lies; `row` and `column` count from 1, the header is row 1; 0 and "" are unknown."""

    file: str = ""
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        parts = [self.file]
        if self.row:
            parts.append(str(self.row))
        if self.column:
            parts.append(self.column)
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `number` is a key of the catalogue, e.g. "J012"."""

    number: str
    place: Place
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.place}: " if str(self.place) else ""
        return f"{self.number} {where}{self.what} {self.remedy}".strip()


def condensed(problems: Iterable[Problem], most: int = 50) -> tuple[Problem, ...]:
    """`problems` without repetitions; of one number in one file at most `most`, then a sentence saying how many more.

    A million broken rows are one mistake: the list stays readable and small.
    """
    seen: set[Problem] = set()
    counts: dict[tuple[str, str], int] = {}
    kept: list[Problem] = []
    for problem in problems:
        if problem in seen:
            continue
        kind = (problem.number, problem.place.file)
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= most:
            seen.add(problem)
            kept.append(problem)
    for (number, file), count in counts.items():
        if count > most:
            more = f"There are {count - most:,} more problems of this kind in this file."
            kept.append(Problem(number, Place(file), more, "Mend the first ones and check again."))
    return tuple(kept)


class StudyError(Exception):
    """The study is unsound; `problems` holds everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(Exception):
    """The user asked for something that can't be done; the message is the whole explanation."""


class NotComputable(Exception):
    """An analysis that would not be defensible on these data; the message gives the reason for the report."""
