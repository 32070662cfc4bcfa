"""Impact: cells, designs, inference and sensitivity, for panels that a user holds.

    from joinedup.impact import cell_table, did
    cells = cell_table("children.parquet", "site", "year", "attendance", "treated")
    did(cells, "attendance", "site", "year", "treated").estimate

Names are imported when they are first used. A module never bears the name of a public function: importing it would put
the module in the function's place.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joinedup.impact.costs import cost_effect
    from joinedup.impact.dose import dose_response
    from joinedup.impact.entropy_balancing import entropy_balance
    from joinedup.impact.event_effects import event_study
    from joinedup.impact.goodman_bacon import bacon
    from joinedup.impact.group_time_effects import group_time
    from joinedup.impact.imputed_outcomes import imputation
    from joinedup.impact.interaction_weighted import sun_abraham
    from joinedup.impact.jackknife import leave_one_out
    from joinedup.impact.matching import match
    from joinedup.impact.model import TooFewClusters
    from joinedup.impact.multiplicity import benjamini_hochberg, romano_wolf
    from joinedup.impact.precision import achieved_precision, minimum_detectable_did, minimum_detectable_effect
    from joinedup.impact.randomization import randomization_test
    from joinedup.impact.segmented_regression import interrupted_time_series
    from joinedup.impact.sensitivity import breakdown_value, honest_did
    from joinedup.impact.site_distribution import site_effects
    from joinedup.impact.specifications import specification_curve
    from joinedup.impact.sufficient_statistics import Cells, cell_table
    from joinedup.impact.synthetic import synthetic_control, synthetic_did
    from joinedup.impact.two_way import did
    from joinedup.impact.weighted_balance import covariate_balance
    from joinedup.impact.wild_bootstrap import wild_cluster_bootstrap

_HOMES = {
    "TooFewClusters": "joinedup.impact.model",
    "achieved_precision": "joinedup.impact.precision",
    "bacon": "joinedup.impact.goodman_bacon",
    "benjamini_hochberg": "joinedup.impact.multiplicity",
    "breakdown_value": "joinedup.impact.sensitivity",
    "honest_did": "joinedup.impact.sensitivity",
    "Cells": "joinedup.impact.sufficient_statistics",
    "cell_table": "joinedup.impact.sufficient_statistics",
    "cost_effect": "joinedup.impact.costs",
    "covariate_balance": "joinedup.impact.weighted_balance",
    "did": "joinedup.impact.two_way",
    "dose_response": "joinedup.impact.dose",
    "entropy_balance": "joinedup.impact.entropy_balancing",
    "event_study": "joinedup.impact.event_effects",
    "group_time": "joinedup.impact.group_time_effects",
    "imputation": "joinedup.impact.imputed_outcomes",
    "interrupted_time_series": "joinedup.impact.segmented_regression",
    "leave_one_out": "joinedup.impact.jackknife",
    "match": "joinedup.impact.matching",
    "minimum_detectable_did": "joinedup.impact.precision",
    "minimum_detectable_effect": "joinedup.impact.precision",
    "randomization_test": "joinedup.impact.randomization",
    "romano_wolf": "joinedup.impact.multiplicity",
    "wild_cluster_bootstrap": "joinedup.impact.wild_bootstrap",
    "site_effects": "joinedup.impact.site_distribution",
    "specification_curve": "joinedup.impact.specifications",
    "sun_abraham": "joinedup.impact.interaction_weighted",
    "synthetic_control": "joinedup.impact.synthetic",
    "synthetic_did": "joinedup.impact.synthetic",
}

__all__ = [
    "Cells",
    "TooFewClusters",
    "achieved_precision",
    "bacon",
    "benjamini_hochberg",
    "breakdown_value",
    "cell_table",
    "cost_effect",
    "covariate_balance",
    "did",
    "dose_response",
    "entropy_balance",
    "event_study",
    "group_time",
    "honest_did",
    "imputation",
    "interrupted_time_series",
    "leave_one_out",
    "match",
    "minimum_detectable_did",
    "minimum_detectable_effect",
    "randomization_test",
    "romano_wolf",
    "site_effects",
    "specification_curve",
    "sun_abraham",
    "synthetic_control",
    "synthetic_did",
    "wild_cluster_bootstrap",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'joinedup.impact' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
