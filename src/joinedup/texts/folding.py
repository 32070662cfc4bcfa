"""Text with case and accents folded away, and the way back to the places in the text as it stands."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_SAME = {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u00a0": " "}
"""Signs that writers use for one another: apostrophes, hyphens, blanks."""


def fold_sign(sign: str) -> str:
    """One code point folded: compatibility forms undone, marks taken off, case folded; a mark alone becomes nothing."""
    if sign in _SAME:
        return _SAME[sign]
    parts = unicodedata.normalize("NFKD", sign.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def fold(text: str) -> str:
    """A whole text folded."""
    return Folded.of(text).text


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. `breaks` and `shifts` say from which folded place on the text as it stands is ahead by how much."""

    text: str
    original: str
    breaks: tuple[int, ...]
    shifts: tuple[int, ...]

    @classmethod
    def of(cls, original: str) -> Folded:
        """Fold `original`; most signs fold to one sign, the others move the places behind them."""
        table = {sign: fold_sign(sign) for sign in sorted(set(original))}
        uneven = [sign for sign, folded in table.items() if len(folded) != 1]
        text = original.translate({ord(sign): folded for sign, folded in table.items()})
        breaks, shifts, at, shift = [0], [0], 0, 0
        if uneven:
            for match in re.finditer("|".join(map(re.escape, uneven)), original):
                width = len(table[match[0]])
                at = match.start() - shift
                # Signs folded from one sign all lead back to it; what follows a vanished sign leads behind it.
                for extra in range(1, width):
                    breaks.append(at + extra)
                    shifts.append(shift - extra)
                shift += 1 - width
                breaks.append(at + width)
                shifts.append(shift)
        return cls(text, original, tuple(breaks), tuple(shifts))

    def place(self, at: int) -> int:
        """Where the folded place `at` lies in the original."""
        return at + self.shifts[bisect_right(self.breaks, at) - 1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original behind the folded span [start, end), which is not empty, with the marks on its last sign."""
        begin, last = self.place(start), self.place(end - 1) + 1
        while last < len(self.original) and unicodedata.combining(self.original[last]):
            last += 1
        return begin, last
