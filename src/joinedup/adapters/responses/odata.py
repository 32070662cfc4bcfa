"""ODK Central's OData JSON: submissions as nested objects, groups as objects within them.

Source: ODK Central API, "OData Endpoints", "Data Document": ``__id``, ``__system`` and the form's fields.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from joinedup.adapters.responses.model import Options, Raw, Refused
from joinedup.adapters.responses.tabular import UNKNOWN, UNREADABLE, refuse
from joinedup.study.survey import Group, Instrument, Item, walk


def odata(text: str, name: str, instrument: Instrument, options: Options) -> tuple[Raw, tuple[Refused, ...]]:
    """The submissions of an OData document. Answers in repeats stand in documents of their own and are left out."""
    import pyarrow as pa

    records = _records(text, name)
    paths = dict(_paths(instrument))
    rows = list(range(1, len(records) + 1))
    answers = {item: pa.array([_at(one, path) for one in records], pa.string()) for item, path in paths.items()}
    present = {item: array for item, array in answers.items() if any(_has(one, paths[item]) for one in records)}
    ids = {
        "response": pa.array(
            [_text(one.get("__id") or _get(one, ("meta", "instanceID"))) for one in records], pa.string()
        ),
        "person": pa.array([_text(one.get(options.person)) if options.person else "" for one in records], pa.string()),
        "instrument_version": pa.array([_text(_get(one, ("__system", "formVersion"))) for one in records], pa.string()),
    }
    raw = Raw(rows, ids, present, tuple(sorted(_unused(records, instrument))))
    for at, one in enumerate(records):
        if _get(one, ("__system", "reviewState")) == "rejected":
            raw.refused[at] = "it was rejected at review"
    return raw, ()


def _records(text: str, name: str) -> list[Mapping[str, Any]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refuse(UNREADABLE, name, f"The file is no JSON: {error}.", "Export it again.") from error
    found = document.get("value") if isinstance(document, dict) else document
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise refuse(UNKNOWN, name, "The JSON has no list of submissions under `value`.", "Export the OData document.")
    return found


def _paths(instrument: Instrument) -> Iterator[tuple[str, tuple[str, ...]]]:
    for above, element in walk(instrument.elements):
        if isinstance(element, Item) and element.takes_answer and not any(group.repeat for group in above):
            yield element.name, (*(group.name for group in above), element.name)


def _get(record: Mapping[str, Any], path: Iterable[str]) -> Any:
    found: Any = record
    for part in path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _has(record: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    inside = _get(record, path[:-1])
    return path[-1] in record or (isinstance(inside, Mapping) and path[-1] in inside)


def _at(record: Mapping[str, Any], path: tuple[str, ...]) -> str:
    nested = _get(record, path)
    return _text(record.get(path[-1]) if nested is None else nested)


def _text(value: Any) -> str:
    """A JSON value as an answer: several choices with spaces between, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return " ".join(map(_text, value))
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict) else str(value)


def _unused(records: Iterable[Mapping[str, Any]], instrument: Instrument) -> set[str]:
    known = {element.name for _, element in walk(instrument.elements)} | {"__id", "__system", "meta"}
    groups = {element.name for _, element in walk(instrument.elements) if isinstance(element, Group)}
    return {key for one in records for key in one if key not in known and key.partition("@")[0] not in groups}
