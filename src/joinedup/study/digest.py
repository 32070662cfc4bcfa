"""Digests: the same content gives the same digest on every machine.

Floats count to 9 significant digits: sums of a parallel engine differ in the last ones.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

_PLAIN = frozenset({str, int, bool, type(None)})


def canonical(value: Any) -> Any:
    """`value` as plain JSON: dataclasses as lists of fields, mappings sorted, floats rounded; row numbers left out."""
    kind: type = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, float):
        return format(value, ".9g")
    if isinstance(value, str | int):
        return value
    fields = _fields(kind)
    if fields is not None:
        return [kind.__name__, *(canonical(getattr(value, name)) for name in fields)]
    if isinstance(value, Mapping):
        return {str(key): canonical(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [item if type(item) in _PLAIN else canonical(item) for item in value]
    if hasattr(value, "to_pydict"):  # an Arrow table
        names = [name for name in value.column_names if not name.startswith("_")]
        return {name: canonical(value.column(name).to_pylist()) for name in names}
    if hasattr(value, "item"):  # a numpy scalar
        return canonical(value.item())
    raise TypeError(f"no digest of a {type(value).__name__}")


@cache
def _fields(kind: type) -> tuple[str, ...] | None:
    """The fields that count of a dataclass, None for another type."""
    if not dataclasses.is_dataclass(kind):
        return None
    return tuple(field.name for field in dataclasses.fields(kind) if field.name != "row")


def digest(*values: Any) -> str:
    """SHA-256 (hex) of `values` in canonical form."""
    text = json.dumps(canonical(list(values)), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
