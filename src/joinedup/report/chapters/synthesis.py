"""The joint display: what each strand says on each proposition, disagreement side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from joinedup.report.chapters.common import lead, methods
from joinedup.report.findings import stance_badge
from joinedup.report.model import Badge, Block, Cell, Folded, Line, TableBlock, Text
from joinedup.report.prose import and_list, holds, inlines, ref
from joinedup.report.quotes import quotes_of
from joinedup.study.finding import SILENT
from joinedup.study.model import Study
from joinedup.study.registry import STRANDS, key_part
from joinedup.study.result import Result
from joinedup.synthesis.joint_display import JointCell, JointRow, joint_rows

TITLE = "What the strands say together"
_JOINT = "synthesis.joint-display"
_FIT = {
    "confirm": "= Confirm",
    "qualified": "± Qualified",
    "discord": "≠ Discord",
    "against": "− Against",
    "silent": "○ Silent",
}
_VERBS = {
    "confirm": "confirm",
    "qualified": "qualify",
    "discord": "disagree on",
    "against": "contradict",
    "silent": "are silent on",
}
_QUOTES = 3


def blocks(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """The chapter; empty where the study declares no joint display."""
    rows = [_judged(row, results.get(_JOINT)) for row in joint_rows(study, results)]
    if not rows:
        return []
    return [
        *lead(
            results,
            f"Of {ref(_JOINT, 'rows')} propositions, the strands {and_list(_counted(results.get(_JOINT)))}.",
            "Where strands disagree, both stand; nothing is averaged.",
        ),
        _display(results, rows),
        *_quotes(study, results, rows),
        *methods(results, _JOINT),
    ]


def _judged(row: JointRow, result: Result | None) -> JointRow:
    """The row with the stances and the fit of the result: a mark in the place of a value takes no stance back."""
    key, values = key_part(row.id), result.values if result else {}
    cells = tuple(replace(one, stance=str(values.get(f"{key}.{one.strand}", one.stance))) for one in row.cells)
    return replace(row, cells=cells, fit=str(values.get(f"{key}.fit", row.fit)))


def _counted(result: Result | None) -> list[str]:
    """How many propositions of each fit there are, where there are any."""
    return [f"{verb} {ref(_JOINT, fit)}" for fit, verb in _VERBS.items() if result and result.values.get(fit)]


def _display(results: Mapping[str, Result], rows: Sequence[JointRow]) -> TableBlock:
    asked = {cell.strand for row in rows for cell in row.cells}
    strands = [strand for strand in STRANDS if strand in asked]
    head = ("Proposition", *(strand.capitalize() for strand in strands), "Fit")
    lines = []
    for row in rows:
        by_strand = {cell.strand: cell for cell in row.cells}
        cells = [_cell(results, by_strand.get(strand)) for strand in strands]
        fit = Badge("fit", row.fit, _FIT.get(row.fit, row.fit))
        lines.append(Line((Cell((Text(row.proposition),)), *cells, Cell((fit,)))))
    declared = results[_JOINT].tables[0] if _JOINT in results and results[_JOINT].tables else None
    heading = tuple(Cell((Text(title),)) for title in head)
    return TableBlock("joint-display", "Joint display", heading, tuple(lines), result=_JOINT, data=declared)


def _cell(results: Mapping[str, Result], cell: JointCell | None) -> Cell:
    if cell is None:
        return Cell((Text("not asked"),), status="unasked")
    spoken = cell.says and holds(results, cell.says)
    unsaid = "Its figures are not shown." if cell.says else ""
    silent = f"{cell.reason}." if cell.reason and cell.stance == SILENT else unsaid
    said = inlines(results, cell.says) if spoken else (Text(silent),)
    return Cell((stance_badge(cell.stance), Text(" "), *said), status=cell.stance)


def _quotes(study: Study, results: Mapping[str, Result], rows: Sequence[JointRow]) -> list[Block]:
    """Cleared quotes beside the rows that name a theme."""
    found: list[Block] = []
    for row in rows:
        quotes = quotes_of(results, row.theme, _QUOTES) if row.theme else ()
        if quotes:
            code = study.code_by_id.get(row.theme)
            label = code.label if code else row.theme
            found.append(
                Folded((Text(f"In their words: {row.proposition.rstrip('.')} ({label})"),), quotes, kind="data")
            )
    return found
