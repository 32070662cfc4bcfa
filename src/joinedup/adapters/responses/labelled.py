"""SPSS .sav and Stata .dta: values with their codes, read by pyreadstat where it is installed."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joinedup.adapters.responses.model import ID_COLUMNS, Options, Raw
from joinedup.adapters.responses.tabular import NO_COLUMN, UNREADABLE, refuse
from joinedup.study.hints import listed
from joinedup.study.problems import UsageError
from joinedup.study.survey import Instrument

if TYPE_CHECKING:
    import pandas as pd

_IDS = ("response", "id", "record_id", "responseid", "respondent_id", "caseid")


def labelled(path: Path, source: str, instrument: Instrument, options: Options) -> Raw:
    """The answers of a .sav or .dta file, codes and not labels. Raises UsageError where pyreadstat is not installed."""
    try:
        import pyreadstat  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError as error:
        what = "SPSS and Stata files are read by pyreadstat, which is not installed."
        raise UsageError(f"{what} Install it (pip install pyreadstat), or export the data as CSV.") from error
    try:
        if source == "spss":
            frame, _ = pyreadstat.read_sav(str(path), user_missing=True, apply_value_formats=False)
        else:
            frame, _ = pyreadstat.read_dta(str(path), user_missing=True, apply_value_formats=False)
    except (pyreadstat.ReadstatError, ValueError) as error:
        raise refuse(UNREADABLE, path.name, f"The file can't be read: {error}.", "Save it again.") from error
    return raw_of(frame, path.name, instrument, options)


def raw_of(frame: pd.DataFrame, name: str, instrument: Instrument, options: Options) -> Raw:
    """A frame of codes as answers: one column an item, the response's id in one of the usual columns."""
    import pyarrow as pa

    by_name = {str(column).lower(): str(column) for column in frame.columns}
    response = next((by_name[known] for known in _IDS if known in by_name), "")
    if not response:
        remedy = f"Name it `response`. The file has: {listed(map(str, frame.columns))}."
        raise refuse(NO_COLUMN, name, "The file has no column with the responses' ids.", remedy)
    columns = {column: pa.array([_text(value) for value in frame[column]], pa.string()) for column in frame.columns}
    ids = {known: columns[by_name[known]] for known in ID_COLUMNS if known in by_name}
    ids["response"] = columns[response]
    if options.person:
        ids["person"] = columns[options.person]
    answers = {item.name: columns[item.name] for item in instrument.items if item.name in columns}
    used = {*answers, response, options.person, *(by_name[known] for known in ID_COLUMNS if known in by_name)}
    unused = tuple(str(column) for column in frame.columns if column not in used)
    return Raw(list(range(1, len(frame) + 1)), ids, answers, unused)


def _text(value: Any) -> str:
    """A value as an answer: a whole number without a point, a missing one empty, a day in ISO 8601."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat()) if value == value else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
