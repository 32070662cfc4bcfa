"""The report as PDF/UA-1."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from joinedup.adapters.render.citations import Cited, cited
from joinedup.adapters.render.drawing import Drawings
from joinedup.adapters.render.marks import marks
from joinedup.adapters.render.typeset import typeset
from joinedup.adapters.render.typeset.data import document_data
from joinedup.report.model import Document
from joinedup.report.numbering import Edition
from joinedup.report.printed import print_edition


class PdfRenderer:
    """Writes report.pdf; `csl` is a citation style of the user's own."""

    def __init__(self, csl: Path | None = None) -> None:
        self.csl = csl

    def render(self, document: Document, out: Path) -> tuple[Path, ...]:
        """Write below the folder `out`; returns the report's path. Raises UsageError where a part is not installed."""
        out.mkdir(parents=True, exist_ok=True)
        report = out / "report.pdf"
        report.write_bytes(pdf_bytes(document, self.csl))
        return (report,)


def pdf_bytes(document: Document, csl: Path | None = None, drawings: Drawings | None = None) -> bytes:
    """The report as PDF/UA-1, the same bytes for the same document; `drawings` are shared with its other formats."""
    whole = print_edition(document)
    with ThreadPoolExecutor() as pool:  # pandoc is a program of its own: the figures are drawn meanwhile
        citations = pool.submit(cited, whole.document, csl)
        pictures = _pictures(document, drawings)
    return typeset("report", document_data(whole, citations.result(), marks(document)), pictures)


def brief_bytes(document: Document, drawings: Drawings | None = None) -> bytes:
    """A brief as PDF/UA-1: one page, without contents."""
    return typeset(
        "brief", document_data(Edition(document, {}), Cited(), marks(document)), _pictures(document, drawings)
    )


def _pictures(document: Document, drawings: Drawings | None) -> dict[str, str]:
    """The document's figures as SVG by file name."""
    drawn = (drawings or Drawings()).svg(document.figures)
    return {f"{id}.svg": drawing for id, drawing in drawn.items()}
