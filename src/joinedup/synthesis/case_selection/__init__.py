"""Choosing case-study sites: the optimum of a stated objective, proven; and how good a choice already made is.

    from joinedup.synthesis.case_selection import select
    select(sites, 8, "max-min", quota={"region": {"London": (1, 2)}}).sites

Names are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joinedup.synthesis.case_selection.assessing import Assessment, assess, differences
    from joinedup.synthesis.case_selection.distances import gower
    from joinedup.synthesis.case_selection.selecting import Selection, near_optimal, select
    from joinedup.synthesis.case_selection.strategies import STRATEGIES

_HOMES = {
    "STRATEGIES": "strategies",
    "Assessment": "assessing",
    "Selection": "selecting",
    "assess": "assessing",
    "differences": "assessing",
    "gower": "distances",
    "near_optimal": "selecting",
    "select": "selecting",
}

__all__ = ["STRATEGIES", "Assessment", "Selection", "assess", "differences", "gower", "near_optimal", "select"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'joinedup.synthesis.case_selection' has no attribute {name!r}")
    value = getattr(import_module(f"joinedup.synthesis.case_selection.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
