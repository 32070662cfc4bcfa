"""Are the decisions on codings sound: what they name exists, they settle something, complete texts are decided."""

from __future__ import annotations

from collections.abc import Iterator

from joinedup.study.hints import did_you_mean, shown
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable, Place, Problem
from joinedup.study.rules import dated, known
from joinedup.study.texts import COMPLETE, DECISIONS, NOT_CODED, Decision
from joinedup.texts.adjudication import study_disagreements
from joinedup.texts.phases import phases

_FILE = "texts/decisions.jsonl"


def check_decisions(study: Study) -> Iterator[Problem]:
    """Every problem of texts/decisions.jsonl, and of texts whose double coding is said to be complete."""
    coded: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for coding in study.texts.codings:
        span = coding.passage
        coded.setdefault((span.text, coding.code), []).append((span.start, span.end))
    for decision in study.texts.decisions:
        yield from _names(study, decision)
        spans = coded.get((decision.text, decision.code), ())
        if decision.decision == NOT_CODED and not any(s < decision.end and decision.start < e for s, e in spans):
            what = f"No coding of {shown(decision.code)} lies at {decision.start}-{decision.end} of {shown(decision.text)}."
            remedy = "Correct the span or the code, or take the line out: there is nothing to decide against."
            yield Problem("J315", Place(_FILE, decision.row), what, remedy)
    yield from _complete(study)


def _names(study: Study, decision: Decision) -> Iterator[Problem]:
    yield from known("text", decision.text, study.text_by_id, Place(_FILE, decision.row, "text"))
    yield from known("code", decision.code, study.code_by_id, Place(_FILE, decision.row, "code"))
    yield from dated(decision.at[:10], Place(_FILE, decision.row, "at"))
    text = study.text_by_id.get(decision.text)
    if text is not None and text.content and not 0 <= decision.start < decision.end <= len(text.content):
        length = f"{len(text.content):,}"
        what = f"The span {decision.start}-{decision.end} is none of {shown(decision.text)}, which has {length} characters."
        yield Problem("J314", Place(_FILE, decision.row, "start"), what, "Spans are half open, from 0.")
    if decision.decision not in DECISIONS:
        what = f"{shown(decision.decision)} is no decision.{did_you_mean(decision.decision, DECISIONS)}"
        yield Problem("J314", Place(_FILE, decision.row, "decision"), what, f"Write {' or '.join(DECISIONS)}.")
    for key, value in (("by", decision.by), ("at", decision.at), ("reason", decision.reason)):
        if not value.strip():
            what = f"`{key}` is empty."
            remedy = "A decision says who took it, when and why."
            yield Problem("J314", Place(_FILE, decision.row, key), what, remedy)


def _complete(study: Study) -> Iterator[Problem]:
    complete = {text for text, phase in phases(study).items() if phase == COMPLETE}
    if not complete:
        return
    try:
        differing = study_disagreements(study)
    except NotComputable:
        return
    rows = {row.text: row.row for row in study.texts.assignments if row.phase == COMPLETE}
    for text in study.texts.texts:
        open_ones = [item for item in differing if item.text == text.id and not item.settled]
        if text.id in complete and open_ones:
            first = open_ones[0]
            what = (
                f"{shown(text.id)} is complete, but {len(open_ones)} of its disagreements are not decided; the first: "
                f"{first.code} at {first.start}-{first.end}."
            )
            remedy = (
                "Decide them in texts/decisions.jsonl (`joinedup disagreements` lists them), or take the phase back."
            )
            yield Problem("J316", Place("texts/assignments.csv", rows[text.id], "phase"), what, remedy)
