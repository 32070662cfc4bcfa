"""Qualitative comparative analysis: which combinations of conditions go with an outcome, and how consistently.

Ragin (1987), The comparative method; Schneider and Wagemann (2012), Set-theoretic methods for the social sciences.
The numbers are those of R QCA 3.23 (Dusa 2019, QCA with R).

    from joinedup.synthesis.qca import minimize, truth_table
    table = truth_table(data, "SURVIVED", ["DEVELOPED", "STABLE"], inclusion=0.8)
    minimize(table, include="?").models

Names are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joinedup.synthesis.qca.calibration import calibrate
    from joinedup.synthesis.qca.case_choice import Chosen, cases_to_study
    from joinedup.synthesis.qca.enhanced import (
        Skew,
        also_sufficient_for_negation,
        contradictory_assumptions,
        skew,
        sufficient_for_both,
        untenable,
    )
    from joinedup.synthesis.qca.fit import Fit
    from joinedup.synthesis.qca.minimization import Solution, minimize
    from joinedup.synthesis.qca.necessary_conditions import Necessity, NecessityFit, necessity
    from joinedup.synthesis.qca.robustness import (
        CoreFit,
        Range,
        Solver,
        anchor_range,
        core_fit,
        frequency_range,
        inclusion_range,
        pri_range,
    )
    from joinedup.synthesis.qca.truthtable import Row, TruthTable, truth_table

_HOMES = {
    "Chosen": "case_choice",
    "CoreFit": "robustness",
    "Fit": "fit",
    "Necessity": "necessary_conditions",
    "NecessityFit": "necessary_conditions",
    "Range": "robustness",
    "Row": "truthtable",
    "Skew": "enhanced",
    "Solution": "minimization",
    "Solver": "robustness",
    "TruthTable": "truthtable",
    "also_sufficient_for_negation": "enhanced",
    "anchor_range": "robustness",
    "calibrate": "calibration",
    "cases_to_study": "case_choice",
    "contradictory_assumptions": "enhanced",
    "core_fit": "robustness",
    "frequency_range": "robustness",
    "inclusion_range": "robustness",
    "minimize": "minimization",
    "necessity": "necessary_conditions",
    "pri_range": "robustness",
    "skew": "enhanced",
    "sufficient_for_both": "enhanced",
    "truth_table": "truthtable",
    "untenable": "enhanced",
}

__all__ = [
    "Chosen",
    "CoreFit",
    "Fit",
    "Necessity",
    "NecessityFit",
    "Range",
    "Row",
    "Skew",
    "Solution",
    "Solver",
    "TruthTable",
    "also_sufficient_for_negation",
    "anchor_range",
    "calibrate",
    "cases_to_study",
    "contradictory_assumptions",
    "core_fit",
    "frequency_range",
    "inclusion_range",
    "minimize",
    "necessity",
    "pri_range",
    "skew",
    "sufficient_for_both",
    "truth_table",
    "untenable",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'joinedup.synthesis.qca' has no attribute {name!r}")
    value = getattr(import_module(f"joinedup.synthesis.qca.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
