"""The files of the survey strand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from joinedup.study.folder.arrowtables import read_table
from joinedup.study.folder.csvfile import Columns
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.sheet import Sheet, same
from joinedup.study.folder.textfile import kind_of
from joinedup.study.folder.tomlfile import TomlTable, read_toml
from joinedup.study.model import Survey
from joinedup.study.problems import StudyError
from joinedup.study.survey import Instrument, RosterEntry, Scale

if TYPE_CHECKING:
    import pyarrow as pa

INSTRUMENT = "survey/instrument.xlsx"
SCALES = "survey/scales.toml"
RESPONSES = re.compile(r"survey/responses-([^/]+)\.csv")
RESPONSE_COLUMNS = Columns(("response", "person", "wave", "instrument_version"), ("response", "person", "wave"))
ROSTER: Sheet[RosterEntry] = Sheet(
    "survey/roster.csv",
    RosterEntry,
    same("wave", "site", "agency", "role", "person", "outcome"),
    ("wave", "site", "agency", "person", "outcome"),
)

ReadInstrument = Callable[[bytes, str], Instrument]


def read_survey(reading: Reading, read_instrument: ReadInstrument | None) -> Survey:
    """The survey strand; empty where the folder has none of its files."""
    return Survey(
        instrument_of(reading, read_instrument), read_scales(reading), ROSTER.read(reading), read_responses(reading)
    )


def instrument_of(reading: Reading, read_instrument: ReadInstrument | None) -> Instrument | None:
    """The instrument as `read_instrument` understands its bytes; None without one."""
    data = reading.files.get(INSTRUMENT)
    if data is None:
        return None
    if not data.startswith(b"PK\x03\x04"):
        what = f"By its content this is {kind_of(data) or 'no workbook'}, not what its name says."
        reading.report("J005", INSTRUMENT, what, "Put the XLSForm workbook (.xlsx) there.")
        return None
    if read_instrument is None:
        return None
    try:
        return read_instrument(data, INSTRUMENT)
    except StudyError as error:
        reading.problems.extend(error.problems)
    except ValueError as error:
        reading.report("J201", INSTRUMENT, f"The questionnaire can't be read: {error}.", "Mend the workbook.")
    return None


def read_scales(reading: Reading) -> tuple[Scale, ...]:
    """survey/scales.toml."""
    top = read_toml(reading, SCALES)
    if top is None:
        return ()
    scales = tuple(_scale(table) for table in top.tables("scale"))
    top.finish()
    return scales


def _scale(table: TomlTable) -> Scale:
    id = table.text("id", required=True)
    low, high = table.number("low", 1.0), table.number("high", 5.0)
    found = Scale(
        id,
        table.text("label", id),
        table.text("level"),
        table.texts("items"),
        table.texts("reverse"),
        1.0 if low is None else low,
        5.0 if high is None else high,
    )
    table.finish()
    return found


def read_responses(reading: Reading) -> Mapping[str, pa.Table]:
    """The tables of responses by the wave that their file names."""
    found = {}
    for file in sorted(reading.files):
        match = RESPONSES.fullmatch(file)
        table = read_table(reading, file, RESPONSE_COLUMNS) if match else None
        if match and table is not None:
            found[match[1]] = table
    return found
