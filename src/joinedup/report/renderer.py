"""What turns a document into files."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from joinedup.report.model import Document


class Renderer(Protocol):
    """Writes a document in one format below the folder `out`; returns the files written, the report first."""

    def render(self, document: Document, out: Path) -> tuple[Path, ...]: ...
