"""Builds the working report of a study from its results and findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from joinedup.report import checklists
from joinedup.report.chapters import (
    case_selection,
    closing,
    impact,
    indicators,
    integration,
    partnership,
    qca,
    survey,
    synthesis,
    texts,
)
from joinedup.report.describe import Describer
from joinedup.report.evidence import records
from joinedup.report.findings import finding_blocks, ledger
from joinedup.report.model import Block, Document, Heading, Paragraph, Section, Text, ValueRef, walk
from joinedup.report.prose import inlines, plain
from joinedup.study.dates import date_words
from joinedup.study.finding import Finding
from joinedup.study.model import Study
from joinedup.study.result import Result
from joinedup.version import __version__

__all__ = ["WATERMARK", "Document", "build"]

WATERMARK = "Working report – for the study’s team"
_Chapter = Callable[[Study, Mapping[str, Result]], list[Block]]
_CHAPTERS: tuple[tuple[str, str, _Chapter], ...] = (
    ("survey", survey.TITLE, survey.blocks),
    ("texts", texts.TITLE, texts.blocks),
    ("partnership", partnership.TITLE, partnership.blocks),
    ("indicators", indicators.TITLE, indicators.blocks),
    ("impact", impact.TITLE, impact.blocks),
    ("case-selection", case_selection.TITLE, case_selection.blocks),
    ("qca", qca.TITLE, qca.blocks),
    ("synthesis", synthesis.TITLE, synthesis.blocks),
    ("integration", integration.TITLE, integration.blocks),
)


def build(study: Study, results: Mapping[str, Result], findings: Mapping[str, Finding]) -> Document:
    """The working report: summary, findings, a chapter a strand, methods, limits, references, evidence, colophon.

    A strand without results has no chapter. Annexes hold the reporting checklists that the study names, and every value that the report shows.
    """
    describer = Describer(study)
    body = [section for section in _body(study, describer, results, findings) if section.blocks]
    entries = ledger(study, findings, results)
    lists = tuple(checklists.blocks(study, results, {**_titles(body), "colophon": "Colophon"}))
    shown = [part for part in walk((tuple(body), lists, entries)) if isinstance(part, ValueRef)]
    behind = "the rows behind it, " if any(result.sources for result in results.values()) else ""
    annex: list[Block] = [Paragraph((Text(_ANNEX.format(behind=behind)),))]
    if entries:
        annex += [Heading(3, (Text("Findings"),), "ledger-findings"), *entries]
    annex += [Heading(3, (Text("Results"),), "ledger-results"), *records(describer, results, shown)]
    filled = [Section("checklists", checklists.TITLE, lists, "annex")] if lists else []
    last = [
        *filled,
        Section("evidence", "Annex: the evidence ledger", tuple(annex), "annex"),
        Section("colophon", "Colophon", tuple(closing.colophon(study, results)), "annex"),
    ]
    return Document(
        title=study.title,
        meta=_meta(study),
        sections=(*body, *last),
        simulated=study.programme.simulated,
        bibliography=study.references,
    )


def _titles(sections: Sequence[Section]) -> dict[str, str]:
    """The titles of sections and of their headings, by the id that a link leads to."""
    headings = (part for part in walk(tuple(sections)) if isinstance(part, Heading) and part.id)
    return {section.id: section.title for section in sections} | {one.id: plain(one.inlines) for one in headings}


_ANNEX = (
    "Every value that this report shows, with its key, what it is, {behind}the digest of the inputs, the "
    "parameters and the version of the code. The whole of each result is in the folder results/ beside this file."
)


def _body(
    study: Study, describer: Describer, results: Mapping[str, Result], findings: Mapping[str, Finding]
) -> list[Section]:
    summary = study.settings.get("report", {}).get("summary", [])
    front = [
        Section("summary", "Summary", tuple(Paragraph(inlines(results, str(text))) for text in summary), "front"),
        Section("findings", "Findings", finding_blocks(study, describer, results, findings), "front"),
    ]
    chapters = [Section(id, title, tuple(blocks(study, results))) for id, title, blocks in _CHAPTERS]
    back = [
        Section("methods", "Methods", tuple(closing.methods_section(study, results)), "back"),
        Section("limits", "What can’t be concluded", tuple(closing.limits_section(study, results)), "back"),
        Section("references", "References", tuple(closing.references_section(study, results)), "back"),
    ]
    return [*front, *chapters, *back]


def _meta(study: Study) -> dict[str, str]:
    report = study.settings.get("report", {})
    authors = report.get("authors", [])
    return {
        "subtitle": str(report.get("subtitle", "")),
        "programme": study.programme.name,
        "funder": study.programme.funder,
        "authors": ", ".join(str(author) for author in authors),
        "date": date_words(str(report.get("date", ""))),
        "watermark": WATERMARK,
        "note": study.programme.note,
        "version": __version__,
    }
