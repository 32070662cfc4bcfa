"""Choosing case-study sites: the optimum of a stated objective, proven; and how good a choice already made is.

from joinedup.synthesis.case_selection import select
select(sites, 8, "max-min", quota={"region": {"London": (1, 2)}}).sites
"""

from __future__ import annotations

from joinedup.synthesis.case_selection.assessing import Assessment, assess, differences
from joinedup.synthesis.case_selection.distances import gower
from joinedup.synthesis.case_selection.selecting import STRATEGIES, Selection, near_optimal, select

__all__ = ["STRATEGIES", "Assessment", "Selection", "assess", "differences", "gower", "near_optimal", "select"]
