"""Findings: the claim, its verdict and freshness, its evidence by stance - and their entries in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from joinedup.report.describe import Describer
from joinedup.report.model import (
    Badge,
    Block,
    Bullets,
    Code,
    Folded,
    Group,
    Heading,
    Inline,
    Inlines,
    Link,
    Paragraph,
    Strong,
    Text,
    ValueRef,
)
from joinedup.report.numbers import column
from joinedup.report.pandoc import finding_id, result_id
from joinedup.report.prose import inlines
from joinedup.report.quotes import Quoter, place
from joinedup.study.finding import STANCES, Evidence, Finding
from joinedup.study.model import Study
from joinedup.study.result import Result
from joinedup.study.withdrawals import is_withdrawn

_STANCE_WORDS = {
    "supports": "Supports",
    "qualifies": "Qualifies",
    "contradicts": "Contradicts",
    "silent": "Silent",
}
_FEW = 2
_SIGNS = {"supports": "+", "qualifies": "±", "contradicts": "−", "silent": "○"}


def stance_badge(stance: str) -> Badge:
    """A stance in a word and a sign."""
    return Badge("stance", stance, f"{_SIGNS.get(stance, '')} {_STANCE_WORDS.get(stance, stance)}".strip())


def verdict_badge(verdict: str) -> Badge:
    """A verdict in words."""
    return Badge("verdict", verdict, verdict.capitalize())


def freshness_badge(freshness: str) -> Badge:
    """A freshness in words."""
    return Badge("freshness", freshness, freshness.capitalize())


@dataclass(frozen=True, slots=True)
class _Given:
    """What the evidence of a finding is told from."""

    study: Study
    describer: Describer
    results: Mapping[str, Result]
    quoter: Quoter


def finding_blocks(
    study: Study, describer: Describer, results: Mapping[str, Result], findings: Mapping[str, Finding]
) -> tuple[Block, ...]:
    """All findings, in order of the study's questions, each under its question."""
    given = _Given(study, describer, results, Quoter(study))
    blocks: list[Block] = []
    order = [question.id for question in study.questions]
    for question in [*study.questions, None]:
        own = [
            finding
            for finding in findings.values()
            if (finding.question == question.id if question else finding.question not in order)
        ]
        if own and question:
            blocks.append(Heading(3, (Text(question.text),), f"question-{question.id}"))
        elif own and order:
            blocks.append(Heading(3, (Text("Further findings"),), "question-other"))
        blocks += [_finding(given, finding) for finding in own]
    return tuple(blocks)


def _finding(given: _Given, finding: Finding) -> Group:
    badges: list[Inline] = [verdict_badge(finding.verdict), Text(" "), freshness_badge(finding.freshness), Text(" ")]
    badges.append(Link(f"#{finding_id(finding.id)}", (Text("Evidence"),), evidence=True))
    blocks: list[Block] = [
        Paragraph(tuple(badges), "badges"),
        Paragraph(inlines(given.results, finding.claim), "claim"),
    ]
    blocks += _reasons(finding)
    blocks.append(Group("stances", _by_stance(given, finding)))
    if finding.limits:
        blocks.append(
            Paragraph((Strong((Text("Limits:"),)), Text(" "), *inlines(given.results, finding.limits)), "note")
        )
    return Group("finding", tuple(blocks), f"finding-{finding.id}")


def _reasons(finding: Finding) -> list[Block]:
    if len(finding.reasons) <= _FEW:
        return [Paragraph((Text(f"Why this verdict: {reason}."),), "note") for reason in finding.reasons]
    listed = Bullets(tuple((Text(reason),) for reason in finding.reasons))
    return [Folded((Text(f"Why this verdict: {len(finding.reasons)} reasons"),), (listed,), kind="data")]


def _by_stance(given: _Given, finding: Finding) -> tuple[Block, ...]:
    groups: list[Block] = []
    for stance in STANCES:
        pieces = [piece for piece in finding.evidence if piece.stance == stance]
        if pieces:
            inner: list[Block] = [Paragraph((stance_badge(stance),))]
            for before, piece in zip([None, *pieces], pieces, strict=False):
                inner += _piece(given, finding.id, piece, before)
            groups.append(Group(f"stance-{stance}", tuple(inner)))
    return tuple(groups)


def _piece(given: _Given, finding: str, piece: Evidence, before: Evidence | None) -> list[Block]:
    strand: Inline = Strong((Text(piece.strand.capitalize() + ": "),))
    note = inlines(given.results, piece.note) if piece.note else ()
    if piece.passage is not None:
        quote = given.quoter.block(piece.passage)
        if quote is None:
            gone = is_withdrawn(piece.passage.quote)
            words = "a passage that was withdrawn, " if gone else "a passage that is not cleared for quotation, "
            where = (Text(words), Code(place(piece.passage)))
            return [Paragraph((strand, *where, *_after(note)))]
        goes_on = before is not None and before.passage is not None and before.strand == piece.strand and not note
        return [quote] if goes_on else [Paragraph((strand, *(note or (Text("in words"),)))), quote]
    if piece.document:
        page = f", page {piece.page}" if piece.page else ""
        told = _told(given.study, piece.document)
        return [Paragraph((strand, Text("document "), Code(piece.document), Text(f"{page}{told}"), *_after(note)))]
    if piece.result:
        return _result_blocks(given, finding, piece, (strand,), note)
    return [Paragraph((strand, *(note or (Text("could have spoken, and does not."),))))]


