"""What an importer of responses gives: answers by question, and everything that did not become one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

ID_COLUMNS = ("response", "person", "wave", "instrument_version")
NOT_ASKED = "-10"


@dataclass(frozen=True, slots=True, order=True)
class Refused:
    """A row of the file that was not taken, and why. Rows count as a spreadsheet does, the heading is row 1."""

    row: int
    reason: str
    response: str = ""


@dataclass(frozen=True, slots=True, order=True)
class LeftBehind:
    """An answer behind a condition that turned false: kept apart, not analysed."""

    row: int
    response: str
    item: str
    answer: str


@dataclass(frozen=True)
class Responses:
    """The responses in a file.

    `table` has the columns response, person, wave, instrument_version, one an item (strings; empty: not answered; the
    codes of `study.survey.MISSING` otherwise), and `_row`. `unused` are columns of the file that are no item, `absent`
    items that the file has no column for, `repeated` those in a repeat: a row has no place for several answers, so
    theirs are not taken.
    """

    source: str
    table: pa.Table
    refused: tuple[Refused, ...] = ()
    left_behind: tuple[LeftBehind, ...] = ()
    unused: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()


@dataclass(slots=True)
class Raw:
    """What one program's file says, in our columns, before it is checked against the instrument.

    `answers` are arrays of strings by item, as long as `rows`; `ids` those of `ID_COLUMNS` that the file has;
    `refused` gives reasons by position.
    """

    rows: list[int]
    ids: dict[str, pa.Array]
    answers: dict[str, pa.Array]
    unused: tuple[str, ...] = ()
    refused: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Options:
    """What the user adds: which column names the person, the wave, and which codes mean that an answer is missing."""

    person: str = ""
    wave: str = ""
    missing: Mapping[str, str] = field(default_factory=dict)
