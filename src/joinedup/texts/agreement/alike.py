"""One category written as a number by one coder and as a word by another ("1" and 1) is one category."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np


def is_number(value: Any) -> bool:
    """Whether a rating is a number, true and false among them."""
    return isinstance(value, Real | Decimal | np.number | np.bool_)


def missing(value: Any) -> bool:
    """None, NaN, and what pandas writes for missing (NA, NaT)."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float | np.floating | Decimal) and value != value


def alike(rows: Any) -> Any:
    """`rows` of ratings with words that are a number's decimal as that number, where words and numbers are mixed.

    Raises ValueError where, even so, one coder gives numbers alone and another words alone.
    """
    seen = {type(value) for row in rows for value in row if not missing(value)}
    if not any(issubclass(one, str) for one in seen) or all(issubclass(one, str) for one in seen):
        return rows
    found = [[_number(value) if isinstance(value, str) else value for value in row] for row in rows]
    kinds = [{is_number(value) for value in row if not missing(value)} for row in found]
    if {True} in kinds and {False} in kinds:
        raise ValueError(
            f"coder {kinds.index({True}) + 1} gives numbers and coder {kinds.index({False}) + 1} words, which never "
            "agree: write the categories alike"
        )
    return found


def _number(word: str) -> Any:
    """The number whose decimal `word` is to the letter; else the word itself ("01", " 1" and "1e3" are words)."""
    for kind in (int, float):
        try:
            number = kind(word)
        except ValueError:
            continue
        if str(number) == word and number - number == 0:
            return number
    return word


def refuse_two_writings(codes: Iterable[Hashable]) -> None:
    """Raises ValueError where one code is a number and another the same number as a word."""
    held = list(codes)
    numbers = {code for code in held if is_number(code)}
    for code in held:
        if isinstance(code, str) and numbers and _number(code) in numbers:
            raise ValueError(f"{code!r} is a code as a number and as a word, which never agree: write it alike")
