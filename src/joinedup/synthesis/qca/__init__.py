"""Qualitative comparative analysis: which combinations of conditions go with an outcome, and how consistently.

Ragin (1987), The comparative method; Schneider and Wagemann (2012), Set-theoretic methods for the social sciences.
The numbers are those of R QCA 3.23 (Dusa 2019, QCA with R).
"""

from __future__ import annotations

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
from joinedup.synthesis.qca.necessity import Necessity, NecessityFit, necessity
from joinedup.synthesis.qca.robustness import (
    CoreFit,
    Range,
    Solver,
    anchor_range,
    core_fit,
    frequency_range,
    inclusion_range,
)
from joinedup.synthesis.qca.truthtable import Row, TruthTable, truth_table

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
    "skew",
    "sufficient_for_both",
    "truth_table",
    "untenable",
]
