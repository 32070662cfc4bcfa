"""What the survey offers to the report and to synthesis."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.study.analysis import Analysis
from joinedup.survey.aggregation import aggregation
from joinedup.survey.answers import site_answers
from joinedup.survey.change_result import change_result
from joinedup.survey.contrast import contrast_result
from joinedup.survey.item_answers import item_answers
from joinedup.survey.nonresponse import nonresponse
from joinedup.survey.reliability_result import reliability
from joinedup.survey.response import response
from joinedup.survey.scores import scores_result
from joinedup.survey.sensitivity import sensitivity
from joinedup.survey.typology_result import typology_result

ANALYSES: Mapping[str, Analysis] = {
    "survey.response": response,
    "survey.nonresponse": nonresponse,
    "survey.site-answers": site_answers,
    "survey.typology": typology_result,
    "survey.item-answers": item_answers,
    "survey.reliability": reliability,
    "survey.aggregation": aggregation,
    "survey.level-scores": scores_result,
    "survey.level-contrast": contrast_result,
    "survey.sensitivity": sensitivity,
    "survey.change": change_result,
}
