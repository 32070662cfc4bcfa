"""Days and periods as a study writes them.

A date in a study may be as coarse as its source: ``2003``, ``2003-07`` or ``2003-07-15``.
A period of an indicator is a four-digit year; the indicator says which part of the year it covers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})")


def first_day(text: str) -> date:
    """The first day that `text` (year, year-month or year-month-day) may mean.

    Raises ValueError where `text` is no date.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a date like 2003, 2003-07 or 2003-07-15")
    year, month, day = match.groups()
    try:
        return date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date: {error}") from None


def date_words(date: str) -> str:
    """2006-03 as March 2006, 2006-03-04 as 4 March 2006; anything else as it is."""
    match = _DATE.fullmatch(date)
    if match is None or not match[2] or not 1 <= int(match[2]) <= len(_MONTHS):
        return date
    day = f"{int(match[3])} " if match[3] else ""
    return f"{day}{_MONTHS[int(match[2]) - 1]} {match[1]}"


def add_months(day: date, months: int) -> date:
    """The day `months` later; the 31st becomes the month's last day where it must."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    next_year, next_month = divmod(index + 1, 12)
    last = (date(next_year, next_month + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """Which days a period `YYYY` of an indicator covers.

    `start` and `end` are ``MM-DD``; equal where the indicator is taken on one day (`at`).
    The period is named by the year in which it ENDS: with 04-01 to 03-31, "2004" is
    1 April 2003 to 31 March 2004.
    """

    start: str
    end: str

    def __post_init__(self) -> None:
        for text in (self.start, self.end):
            if _MONTH_DAY.fullmatch(text) is None:
                raise ValueError(f"{text!r} is not a month and day like 03-31")
            date(2004, *self._parts(text))

    @staticmethod
    def _parts(text: str) -> tuple[int, int]:
        month, day = text.split("-")
        return int(month), int(day)

    def first_day(self, period: str) -> date:
        """The day on which `period` starts (or lies)."""
        year = int(period)
        month, day = self._parts(self.start)
        if self._parts(self.start) > self._parts(self.end):
            year -= 1
        if (month, day) == (2, 29):
            day = 28
        return date(year, month, day)

    def treated(self, period: str, adopted: str, lag_months: int = 6) -> bool:
        """Whether `period` starts at least `lag_months` after `adopted`."""
        return self.first_day(period) >= add_months(first_day(adopted), lag_months)
