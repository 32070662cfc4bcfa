"""CSV as people write it: byte-order mark, comma, semicolon or tab, comment lines before the header.

Row numbers are line numbers as in a text editor: comment lines and line ends within quotes count.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from joinedup.study.folder.reading import Reading
from joinedup.study.folder.textfile import decode
from joinedup.study.hints import did_you_mean, listed, shown

_NEEDS_QUOTES = re.compile(r'[",\r\n]|^#')
DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Columns:
    """The declared columns of a file in their order, and those without which it means nothing."""

    order: tuple[str, ...]
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written: its delimiter, its header and on which line that stands, where its rows begin."""

    delimiter: str
    header: tuple[str, ...]
    row: int
    body: int
    body_row: int


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row: declared columns in `cells` (absent ones empty), further ones in `extra`."""

    row: int
    cells: Mapping[str, str]
    extra: Mapping[str, str] = field(default_factory=dict)


def read_rows(reading: Reading, file: str, columns: Columns) -> list[CsvRow]:
    """All rows of a small table; what is wrong with its form becomes problems."""
    text = decode(reading, file)
    if text is None:
        return []
    layout = read_header(reading, file, text, columns)
    if layout is None:
        return []
    extra = [name for name in layout.header if name not in columns.order]
    rows = []
    for row, cells in records(reading, file, text, layout):
        found = dict(zip(layout.header, cells, strict=True))
        declared = {name: found.get(name, "") for name in columns.order}
        rows.append(CsvRow(row, declared, {name: found[name] for name in extra}))
    return rows


def read_header(reading: Reading, file: str, text: str, columns: Columns) -> Layout | None:
    """The layout of a table; None where it has no usable header."""
    layout = _layout(reading, file, text, columns)
    if layout is None:
        return None
    sound = _unique(reading, file, layout)
    for name in columns.required:
        if name not in layout.header:
            sound = False
            near = did_you_mean(name, layout.header).replace("Did you mean", "Is it").rstrip()
            what = f"The column `{name}` is missing; the header has {listed(layout.header)}.{near}"
            reading.report("J010", file, what, f"Name the columns {', '.join(columns.order)}.", layout.row, name)
    return layout if sound else None


def _unique(reading: Reading, file: str, layout: Layout) -> bool:
    sound = True
    for name in dict.fromkeys(layout.header):
        if layout.header.count(name) > 1 and name:
            sound = False
            what = f"The column `{name}` stands in the header {layout.header.count(name)} times."
            reading.report("J011", file, what, "Give every column its own name.", layout.row, name)
    for index, name in enumerate(layout.header):
        if not name or name.startswith("_"):
            sound = False
            what = f"Column {index + 1} has no name." if not name else f"`{name}` begins with `_`, which is reserved."
            reading.report("J013", file, what, "Give the column a name, or delete it.", layout.row, str(index + 1))
    return sound


def _layout(reading: Reading, file: str, text: str, columns: Columns) -> Layout | None:
    at, row = 0, 1
    while at < len(text):
        end = _line_end(text, at)
        line = text[at:end]
        if line.strip() and not line.startswith("#"):
            break
        at, row = end, row + 1
    else:
        what = "The file is empty: it has no header."
        reading.report("J019", file, what, f"Write the header {','.join(columns.order)}, or delete the file.")
        return None
    found = [(delimiter, _split_header(text[at:], delimiter)) for delimiter in DELIMITERS]
    delimiter, (header, lines, length) = max(found, key=lambda one: len(set(one[1][0]) & set(columns.order)))
    while len(header) > 1 and not header[-1] and _only_padding(text[at + length :], delimiter, len(header)):
        header = header[:-1]
    return Layout(delimiter, tuple(header), row, at + length, row + lines)


def _only_padding(body: str, delimiter: str, width: int) -> bool:
    """Whether the last of `width` columns is empty in every row: spreadsheets leave such columns behind."""
    try:
        rows = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
        return all(len(cells) < width or not any(cells[width - 1 :]) for cells in rows)
    except csv.Error:
        return False


def _line_end(text: str, at: int) -> int:
    ends = [end for end in (text.find("\n", at), text.find("\r", at)) if end >= 0]
    if not ends:
        return len(text)
    end = min(ends)
    return end + (2 if text[end : end + 2] == "\r\n" else 1)


def _split_header(text: str, delimiter: str) -> tuple[list[str], int, int]:
    """The header's names, how many lines it takes, and how many characters."""
    consumed = 0
    lines = 0

    def source() -> Iterator[str]:
        nonlocal consumed, lines
        while consumed < len(text):
            end = _line_end(text, consumed)
            line, consumed = text[consumed:end], end
            lines += 1
            yield line

    try:
        header = next(csv.reader(source(), delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return [], 1, _line_end(text, 0)
    return [name.strip() for name in header], lines, consumed


def records(reading: Reading, file: str, text: str, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells of every row that is not empty, each as wide as the header.

    A row too short is filled, one too long is cut, each with a problem; bad quoting ends the file with a problem.
    """
    body = io.StringIO(text[layout.body :], newline="")
    reader = csv.reader(body, delimiter=layout.delimiter, strict=True)
    width = len(layout.header)
    row = layout.body_row
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reading.report("J009", file, f"The quoting can't be read: {_quoting(error)}.", _QUOTING, row)
            return
        if any(cells):
            yield row, cells if len(cells) == width else _fitted(reading, file, layout, row, cells)
        row = layout.body_row + reader.line_num


_QUOTING = "Put a cell that holds the separator, a quote or a line end in double quotes, and double quotes within it."


def _quoting(error: csv.Error) -> str:
    text = str(error)
    if "field larger" in text or "unexpected end" in text:
        return "a double quote that opens here is never closed"
    return "a double quote closes here in the middle of a cell" if "expected after" in text else text


def _fitted(reading: Reading, file: str, layout: Layout, row: int, cells: Sequence[str]) -> list[str]:
    width = len(layout.header)
    filled = [*cells, *[""] * (width - len(cells))][:width]
    if len(cells) > width and not any(cells[width:]):
        return filled
    if len(cells) < width:
        what = f"The row has {len(cells)} cells, the header {width}."
        reading.report("J012", file, what, "Add the missing cells; an empty cell still has its separator.", row)
    else:
        what = f"The row has {len(cells)} cells, the header {width}; {shown(cells[width])} is too many."
        remedy = f"Put a cell that holds {shown(layout.delimiter)} in double quotes."
        reading.report("J012", file, what, remedy, row)
    return filled


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table in the canonical form: UTF-8 without byte-order mark, LF, comma, quotes only where needed.

    The standard library's writer leaves a lone carriage return without quotes, which then reads as a line end.
    """
    lines = (",".join(map(_cell, row)) + "\n" for row in chain((columns,), rows))
    return "".join(lines).encode("utf-8")


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text
