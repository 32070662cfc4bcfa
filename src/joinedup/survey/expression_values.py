"""Values of expressions and how they turn into one another: texts, numbers, truth, days.

Rules: XPath 1.0, section 4, with the additions of ODK XForms (dates, epsilon of equality). An unanswered question is
the empty text: as a number it is NaN, as truth it is false, and NaN compares as false to everything but by ``!=``.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

Value = str | float | bool | date | datetime
Values = tuple[Value, ...]
"""Answers to one question in the instances of a repeat."""

_EPSILON = 1e-12
_EPOCH = date(1970, 1, 1)
_NUMERIC = frozenset(("integer", "decimal", "range"))


def typed(kind: str, answer: str) -> Value:
    """An answer as written, as a value of its question's kind; empty where it can't be read as one."""
    text = answer.strip()
    if kind in _NUMERIC:
        value = number(text)
        return "" if math.isnan(value) else value
    if kind in ("date", "today"):
        return _date(text) or ""
    if kind in ("datetime", "start", "end"):
        return moment(text) or ""
    return text


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    """The point in time that `text` (ISO 8601) names; None where it names none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def number(value: Value) -> float:
    """As a number: days since 1970 for a day, NaN for what is none."""
    if isinstance(value, bool | float | int):
        return float(value)
    if isinstance(value, datetime):
        at = value.replace(tzinfo=UTC) if value.tzinfo is None else value
        return at.timestamp() / 86400
    if isinstance(value, date):
        return float((value - _EPOCH).days)
    text = value.strip()
    try:
        return float(text) if text.lstrip("+-")[:1].isdigit() or text.lstrip("+-")[:1] == "." else math.nan
    except ValueError:
        return math.nan


def text(value: Value) -> str:
    """As a text: 2 and not 2.0; days in ISO 8601; NaN is empty, as an unanswered question is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        if math.isnan(value):
            return ""
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return str(int(value)) if float(value).is_integer() else format(Decimal(repr(float(value))), "f")
    return value.isoformat() if isinstance(value, date) else value


def truth(value: Value) -> bool:
    """As truth: a number unless 0 or NaN, a text unless empty."""
    if isinstance(value, bool | float | int):
        return bool(value) and value == value
    return value != ""


def equal(left: Value, right: Value) -> bool:
    """Equality: of truth where either is truth, of numbers where either is a number or a day, else of texts."""
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    first, second = number(left), number(right)
    return first == second or abs(first - second) < _EPSILON


def to_day(value: Value) -> Value:
    """As a day, from a text or from days since 1970; empty where it is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return _date(value.strip()) or ""
    return "" if not math.isfinite(value) else _EPOCH + timedelta(days=math.floor(value))


def to_moment(value: Value) -> Value:
    """As a point in time, from a text, a day or days since 1970; empty where it is none."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 (local time, as answered)
    if isinstance(value, str):
        return moment(value.strip()) or ""
    if not math.isfinite(value):
        return ""
    return datetime(1970, 1, 1) + timedelta(days=float(value))  # noqa: DTZ001
