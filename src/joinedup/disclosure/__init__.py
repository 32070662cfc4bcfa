"""The disclosure gate: what may leave, and what gives persons away.

    from joinedup.disclosure import audit_release, protect
    safe = protect(table, profile="children-la", totals={"Total": ["A", "B"]})
    safe.table, safe.status, safe.audit().safe

A whole release: `protect_release(tables, register=...)`, then `audit_release`; what is no count has its own functions
(`mean_risks`, `quote_risks`, ...), each of which returns the stops, none where all may leave.

Names are imported when they are first used. A module never bears the name of a public function: importing it would put
the module in the function's place.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joinedup.disclosure.auditing import Published, Shown
    from joinedup.disclosure.groups import whole_group_risks
    from joinedup.disclosure.magnitudes import dominance_risks, extreme_risks, mean_risks, model_risks, site_risks
    from joinedup.disclosure.model import Audit, AuditedCell, Cell, CountTable, Stop
    from joinedup.disclosure.profiles import PROFILES, Profile
    from joinedup.disclosure.protected import Protected
    from joinedup.disclosure.protection import audit_release, protect, protect_release
    from joinedup.disclosure.quotes import Attribution, named_in, quote_risks
    from joinedup.disclosure.register import Register
    from joinedup.disclosure.shares import percentages
    from joinedup.disclosure.status import Status

_HOMES = {
    "Attribution": "joinedup.disclosure.quotes",
    "Audit": "joinedup.disclosure.model",
    "AuditedCell": "joinedup.disclosure.model",
    "Cell": "joinedup.disclosure.model",
    "CountTable": "joinedup.disclosure.model",
    "PROFILES": "joinedup.disclosure.profiles",
    "Profile": "joinedup.disclosure.profiles",
    "Protected": "joinedup.disclosure.protected",
    "Published": "joinedup.disclosure.auditing",
    "Register": "joinedup.disclosure.register",
    "Shown": "joinedup.disclosure.auditing",
    "Status": "joinedup.disclosure.status",
    "Stop": "joinedup.disclosure.model",
    "audit_release": "joinedup.disclosure.protection",
    "dominance_risks": "joinedup.disclosure.magnitudes",
    "extreme_risks": "joinedup.disclosure.magnitudes",
    "mean_risks": "joinedup.disclosure.magnitudes",
    "model_risks": "joinedup.disclosure.magnitudes",
    "named_in": "joinedup.disclosure.quotes",
    "percentages": "joinedup.disclosure.shares",
    "protect": "joinedup.disclosure.protection",
    "protect_release": "joinedup.disclosure.protection",
    "quote_risks": "joinedup.disclosure.quotes",
    "site_risks": "joinedup.disclosure.magnitudes",
    "whole_group_risks": "joinedup.disclosure.groups",
}

__all__ = [
    "PROFILES",
    "Attribution",
    "Audit",
    "AuditedCell",
    "Cell",
    "CountTable",
    "Profile",
    "Protected",
    "Published",
    "Register",
    "Shown",
    "Status",
    "Stop",
    "audit_release",
    "dominance_risks",
    "extreme_risks",
    "mean_risks",
    "model_risks",
    "named_in",
    "percentages",
    "protect",
    "protect_release",
    "quote_risks",
    "site_risks",
    "whole_group_risks",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'joinedup.disclosure' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
