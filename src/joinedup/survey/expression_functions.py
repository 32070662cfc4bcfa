"""The functions that expressions may call; any other is kept as written and not run.

Sources: XPath 1.0, section 4; ODK XForms specification, "XPath Functions". In ``sum``, ``min`` and ``max`` unanswered
questions are left out; ``round`` rounds halves up; ``int`` cuts off; ``regex`` must match the whole text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from joinedup.survey.expression_parser import ExpressionError
from joinedup.survey.expression_values import Value, Values, number, text, to_day, to_moment, truth

Given = Value | Values
"""An argument: one value, or those of a repeat."""

LONGEST_MATCHED = 2000
"""Characters of an answer that ``regex`` looks at: a longer one does not match."""

_DATE_PARTS = re.compile(r"%[YymnbdeahHMS3]")


@dataclass(frozen=True, slots=True)
class Function:
    """A function with the least and the most arguments it takes."""

    least: int
    most: int
    run: Callable[..., Value]


def first(given: Given) -> Value:
    """One value: that of the first instance where there are several, empty where there is none."""
    if isinstance(given, tuple):
        return given[0] if given else ""
    return given


def flat(given: Iterable[Given]) -> list[Value]:
    """All values of all arguments."""
    return [value for one in given for value in (one if isinstance(one, tuple) else (one,))]


def _numbers(given: Iterable[Given]) -> list[float]:
    return [found for value in flat(given) if not math.isnan(found := number(value))]


def round_half_up(value: float, digits: int = 0) -> float:
    """Rounded to `digits` decimals; exact halves of the decimal notation go up (without digits) or away from 0."""
    if not math.isfinite(value):
        return value
    if digits == 0:
        return float(math.floor(Decimal(repr(value)) + Decimal("0.5")))
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def _round(value: Given, digits: Given = 0.0) -> Value:
    places = number(first(digits))
    return round_half_up(number(first(value)), int(places)) if abs(places) <= 15 else math.nan


def _int(value: Given) -> Value:
    found = number(first(value))
    return float(math.trunc(found)) if math.isfinite(found) else math.nan


def _power(base: Given, exponent: Given) -> Value:
    try:
        return math.pow(number(first(base)), number(first(exponent)))
    except (ValueError, OverflowError):
        return math.nan


def _choices(given: Given) -> list[str]:
    return text(first(given)).split()


def _selected_at(given: Given, index: Given) -> Value:
    chosen, at = _choices(given), number(first(index))
    return chosen[int(at)] if 0 <= at < len(chosen) else ""


def _substr(given: Given, start: Given, end: Given | None = None) -> Value:
    whole = text(first(given))
    begins = number(first(start))
    ends = float(len(whole)) if end is None else number(first(end))
    if math.isnan(begins) or math.isnan(ends):
        return ""
    return whole[slice(*(max(int(at + len(whole)) if at < 0 else int(at), 0) for at in (begins, ends)))]


def _regex(given: Given, pattern: Given) -> Value:
    whole = text(first(given))
    try:
        return len(whole) <= LONGEST_MATCHED and re.fullmatch(text(first(pattern)), whole) is not None
    except re.error as error:
        raise ExpressionError(f"the pattern of regex() can't be read: {error}") from error


def _decimal_time(given: Given) -> Value:
    match = re.match(r"(?:.*T)?(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?", text(first(given)))
    if match is None:
        return math.nan
    return (int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3] or 0)) / 86400


def _format_date(given: Given, pattern: Given) -> Value:
    found = to_moment(first(given))
    if not isinstance(found, datetime):
        return ""
    return _DATE_PARTS.sub(lambda match: _date_part(found, match[0][1]), text(first(pattern)))


def _date_part(at: datetime, part: str) -> str:
    """A part of a date, in English and without a locale's help."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return {
        "Y": f"{at.year:04}",
        "y": f"{at.year % 100:02}",
        "m": f"{at.month:02}",
        "n": str(at.month),
        "b": months[at.month - 1],
        "d": f"{at.day:02}",
        "e": str(at.day),
        "a": days[at.weekday()],
        "H": f"{at.hour:02}",
        "h": str(at.hour),
        "M": f"{at.minute:02}",
        "S": f"{at.second:02}",
        "3": f"{at.microsecond // 1000:03}",
    }[part]


def _numeric_day(given: Given) -> Value:
    found = to_moment(first(given))
    return number(found) if isinstance(found, date) else math.nan


_MANY = 1000
FUNCTIONS: Mapping[str, Function] = {
    "true": Function(0, 0, lambda: True),
    "false": Function(0, 0, lambda: False),
    "not": Function(1, 1, lambda a: not truth(first(a))),
    "boolean": Function(1, 1, lambda a: truth(first(a))),
    "number": Function(1, 1, lambda a: number(first(a))),
    "string": Function(1, 1, lambda a: text(first(a))),
    "selected": Function(2, 2, lambda a, b: text(first(b)).strip() in _choices(a)),
    "count-selected": Function(1, 1, lambda a: float(len(_choices(a)))),
    "selected-at": Function(2, 2, _selected_at),
    "coalesce": Function(1, _MANY, lambda *a: next((v for v in map(first, a) if text(v) != ""), "")),
    "sum": Function(1, _MANY, lambda *a: math.fsum(_numbers(a))),
    "min": Function(1, _MANY, lambda *a: min(_numbers(a), default=math.nan)),
    "max": Function(1, _MANY, lambda *a: max(_numbers(a), default=math.nan)),
    "count": Function(1, 1, lambda a: float(len(flat((a,))))),
    "count-non-empty": Function(1, 1, lambda a: float(sum(text(value) != "" for value in flat((a,))))),
    "round": Function(1, 2, _round),
    "int": Function(1, 1, _int),
    "abs": Function(1, 1, lambda a: abs(number(first(a)))),
    "pow": Function(2, 2, _power),
    "string-length": Function(1, 1, lambda a: float(len(text(first(a))))),
    "concat": Function(0, _MANY, lambda *a: "".join(map(text, flat(a)))),
    "join": Function(1, _MANY, lambda a, *b: text(first(a)).join(map(text, flat(b)))),
    "substr": Function(2, 3, _substr),
    "contains": Function(2, 2, lambda a, b: text(first(b)) in text(first(a))),
    "starts-with": Function(2, 2, lambda a, b: text(first(a)).startswith(text(first(b)))),
    "ends-with": Function(2, 2, lambda a, b: text(first(a)).endswith(text(first(b)))),
    "regex": Function(2, 2, _regex),
    "date": Function(1, 1, lambda a: to_day(first(a))),
    "date-time": Function(1, 1, lambda a: to_moment(first(a))),
    "decimal-date-time": Function(1, 1, _numeric_day),
    "decimal-time": Function(1, 1, _decimal_time),
    "format-date": Function(2, 2, _format_date),
    "format-date-time": Function(2, 2, _format_date),
}
"""Functions of their arguments alone; ``if``, ``today``, ``now`` and ``position`` are the evaluator's."""
