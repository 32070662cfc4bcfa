"""SPSS .sav and Stata .dta: codes and not labels, with the values that the file itself declares missing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joinedup.adapters.responses.model import ID_COLUMNS, Options, Raw
from joinedup.adapters.responses.tabular import NO_COLUMN, UNREADABLE, joined, refuse
from joinedup.study.hints import listed, shown
from joinedup.study.survey import MISSING, Instrument, Item

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_IDS = ("response", "id", "record_id", "responseid", "respondent_id", "caseid")
KINDS: Mapping[str, str] = {
    **{kind: kind for kind in MISSING},
    "dont know": "don't know",
    "do not know": "don't know",
    "refusal": "refused",
    "n/a": "not applicable",
    "inapplicable": "not applicable",
    "not answered": "",
    "no answer": "",
    "missing": "",
}
"""Labels of values declared missing that say which kind they are; empty: not answered."""

Declared = Mapping[str, Mapping[str, str]]
"""By variable, the values that the file declares missing and their labels."""


def labelled(path: Path, source: str, instrument: Instrument, options: Options) -> Raw:
    """The answers of a .sav or .dta file. Raises StudyError where it can't be read or has no column of ids."""
    import pyreadstat

    read = pyreadstat.read_sav if source == "spss" else pyreadstat.read_dta
    try:
        frame, meta = read(str(path), user_missing=True, apply_value_formats=False)
    except (pyreadstat.ReadstatError, ValueError) as error:
        raise refuse(UNREADABLE, path.name, f"The file can't be read: {error}.", "Save it again.") from error
    return raw_of(frame, path.name, instrument, options, declared_missing(frame, meta))


def declared_missing(frame: pd.DataFrame, meta: Any) -> Declared:
    """The user-missing values of SPSS (ranges) and Stata (.a to .z) that stand in the frame, with their labels."""
    found = {}
    for name in frame.columns:
        labels = {_text(code): label for code, label in meta.variable_value_labels.get(name, {}).items()}
        ranges = meta.missing_ranges.get(name, ())
        letters = {_text(code) for code in meta.missing_user_values.get(name, ())}
        if ranges or letters:
            codes = {_text(value) for value in frame[name].unique() if _within(value, ranges) or value in letters}
            found[str(name)] = {code: labels.get(code, "") for code in sorted(codes) if code}
    return found


def _within(value: Any, ranges: Any) -> bool:
    """Whether a value lies in one of the declared ranges; those of text variables hold texts."""
    for one in ranges:
        same = isinstance(value, str) == isinstance(one["lo"], str)
        if same and value is not None and one["lo"] <= value <= one["hi"]:
            return True
    return False


def raw_of(
    frame: pd.DataFrame, name: str, instrument: Instrument, options: Options, missing: Declared | None = None
) -> Raw:
    """A frame of codes as answers: one column an item, or one an option of it (``item_code``, 1: chosen).

    The response's id stands in one of the usual columns.
    """
    import pyarrow as pa

    by_name = {str(column).lower(): str(column) for column in frame.columns}
    response = next((by_name[known] for known in _IDS if known in by_name), "")
    if not response:
        remedy = f"Name it `response`. The file has: {listed(map(str, frame.columns))}."
        raise refuse(NO_COLUMN, name, "The file has no column with the responses' ids.", remedy)
    if options.person and options.person not in frame.columns:
        remedy = f"The file has: {listed(map(str, frame.columns))}."
        raise refuse(NO_COLUMN, name, f"The file has no column {shown(options.person)} with the persons.", remedy)
    columns = {str(column): pa.array([_text(value) for value in frame[column]], pa.string()) for column in frame}
    ids = {known: columns[by_name[known]] for known in ID_COLUMNS if known in by_name}
    ids["response"] = columns[response]
    if options.person:
        ids["person"] = columns[options.person]
    raw = Raw(list(range(1, len(frame) + 1)), ids, {})
    used = {response, options.person, *(by_name[known] for known in ID_COLUMNS if known in by_name)}
    for item in instrument.items:
        used.update(_take(raw, item, columns, options, missing or {}))
    raw.unused = tuple(column for column in columns if column not in used)
    return raw


def _take(raw: Raw, item: Item, columns: Mapping[str, pa.Array], options: Options, missing: Declared) -> set[str]:
    """Put the answers to `item` into `raw`; returns the columns that they came from."""
    if item.name in columns:
        raw.answers[item.name] = _told(raw, item, columns[item.name], options, missing.get(item.name, {}))
        return {item.name}
    boxes = dict(_boxes(item, columns))
    if boxes:
        raw.answers[item.name] = joined([(code, _ticked(columns[column])) for code, column in boxes.items()])
    return set(boxes.values())


def _boxes(item: Item, columns: Mapping[str, pa.Array]) -> Iterator[tuple[str, str]]:
    if item.kind == "select_multiple":
        for code in item.options:
            if f"{item.name}_{code}" in columns:
                yield code, f"{item.name}_{code}"


def _ticked(column: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    return pc.equal(column, "1")


def _told(raw: Raw, item: Item, column: pa.Array, options: Options, declared: Mapping[str, str]) -> pa.Array:
    """The column with declared missing values as our codes; a value whose kind nobody says refuses its row."""
    import pyarrow as pa

    named = {code for code in declared if code in options.missing or f"{item.name}:{code}" in options.missing}
    codes = {code: label for code, label in declared.items() if code not in named and code not in item.options}
    if not codes:
        return column
    ours = {code: MISSING.get(KINDS[kind], "") for code, label in codes.items() if (kind := _kind(label)) in KINDS}
    answers = column.to_pylist()
    for at, answer in enumerate(answers):
        if answer in codes and answer not in ours:
            label = f" ({codes[answer]})" if codes[answer] else ""
            what = f"{item.name}: the file declares {shown(answer)}{label} missing: say which kind that is"
            raw.refused.setdefault(at, f"{what}, such as {answer}=refused")
    return pa.array([ours.get(answer, answer) for answer in answers], pa.string())


def _kind(label: str) -> str:
    return " ".join(label.replace("\u2019", "'").casefold().split())


def _text(value: Any) -> str:
    """A value as an answer: a whole number without a point, a missing one empty, a day in ISO 8601."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat()) if value == value else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
