"""REDCap's data dictionary (CSV) as an instrument: fields, choices, branching logic.

Source: REDCap help, "Data dictionary": eighteen columns, of which the first eight and the branching logic count here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from joinedup.adapters.responses.tabular import decoded, read_sheet, refuse
from joinedup.adapters.xlsform_reader import label
from joinedup.study.problems import UsageError
from joinedup.study.survey import Choice, Instrument, Item
from joinedup.survey.instrument import answering, faults

BAD = "J083"
_NAME, _TYPE, _LABEL = "Variable / Field Name", "Field Type", "Field Label"
_CHOICES = "Choices, Calculations, OR Slider Labels"
_VALIDATION = "Text Validation Type OR Show Slider Number"
_LOGIC = "Branching Logic (Show field only if...)"
_REQUIRED, _NOTE = "Required Field?", "Field Note"
_KINDS = {
    "radio": "select_one",
    "dropdown": "select_one",
    "yesno": "select_one",
    "truefalse": "select_one",
    "checkbox": "select_multiple",
    "slider": "integer",
    "calc": "calculate",
    "descriptive": "note",
    "notes": "text",
    "file": "file",
}
_BOX = re.compile(r"\[(\w+)\((-?\w+)\)\]\s*(=|<>|!=)\s*(['\"]?)([01])\4")
_FIXED = {"yesno": "1, Yes | 0, No", "truefalse": "1, True | 0, False"}


def read_dictionary(path: str | PathLike[str], version: str = "") -> Instrument:
    """The instrument in a data dictionary. A calculation is kept as written; so is logic that can't be read here, and
    both are launch problems. Raises StudyError where the file is no data dictionary, UsageError where there is none."""
    at = Path(path)
    if not at.is_file():
        raise UsageError(f"{at} is no file. Name the data dictionary.")
    sheet = read_sheet(decoded(at.read_bytes(), at.name), at.name)
    missing = [heading for heading in (_NAME, _TYPE, _LABEL, _CHOICES) if heading not in sheet.header]
    if missing:
        what = f"The file has no column `{missing[0]}`."
        raise refuse(BAD, at.name, what, "Download the data dictionary from the project's Dictionary page.", 1)
    columns = [column.to_pylist() for column in sheet.columns]
    records = [dict(zip(sheet.header, cells, strict=True)) for cells in zip(*columns, strict=True)]
    lists: dict[str, tuple[Choice, ...]] = {}
    body = tuple(_item(record, row, lists) for row, record in zip(sheet.rows, records, strict=True))
    found = Instrument(version, at.stem, answering(body), body, lists, ("",))
    problems = tuple(fault.problem for fault in faults(found))
    return Instrument(version, at.stem, found.items, body, lists, ("",), launch_problems=problems)


def _item(record: Mapping[str, str], row: int, lists: dict[str, tuple[Choice, ...]]) -> Item:
    name, kind = record[_NAME].strip(), record[_TYPE].strip()
    ours = _KINDS.get(kind, _validated(record.get(_VALIDATION, "")))
    options = _options(_FIXED.get(kind, record[_CHOICES])) if ours.startswith("select") else ()
    if options:
        lists[name] = options
    logic = record.get(_LOGIC, "").strip()
    return Item(
        name,
        ours,
        record[_LABEL],
        {choice.name: label(choice.labels) for choice in options},
        row,
        {"": record[_LABEL]} if record[_LABEL] else {},
        {"": record[_NOTE]} if record.get(_NOTE) else {},
        name if options else "",
        relevant=expression(logic) if logic else "",
        required="yes" if record.get(_REQUIRED, "").strip().lower() == "y" else "",
        calculation=expression(record[_CHOICES]) if kind == "calc" else "",
    )


def _validated(validation: str) -> str:
    plain = validation.strip().lower()
    if plain in ("integer", "number"):
        return "integer" if plain == "integer" else "decimal"
    if plain.startswith(("date_", "datetime_")):
        return "date" if plain.startswith("date_") else "datetime"
    return "decimal" if plain.startswith("number") else "text"


def _options(written: str) -> tuple[Choice, ...]:
    """``1, Yes | 0, No``: codes before the first comma."""
    pairs = (part.partition(",") for part in written.split("|") if part.strip())
    return tuple(Choice(code.strip(), {"": said.strip()}) for code, _, said in pairs)


def expression(logic: str) -> str:
    """Branching logic in our expressions: ``[a] = '1'`` is ``${a} = '1'``, ``[b(2)] = '1'`` is ``selected(${b}, '2')``."""

    def ticked(match: re.Match[str]) -> str:
        chosen = f"selected(${{{match[1]}}}, '{match[2]}')"
        return chosen if (match[3] == "=") == (match[5] == "1") else f"not({chosen})"

    found = re.sub(r"\[(\w+)\]", r"${\1}", _BOX.sub(ticked, logic).replace("<>", "!="))
    return re.sub(r"\b(AND|OR)\b", lambda match: match[0].lower(), found)
