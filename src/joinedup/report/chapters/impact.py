"""The chapter on impact: what can and can't be said, then the designs, simplest first."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters import impact_costs
from joinedup.report.chapters.common import figures, lead, methods, paragraph, section, tables
from joinedup.report.chapters.impact_designs import design_blocks
from joinedup.report.chapters.impact_words import DID, EVENTS, can_and_cannot, is_staggered
from joinedup.report.figures.impact import effects, event_study
from joinedup.report.model import Block, Link, Paragraph, Text
from joinedup.report.prose import ref
from joinedup.study.model import Study
from joinedup.study.result import Result

TITLE = "Change against comparison sites"


def blocks(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """The chapter; empty where no effect was asked for."""
    did, events = results.get(DID), results.get(EVENTS)
    if did is None and events is None:
        return []
    said = [str(text) for text in study.plan("impact").get("caveats", ())]
    known = [*said, *(did.caveats if did else ())]
    return [
        *_lead(results),
        *can_and_cannot(study, results),
        *_balance(results),
        *section(
            results,
            EVENTS,
            "Before and after the start",
            paragraph(
                results,
                "Squares to the left show how the groups moved before there was a programme: where they leave 0, the "
                "comparison sites did not move like the programme sites, and what follows can't be read as an effect.",
            ),
            figures(event_study(study, events) if events else None),
            tables(results, EVENTS, _drawn(events)),
            methods(results, EVENTS, known),
        ),
        *section(
            results,
            DID,
            "Difference in differences",
            paragraph(
                results,
                f"{ref(DID, 'programme_sites')} programme sites are compared with {ref(DID, 'comparison_sites')} "
                f"comparison sites, before and after the start.",
                "Sites began at different times: this average mixes comparisons, and is not the headline."
                if is_staggered(results)
                else "",
            ),
            figures(effects(study, did) if did else None),
            tables(results, DID),
            methods(results, DID, said),
        ),
        *design_blocks(study, results, known),
        *impact_costs.blocks(study, results),
    ]


def _drawn(events: Result | None) -> list[str]:
    """Tables whose numbers the figure shows, and the refusals, which stand beside the difference in differences."""
    found = events.tables if events else ()
    return [table.id for table in found if table.id.startswith("event-study-") or table.id == "refused"]


def _lead(results: Mapping[str, Result]) -> list[Block]:
    """The count of clear intervals; with several starts the two-way coefficient is never the headline."""
    if is_staggered(results):
        return lead(
            results,
            f"{ref(EVENTS, 'indicators')} indicators are compared before and after the start; sites began at different "
            "times, so the event study comes first and the plain average is no headline.",
        )
    values = results[DID].values if DID in results else {}
    one_sided = (
        f"On none of the {ref(DID, 'indicators')} indicators does the whole 95% interval lie on one side of no effect."
        if values.get("better") == values.get("worse") == 0
        else f"Of {ref(DID, 'indicators')} indicators, the whole 95% interval is an improvement on {ref(DID, 'better')} and a "
        f"worsening on {ref(DID, 'worse')}; on {ref(DID, 'unclear')} it includes no effect."
    )
    return lead(
        results,
        one_sided,
        "An interval with no effect in it does not show that nothing changed: look at how wide it is.",
    )


def _balance(results: Mapping[str, Result]) -> list[Block]:
    even = results.get("indicators.balance")
    if even is None or even.refused:
        return []
    target = "#part-indicators.balance"
    told = Text("How alike the sites were before the start stands in the chapter on indicators: ")
    return [Paragraph((told, Link(target, (Text("balance of the groups"),)), Text(".")))]
