"""What a spreadsheet would run: which cells it takes for a formula, and the quote mark that makes them plain text.

The threat and the remedy: OWASP, "CSV Injection" (owasp.org/www-community/attacks/CSV_Injection), with forms that a
spreadsheet or a person's clean-up folds to the same signs: after blanks, and in full-width or small letters.
"""

from __future__ import annotations

import re
import unicodedata

from joinedup.study.result import Value

_SIGNS = ("=", "+", "-", "@")
_CONTROLS = ("\t", "\r", "\n")
_NO_FORMULA = re.compile(r"-|[-+]?\d+(\.\d+)?(e[-+]?\d+)?", re.ASCII | re.IGNORECASE)
_UNSEEN = ("Z", "C")
"""First letters of the Unicode categories of blanks, controls and marks of format."""


def is_risky(text: str) -> bool:
    """Whether a spreadsheet may take `text` for a formula. A number is none, however negative; nor is a lone dash.

    Quote marks at the beginning are looked through, so that `unmarked` gives back exactly what `safe` was given.
    """
    if _NO_FORMULA.fullmatch(text.lstrip("'")):
        return False
    for sign in text:
        if sign in _CONTROLS:
            return True
        if sign != "'" and unicodedata.category(sign)[0] not in _UNSEEN:
            return unicodedata.normalize("NFKC", sign).startswith(_SIGNS)
    return False


def safe(value: Value) -> str:
    """A cell of a CSV file: None is empty, floats keep all their digits, risky text gets a quote mark before it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if is_risky(value) else value
    return repr(value) if isinstance(value, float) else str(value)


def unmarked(cell: str) -> str:
    """The text that `safe` was given, from the cell that it made."""
    return cell[1:] if cell.startswith("'") and is_risky(cell[1:]) else cell
