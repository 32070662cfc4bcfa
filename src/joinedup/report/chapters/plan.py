"""What became of the analysis plan: when it was locked, every departure, what is exploratory."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.model import Block, Bullets, Cell, Code, Heading, Line, Paragraph, TableBlock, Text
from joinedup.study.model import Study
from joinedup.study.plan_departures import departures, exploratory, plan_of
from joinedup.study.result import Result

_HEADS = ("Part of the plan", "Locked", "Now")


def plan_section(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """The part of the methods on the plan; empty where the study has neither a plan nor a lock."""
    heading = Heading(3, (Text("The analysis plan"),), "methods-plan")
    lock = study.plan_lock
    if lock is None:
        told = (
            "The analysis plan was not locked before the analysis: no result can claim that it was chosen beforehand."
        )
        return [heading, Paragraph((Text(told),), "caution")] if plan_of(study)[0] else []
    moved = departures(study)
    many = f"{len(moved)} departure{'' if len(moved) == 1 else 's'}" if moved else "no departure"
    said = (Text(f"The plan was locked on {lock.locked} ({many} since; SHA-256 "), Code(lock.sha256), Text(")."))
    blocks: list[Block] = [heading, Paragraph(said)]
    if moved:
        lines = tuple(
            Line((Cell((Code(each.key),)), Cell((Text(each.locked or "–"),)), Cell((Text(each.now or "–"),))))
            for each in moved
        )
        head = tuple(Cell((Text(title),)) for title in _HEADS)
        blocks.append(TableBlock("plan-departures", "Departures from the locked plan", head, lines))
    marked = exploratory(study, results)
    if marked:
        by_reason: dict[str, list[str]] = {}
        for id, reason in marked.items():
            by_reason.setdefault(reason, []).append(results[id].title)
        blocks.append(Bullets(tuple((Text(f"{reason} {'; '.join(of)}."),) for reason, of in by_reason.items())))
    return blocks
