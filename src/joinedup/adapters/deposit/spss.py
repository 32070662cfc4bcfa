"""The survey's rows as an SPSS system file: numbers with labels, missing codes declared, no date and no program."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joinedup.adapters.deposit.contents import MISSING_LABELS
from joinedup.report.gate.row_items import Variable
from joinedup.report.gate.rows import SurveyRows

_WHOLE = re.compile(r"-?\d{1,9}")
_UNFIT = re.compile(r"[^A-Za-z0-9_.]")
_RESERVED = frozenset(["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"])
_LABEL, _VALUE_LABEL, _NAME = 255, 120, 64
_HEADER = {4: b"@(#) SPSS DATA FILE".ljust(60), 92: b"01 Jan 70", 101: b"00:00:00"}
"""What the header of a system file says at these bytes: the program that made it, the day and the time of its making."""
_LOWEST, _HIGHEST = -10, -7


def numbered(variable: Variable) -> Mapping[str, int]:
    """The number that stands for each code: the code itself where all are whole numbers, else its place from 1."""
    if all(_WHOLE.fullmatch(code) for code in variable.categories):
        return {code: int(code) for code in variable.categories}
    return {code: at for at, code in enumerate(variable.categories, 1)}


def names(variables: tuple[Variable, ...]) -> list[str]:
    """The names of the variables as SPSS allows them: unlike, a letter first, at most 64 characters, no reserved word."""
    found: list[str] = []
    for variable in variables:
        name = _UNFIT.sub("_", variable.name)[:_NAME].rstrip("._") or "v"
        name = name if name[0].isalpha() and name.upper() not in _RESERVED else f"v_{name}"[:_NAME]
        taken = {one.upper() for one in found}
        number, base = 2, name
        while name.upper() in taken:
            name, number = f"{base[: _NAME - 5]}_{number}", number + 1
        found.append(name)
    return found


def survey_sav(rows: SurveyRows, title: str) -> bytes:
    """The rows as .sav. Categories become numbers with labels; -10 to -7 are user-missing; nothing is system-missing."""
    import pandas as pd
    import pyreadstat

    columns: dict[str, Any] = {}
    labels: dict[str, dict[float, str]] = {}
    missing: dict[str, Any] = {}
    formats: dict[str, str] = {}
    for at, (name, variable) in enumerate(zip(names(rows.variables), rows.variables, strict=True)):
        given = [row[at] for row in rows.rows]
        if not (variable.categories or variable.number or variable.identifier):
            columns[name] = pd.Series(given, dtype=object)
            continue
        columns[name] = pd.Series([_number(variable, value) for value in given], dtype=float)
        codes = {float(number): variable.categories[code][:_VALUE_LABEL] for code, number in numbered(variable).items()}
        used = {code: label for code, label in MISSING_LABELS.items() if code in given}
        labels[name] = codes | {float(code): label for code, label in used.items()}
        if not variable.identifier and used:
            missing[name] = [{"lo": _LOWEST, "hi": _HIGHEST}]
        formats[name] = "F8.2" if variable.number else "F8.0"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "survey.sav"
        pyreadstat.write_sav(
            pd.DataFrame(columns),
            str(path),
            file_label=title[:64],
            column_labels=[variable.label[:_LABEL] for variable in rows.variables],
            variable_value_labels={name: found for name, found in labels.items() if found},
            missing_ranges=missing,
            variable_format=formats,
        )
        written = bytearray(path.read_bytes())
    for at, words in _HEADER.items():
        written[at : at + len(words)] = words
    return bytes(written)


def _number(variable: Variable, value: str) -> float | None:
    if not value:
        return None
    known = numbered(variable).get(value)
    return float(value) if known is None else float(known)
