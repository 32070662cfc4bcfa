"""Digests: the same content gives the same digest on every machine.

Floats count to 9 significant digits: sums of a parallel engine differ in the last ones.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(value: Any) -> Any:
    """`value` as plain JSON: dataclasses as lists of fields, mappings sorted, floats rounded; row numbers left out."""
    if isinstance(value, float):
        return format(value, ".9g")
    if value is None or isinstance(value, str | int | bool):
        return value
    if dataclasses.is_dataclass(value):
        fields = (f.name for f in dataclasses.fields(value) if f.name != "row")
        return [type(value).__name__, *(canonical(getattr(value, name)) for name in fields)]
    if isinstance(value, Mapping):
        return {str(key): canonical(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [canonical(item) for item in value]
    if hasattr(value, "to_pydict"):  # an Arrow table
        names = [name for name in value.column_names if not name.startswith("_")]
        return {name: canonical(value.column(name).to_pylist()) for name in names}
    if hasattr(value, "item"):  # a numpy scalar
        return canonical(value.item())
    raise TypeError(f"no digest of a {type(value).__name__}")


def digest(*values: Any) -> str:
    """SHA-256 (hex) of `values` in canonical form."""
    text = json.dumps(canonical(list(values)), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
