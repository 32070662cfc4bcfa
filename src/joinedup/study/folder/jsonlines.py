"""JSON Lines: one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from joinedup.study.folder.reading import Reading
from joinedup.study.folder.textfile import decode
from joinedup.study.hints import did_you_mean, listed, shown

_WORDS = {str: "a text", int: "a whole number", bool: "true or false", dict: "an object"}


def read_objects(
    reading: Reading, file: str, keys: Mapping[str, type], required: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and object of every line that is not empty and has the `required` keys, each of its type."""
    text = decode(reading, file)
    for row, line in enumerate((text or "").split("\n"), start=1):
        if line.strip():
            found = _parse(reading, file, row, line)
            if found is not None and _sound(reading, file, row, found, keys, required):
                yield row, found


def write_objects(objects: Iterator[Mapping[str, Any]]) -> bytes:
    """The canonical form: keys in declared order, no spaces, LF."""
    lines = (json.dumps(item, ensure_ascii=False, separators=(",", ":")) + "\n" for item in objects)
    return "".join(lines).encode("utf-8")


def _parse(reading: Reading, file: str, row: int, line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        what = f"The line is no JSON: {error.msg[:1].lower()}{error.msg[1:]}."
        reading.report("J018", file, what, "Write one object {...} a line.", row, str(error.colno))
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        reading.report("J018", file, f"The line is no JSON: {why}.", "Write one object {...} a line.", row)
    else:
        if isinstance(found, dict):
            return found
        what = f"The line holds {shown(line.strip())}, not an object."
        reading.report("J018", file, what, "Write one object {...} a line.", row)
    return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        raise ValueError(f"the key `{next(n for n in names if names.count(n) > 1)}` stands there twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _sound(
    reading: Reading,
    file: str,
    row: int,
    found: Mapping[str, Any],
    keys: Mapping[str, type],
    required: tuple[str, ...],
) -> bool:
    sound = True
    for key, value in found.items():
        if key not in keys:
            what = f"`{key}` is no key of this file.{did_you_mean(key, keys)}"
            reading.report("J015", file, what, f"It knows {listed(keys, 20)}.", row, key)
        elif not isinstance(value, keys[key]) or (keys[key] is int and isinstance(value, bool)):
            sound = False
            what = f"`{key}` is {shown(json.dumps(value, ensure_ascii=False))}, not {_WORDS[keys[key]]}."
            reading.report("J016", file, what, f"Write {_WORDS[keys[key]]}.", row, key)
    for key in required:
        if key not in found:
            sound = False
            reading.report("J017", file, f"`{key}` is missing.", f"Add {key}.", row, key)
    return sound
