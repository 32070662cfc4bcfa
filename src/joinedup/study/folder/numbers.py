"""Numbers as a table writes them: digits with a decimal point, no grouping."""

from __future__ import annotations

import re

NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
_NUMBER = re.compile(NUMBER, re.ASCII)


def number_of(text: str) -> float | None:
    """The number that `text` writes; None where it writes none (also where it is too large for one)."""
    if _NUMBER.match(text) is None:
        return None
    number = float(text)
    return number if number - number == 0 else None


def written(number: float) -> str:
    """`number` in the fewest digits that give it back."""
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(float(number))
