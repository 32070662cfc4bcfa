"""JSON with a line for every value, the same bytes for the same value.

The text is that of ``json.dumps(..., indent=1)``, for which Python's own encoder takes several times as long: with
`indent` it does without its C code. Here the C code writes every list that holds nothing but plain values.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

_PLAIN = frozenset({str, int, float, bool, type(None)})


def json_text(value: Any) -> str:
    """`value` as JSON: dataclasses as objects of their fields, mappings (of strings) in their order.

    Raises ValueError for NaN and infinities, TypeError for what JSON has no word for.
    """
    return _text(value, "\n")


def _text(value: Any, line: str) -> str:
    """`line` is the end of a line with the indentation of the next."""
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    inner = line + " "
    if isinstance(value, Mapping) and value:
        items = (f"{_encoder(inner).encode(key)}: {_text(item, inner)}" for key, item in value.items())
        return f"{{{inner}{f',{inner}'.join(items)}{line}}}"
    if isinstance(value, list | tuple) and value:
        if _PLAIN.issuperset(map(type, value)):
            return f"[{inner}{_encoder(inner).encode(value)[1:-1]}{line}]"
        return f"[{inner}{f',{inner}'.join(_text(item, inner) for item in value)}{line}]"
    return _encoder(inner).encode(dict(value) if isinstance(value, Mapping) else value)


@cache
def _encoder(line: str) -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(f",{line}", ": "))
