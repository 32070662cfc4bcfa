"""Are the framework matrix and the memos sound: what they speak of is there, and quotes stand where they should."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from joinedup.study.hints import did_you_mean, listed, shown
from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem
from joinedup.study.rules import dated, entry, known, once, passage, place_in
from joinedup.study.texts import FrameworkCell, Memo

_FRAMEWORK = "texts/framework.toml"
_MEMOS = "texts/memos.jsonl"
_SPAN = re.compile(r"(.+):(\d{1,12})-(\d{1,12})", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{16}")


def check_framework(study: Study) -> Iterator[Problem]:
    """Every problem of texts/framework.toml."""
    matrix = study.texts.framework
    if matrix.cases not in ("site", "person"):
        what = f"{shown(matrix.cases)} is no kind of case."
        yield Problem("J317", place_in(study, _FRAMEWORK, "cases"), what, "Write `site` or `person`.")
        return
    for code in matrix.codes:
        yield from known("code", code, study.code_by_id, place_in(study, _FRAMEWORK, "codes"))
    places = [entry(study, _FRAMEWORK, "cell", n, f"{c.case}, {c.code}") for n, c in enumerate(matrix.cells, 1)]
    yield from once(((cell.case, cell.code), place) for cell, place in zip(matrix.cells, places, strict=True))
    cases = set(study.site_by_id) if matrix.cases == "site" else {person.id for person in study.people}
    for cell, place in zip(matrix.cells, places, strict=True):
        yield from known(matrix.cases, cell.case, cases, place)
        yield from known("code", cell.code, study.code_by_id, place)
        yield from _cell(study, cell, place)


def _cell(study: Study, cell: FrameworkCell, place: Place) -> Iterator[Problem]:
    codes = study.texts.framework.codes
    if codes and cell.code in study.code_by_id and cell.code not in codes:
        what = f"{shown(cell.code)} is no theme of the matrix, whose `codes` are {listed(codes)}."
        yield Problem("J317", place, what, "Add it to `codes`, or take the cell out.")
    if not cell.summary.strip():
        yield Problem("J317", place, "The cell has no summary.", "Write `summary`, or take the cell out.")
    if cell.digest and _DIGEST.fullmatch(cell.digest) is None:
        what = f"{shown(cell.digest)} is no digest of 16 hexadecimal digits."
        yield Problem("J317", place, what, "Copy the one that `joinedup framework` prints, or leave it out.")
    for cite in cell.cites:
        yield from passage(study, cite.text, cite.start, cite.end, cite.quote, place)


def check_memos(study: Study) -> Iterator[Problem]:
    """Every problem of texts/memos.jsonl."""
    among: Mapping[str, Collection[str]] = {
        "text": study.text_by_id,
        "code": study.code_by_id,
        "site": study.site_by_id,
        "wave": study.wave_order,
        "person": {person.id for person in study.people},
        "finding": {claim.id for claim in study.claims},
    }
    for memo in study.texts.memos:
        yield from _memo(study, memo, among)


def _memo(study: Study, memo: Memo, among: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    place = Place(_MEMOS, memo.row, "on")
    kind, _, id = memo.on.partition(":")
    span = _SPAN.fullmatch(id) if kind == "passage" else None
    text = study.text_by_id.get(span[1]) if span else None
    if kind in among and id not in among[kind]:
        what = f"The memo is on {shown(memo.on)}, which the study does not have.{did_you_mean(id, among[kind])}"
        yield Problem("J318", place, what, "Correct `on`.")
    elif span and not (text and 0 <= int(span[2]) < int(span[3]) <= len(text.content)):
        what = f"The memo is on {shown(memo.on)}, which is no span of a text."
        yield Problem("J318", place, what, "Write passage:TEXT:START-END, half open, counted from 0.")
    elif kind not in among and span is None and memo.on != "study":
        what = f"{shown(memo.on)} is nothing that a memo can be on."
        remedy = f"Write `study`, passage:TEXT:START-END, or {listed(sorted(among))} with a colon and the id."
        yield Problem("J318", place, what, remedy)
    if not memo.at.strip():
        yield Problem("J126", Place(_MEMOS, memo.row, "at"), "The memo has no date.", "Write the day, e.g. 2004-07-15.")
    else:
        yield from dated(memo.at.partition("T")[0], Place(_MEMOS, memo.row, "at"))
