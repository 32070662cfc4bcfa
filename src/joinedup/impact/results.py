"""What impact offers."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.study.analysis import Analysis
from joinedup.study.model import Study
from joinedup.study.result import Result

# Each analysis imports its module when it is called: pandas and the estimators would slow down everything else.


def _did(study: Study) -> Result | None:
    from joinedup.impact.did_result import did_result

    return did_result(study)


def _event_study(study: Study) -> Result | None:
    from joinedup.impact.event_study_result import event_study_result

    return event_study_result(study)


ANALYSES: Mapping[str, Analysis] = {"impact.did": _did, "impact.event-study": _event_study}
