"""What the partnership strand offers to the report and to synthesis."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.partnership.bodies import overlap_result
from joinedup.partnership.provision import provision_result
from joinedup.study.analysis import Analysis

ANALYSES: Mapping[str, Analysis] = {
    "partnership.overlap": overlap_result,
    "partnership.provision": provision_result,
}
