"""The survey strand. Its statistics are functions of plain tables; a name is imported when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joinedup.survey.agreement import average_deviation, expected_variance, rwg, rwg_j
    from joinedup.survey.change import wave_change
    from joinedup.survey.confirmatory import cfa
    from joinedup.survey.cumulative_logit import proportional_odds
    from joinedup.survey.estimates import estimate_mean, estimate_proportions, estimate_total
    from joinedup.survey.factors import omega_total
    from joinedup.survey.imputation import estimate_imputed, impute
    from joinedup.survey.intraclass import icc, icc_two_way
    from joinedup.survey.invariance import measurement_invariance
    from joinedup.survey.mixed import mixed_level_contrasts
    from joinedup.survey.multiplicity import benjamini_hochberg, holm
    from joinedup.survey.ordinal import ordinal_alpha, polychoric, polychoric_matrix
    from joinedup.survey.permutation import sign_flip_test
    from joinedup.survey.pooling import pool
    from joinedup.survey.reliability import cronbach_alpha
    from joinedup.survey.site_types import gower, typology
    from joinedup.survey.weighting import post_stratify, rake

_HOMES = {
    "average_deviation": "agreement",
    "benjamini_hochberg": "multiplicity",
    "cfa": "confirmatory",
    "cronbach_alpha": "reliability",
    "estimate_imputed": "imputation",
    "estimate_mean": "estimates",
    "estimate_proportions": "estimates",
    "estimate_total": "estimates",
    "expected_variance": "agreement",
    "gower": "site_types",
    "holm": "multiplicity",
    "icc": "intraclass",
    "icc_two_way": "intraclass",
    "impute": "imputation",
    "measurement_invariance": "invariance",
    "mixed_level_contrasts": "mixed",
    "omega_total": "factors",
    "ordinal_alpha": "ordinal",
    "polychoric": "ordinal",
    "polychoric_matrix": "ordinal",
    "pool": "pooling",
    "post_stratify": "weighting",
    "proportional_odds": "cumulative_logit",
    "rake": "weighting",
    "rwg": "agreement",
    "rwg_j": "agreement",
    "sign_flip_test": "permutation",
    "typology": "site_types",
    "wave_change": "change",
}

__all__ = [
    "average_deviation",
    "benjamini_hochberg",
    "cfa",
    "cronbach_alpha",
    "estimate_imputed",
    "estimate_mean",
    "estimate_proportions",
    "estimate_total",
    "expected_variance",
    "gower",
    "holm",
    "icc",
    "icc_two_way",
    "impute",
    "measurement_invariance",
    "mixed_level_contrasts",
    "omega_total",
    "ordinal_alpha",
    "polychoric",
    "polychoric_matrix",
    "pool",
    "post_stratify",
    "proportional_odds",
    "rake",
    "rwg",
    "rwg_j",
    "sign_flip_test",
    "typology",
    "wave_change",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'joinedup.survey' has no attribute {name!r}")
    value = getattr(import_module(f"joinedup.survey.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
