"""XLSForm: an instrument read from the sheets survey, choices and settings of a workbook (xlsform.org)."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from joinedup.study.problems import Place, Problem, StudyError
from joinedup.study.survey import Instrument, Item

UNREADABLE, ENCRYPTED, TOO_LARGE = "J090", "J091", "J092"
NO_SHEET, NO_COLUMN, BAD_NAME, TWICE, NO_LIST = "J093", "J094", "J095", "J096", "J097"

LARGEST = 100_000_000
"""Bytes that a workbook may unpack to: about a hundred times a long questionnaire."""
MOST_CELLS = 2_000_000
"""Cells between A1 and the last cell of a sheet: the reader holds all of them, the empty ones too."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SELECT = re.compile(
    r"(?P<kind>select[_ ]one|select1|select[_ ]multiple|select all that apply)(?: from)?\s+(?P<list>\S+)"
    r"(?P<other>\s+or[_ ]other)?",
    re.IGNORECASE,
)
_NO_ANSWER = re.compile(r"(?:begin|end)[_ ](?:group|repeat)|note", re.IGNORECASE)
_CELL = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_RESERVED = frozenset(("response", "person", "wave", "instrument_version"))
_SAVE = "Save the questionnaire as an Excel workbook (.xlsx) and put it there."

Rows = list[tuple[int, dict[str, str]]]
"""Rows of a sheet that hold anything: the row's number and its cells by heading."""


def read_instrument(data: bytes, name: str) -> Instrument:
    """The instrument in the bytes of an XLSForm workbook; `name` is its path in the study folder, for messages.

    Items are the questions that take an answer, in the order of the sheet: groups, repeats and notes are left out.
    Labels are those of the column `label`, else of the English one, else of the first language. Raises StudyError with
    every problem and its place.
    """
    sheets = _sheets(data, name)
    found = _Form(name, sheets)
    items = found.items()
    if found.problems:
        raise StudyError(found.problems)
    return Instrument(found.settings.get("version", ""), found.settings.get("form_title", ""), tuple(items))


class _Form:
    """Reads items and lists, and gathers what is wrong."""

    def __init__(self, name: str, sheets: Mapping[str, Rows]) -> None:
        self.name = name
        self.sheets = sheets
        self.settings = sheets["settings"][0][1] if sheets.get("settings") else {}
        self.problems: list[Problem] = []
        self._require()

    def _problem(self, number: str, row: int, column: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(number, Place(self.name, row, column), what, remedy))

    def _require(self) -> None:
        if not self.sheets.get("survey"):
            what = "The workbook has no sheet 'survey' with a question."
            raise StudyError(
                [Problem(NO_SHEET, Place(self.name), what, "Add one with the columns type, name and label.")]
            )
        for sheet, columns in (("survey", ("type", "name")), ("choices", ("list_name", "name"))):
            for column in columns:
                if self.sheets.get(sheet) and not any(column in cells for _, cells in self.sheets[sheet]):
                    what = f"The sheet '{sheet}' has no column '{column}', or it is empty."
                    self._problem(NO_COLUMN, 1, column, what, "Write it in the sheet's first row.")

    def items(self) -> list[Item]:
        """The questions, with the options of their lists."""
        lists, found = self._lists(), list[Item]()
        rows: dict[str, int] = {}
        for row, cells in self.sheets["survey"]:
            kind = cells.get("type", "")
            if not kind or _NO_ANSWER.fullmatch(kind):
                continue
            if self._named(row, cells.get("name", ""), rows):
                rows[cells["name"]] = row
                found.append(self._item(row, kind, cells, lists))
        return found

    def _named(self, row: int, item: str, rows: Mapping[str, int]) -> bool:
        if not item:
            self._problem(BAD_NAME, row, "name", "The question has no name.", "Give it one: it heads its answers.")
        elif item in _RESERVED:
            what = f"'{item}' heads another column of the responses."
            self._problem(BAD_NAME, row, "name", what, "Give the question another name.")
        elif item in rows:
            what = f"The name '{item}' is also that of row {rows[item]}."
            self._problem(TWICE, row, "name", what, "Give each question a name of its own.")
        else:
            return True
        return False

    def _item(self, row: int, kind: str, cells: Mapping[str, str], lists: Mapping[str, Mapping[str, str]]) -> Item:
        select = _SELECT.fullmatch(kind)
        if select is None:
            return Item(cells["name"], kind.split()[0].lower(), label(cells), {}, row)
        options = dict(lists.get(select["list"], {}))
        if not options:
            what = f"The list '{select['list']}' has no option in the sheet 'choices'."
            self._problem(NO_LIST, row, "type", what, "Add its options there, or correct the list's name here.")
        if select["other"]:
            options.setdefault("other", "Other")
        single = select["kind"].lower() in ("select_one", "select one", "select1")
        return Item(cells["name"], "select_one" if single else "select_multiple", label(cells), options, row)

    def _lists(self) -> Mapping[str, Mapping[str, str]]:
        lists: dict[str, dict[str, str]] = {}
        for row, cells in self.sheets.get("choices", []):
            name, option = cells.get("list_name", ""), cells.get("name", "")
            options = lists.setdefault(name, {})
            if not name or not option:
                column, what = ("name", f"An option of the list '{name}'") if name else ("list_name", "An option")
                remedy = "Fill in both list_name and name (sheet 'choices'): the name is the answer's code."
                self._problem(BAD_NAME, row, column, f"{what} has no {column}.", remedy)
            elif option not in options:
                options[option] = label(cells)
            elif not self._duplicates_allowed():
                what = f"The list '{name}' has the option '{option}' twice."
                self._problem(TWICE, row, "name", what, "Give each option of a list its own name (sheet 'choices').")
        return lists

    def _duplicates_allowed(self) -> bool:
        """Cascading lists may repeat an option under another parent where the form's settings say so."""
        return self.settings.get("allow_choice_duplicates", "").lower() in ("yes", "true")


