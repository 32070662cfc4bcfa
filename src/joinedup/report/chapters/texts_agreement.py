"""The chapter's part on double coding: how far the coders agree, and what was decided where they do not."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters.common import figures, methods, paragraph, section, tables
from joinedup.report.figures.texts_agreement import agreement_by_code
from joinedup.report.model import Block
from joinedup.report.prose import ref
from joinedup.study.model import Study
from joinedup.study.result import Result

_ID = "texts.agreement"


def blocks(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """Agreement and adjudication; empty where no text was coded twice."""
    agreement = results.get(_ID)
    return section(
        results,
        _ID,
        "How far the coders agree",
        paragraph(results, *_agreement()),
        figures(agreement_by_code(study, agreement) if agreement else None),
        paragraph(results, *_adjudication(agreement)),
        tables(results, _ID, without=("by_code",)),
        methods(results, _ID),
    )


def _agreement() -> tuple[str, ...]:
    return (
        f"Over {ref(_ID, 'units')} units in {ref(_ID, 'texts')} texts that both coders read apart from each other, "
        f"Krippendorff's alpha runs from {ref(_ID, 'min_alpha', '.2f')} to {ref(_ID, 'max_alpha', '.2f')} by code.",
        f"Over all codes together it is {ref(_ID, 'all_codes.alpha', '.2f')} (95% interval "
        f"{ref(_ID, 'all_codes.alpha.low', '.2f')} to {ref(_ID, 'all_codes.alpha.high', '.2f')}, texts resampled).",
        f"A decision is a unit and a code: {ref(_ID, 'all_codes.percent', '.0%')} of decisions agree, and as "
        f"{ref(_ID, 'all_codes.base_rate', '.0%')} are a yes, part of that is common silence: of those that are a yes for "
        f"either coder {ref(_ID, 'all_codes.either', '.0%')} are for both.",
    )


def _adjudication(agreement: Result | None) -> tuple[str, ...]:
    differing = agreement.values.get("disagreements") if agreement else None
    if not differing or agreement is None:
        return ()
    counted = f"The coders differ on {ref(_ID, 'disagreements')} stretches of text"
    if not agreement.values.get("decided"):
        return (f"{counted}; none is decided, and the codings that are reported are the first coder's.",)
    return (
        f"{counted}; {ref(_ID, 'decided')} are decided and {ref(_ID, 'undecided')} are not.",
        "The codings that are reported are the decided ones, the first coder's elsewhere; agreement is that before any "
        "decision.",
    )
