"""The sheets of a questionnaire's workbook (.xlsx or .xls) as rows of text, opened with care."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from joinedup.study.problems import Place, Problem, StudyError

UNREADABLE, ENCRYPTED, TOO_LARGE = "J090", "J091", "J092"
LARGEST = 100_000_000
"""Bytes that a workbook may unpack to: about a hundred times a long questionnaire."""
MOST_CELLS = 2_000_000
"""Cells between A1 and the last cell of a sheet: the reader holds all of them, the empty ones too."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SAVE = "Save the questionnaire as an Excel workbook (.xlsx) and put it there."


Grid = tuple[tuple[str, ...], ...]
"""The cells of a sheet as text, from A1; no empty ones at the end of a row, no empty rows at the end."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A sheet under headings: those of columns that hold anything, and the rows that do, by number.

    `twice` are headings that stand more than once, in lower case.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    twice: tuple[str, ...]


def read_sheets(data: bytes, name: str) -> Mapping[str, Grid]:
    """The sheets by name, in order. Raises StudyError where the workbook can't be opened."""
    problem = next(_unsafe(data), None)
    if problem is not None:
        raise StudyError([Problem(problem[0], Place(name), problem[1], problem[2])])
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        return {sheet: _read(workbook.get_sheet_by_name(sheet), name) for sheet in workbook.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        what = f"The workbook can't be read: {str(error).rstrip('.')}."
        raise StudyError([Problem(UNREADABLE, Place(name), what, _SAVE)]) from error


def _unsafe(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Why a workbook is not opened: number, what, remedy. Sizes are the declared ones."""
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            yield ENCRYPTED, "The workbook is protected by a password.", "Save it without one."
        if len(data) > LARGEST:
            yield _too_large()
        return
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > LARGEST:
                yield _too_large()
                return
            sheets = [part for part in parts if part.filename.startswith("xl/worksheets/")]
            if any(_span(archive.read(part)) > MOST_CELLS for part in sheets):
                yield _too_wide()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        yield UNREADABLE, "The file is no Excel workbook (.xlsx or .xls).", _SAVE


def _too_large() -> tuple[str, str, str]:
    what = f"The workbook unpacks to more than {LARGEST // 1_000_000} MB."
    return TOO_LARGE, what, "A questionnaire is small: remove pictures and other sheets."


def _too_wide() -> tuple[str, str, str]:
    what = f"A sheet spans more than {MOST_CELLS:,} cells, most of them empty."
    return TOO_LARGE, what, "Delete the cells far below or to the right of the questions."


def _span(sheet: bytes) -> int:
    """Cells between A1 and the last row and column that a sheet's XML names."""
    places = [(_column(letters), int(row)) for letters, row in _CELL.findall(sheet)]
    return max((column for column, _ in places), default=0) * max((row for _, row in places), default=0)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _read(sheet: Any, name: str) -> Grid:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise StudyError([Problem(_too_wide()[0], Place(name), *_too_wide()[1:])])
    rows = [_trimmed([text(cell) for cell in row]) for row in sheet.to_python(skip_empty_area=False)]
    while rows and not rows[-1]:
        rows.pop()
    return tuple(rows)


def _trimmed(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def under_headings(grid: Grid) -> Cells:
    """The sheet's rows under the headings of its first row; columns without a heading are left out."""
    width = max(map(len, grid), default=0)
    head, *below = [(*row, *[""] * (width - len(row))) for row in grid] or [()]
    used = [at for at, heading in enumerate(head) if heading and any(row[at] for row in below)]
    spelled = [" ".join(heading.lower().split()) for heading in head if heading]
    kept = ((number, tuple(row[at] for at in used)) for number, row in enumerate(below, 2))
    return Cells(
        tuple(head[at] for at in used),
        tuple((number, row) for number, row in kept if any(row)),
        tuple(sorted({heading for heading in spelled if spelled.count(heading) > 1})),
    )


def text(cell: Any) -> str:
    """A cell as a person reads it: 1.0 is "1", a day is 2005-09-01; spaces around it are dropped, line ends are LF."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return _CONTROL.sub("", str(cell).replace("\r\n", "\n").replace("\r", "\n")).strip()
