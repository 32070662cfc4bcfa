"""Disagreements between coders, side by side: a list to decide on, on the study's own machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from joinedup.report.csvout import csv_lines
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable, UsageError
from joinedup.study.result import Value
from joinedup.texts.adjudication import Disagreement, study_disagreements
from joinedup.texts.phases import phases, planned_coders

_SHOWN = 70


def disagreements(study: Study) -> tuple[Disagreement, ...]:
    """Every stretch of text on which planned coders who worked apart differ, by text, place and code.

    Raises UsageError with the reason where there are no two coders to compare.
    """
    if len(planned_coders(study)) < 2:
        raise UsageError("One coder has no disagreements: name two in [plan.texts] coders of study.toml.")
    try:
        return study_disagreements(study)
    except NotComputable as reason:
        raise UsageError(str(reason)) from reason


def table(study: Study, found: tuple[Disagreement, ...]) -> str:
    """The disagreements as CSV: a line each, the coders side by side, the decisions at the end.

    A coder's columns are empty where the text was not theirs to read, `-` where they read it and did not use the code.
    """
    coders, phase = planned_coders(study), phases(study)
    heads = [f"{coder}_{what}" for coder in coders for what in ("span", "quote", "note", "other_codes")]
    rows: list[list[Value]] = [
        ["text", "start", "end", "code", "kind", "phase", *heads, "settled", "decision", "by", "at", "reason"]
    ]
    for item in found:
        cells = [cell for coder in coders for cell in _side(item, coder)]
        said = [
            "; ".join(str(getattr(decision, key)) for decision in item.decisions)
            for key in ("decision", "by", "at", "reason")
        ]
        row: list[Value] = [item.text, item.start, item.end, item.code, item.kind, phase.get(item.text, ""), *cells]
        rows.append([*row, "yes" if item.settled else "no", *said])
    return csv_lines(rows)


def _side(item: Disagreement, coder: str) -> tuple[str, str, str, str]:
    if coder not in item.codings:
        return "", "", "", ""
    codings, others = item.codings[coder], "; ".join(item.others[coder])
    if not codings:
        return "-", "-", "", others
    spans = "; ".join(f"{c.passage.start}-{c.passage.end}" for c in codings)
    notes = "; ".join(c.note for c in codings if c.note)
    return spans, " / ".join(c.passage.quote for c in codings), notes, others


def lines(study: Study, found: tuple[Disagreement, ...]) -> Iterator[str]:
    """The disagreements for a terminal: a block each, a line a coder."""
    coders = planned_coders(study)
    width = max(map(len, coders), default=0)
    for item in found:
        yield f"{item.text} {item.start}-{item.end}  {item.code}: {item.kind}"
        for coder in coders:
            if coder in item.codings:
                quotes = " / ".join(c.passage.quote for c in item.codings[coder]).replace("\n", " ")
                other = f"  [{', '.join(item.others[coder])}]" if item.others[coder] else ""
                yield f"  {coder:<{width}}  {_cut(quotes) if quotes else '-'}{other}"
        for decision in item.decisions:
            span = f"{decision.start}-{decision.end}"
            yield f"  decided: {decision.decision} at {span}, {decision.by}, {decision.at}: {decision.reason}"
    settled = sum(item.settled for item in found)
    yield f"{len(found)} disagreements, {settled} decided, {len(found) - settled} to decide in texts/decisions.jsonl."


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3].rsplit(" ", 1)[0] + " ..."


def write_table(study: Study, found: tuple[Disagreement, ...], out: Path) -> None:
    """Write `table` to the file `out`; UsageError where that can't be."""
    try:
        out.write_text(table(study, found), encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{out} can't be written: {(error.strerror or str(error)).lower()}.") from error
