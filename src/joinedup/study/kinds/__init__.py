"""Every result that joinedup can compute, with the keys of its values: the registry's data, strand by strand."""

from __future__ import annotations

from joinedup.study.kinds import (
    case_selection,
    cooperation,
    emphasis,
    impact,
    impact_designs,
    indicators,
    integration,
    partnership,
    qca,
    survey,
    survey_quality,
    synthesis,
    texts,
)
from joinedup.study.kinds.kind import ResultKind

__all__ = ["KINDS", "ResultKind"]

KINDS: tuple[ResultKind, ...] = (
    *survey.KINDS,
    *survey_quality.KINDS,
    *texts.KINDS,
    *partnership.KINDS,
    *indicators.KINDS,
    *impact.KINDS,
    *impact_designs.KINDS,
    *synthesis.KINDS,
    *case_selection.KINDS,
    *qca.KINDS,
    *integration.KINDS,
    *emphasis.KINDS,
    *cooperation.KINDS,
)
