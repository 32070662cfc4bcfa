"""The part of the chapter on impact about costs."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters.common import figures, methods, paragraph, section, tables
from joinedup.report.figures.impact_costs import acceptability
from joinedup.report.model import Block
from joinedup.report.prose import ref
from joinedup.study.model import Study
from joinedup.study.result import Result

_COSTS = "impact.costs"


def blocks(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """Costs and consequences side by side, then each pair; empty where the plan asks for none."""
    costs = results.get(_COSTS)
    return section(
        results,
        _COSTS,
        "Costs and effects",
        paragraph(
            results,
            f"{ref(_COSTS, 'effects')} outcomes and {ref(_COSTS, 'costs')} costs stand side by side; nothing is summed.",
            f"Money is in prices of {ref(_COSTS, 'price_year')}.",
        ),
        figures(acceptability(study, costs) if costs else None),
        tables(results, _COSTS),
        methods(results, _COSTS, [str(text) for text in study.plan("impact").get("caveats", ())]),
    )