def _told(study: Study, document: str) -> str:
    """What kind of document it is and of which site, in brackets; its source where neither is known."""
    text = study.text_by_id.get(document)
    if text is None:
        return ""
    kinds, sites = {kind.id: kind.label for kind in study.kinds}, study.site_by_id
    known = (kinds.get(text.kind, ""), sites[text.site].name if text.site in sites else "")
    words = ", ".join(filter(None, known)) or text.source
    return f" ({words})" if words else ""


def _after(note: Inlines) -> Inlines:
    return (Text(". "), *note) if note else ()


def _result_blocks(given: _Given, finding: str, piece: Evidence, strand: Inlines, note: Inlines) -> list[Block]:
    """The result's title with the note, then its cited values, each with what it is."""
    result = given.results.get(piece.result)
    if result is None:
        return [Paragraph((*strand, Text("no result "), Code(piece.result), Text(" was computed"), *_after(note)))]
    title = Link(f"#{result_id(result.id)}", (Text(result.title),), evidence=True)
    if result.refused:
        return [Paragraph((*strand, title, Text(f" – not computed: {result.refused}"), *_after(note)))]
    items = tuple(
        (Text(f"{_what(given, finding, result.id, key)}: "), _shown(result, key))
        for key in piece.keys
        if key in result.values
    )
    cited: list[Block] = [Group("cited", (Bullets(items),))] if items else []
    return [Paragraph((*strand, title, *_after(note))), *cited]


def _what(given: _Given, finding: str, result: str, key: str) -> str:
    """What a value is, in words; a value that is told of the finding itself need not name it."""
    return (given.describer.describe(result, key) or key).replace(f" ({finding})", "")


def _shown(result: Result, key: str) -> ValueRef:
    return ValueRef(result.id, key, column(key, [result.values[key]])[0])


def ledger(study: Study, findings: Mapping[str, Finding], results: Mapping[str, Result]) -> tuple[Block, ...]:
    """One entry a finding: what it cites, what it expects, and the digests that freshness compares."""
    return tuple(_entry(study, finding, results) for finding in findings.values())


def _entry(study: Study, finding: Finding, results: Mapping[str, Result]) -> Folded:
    blocks: list[Block] = [
        Paragraph(inlines(results, finding.claim), "claim"),
        Paragraph((verdict_badge(finding.verdict), Text(" "), freshness_badge(finding.freshness)), "badges"),
    ]
    if finding.reasons:
        blocks.append(Bullets(tuple((Text(reason),) for reason in finding.reasons)))
    blocks += [Group("evidence", _cited(piece, results)) for piece in finding.evidence]
    blocks.append(_affirmed(study, finding))
    if finding.moved:
        blocks.append(Paragraph((Text("Since then:"),)))
        blocks.append(Bullets(tuple((Text(what),) for what in finding.moved)))
    if finding.digest:
        blocks.append(Paragraph((Text("Digest of what is cited: "), Code(finding.digest))))
    summary: Inlines = (Text("Finding "), Code(finding.id))
    return Folded(summary, tuple(blocks), finding_id(finding.id), "record")


def _cited(piece: Evidence, results: Mapping[str, Result]) -> tuple[Block, ...]:
    parts: list[Inline] = [stance_badge(piece.stance), Text(f" {piece.strand}")]
    result = results.get(piece.result)
    if piece.result:
        known = result is not None
        parts += [Text(", "), Link(f"#{result_id(piece.result)}", (Code(piece.result),), evidence=True)
                  if known else Code(piece.result)]  # fmt: skip
    for key in piece.keys:
        parts += [Text("; "), Code(key)]
        if result is not None and key in result.values:
            parts += [Text(" = "), _shown(result, key)]
    if piece.passage is not None:
        parts += [Text(", passage "), Code(place(piece.passage))]
    if piece.document:
        parts += [Text(", document "), Code(piece.document), Text(f", page {piece.page}" if piece.page else "")]
    blocks: list[Block] = [Paragraph(tuple(parts))]
    if piece.expect:
        expected = tuple((Text("expects "), Code(text)) for text in piece.expect)
        blocks.append(Bullets(expected))
    return tuple(blocks)


def _affirmed(study: Study, finding: Finding) -> Paragraph:
    own = [one for one in study.affirmations if one.finding == finding.id]
    if not own:
        return Paragraph((Text("Nobody has affirmed this finding yet."),))
    last = own[-1]
    return Paragraph((Text(f"Last affirmed by {last.by}, {last.at}."),))
