"""TOML in one canonical form: plain keys, then tables, then arrays of tables, in the order given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}


def write_toml(data: Mapping[str, Any], inline: tuple[str, ...] = ()) -> bytes:
    """`data` as TOML: texts, numbers, booleans, lists, tables; None is left out. Tables named in `inline` stay on
    their line. Raises TypeError for anything else."""
    return "\n".join(_table(data, "", inline)).strip("\n").encode("utf-8") + b"\n" if data else b""


def _table(data: Mapping[str, Any], path: str, inline: tuple[str, ...]) -> Iterator[str]:
    later = []
    for key, value in data.items():
        if value is None:
            continue
        is_array = isinstance(value, list | tuple) and bool(value) and all(isinstance(v, Mapping) for v in value)
        if key not in inline and (is_array or isinstance(value, Mapping)):
            later.append((key, value))
        else:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in later:
        name = f"{path}.{_key(key)}" if path else _key(key)
        for table in [value] if isinstance(value, Mapping) else value:
            yield ""
            yield f"[{name}]" if isinstance(value, Mapping) else f"[[{name}]]"
            yield from _table(table, name, inline)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, Mapping):
        cells = [f"{_key(key)} = {_value(inner)}" for key, inner in value.items() if inner is not None]
        return f"{{ {', '.join(cells)} }}" if cells else "{}"
    raise TypeError(f"TOML has no {type(value).__name__}")


def _text(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(sign) or _sign(sign) for sign in text) + '"'


def _sign(sign: str) -> str:
    return f"\\u{ord(sign):04X}" if ord(sign) < 32 or ord(sign) == 127 else sign
