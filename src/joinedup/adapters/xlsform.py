"""XLSForm: an instrument read from, and written to, a workbook with the sheets survey, choices and settings.

The format: xlsform.org. Workbooks are read by python-calamine and written by `workbooks`.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from joinedup.study.problems import UsageError
from joinedup.study.survey import Instrument

__all__ = ["read_instrument", "write_instrument"]


def read_instrument(source: str | PathLike[str] | bytes, name: str = "") -> Instrument:
    """The instrument in an XLSForm workbook (.xlsx or .xls): a path, or the bytes of one.

    `name` is what messages call it (default: the file's name). Items are the questions that take an answer, in the
    order of the sheet; labels are those of the column `label`, else of the English one, else of the first language.
    What can't be run here is kept as written and listed in `launch_problems`. Raises StudyError with every problem that
    makes the form unsound, each with its row and column; UsageError where there is no such file.
    """
    from joinedup.adapters.xlsform_reader import instrument_of
    from joinedup.adapters.xlsform_workbook import read_sheets

    if isinstance(source, bytes):
        data, called = source, name or "questionnaire"
    else:
        path = Path(source)
        if not path.is_file():
            raise UsageError(f"{path} is no file. Name the workbook of a questionnaire.")
        data, called = path.read_bytes(), name or path.name
    return instrument_of(read_sheets(data, called), called)


def write_instrument(instrument: Instrument, path: str | PathLike[str]) -> None:
    """Write `instrument` as an XLSForm workbook (.xlsx); read again, it is equal. The same instrument gives the same bytes."""
    from joinedup.adapters.xlsform_writer import workbook_of

    Path(path).write_bytes(workbook_of(instrument))
