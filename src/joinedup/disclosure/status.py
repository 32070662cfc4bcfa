"""What a cell of a released table is: a typed status, never a bare string."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """The status of a cell. PRIMARY and SECONDARY are told apart inside only: the release shows one mark for both."""

    OK = "ok"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    ROUNDED = "rounded"
    STRUCTURAL_ZERO = "structural zero"
    NOT_APPLICABLE = "not applicable"
    NOT_AVAILABLE = "not available"

    @property
    def hidden(self) -> bool:
        """Whether the release shows a mark instead of a count that the team holds."""
        return self in (Status.PRIMARY, Status.SECONDARY)


KNOWN_ZERO = (Status.NOT_APPLICABLE, Status.STRUCTURAL_ZERO)
"""Whose cells everybody knows to hold nobody."""
NOT_APPLICABLE_MARK, NOT_AVAILABLE_MARK = "z", "x"
INPUT_MARKS: Mapping[str, Status] = {
    "c": Status.PRIMARY,
    "*": Status.PRIMARY,
    "low": Status.PRIMARY,
    "z": Status.NOT_APPLICABLE,
    "x": Status.NOT_AVAILABLE,
    ":": Status.NOT_AVAILABLE,
    "[c]": Status.PRIMARY,
    "[low]": Status.PRIMARY,
    "[z]": Status.NOT_APPLICABLE,
    "[x]": Status.NOT_AVAILABLE,
}
"""Marks that a table may hold when it arrives; one that its publisher suppressed counts as primary (study.MARKS). In
brackets: the shorthand of the government's analysis function for tables in spreadsheets."""
