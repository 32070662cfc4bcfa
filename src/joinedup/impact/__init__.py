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
    from joinedup.impact.event_effects import event_study
    from joinedup.impact.randomization import randomization_test
    from joinedup.impact.sufficient_statistics import Cells, cell_table
    from joinedup.impact.two_way import did

_HOMES = {
    "Cells": "joinedup.impact.sufficient_statistics",
    "cell_table": "joinedup.impact.sufficient_statistics",
    "did": "joinedup.impact.two_way",
    "event_study": "joinedup.impact.event_effects",
    "randomization_test": "joinedup.impact.randomization",
}

__all__ = ["Cells", "cell_table", "did", "event_study", "randomization_test"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'joinedup.impact' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
