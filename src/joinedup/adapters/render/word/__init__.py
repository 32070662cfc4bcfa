"""The report as a Word document, through pandoc, in the house's template or the user's own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from joinedup.adapters.render.archive import cleaned, office_template
from joinedup.adapters.render.drawing import Drawings
from joinedup.adapters.render.figures import size
from joinedup.adapters.render.marks import marks
from joinedup.adapters.render.pandoc import as_json, pandoc
from joinedup.adapters.render.pictures import pictured, stand_in
from joinedup.adapters.render.widths import UPRIGHT
from joinedup.adapters.render.word.finishing import finished
from joinedup.adapters.render.word.template import template
from joinedup.adapters.render.word.tree import Picture, word_tree
from joinedup.report.model import Document
from joinedup.report.printed import print_edition

_TALLEST = 520.0
"""A figure is at most so many points high: its part's heading, a sentence and its notes have room on its page."""
_LEGIBLE, _WHOLE_PAGE = 0.7, 570.0
"""A figure whose letters that would leave at less than this share of their size has a page of its own, and this height."""


class DocxRenderer:
    """Writes report.docx; `reference` is a Word document whose styles are taken, `csl` a citation style."""

    def __init__(self, reference: Path | None = None, csl: Path | None = None) -> None:
        self.reference, self.csl = reference, csl

    def render(self, document: Document, out: Path) -> tuple[Path, ...]:
        """Write below the folder `out`; returns the report's path. Raises UsageError where a part is not installed."""
        out.mkdir(parents=True, exist_ok=True)
        report = out / "report.docx"
        report.write_bytes(docx_bytes(document, self.reference, self.csl))
        return (report,)


def docx_bytes(
    document: Document, reference: Path | None = None, csl: Path | None = None, drawings: Drawings | None = None
) -> bytes:
    """The report as DOCX, the same bytes for the same document and template, without author, tool or dates.

    `drawings` are shared with its other formats. Raises UsageError where `reference` is not a Word document.
    """
    whole, own = print_edition(document), reference is None
    above = marks(document)
    styles = (
        template(document.title, above) if reference is None else office_template(reference, "Word document (.docx)")
    )
    drawings = drawings or Drawings()
    drawn = drawings.svg(document.figures)
    placed = {id: _placed(id, drawing) for id, drawing in drawn.items()}
    with ThreadPoolExecutor(1) as pool:
        waited = pool.submit(drawings.png, document.figures)
        made = pandoc(as_json(word_tree(whole, placed, above)), "docx", document.bibliography, csl, styles)
        pictures, stood = waited.result(), {one.png: id for id, one in placed.items()}
    return cleaned(made, document.title, lambda name, part: finished(name, pictured(part, stood, pictures), own))


def _placed(id: str, drawing: str) -> Picture:
    """The place of a figure on the page."""
    width, height = size(drawing)
    scale = min(1.0, UPRIGHT / width, _TALLEST / height)
    if scale < _LEGIBLE:
        scale = min(UPRIGHT / width, _WHOLE_PAGE / height)
    return Picture(stand_in(id, drawing), width * scale, height * scale)
