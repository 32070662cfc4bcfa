"""What impact offers."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from joinedup.study.analysis import Analysis
from joinedup.study.model import Study
from joinedup.study.result import Result


def _analysis(module: str) -> Analysis:
    """The analysis of a module, which is imported when it is called: pandas would slow down everything else."""

    def analysis(study: Study) -> Result | None:
        found: Result | None = getattr(import_module(f"joinedup.impact.{module}"), module)(study)
        return found

    return analysis


ANALYSES: Mapping[str, Analysis] = {
    "impact.did": _analysis("did_result"),
    "impact.event-study": _analysis("event_study_result"),
    "impact.synthetic-did": _analysis("synthetic_did_result"),
    "impact.group-time": _analysis("group_time_result"),
    "impact.randomisation": _analysis("randomisation_result"),
    "impact.specification-curve": _analysis("specification_curve_result"),
    "impact.sensitivity": _analysis("sensitivity_result"),
    "impact.site-effects": _analysis("site_effects_result"),
    "impact.precision": _analysis("precision_result"),
    "impact.multiplicity": _analysis("multiplicity_result"),
    "impact.dose-response": _analysis("dose_response_result"),
    "impact.costs": _analysis("costs_result"),
}
