"""What the texts offer to the report and to synthesis."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.study.analysis import Analysis
from joinedup.texts.agreement_result import agreement_result
from joinedup.texts.cooccurrence import co_occurrence_result
from joinedup.texts.corpus import corpus_result
from joinedup.texts.discourse_result import discourse_result
from joinedup.texts.framework import framework_result
from joinedup.texts.matrix import matrix_result
from joinedup.texts.saturation_result import saturation_result
from joinedup.texts.topics_result import topics_result

ANALYSES: Mapping[str, Analysis] = {
    "texts.corpus": corpus_result,
    "texts.theme-matrix": matrix_result,
    "texts.agreement": agreement_result,
    "texts.co-occurrence": co_occurrence_result,
    "texts.framework": framework_result,
    "texts.discourse": discourse_result,
    "texts.saturation": saturation_result,
    "texts.topics": topics_result,
}
