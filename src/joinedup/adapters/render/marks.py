"""What stands over every page that is printed."""

from __future__ import annotations

from joinedup.adapters.render.html import SIMULATED
from joinedup.report.model import Document


def marks(document: Document) -> tuple[str, ...]:
    """The watermark, and SIMULATED DATA where the study is."""
    watermark = document.meta.get("watermark", "")
    return (*((watermark,) if watermark else ()), *((SIMULATED,) if document.simulated else ()))
