"""What synthesis offers: analyses that read the study and the results of the strands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from joinedup.study.model import Study
from joinedup.study.result import Result
from joinedup.synthesis.integration import results as integration

Synthesis = Callable[[Study, Mapping[str, Result]], Result | None]
"""An analysis of several strands: reads the results computed before it, in the order of `ANALYSES`."""

# Each analysis imports its module when it is called: numpy and scipy would slow down everything else.


def _joint_display(study: Study, results: Mapping[str, Result]) -> Result | None:
    from joinedup.synthesis.joint_display import joint_display

    return joint_display(study, results)


def _case_selection(study: Study, results: Mapping[str, Result]) -> Result | None:  # noqa: ARG001
    from joinedup.synthesis.case_selection.result import case_selection

    return case_selection(study)


def _qca(study: Study, results: Mapping[str, Result]) -> Result | None:
    if "qca" not in study.synthesis:
        return None
    from joinedup.synthesis.qca.study_result import qca_result

    return qca_result(study, results)


ANALYSES: Mapping[str, Synthesis] = {
    "synthesis.case-selection": _case_selection,
    "synthesis.qca": _qca,
    "synthesis.joint-display": _joint_display,
    **integration.ANALYSES,
}
