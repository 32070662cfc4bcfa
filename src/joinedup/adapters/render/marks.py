"""What stands over every page that is printed."""

from __future__ import annotations

import re

from joinedup.adapters.render.html import SIMULATED
from joinedup.report.model import Document


def marks(document: Document) -> tuple[str, ...]:
    """The watermark, and SIMULATED DATA where the study is."""
    watermark = document.meta.get("watermark", "")
    return (*((watermark,) if watermark else ()), *((SIMULATED,) if document.simulated else ()))


def running_title(title: str, above: tuple[str, ...], letter: float, mark: float) -> str:
    """The title as it stands over every page beside the marks `above`, on one line: if need be cut at its colon or a word.

    `letter` and `mark` are the mean widths of a letter of the title and of a capital of the marks, in points.
    """
    room = max(SHORTEST, int((LINE - len(" · ".join(above)) * mark) / letter) - GAP)
    if len(title) <= room:
        return title
    opening = re.split(r"[:–—] ", title)[0].strip()
    if len(opening) <= room:
        return opening
    return opening[: room - 1].rsplit(" ", 1)[0].rstrip(" ,;") + "…"


LINE = 482.0
"""Points between the margins."""
GAP, SHORTEST = 4, 16
"""Letters of white between title and marks; a title is not cut below so many."""
