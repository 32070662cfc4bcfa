"""What a spreadsheet program calls the cells of a CSV file: every line that is no part of a cell is a row there."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection

from joinedup.study.folder.csvfile import Columns, read_header
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.textfile import decode

_LETTERS = 26


def cells_of(data: bytes, file: str, wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """(row as a text editor counts, column) -> the cell, "C14"; those that the table does not hold are left out.

    Comment lines, the header and empty lines are rows; a cell that holds line ends is in one row.
    """
    reading = Reading({file: data})
    text = decode(reading, file)
    columns = tuple(dict.fromkeys(column for _, column in wanted))
    layout = read_header(reading, file, text, Columns(columns, ())) if text else None
    if text is None or layout is None:
        return {}
    letters = {name: _letters(number) for number, name in enumerate(layout.header, 1)}
    body = csv.reader(io.StringIO(text[layout.body :], newline=""), delimiter=layout.delimiter, strict=True)
    numbers: dict[int, int] = {}
    row, number = layout.body_row, layout.row + 1
    try:
        for _ in body:
            numbers[row] = number
            row, number = layout.body_row + body.line_num, number + 1
    except csv.Error:
        return {}
    return {key: f"{letters[key[1]]}{numbers[key[0]]}" for key in wanted if key[0] in numbers and key[1] in letters}


def _letters(number: int) -> str:
    """The name of a column: 1 is A, 27 is AA."""
    found = ""
    while number:
        number, left = divmod(number - 1, _LETTERS)
        found = chr(ord("A") + left) + found
    return found
