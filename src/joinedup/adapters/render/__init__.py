"""Renders the working report: the document model to HTML, figures to SVG, tables to CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from joinedup.report.csvout import csv_text
from joinedup.report.model import Document
from joinedup.study.finding import Finding
from joinedup.study.model import Study
from joinedup.study.result import Result

if TYPE_CHECKING:
    from joinedup.adapters.render.drawing import Drawings


def render_report(
    study: Study,
    results: Mapping[str, Result],
    findings: Mapping[str, Finding],
    out: Path,
    progress: Callable[[str, int, int], None],
) -> Path:
    """Write tables/*.csv, figures/*.svg and report.html below `out`; returns the path of the report.

    The tables are written first: they need nothing that is not always installed. Raises UsageError where the parts
    that make the report are not installed, saying what to install.
    """
    from joinedup.adapters.render.html import HtmlRenderer
    from joinedup.report.document import build

    progress("report", 0, 1)
    document = build(study, results, findings)
    write_tables(document, out)
    return HtmlRenderer().render(document, out)[0]


def write_tables(document: Document, out: Path) -> tuple[Path, ...]:
    """Every table of the document, and the data of every figure, as tables/<id>.csv."""
    folder = out / "tables"
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for id, table in document.tables.items():
        path = folder / f"{id}.csv"
        path.write_text(csv_text(table), encoding="utf-8", newline="")
        written.append(path)
    return tuple(written)


def render_pdf(document: Document, out: Path, csl: Path | None = None, drawings: Drawings | None = None) -> Path:
    """Write `document` as PDF/UA-1 to the file `out`; `csl` is a citation style. Returns `out`.

    `drawings` are figures drawn once for several formats.

    Raises UsageError where a part is not installed, or the style can't be read.
    """
    from joinedup.adapters.render.pdf import pdf_bytes

    return _write(out, pdf_bytes(document, csl, drawings))


def render_docx(
    document: Document,
    out: Path,
    reference: Path | None = None,
    csl: Path | None = None,
    drawings: Drawings | None = None,
) -> Path:
    """Write `document` as a Word document to the file `out`, in the house's template or that of the file `reference`.

    Raises UsageError where a part is not installed, or the template or the citation style `csl` can't be read.
    """
    from joinedup.adapters.render.word import docx_bytes

    return _write(out, docx_bytes(document, reference, csl, drawings))


def render_brief(study: Study, results: Mapping[str, Result], site: str, out: Path) -> Path | None:
    """Write the one-page brief for the site with the id `site` as PDF/UA-1 to the file `out`. Returns `out`, or None
    where the study holds nothing that a brief would tell (no survey, no partnership, nothing cleared): no file then.

    Raises UsageError where a part is not installed, or the programme has no such site.
    """
    from joinedup.adapters.render.pdf import brief_bytes
    from joinedup.report.brief import brief_document

    document = brief_document(study, results, site)
    return None if document is None else _write(out, brief_bytes(document))


def render_pptx(document: Document, out: Path, reference: Path | None = None, drawings: Drawings | None = None) -> Path:
    """Write the findings and figures of `document` as slides to the file `out`; `reference` is a PowerPoint template.

    Raises UsageError where a part is not installed, or the template can't be read.
    """
    from joinedup.adapters.render.slides import pptx_bytes

    return _write(out, pptx_bytes(document, reference, drawings))


def _write(out: Path, content: bytes) -> Path:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(content)
    return out
