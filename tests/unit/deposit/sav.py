"""The survey of a deposit as SPSS's readers see it, held against the CSV file and the codebook beside it."""

from __future__ import annotations

import csv
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from joinedup.adapters.deposit.contents import MISSING_LABELS

MISSING_RANGE = [{"lo": -10.0, "hi": -7.0}]
LONGEST_LABEL, LONGEST_VALUE_LABEL = 255, 120
"""What SPSS keeps of the label of a variable and of the label of a value."""


def sav_differences(folder: Path) -> list[str]:
    """Where data/survey.sav says another thing than data/survey.csv with data/codebook.csv: cells, labels, missing codes."""
    pyreadstat = importlib.import_module("pyreadstat")
    path = str(folder / "data" / "survey.sav")
    whole, meta = pyreadstat.read_sav(path, user_missing=True)
    answered, _ = pyreadstat.read_sav(path)
    rows, book = _read(folder / "data" / "survey.csv"), _read(folder / "data" / "codebook.csv")
    names = list(rows[0])
    if len(meta.column_names) != len(names) or len(whole) != len(rows):
        return [f"{len(whole)} rows of {len(meta.column_names)} columns"]
    found = []
    for name, held in zip(names, meta.column_names, strict=True):
        lines = [line for line in book if line["variable"] == name]
        given = [row[name] for row in rows]
        found += [f"{name}: {what}" for what in _of_column(given, list(whole[held]), list(answered[held]), lines)]
        found += [f"{name}: {what}" for what in _of_labels(given, held, meta, lines)]
    return found


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _of_column(given: list[str], whole: list[Any], answered: list[Any], lines: list[dict[str, str]]) -> Iterator[str]:
    codes = {line["sav_code"]: line["code"] for line in lines if line["code"]}
    for at, (text, value, answer) in enumerate(zip(given, whole, answered, strict=True)):
        shown = _shown(value)
        if codes.get(shown, shown) != text:
            yield f"row {at + 1} is {shown} for {text!r}"
        if (_shown(answer) == "") != (text == "" or text in MISSING_LABELS):
            yield f"row {at + 1} is {'an' if _shown(answer) else 'no'} answer for {text!r}"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None or value != value else str(int(value) if value == int(value) else value)


def _of_labels(given: list[str], held: str, meta: Any, lines: list[dict[str, str]]) -> Iterator[str]:
    if lines[0]["sav_variable"] != held:
        yield f"called {held}"
    if meta.column_names_to_labels[held] != lines[0]["label"][:LONGEST_LABEL]:
        yield f"label {meta.column_names_to_labels[held]!r}"
    labels = {_shown(code): label for code, label in meta.variable_value_labels.get(held, {}).items()}
    if labels != {line["sav_code"]: line["meaning"][:LONGEST_VALUE_LABEL] for line in lines if line["code"]}:
        yield f"labels of values {labels}"
    if meta.missing_ranges.get(held, []) != (MISSING_RANGE if set(given) & set(MISSING_LABELS) else []):
        yield f"missing codes {meta.missing_ranges.get(held)}"
