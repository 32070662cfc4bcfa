"""Are findings and the joint display sound: every citation exists, no number is typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from joinedup.study.finding import SILENT, Claim, Evidence
from joinedup.study.hints import did_you_mean, shown
from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem
from joinedup.study.registry import KIND_BY_ID, STRANDS, KeyChecker
from joinedup.study.rules import cites, document, expectation, identifier, known, once, passage, place_in, sentence
from joinedup.synthesis.case_selection.checks import check as case_choice
from joinedup.synthesis.integration.checks import check as check_integration
from joinedup.synthesis.qca.checks import check as check_qca

_FINDINGS, _JOINT = "findings.toml", "synthesis/joint-display.toml"
_STANCES = ("supports", "qualifies", "contradicts")


def check(study: Study) -> Iterator[Problem]:
    """Every problem of the findings and of the joint display."""
    keys = KeyChecker(study)
    places = [place_in(study, _FINDINGS, f"finding.{n}", "id") for n in range(1, len(study.claims) + 1)]
    yield from once(((claim.id,), place) for claim, place in zip(study.claims, places, strict=True))
    for number, claim in enumerate(study.claims, start=1):
        yield from _claim(study, claim, f"finding.{number}", keys)
    yield from _joint_display(study, keys)
    yield from check_integration(study, keys)
    yield from case_choice(study)
    yield from check_qca(study)


def _claim(study: Study, claim: Claim, path: str, keys: KeyChecker) -> Iterator[Problem]:
    yield from identifier(claim.id, place_in(study, _FINDINGS, path, "id"))
    yield from sentence(claim.claim, keys, place_in(study, _FINDINGS, path, "claim"))
    if claim.limits:
        yield from sentence(claim.limits, keys, place_in(study, _FINDINGS, path, "limits"))
    questions = {question.id for question in study.questions}
    if claim.question and claim.question not in questions:
        what = f"{shown(claim.question)} is no question of this study.{did_you_mean(claim.question, questions)}"
        remedy = "Correct it, or declare it as a [[question]] of study.toml."
        yield Problem("J610", place_in(study, _FINDINGS, path, "question"), what, remedy)
    for number, piece in enumerate(claim.evidence, start=1):
        yield from _evidence(study, piece, f"{path}.evidence.{number}", keys)
    for number, absence in enumerate(claim.absence, start=1):
        place = place_in(study, _FINDINGS, f"{path}.absence.{number}")
        for key in (absence.low, absence.high):
            yield from cites(absence.result, key, keys, place)
        if not absence.smallest_effect > 0:
            what = f"`smallest_effect` is {absence.smallest_effect:g}."
            yield Problem("J611", place, what, "Say from which size on, above 0, an effect would matter.")


def _evidence(study: Study, piece: Evidence, path: str, keys: KeyChecker) -> Iterator[Problem]:
    place = place_in(study, _FINDINGS, path)
    yield from _strand(piece.strand, place)
    if piece.result in KIND_BY_ID and KIND_BY_ID[piece.result].strand not in (piece.strand, "synthesis"):
        what = f"{shown(piece.result)} is a result of the strand {KIND_BY_ID[piece.result].strand}."
        yield Problem("J607", place, what, f'Write strand = "{KIND_BY_ID[piece.result].strand}".')
    if piece.result and piece.result not in KIND_BY_ID:
        yield from cites(piece.result, "", keys, place)
    for key in piece.keys if piece.result in KIND_BY_ID else ():
        yield from cites(piece.result, key, keys, place_in(study, _FINDINGS, path, "keys"))
    for text in piece.expect:
        yield from expectation(text, keys, place_in(study, _FINDINGS, path, "expect"))
    if piece.passage is not None:
        span = piece.passage
        yield from passage(study, span.text, span.start, span.end, span.quote, place)
    if piece.document:
        yield from document(study, piece.document, place_in(study, _FINDINGS, path, "document"))
    if piece.stance == SILENT and not piece.note:
        what = "A strand is said to be silent without a reason."
        yield Problem("J612", place, what, "Say in `note` why it could have spoken, or did not.")


def _strand(strand: object, place: Place) -> Iterator[Problem]:
    if strand not in STRANDS:
        what = f"{shown(str(strand))} is no strand.{did_you_mean(str(strand), STRANDS)}"
        yield Problem("J607", place, what, f"The strands are {', '.join(STRANDS)}.")


def _joint_display(study: Study, keys: KeyChecker) -> Iterator[Problem]:
    declared = study.synthesis.get("joint-display")
    if declared is None:
        return
    rows = declared.get("row", [])
    yield from _keys(declared, {"row": list}, Place(_JOINT))
    found = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    ids = [((str(row.get("id", "")),), place_in(study, _JOINT, f"row.{n}", "id")) for n, row in enumerate(found, 1)]
    yield from once(ids)
    for number, row in enumerate(found, start=1):
        yield from _row(study, row, f"row.{number}", keys)


def _row(study: Study, row: Mapping[str, Any], path: str, keys: KeyChecker) -> Iterator[Problem]:
    place = place_in(study, _JOINT, path)
    yield from _keys(row, {"id": str, "proposition": str, "theme": str, "cell": list}, place)
    yield from identifier(str(row.get("id", "")), place)
    if not row.get("proposition"):
        yield Problem("J613", place, "The row has no proposition.", 'Write proposition = "...".')
    if row.get("theme"):
        yield from known("code", str(row["theme"]), study.code_by_id, place_in(study, _JOINT, path, "theme"))
    cells = row.get("cell", [])
    strands = []
    for number, cell in enumerate(cells if isinstance(cells, list) else [], start=1):
        if isinstance(cell, Mapping):
            where = place_in(study, _JOINT, f"{path}.cell.{number}")
            strands.append(((str(row.get("id", "")), str(cell.get("strand", ""))), where))
            yield from _cell(cell, keys, where)
    yield from once(strands)


def _cell(cell: Mapping[str, Any], keys: KeyChecker, place: Place) -> Iterator[Problem]:
    yield from _keys(cell, dict.fromkeys(("strand", "says", *_STANCES), str), place)
    yield from _strand(cell.get("strand", ""), place)
    if isinstance(cell.get("says"), str):
        yield from sentence(cell["says"], keys, place)
    for stance in _STANCES:
        text = cell.get(stance, "")
        if isinstance(text, str) and text:
            yield from expectation(text, keys, place)


def _keys(table: Mapping[str, Any], allowed: Mapping[str, type], place: Place) -> Iterator[Problem]:
    for key, value in table.items():
        if key not in allowed:
            what = f"`{key}` is no key of the joint display here.{did_you_mean(key, allowed)}"
            yield Problem("J613", place, what, f"It knows {', '.join(allowed)}.")
        elif not isinstance(value, allowed[key]):
            what = f"`{key}` is {shown(str(value))}, not {'a text' if allowed[key] is str else 'an array of tables'}."
            yield Problem("J613", place, what, "See the reference manual, joint display.")
