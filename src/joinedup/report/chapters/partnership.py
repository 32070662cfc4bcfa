"""The chapter on partnership: bodies that overlap, targeted and universal provision."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters.common import figures, lead, methods, paragraph, section, tables
from joinedup.report.chapters.cooperation import cooperation
from joinedup.report.figures.bodies import map_of_bodies
from joinedup.report.figures.partnership import overlap_by_site, provision_shares
from joinedup.report.model import Block
from joinedup.report.prose import ref
from joinedup.study.model import Study
from joinedup.study.result import Result

TITLE = "How the partnerships are built"
_OVERLAP, _PROVISION = "partnership.overlap", "partnership.provision"
_EMPHASIS = "synthesis.emphasis"
_SEATS, _CHANCE, _BALANCE = "partnership.seats", "partnership.chance", "partnership.balance"


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
        *_seats(study, results),
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
        *_chance(results),
        *section(
            results,
            _PROVISION,
            "Targeted and universal provision",
            paragraph(
                results,
                f"The targeted share rose in {ref(_PROVISION, 'targeted.sites_rising')} of {ref(_PROVISION, 'sites')} "
                f"sites; the mean change is {ref(_PROVISION, 'targeted.change', '+.1pp')} percentage points of spending on both "
                "tiers.",
                f"The 95% interval for sites like these runs from {ref(_PROVISION, 'targeted.change_low', '+.1pp')} to "
                f"{ref(_PROVISION, 'targeted.change_high', '+.1pp')} points.",
            ),
            figures(provision_shares(study, provision) if provision else None),
            tables(results, _PROVISION),
            methods(results, _PROVISION),
        ),
        *_emphasis(results),
        *_balance(results),
        *cooperation(study, results),
    ]


def _seats(study: Study, results: Mapping[str, Result]) -> list[Block]:
    seats = results.get(_SEATS)
    return section(
        results,
        _SEATS,
        "Who sits where, and for what",
        paragraph(
            results,
            f"{ref(_SEATS, 'agencies')} agencies sit on {ref(_SEATS, 'bodies')} bodies; in "
            f"{ref(_SEATS, 'twice_share', '.0%')} of the places where an agency sits at all it holds a seat on more than "
            "one body of the same site.",
            f"{ref(_SEATS, 'tasks_without')} times no body of a site has a task that bodies elsewhere have.",
            f"In {ref(_SEATS, 'contained')} pairs of bodies the remit of one lies within the other's.",
        ),
        figures(map_of_bodies(study, seats) if seats and not seats.refused else None),
        tables(results, _SEATS),
        methods(results, _SEATS),
    )


def _chance(results: Mapping[str, Result]) -> list[Block]:
    told = (
        f"{what} overlap by {ref(_CHANCE, f'{key}.observed', '.3f')} on average; with the same numbers of "
        f"{of} and chance for the rest it would be {ref(_CHANCE, f'{key}.by_chance', '.3f')} (95% of draws "
        f"{ref(_CHANCE, f'{key}.low', '.3f')} to {ref(_CHANCE, f'{key}.high', '.3f')}; p = {ref(_CHANCE, f'{key}.p', 'p')})."
        for what, key, of in (("Members", "members", "seats"), ("Tasks", "remits", "tasks"))
    )
    return section(
        results,
        _CHANCE,
        "More overlap than chance?",
        paragraph(results, *told),
        tables(results, _CHANCE),
        methods(results, _CHANCE),
    )


def _emphasis(results: Mapping[str, Result]) -> list[Block]:
    return section(
        results,
        _EMPHASIS,
        "What is said and what is spent",
        paragraph(
            results,
            f"Of the passages that speak of provision at {ref(_EMPHASIS, 'sites')} sites, "
            f"{ref(_EMPHASIS, 'passages.share', '.0%')} speak of targeted provision, which takes "
            f"{ref(_EMPHASIS, 'spending', '.0%')} of the spending there.",
            f"The first share minus the second is {ref(_EMPHASIS, 'gap', '+.1pp')} percentage points on average over "
            f"sites (95% interval {ref(_EMPHASIS, 'gap_low', '+.1pp')} to {ref(_EMPHASIS, 'gap_high', '+.1pp')}).",
        ),
        tables(results, _EMPHASIS),
        methods(results, _EMPHASIS),
    )


def _balance(results: Mapping[str, Result]) -> list[Block]:
    return section(
        results,
        _BALANCE,
        "How much targeted, and where",
        paragraph(
            results,
            f"The log of targeted over universal spending is {ref(_BALANCE, 'log_ratio', '+.2f')} on average over sites (95% "
            f"interval {ref(_BALANCE, 'log_ratio_low', '+.2f')} to {ref(_BALANCE, 'log_ratio_high', '+.2f')}); it changed by "
            f"{ref(_BALANCE, 'change', '+.2f')} ({ref(_BALANCE, 'change_low', '+.2f')} to "
            f"{ref(_BALANCE, 'change_high', '+.2f')}).",
            f"The targeted share goes with deprivation by a rank correlation of {ref(_BALANCE, 'deprivation.correlation', '+.2f')} "
            f"(p = {ref(_BALANCE, 'deprivation.p', 'p')}).",
            f"Of the inequality of spending over services (Theil {ref(_BALANCE, 'theil.last.total', '.2f')}), "
            f"{ref(_BALANCE, 'theil.last.between', '.2f')} lies between sites.",
        ),
        tables(results, _BALANCE),
        methods(results, _BALANCE),
    )