def label(cells: Mapping[str, str]) -> str:
    """The label of a row: the plain one, else the English one, else that of the first language that has one."""
    labels = {heading: text for heading, text in cells.items() if heading == "label" or heading.startswith("label:")}
    english = (text for heading, text in labels.items() if "(en)" in heading or heading.endswith(":english"))
    return labels.get("label") or next(english, "") or next(iter(labels.values()), "")


def _sheets(data: bytes, name: str) -> dict[str, Rows]:
    problem = next(_unsafe(data), None)
    if problem is not None:
        raise StudyError([Problem(problem[0], Place(name), problem[1], problem[2])])
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        names = {sheet.strip().lower(): sheet for sheet in workbook.sheet_names}
        return {
            sheet: _rows(workbook.get_sheet_by_name(names[sheet]).to_python(skip_empty_area=False), sheet, name)
            for sheet in ("survey", "choices", "settings")
            if sheet in names
        }
    except (CalamineError, OSError, ValueError) as error:
        what = f"The workbook can't be read: {str(error).rstrip('.')}."
        raise StudyError([Problem(UNREADABLE, Place(name), what, _SAVE)]) from error


def _unsafe(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Why a workbook is not opened: number, what, remedy. Sizes are the declared ones."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            yield ENCRYPTED, "The workbook is protected by a password.", "Save it without one."
        yield UNREADABLE, "The file is an old .xls workbook or another Office document, not .xlsx.", _SAVE
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > LARGEST:
                what = f"The workbook unpacks to more than {LARGEST // 1_000_000} MB."
                yield TOO_LARGE, what, "A questionnaire is small: remove pictures and other sheets."
                return
            sheets = [part for part in parts if part.filename.startswith("xl/worksheets/")]
            if any(_cells(archive.read(part)) > MOST_CELLS for part in sheets):
                what = f"A sheet spans more than {MOST_CELLS:,} cells, most of them empty."
                yield TOO_LARGE, what, "Delete the cells far below or to the right of the questions."
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        yield UNREADABLE, "The file is no Excel workbook (.xlsx).", _SAVE


def _cells(sheet: bytes) -> int:
    """Cells between A1 and the last row and column that a sheet's XML names."""
    places = [(_column(letters), int(row)) for letters, row in _CELL.findall(sheet)]
    return max((column for column, _ in places), default=0) * max((row for _, row in places), default=0)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _rows(cells: Sequence[Sequence[Any]], sheet: str, name: str) -> Rows:
    headings = [_heading(text(cell)) for cell in cells[0]] if cells else []
    twice = sorted({heading for heading in headings if heading and headings.count(heading) > 1})
    if twice:
        remedy = "Keep one of them, or tell them apart by language: label::English (en)."
        raise StudyError(
            Problem(TWICE, Place(name, 1, heading), f"The sheet '{sheet}' has the column '{heading}' twice.", remedy)
            for heading in twice
        )
    found = []
    for number, row in enumerate(cells[1:], 2):
        filled = {heading: text(cell) for heading, cell in zip(headings, row, strict=True) if heading and text(cell)}
        if filled:
            found.append((number, filled))
    return found


def _heading(written: str) -> str:
    """A heading in one spelling: "List name" is list_name; the language after a colon keeps its spaces."""
    return written.lower() if ":" in written else re.sub(r"\s+", "_", written.lower())


def text(cell: Any) -> str:
    """A cell as a person reads it: 1.0 is "1", a day is 2005-09-01; spaces around it are dropped."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip()
