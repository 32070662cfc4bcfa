"""The chapter on indicators: what they hold, how alike the sites were before, how the series ran."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters.common import figures, lead, methods, paragraph, section, tables
from joinedup.report.figures.indicator_map import change_map
from joinedup.report.figures.indicators import balance, trends
from joinedup.report.model import Block
from joinedup.report.prose import ref
from joinedup.study.indicators import MARKS
from joinedup.study.model import Study
from joinedup.study.result import Result

TITLE = "What the indicators show"
_MAP = "indicators.site-change"
_QUALITY, _BALANCE, _TRENDS, _SPEND = (
    "indicators.quality",
    "indicators.balance",
    "indicators.trends",
    "indicators.expenditure",
)


def blocks(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """The chapter; empty where the study holds no indicators."""
    even, series = results.get(_BALANCE), results.get(_TRENDS)
    return [
        *lead(
            results,
            f"Before the programme began, the mean over all sites was already improving on {ref(_TRENDS, 'improving_before')} "
            f"of the {ref(_TRENDS, 'directed')} indicators for which one direction is better.",
            f"Before the start, programme and comparison sites differed by more than a quarter of a standard deviation "
            f"on {ref(_BALANCE, 'imbalanced')} of {ref(_BALANCE, 'indicators')} indicators.",
        ),
        *section(
            results,
            _QUALITY,
            "What the series hold",
            paragraph(
                results,
                f"{ref(_QUALITY, 'indicators')} indicators hold {ref(_QUALITY, 'rows')} values and marks for "
                f"{ref(_QUALITY, 'sites')} sites.",
                *_marks(results.get(_QUALITY)),
            ),
            tables(results, _QUALITY),
            methods(results, _QUALITY),
        ),
        *section(
            results,
            _BALANCE,
            "How alike the sites were before the start",
            paragraph(
                results,
                f"{ref(_BALANCE, 'programme_sites')} programme sites stand beside {ref(_BALANCE, 'comparison_sites')} "
                "comparison sites.",
                f"{ref(_BALANCE, 'excluded_sites')} further sites are left out, each for a stated reason."
                if _left_out(even)
                else "",
            ),
            figures(balance(study, even) if even else None),
            tables(results, _BALANCE),
            methods(results, _BALANCE),
        ),
        *section(
            results,
            _TRENDS,
            "How the series ran",
            figures(trends(study, series) if series else None),
            tables(results, _TRENDS),
            methods(results, _TRENDS),
        ),
        *_site_change(study, results),
        *section(
            results,
            _SPEND,
            "Expenditure in constant prices",
            paragraph(results, f"All amounts are in prices of {ref(_SPEND, 'price_base')}."),
            tables(results, _SPEND),
            methods(results, _SPEND),
        ),
    ]


def _site_change(study: Study, results: Mapping[str, Result]) -> list[Block]:
    found = results.get(_MAP)
    return section(
        results,
        _MAP,
        "Change at each site",
        paragraph(
            results,
            f"The indicator of the map fell at {ref(_MAP, 'programme.fell')} of {ref(_MAP, 'programme.sites')} programme sites "
            f"and at {ref(_MAP, 'others.fell')} of {ref(_MAP, 'others.sites')} others.",
        ),
        figures(change_map(study, found) if found and not found.refused else None),
        tables(results, _MAP),
        methods(results, _MAP),
    )


def _left_out(even: Result | None) -> bool:
    return even is not None and even.values.get("excluded_sites") != 0


def _marks(quality: Result | None) -> tuple[str, ...]:
    """How many cells hold a status mark instead of a number: marks are kept, never 0 and never dropped."""
    names = {mark if mark != ":" else "missing": (mark, meaning) for mark, meaning in MARKS.items()}
    found = [
        f"{ref(_QUALITY, f'mark.{name}')} {meaning} ({mark})"
        for name, (mark, meaning) in names.items()
        if quality is not None and quality.values.get(f"mark.{name}")
    ]
    return (f"Among them are marks, which are kept as published: {', '.join(found)}.",) if found else ()
