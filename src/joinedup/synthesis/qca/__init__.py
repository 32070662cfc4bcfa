"""Qualitative comparative analysis: which combinations of conditions go with an outcome, and how consistently.

Ragin (1987), The comparative method; Schneider and Wagemann (2012), Set-theoretic methods for the social sciences.
The numbers are those of R QCA 3.23 (Dusa 2019, QCA with R).
"""

from __future__ import annotations

from joinedup.synthesis.qca.calibration import calibrate
from joinedup.synthesis.qca.fit import Fit
from joinedup.synthesis.qca.minimization import Solution, minimize
from joinedup.synthesis.qca.necessity import Necessity, NecessityFit, necessity
from joinedup.synthesis.qca.truthtable import Row, TruthTable, truth_table

__all__ = [
    "Fit",
    "Necessity",
    "NecessityFit",
    "Row",
    "Solution",
    "TruthTable",
    "calibrate",
    "minimize",
    "necessity",
    "truth_table",
]
