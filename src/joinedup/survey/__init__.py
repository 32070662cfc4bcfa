"""The survey strand. Its statistics are functions of plain tables; a name is imported when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joinedup.survey.confirmatory import cfa
    from joinedup.survey.factors import omega_total
    from joinedup.survey.invariance import measurement_invariance
    from joinedup.survey.ordinal import ordinal_alpha, polychoric, polychoric_matrix
    from joinedup.survey.reliability import cronbach_alpha

_HOMES = {
    "cfa": "confirmatory",
    "cronbach_alpha": "reliability",
    "measurement_invariance": "invariance",
    "omega_total": "factors",
    "ordinal_alpha": "ordinal",
    "polychoric": "ordinal",
    "polychoric_matrix": "ordinal",
}

__all__ = [
    "cfa",
    "cronbach_alpha",
    "measurement_invariance",
    "omega_total",
    "ordinal_alpha",
    "polychoric",
    "polychoric_matrix",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'joinedup.survey' has no attribute {name!r}")
    value = getattr(import_module(f"joinedup.survey.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
