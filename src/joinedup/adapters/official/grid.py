"""Official tables as they come: CSV, XLS, XLSX and ODS, read into rows of text with their row numbers."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from joinedup.adapters.official.declaration import BAD_DECLARATION, NO_COLUMN, NO_FILE, Worksheet
from joinedup.study.hints import did_you_mean, listed
from joinedup.study.problems import Place, Problem

PREFIX = "data:"
"""Begins the name of a file that lies in the data folder, not in the study folder."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of text: `place[heading]` is its position in every row; rows carry their number in the file."""

    name: str
    place: Mapping[str, int]
    rows: Sequence[tuple[int, Sequence[str]]]

    def column(self, heading: str) -> Iterator[str]:
        at = self.place[heading]
        return (row[at] for _, row in self.rows)


@dataclass(slots=True)
class Files:
    """The data folder: each file is read once; `sha256` and (of CSV files) `content` are kept by name."""

    folder: Path
    problems: list[Problem]
    sha256: dict[str, str] = field(default_factory=dict)
    content: dict[str, bytes] = field(default_factory=dict)
    _grids: dict[Worksheet, Grid | None] = field(default_factory=dict)

    def grid(self, spec: Worksheet, needed: Sequence[str]) -> Grid | None:
        """The table of `spec` with the headings `needed`; None, with problems, where something is missing."""
        where = Worksheet(spec.file, spec.sheet, spec.header)
        if where not in self._grids:
            self._grids[where] = self._read(where)
        grid = self._grids[where]
        if grid is None:
            return None
        missing = [heading for heading in needed if heading not in grid.place]
        for heading in missing:
            near = did_you_mean(heading, grid.place) or f" There are {listed(grid.place)}."
            what = f"There is no column `{heading}` on row {spec.header}.{near}"
            self.problem(NO_COLUMN, spec.file, what, "Write the heading in data.toml as the file has it.", spec.header)
        return None if missing else grid

    def data(self, file: str) -> bytes | None:
        """The bytes of `file`, recorded by digest; None, with a problem, where it is not there."""
        try:
            data = (self.folder / file).read_bytes()
        except OSError:
            self.problem(NO_FILE, file, "The file is not in the data folder.", "Put it there, or mend data.toml.")
            return None
        self.sha256[PREFIX + file] = hashlib.sha256(data).hexdigest()
        return data

    def problem(self, number: str, file: str, what: str, remedy: str, row: int = 0, column: str = "") -> None:
        self.problems.append(Problem(number, Place(PREFIX + file, row, column), what, remedy))

    def _read(self, where: Worksheet) -> Grid | None:
        data = self.data(where.file)
        if data is None:
            return None
        if where.file.lower().endswith(".csv"):
            self.content[PREFIX + where.file] = data
            rows = list(_csv_rows(data))
        else:
            found = self._sheet(where, data)
            if found is None:
                return None
            rows = found
        headings = next((cells for number, cells in rows if number == where.header), [])
        place = {_flat(heading): at for at, heading in reversed(list(enumerate(headings))) if _flat(heading)}
        width = len(headings)
        body = [(number, _wide(cells, width)) for number, cells in rows if number > where.header and any(cells)]
        return Grid(PREFIX + where.file, place, body)

    def _sheet(self, where: Worksheet, data: bytes) -> list[tuple[int, list[str]]] | None:
        from python_calamine import CalamineError, CalamineWorkbook

        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            name = where.sheet or book.sheet_names[0]
            cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (CalamineError, IndexError) as error:
            self.problem(BAD_DECLARATION, where.file, f"The workbook can't be read: {error}.", "Check file and sheet.")
            return None
        return [(number, [_text(cell) for cell in row]) for number, row in enumerate(cells, 1)]


def _csv_rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line on which they begin."""
    reader = csv.reader(io.StringIO(data.decode("utf-8-sig", errors="replace"), newline=""))
    before = 0
    for row in reader:
        yield before + 1, [cell.strip() for cell in row]
        before = reader.line_num


def _wide(cells: Sequence[str], width: int) -> Sequence[str]:
    return cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]


def _flat(text: str) -> str:
    """Headings and texts of workbooks carry line breaks, double and hard spaces."""
    return " ".join(text.split())


def _text(cell: object) -> str:
    """A cell as text: whole numbers without a fraction, days as YYYY-MM-DD."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return _flat(str(cell))
