"""What a sentence about a mistake can add: the word that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_MOST = 2000
"""Above this many candidates the comparison would cost more than the hint is worth."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``" Did you mean `x`?"``, or nothing where no candidate comes close."""
    candidates = sorted(set(known))
    folded = {candidate.casefold(): candidate for candidate in candidates}
    near = folded.get(word.strip().casefold())
    if near is None and len(candidates) <= _MOST:
        near = next(iter(difflib.get_close_matches(word, candidates, n=1, cutoff=0.6)), None)
    return f" Did you mean `{near}`?" if near else ""


def listed(words: Iterable[str], most: int = 8) -> str:
    """``a, b, c``, cut off after `most` words with how many there are."""
    found = list(words)
    text = ", ".join(f"`{word}`" for word in found[:most])
    return text if len(found) <= most else f"{text} ... ({len(found)} in all)"


def shown(text: str, most: int = 60) -> str:
    """`text` in back quotes, on one line, cut off after `most` characters."""
    flat = text.replace("\r", "\\r").replace("\n", "\\n").replace("\ufeff", "\\ufeff").replace("\0", "\\0")
    return f"`{flat if len(flat) <= most else flat[:most] + '...'}`"
