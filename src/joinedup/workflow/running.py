"""The main job: a study in, results, findings and the working report out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path

from joinedup.study.analysis import Analysis, refusal
from joinedup.study.finding import Finding
from joinedup.study.model import Study
from joinedup.study.plan_departures import exploratory
from joinedup.study.problems import NotComputable
from joinedup.study.result import Result
from joinedup.workflow.opening import Progress, silent

ANALYSED = ("survey", "texts", "partnership", "indicators", "impact")


@dataclass(frozen=True)
class Run:
    """What a run computed.

    `report_path` is None where the parts that make the report are not installed; `note` says what to install.
    """

    study: Study
    results: Mapping[str, Result]
    findings: Mapping[str, Finding]
    out: Path
    report_path: Path | None = None
    note: str = ""


def analyses() -> dict[str, Analysis]:
    """Every analysis of the strands by its result id, in the order of the chapters."""
    found: dict[str, Analysis] = {}
    for strand in ANALYSED:
        found.update(import_module(f"joinedup.{strand}.results").ANALYSES)
    return found


def compute(study: Study, progress: Progress = silent) -> tuple[dict[str, Result], dict[str, Finding]]:
    """All results and the findings judged by them. An analysis that is not defensible leaves its reason."""
    from joinedup.synthesis.findings import judge
    from joinedup.synthesis.results import ANALYSES

    strands = analyses()
    total = len(strands) + len(ANALYSES)
    results: dict[str, Result] = {}
    for done, (id, analysis) in enumerate(strands.items()):
        progress(id, done, total)
        _keep(results, id, partial(analysis, study))
    for done, (id, synthesis) in enumerate(ANALYSES.items(), len(strands)):
        progress(id, done, total)
        _keep(results, id, partial(synthesis, study, results))
    for id, reason in exploratory(study, results).items():
        results[id] = replace(results[id], caveats=(reason, *results[id].caveats))
    return results, judge(study, results)


def _keep(results: dict[str, Result], id: str, analysis: Callable[[], Result | None]) -> None:
    try:
        result = analysis()
    except NotComputable as reason:
        result = refusal(id, str(reason))
    if result is not None:
        results[id] = result


def run(study: Study, out: str | Path | None = None, progress: Progress = silent) -> Run:
    """Run every analysis, judge the findings, and write results, figures, tables and the working report to `out`.

    `out` defaults to ``./<study id>-report``. An earlier report there is replaced only when the new one is complete.
    Raises UsageError where `out` lies in a study or holds something else than a report.
    """
    from joinedup.workflow.writing import check_out, write_run

    target = Path(out) if out is not None else Path(f"{study.id}-report")
    check_out(target)
    results, findings = compute(study, progress)
    report, note = write_run(study, results, findings, target, progress)
    return Run(study, results, findings, target, report, note)
