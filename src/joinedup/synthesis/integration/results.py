"""The results of integration by their id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module

from joinedup.study.model import Study
from joinedup.study.result import Result

_HOMES = {
    "synthesis.site-display": ("site_display", "site_display_result"),
    "synthesis.statistics-by-theme": ("by_theme", "by_theme_result"),
    "synthesis.case-ordered-display": ("case_order", "case_order_result"),
    "synthesis.triangulation": ("triangulated", "triangulation_result"),
    "synthesis.pillar-integration": ("pillars", "pillar_result"),
    "synthesis.threads": ("followed", "threads_result"),
    "synthesis.realist": ("configurations", "realist_result"),
    "synthesis.contribution": ("theory", "contribution_result"),
    "synthesis.process-tracing": ("traced", "process_tracing_result"),
    "synthesis.confidence": ("assessed", "confidence_result"),
    "synthesis.emphasis": ("emphasis", "emphasis_result"),
    "synthesis.cooperation": ("cooperating", "cooperation_result"),
}


def _analyse(home: tuple[str, str], study: Study, results: Mapping[str, Result]) -> Result | None:
    found: Result | None = getattr(import_module(f"joinedup.synthesis.integration.{home[0]}"), home[1])(study, results)
    return found


ANALYSES: Mapping[str, Callable[[Study, Mapping[str, Result]], Result | None]] = {
    id: partial(_analyse, home) for id, home in _HOMES.items()
}
"""Each imports its module when it is called: numpy and scipy would slow down everything else."""
