"""The chapter on partnership: bodies that overlap, targeted and universal provision."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters.common import figures, lead, methods, paragraph, section, tables
from joinedup.report.figures.partnership import overlap_by_site, provision_shares
from joinedup.report.model import Block
from joinedup.report.prose import ref
from joinedup.study.model import Study
from joinedup.study.result import Result

TITLE = "How the partnerships are built"
_OVERLAP, _PROVISION = "partnership.overlap", "partnership.provision"


def blocks(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """The chapter; empty where the study holds no bodies and no provision."""
    overlap, provision = results.get(_OVERLAP), results.get(_PROVISION)
    return [
        *lead(
            results,
            f"The {ref(_OVERLAP, 'sites')} sites with recorded bodies have {ref(_OVERLAP, 'bodies')} of them. In "
            f"{ref(_OVERLAP, 'remits.sites_overlapping')} sites two bodies share a task, in "
            f"{ref(_OVERLAP, 'members.sites_overlapping')} sites two share a member agency.",
        ),
        *section(
            results,
            _OVERLAP,
            "Overlapping bodies",
            paragraph(
                results,
                f"Over {ref(_OVERLAP, 'pairs')} pairs of bodies within a site, members overlap by "
                f"{ref(_OVERLAP, 'members.jaccard', '.2f')} and tasks by {ref(_OVERLAP, 'remits.jaccard', '.2f')} on "
                "average, where 0 is nothing in common and 1 is the same.",
                f"In {ref(_OVERLAP, 'remits.contained_pairs')} pairs the tasks of one body lie wholly within the other's.",
                "Counts of bodies are no counts of people.",
            ),
            figures(overlap_by_site(study, overlap) if overlap else None),
            tables(results, _OVERLAP),
            methods(results, _OVERLAP),
        ),
        *section(
            results,
            _PROVISION,
            "Targeted and universal provision",
            paragraph(
                results,
                f"The targeted share rose in {ref(_PROVISION, 'targeted.sites_rising')} of {ref(_PROVISION, 'sites')} "
                f"sites; the mean change is {ref(_PROVISION, 'targeted.change', '+.1%')} of spending on both tiers.",
                f"The 95% interval for sites like these runs from {ref(_PROVISION, 'targeted.change_low', '+.1%')} to "
                f"{ref(_PROVISION, 'targeted.change_high', '+.1%')}.",
            ),
            figures(provision_shares(study, provision) if provision else None),
            tables(results, _PROVISION),
            methods(results, _PROVISION),
        ),
    ]
