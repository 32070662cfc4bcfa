"""The chapter on case selection: which sites were studied closely, and what another choice would have shown."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters.common import figures, lead, methods, paragraph, section, tables
from joinedup.report.figures.case_selection import chosen_beside_all
from joinedup.report.model import Block
from joinedup.report.prose import ref
from joinedup.study.model import Study
from joinedup.study.result import Result
from joinedup.synthesis.case_selection.declared import NAME

TITLE = "Choosing case studies"
_ID = "synthesis.case-selection"


def blocks(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """The chapter; empty where the study declares no choice."""
    result = results.get(_ID)
    drawn = result is not None and not result.refused
    return [
        *lead(results, _first(proposed=bool(study.synthesis.get(NAME, {}).get("proposed")))),
        *section(
            results,
            _ID,
            "The choice and the best choice",
            paragraph(
                results,
                f"By the measure of the declared strategy the choice reaches {ref(_ID, 'objective', '.3f')} and the best "
                f"admissible set {ref(_ID, 'optimum', '.3f')}; what the choice lacks, its regret, is "
                f"{ref(_ID, 'regret', '.3f')} ({ref(_ID, 'regret_share', '.0%')} of the best).",
                f"Of {ref(_ID, 'draws')} admissible sets drawn at random, {ref(_ID, 'as_good', '.1%')} are at least as good.",
                f"The choice and the best set share {ref(_ID, 'in_optimum')} sites; the largest standardised difference "
                f"of the chosen sites from all is {ref(_ID, 'largest_difference', '.2f')}.",
            ),
            figures(chosen_beside_all(result) if drawn and result else None),
            tables(results, _ID),
            methods(results, _ID),
        ),
    ]


def _first(proposed: bool) -> str:
    of_all = f"{ref(_ID, 'chosen')} of {ref(_ID, 'sites')} programme sites"
    if proposed:
        return (
            f"{of_all} are proposed for case studies; nobody has studied them closely yet. What would be found there is "
            "no estimate for all sites."
        )
    return (
        f"{of_all} were studied closely; they were chosen, so what is found there is found there, and is no estimate for "
        "all sites."
    )
