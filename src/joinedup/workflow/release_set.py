"""What a release consists of: every format of one gated report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from joinedup.study.problems import UsageError
from joinedup.workflow.formats import PARTS
from joinedup.workflow.opening import Progress, silent
from joinedup.workflow.writing import write_json

if TYPE_CHECKING:
    from joinedup.adapters.render.drawing import Drawings
    from joinedup.disclosure import Stop
    from joinedup.report.gate.rows import SurveyRows
    from joinedup.report.gate.values import Values
    from joinedup.report.model import Document
    from joinedup.study.finding import Finding
    from joinedup.study.model import Study
    from joinedup.study.result import Result


@dataclass(frozen=True)
class Gated:
    """A study's report as it may leave, and the `rows` of its survey; `passed` are the stops that a reviewer let pass.

    `files` names what each result was computed from.
    """

    study: Study
    results: Mapping[str, Result]
    findings: Mapping[str, Finding]
    document: Document
    values: Values
    passed: tuple[Stop, ...] = ()
    rows: SurveyRows | None = None
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Styles:
    """The user's own Word template (`reference`), slides template (`slides`) and citation style (`csl`)."""

    reference: Path | None = None
    slides: Path | None = None
    csl: Path | None = None

    def check(self) -> None:
        """Raise UsageError where one of them can't be used, before anything is computed."""
        if self != PLAIN:
            from joinedup.adapters.render.own_styles import check_styles

            check_styles(self.reference, self.slides, self.csl)


PLAIN = Styles()
"""The house's own templates and pandoc's style of citations."""


def write_set(gated: Gated, out: Path, styles: Styles, progress: Progress = silent) -> None:
    """Every part, the tables, the results and the figures of a gated report, below the folder `out`."""
    from joinedup.adapters.render import write_tables
    from joinedup.adapters.render.drawing import Drawings
    from joinedup.report.gate.anonymity import anonymous_result, is_promised
    from joinedup.report.gate.document import released_result

    write_tables(gated.document, out)
    (out / "results").mkdir()
    anonymous = is_promised(gated.study)
    for id, result in gated.results.items():
        told = released_result(result)
        told = anonymous_result(told, gated.study) if anonymous else told
        write_json(out / "results" / f"{id}.json", told)
    drawings = Drawings()
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # pandoc and what draws are programs of their own
        wanted = [part for part in PARTS if not (anonymous and part == "briefs")]  # a brief is its own site's
        parts = {part: pool.submit(write_part, gated, part, out, styles, drawings) for part in wanted}
        try:
            for number, (part, written) in enumerate(parts.items()):
                progress(part, number, len(wanted))
                written.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_AT_ONCE = 2
"""Parts written beside each other: more would only need more memory."""


def write_part(
    gated: Gated, part: str, out: Path, styles: Styles, drawings: Drawings | None = None
) -> tuple[Path, ...]:
    """One of PARTS of a gated report below the folder `out`; returns what was written.

    `drawings` are its figures, drawn once for all parts.
    """
    from joinedup.adapters.render import render_docx, render_pdf, render_pptx
    from joinedup.adapters.render.html import HtmlRenderer

    document = gated.document
    if part == "html":
        return HtmlRenderer(drawings).render(document, out)
    if part == "pdf":
        return (render_pdf(document, out / "report.pdf", styles.csl, drawings),)
    if part == "docx":
        return (render_docx(document, out / "report.docx", styles.reference, styles.csl, drawings),)
    if part == "pptx":
        return (render_pptx(document, out / "slides.pptx", styles.slides, drawings),)
    if part == "briefs":
        return tuple(_briefs(gated, out, drawings))
    if part == "deposit":
        return tuple(_deposit(gated, out / "deposit"))
    raise UsageError(f"There is no part {part!r} of a release. There is: {', '.join(PARTS)}.")


def _deposit(gated: Gated, out: Path) -> Iterator[Path]:
    """The files for an archive, below the folder `out`."""
    from joinedup.adapters.deposit import deposit_files
    from joinedup.report.gate.rows import SurveyRows

    rows = gated.rows or SurveyRows(refused="The answers have not been through the gate.")
    for name, content in deposit_files(gated.study, gated.results, gated.document, gated.values, rows).items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        yield path


def _briefs(gated: Gated, out: Path, drawings: Drawings | None) -> Iterator[Path]:
    """A page for each programme site that the study knows something of."""
    from joinedup.adapters.render.drawing import Drawings
    from joinedup.adapters.render.pdf import brief_bytes
    from joinedup.report.brief import brief_document
    from joinedup.report.gate.document import released_document
    from joinedup.report.gate.text_labels import TextLabels

    labels = TextLabels(gated.study)
    found = {site.id: brief_document(gated.study, gated.results, site.id) for site in gated.study.programme_sites}
    briefs = {
        id: labels.document(released_document(document, gated.values, gated.document.meta["watermark"]))
        for id, document in found.items()
        if document is not None
    }
    drawings = drawings or Drawings()
    drawings.begin([figure for brief in briefs.values() for figure in brief.figures])
    for id, brief in briefs.items():
        path = out / f"brief-{id}.pdf"
        path.write_bytes(brief_bytes(brief, drawings))
        yield path
