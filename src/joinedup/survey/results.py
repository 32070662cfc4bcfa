"""What the survey offers to the report and to synthesis."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.study.analysis import Analysis
from joinedup.survey.answers import site_answers
from joinedup.survey.contrast import contrast_result
from joinedup.survey.response import response
from joinedup.survey.scores import scores_result

ANALYSES: Mapping[str, Analysis] = {
    "survey.response": response,
    "survey.site-answers": site_answers,
    "survey.level-scores": scores_result,
    "survey.level-contrast": contrast_result,
}
