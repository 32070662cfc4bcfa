"""What reading a study folder carries along: the files' bytes and the problems found so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from joinedup.study.problems import Place, Problem


@dataclass(frozen=True, slots=True)
class Reading:
    """The bytes of a folder by path, and a list that every reader adds its problems to."""

    files: Mapping[str, bytes]
    problems: list[Problem] = field(default_factory=list)

    def report(self, number: str, file: str, what: str, remedy: str, row: int = 0, column: str = "") -> None:
        """Add a problem."""
        self.problems.append(Problem(number, Place(file, row, column), what, remedy))
