"""The chain behind a finding, down to rows and quotes, on the study's own machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from joinedup.study.expect import show
from joinedup.study.finding import Evidence, Finding
from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.result import Result, Source
from joinedup.study.rows import RowReader
from joinedup.texts.anchors import Anchors

ROWS_SHOWN = 12


def explain(
    study: Study, results: Mapping[str, Result], findings: Mapping[str, Finding], id: str, every_row: bool = False
) -> Iterator[str]:
    """Lines that lead from the finding `id` to its evidence, values, quotes and rows.

    At most 12 rows are printed for a value unless `every_row`. Raises UsageError for an unknown finding.
    """
    if id not in findings:
        known = ", ".join(findings) or "none"
        raise UsageError(f"There is no finding {id!r}. The study's findings: {known}.")
    finding = findings[id]
    rows = RowReader(study.files)
    yield f"{finding.id}: {finding.text}"
    yield f"  verdict: {finding.verdict}; freshness: {finding.freshness}; digest {finding.digest[:12]}"
    yield from (f"  because {reason}" for reason in finding.reasons)
    yield from (f"  since it was affirmed: {what}" for what in finding.moved)
    for number, piece in enumerate(finding.evidence, 1):
        yield ""
        yield f"  {number}. {piece.stance} ({piece.strand}){': ' + piece.note if piece.note else ''}"
        yield from ("     " + line for line in _piece(study, results, piece, rows, every_row))
    yield ""
    yield "  A working view for the study's team: what it shows has not passed the disclosure gate."


def _piece(
    study: Study, results: Mapping[str, Result], piece: Evidence, rows: RowReader, every_row: bool
) -> Iterator[str]:
    if piece.passage:
        span = piece.passage
        place = Anchors(study).place(span.text, span.start, span.end)
        told = f", {place}" if place else ""
        yield f"{span.text}, characters {span.start} to {span.end}{told}: “{span.quote}”"
    elif piece.document:
        text = study.text_by_id.get(piece.document)
        page = f", page {piece.page}" if piece.page else ""
        yield f"document {piece.document}{page}: {text.source if text else 'gone'}"
    elif piece.result:
        result = results.get(piece.result)
        if result is None:
            yield f"{piece.result} was not computed"
        elif result.refused:
            yield f"{piece.result} was refused: {result.refused}"
        else:
            yield from _values(result, piece, rows, every_row)


def _values(result: Result, piece: Evidence, rows: RowReader, every_row: bool) -> Iterator[str]:
    yield f"{result.id} ({result.title}), code {result.version}, inputs {result.inputs[:12]}"
    yield from (f"{name} = {show(value)}" for name, value in result.parameters.items())
    for text in piece.expect:
        yield f"expects {text}"
    for key in piece.keys:
        value = result.values.get(key)
        yield f"{key} = {value if value is not None else 'no value'}"
        for source in result.sources_of(key):
            yield from ("  " + line for line in _rows(source, rows, every_row))


def _rows(source: Source, rows: RowReader, every_row: bool) -> Iterator[str]:
    columns = f" ({', '.join(source.columns)})" if source.columns else ""
    yield f"{source.file}: {len(source.rows)} rows{columns}"
    if not rows.has(source.file):
        return
    shown = source.rows if every_row else source.rows[:ROWS_SHOWN]
    for row in shown:
        cells = rows.cells(source.file, row, source.columns)
        yield f"  {row}: " + " | ".join(f"{name}={cell}" for name, cell in cells.items())
    if len(shown) < len(source.rows):
        yield f"  ... and {len(source.rows) - len(shown)} more (--every-row prints them)"
