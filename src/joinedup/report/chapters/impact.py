"""The chapter on impact: effects with their intervals, and what went before the start."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters.common import figures, lead, methods, paragraph, section, tables
from joinedup.report.figures.impact import effects, event_study
from joinedup.report.model import Block
from joinedup.report.prose import ref
from joinedup.study.model import Study
from joinedup.study.result import Result

TITLE = "Change against comparison sites"
_DID, _EVENTS = "impact.did", "impact.event-study"


def blocks(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """The chapter; empty where no effect was asked for."""
    did, events = results.get(_DID), results.get(_EVENTS)
    return [
        *lead(
            results,
            f"For {ref(_DID, 'better')} of {ref(_DID, 'indicators')} indicators the whole 95% interval of the difference is an "
            f"improvement, for {ref(_DID, 'worse')} it is a worsening; for {ref(_DID, 'unclear')} it includes no effect.",
            "Such an interval does not show that nothing changed: look at how wide it is.",
        ),
        *section(
            results,
            _DID,
            "Difference in differences",
            paragraph(
                results,
                f"{ref(_DID, 'programme_sites')} programme sites are compared with {ref(_DID, 'comparison_sites')} "
                f"comparison sites, before and after the start.",
            ),
            figures(effects(study, did) if did else None),
            tables(results, _DID),
            methods(results, _DID),
        ),
        *section(
            results,
            _EVENTS,
            "Before and after the start",
            figures(event_study(study, events) if events else None),
            tables(results, _EVENTS),
            methods(results, _EVENTS),
        ),
    ]
