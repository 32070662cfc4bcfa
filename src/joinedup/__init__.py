"""joinedup: multi-site, multi-agency programme evaluation in which every sentence leads back to its evidence.

    import joinedup
    study = joinedup.open_study("examples/pathfinders")
    run = joinedup.run(study, out="pathfinders-report")
    run.results["survey.level-contrast"].values["governance_vs_frontline.estimate"]

Names are imported when they are first used: ``import joinedup`` itself costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from joinedup.version import __version__
from joinedup.workflow.engines import offer_engines

if TYPE_CHECKING:
    from joinedup.study.finding import Evidence, Finding
    from joinedup.study.model import Study
    from joinedup.study.problems import NotComputable, Problem, StudyError, UsageError
    from joinedup.study.result import Result
    from joinedup.workflow.affirming import affirm
    from joinedup.workflow.explaining import explain
    from joinedup.workflow.exporting import export
    from joinedup.workflow.opening import open_study
    from joinedup.workflow.running import Run, run

_HOMES = {
    "Evidence": "joinedup.study.finding",
    "Finding": "joinedup.study.finding",
    "NotComputable": "joinedup.study.problems",
    "Problem": "joinedup.study.problems",
    "Result": "joinedup.study.result",
    "Run": "joinedup.workflow.running",
    "Study": "joinedup.study.model",
    "StudyError": "joinedup.study.problems",
    "UsageError": "joinedup.study.problems",
    "affirm": "joinedup.workflow.affirming",
    "explain": "joinedup.workflow.explaining",
    "export": "joinedup.workflow.exporting",
    "open_study": "joinedup.workflow.opening",
    "run": "joinedup.workflow.running",
}

__all__ = [
    "Evidence",
    "Finding",
    "NotComputable",
    "Problem",
    "Result",
    "Run",
    "Study",
    "StudyError",
    "UsageError",
    "__version__",
    "affirm",
    "explain",
    "export",
    "open_study",
    "run",
]

offer_engines()  # so that joinedup.impact.cell_table takes a path


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'joinedup' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
