"""The disclosure gate: what may leave, and what gives persons away.

    from joinedup.disclosure import audit_release, protect
    safe = protect(table, profile="children-la", totals={"Total": ["A", "B"]})
    safe.table, safe.status, safe.audit().safe

Names are imported when they are first used. A module never bears the name of a public function: importing it would put
the module in the function's place.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joinedup.disclosure.auditing import Published, Shown
    from joinedup.disclosure.model import Audit, AuditedCell, Cell, CountTable, Stop
    from joinedup.disclosure.profiles import PROFILES, Profile
    from joinedup.disclosure.protection import Protected, audit_release, protect, protect_release
    from joinedup.disclosure.status import Status

_HOMES = {
    "Audit": "joinedup.disclosure.model",
    "AuditedCell": "joinedup.disclosure.model",
    "Cell": "joinedup.disclosure.model",
    "CountTable": "joinedup.disclosure.model",
    "PROFILES": "joinedup.disclosure.profiles",
    "Profile": "joinedup.disclosure.profiles",
    "Protected": "joinedup.disclosure.protection",
    "Published": "joinedup.disclosure.auditing",
    "Shown": "joinedup.disclosure.auditing",
    "Status": "joinedup.disclosure.status",
    "Stop": "joinedup.disclosure.model",
    "audit_release": "joinedup.disclosure.protection",
    "protect": "joinedup.disclosure.protection",
    "protect_release": "joinedup.disclosure.protection",
}

__all__ = [
    "PROFILES",
    "Audit",
    "AuditedCell",
    "Cell",
    "CountTable",
    "Profile",
    "Protected",
    "Published",
    "Shown",
    "Status",
    "Stop",
    "audit_release",
    "protect",
    "protect_release",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'joinedup.disclosure' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
