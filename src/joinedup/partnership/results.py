"""What the partnership strand offers to the report and to synthesis."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.partnership.balance import balance_result
from joinedup.partnership.bodies import overlap_result
from joinedup.partnership.chance_result import chance_result
from joinedup.partnership.provision import provision_result
from joinedup.partnership.seats import seats_result
from joinedup.study.analysis import Analysis

ANALYSES: Mapping[str, Analysis] = {
    "partnership.seats": seats_result,
    "partnership.overlap": overlap_result,
    "partnership.chance": chance_result,
    "partnership.provision": provision_result,
    "partnership.balance": balance_result,
}
