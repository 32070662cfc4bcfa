"""A delimited file as columns of text: encodings, delimiters and quoting as survey programs write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from joinedup.study.problems import Place, Problem, StudyError

if TYPE_CHECKING:
    import pyarrow as pa

UNREADABLE, UNKNOWN, NO_COLUMN = "J080", "J081", "J082"
LARGEST = 1_000_000_000
"""Bytes of a file of responses."""
_PEEKED = 3


@dataclass(frozen=True, slots=True)
class Sheet:
    """The records of a file: the first ones as `heads`, those below `header` as columns of strings."""

    name: str
    heads: tuple[tuple[str, ...], ...]
    header: tuple[str, ...]
    columns: tuple[pa.Array, ...]
    rows: list[int]
    broken: tuple[tuple[int, str], ...] = ()

    def column(self, name: str) -> pa.Array | None:
        return self.columns[self.header.index(name)] if name in self.header else None


def refuse(number: str, name: str, what: str, remedy: str, row: int = 0, column: str = "") -> StudyError:
    """The error of a file that is not taken at all."""
    return StudyError([Problem(number, Place(name, row, column), what, remedy)])


def decoded(data: bytes, name: str) -> str:
    """The text of the file: UTF-8, or UTF-16 with a byte-order mark. Raises StudyError for anything else."""
    if len(data) > LARGEST:
        raise refuse(UNREADABLE, name, f"The file holds more than {LARGEST // 1_000_000} MB.", "Split it.")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        what = f"The file is not UTF-8: byte {error.start + 1} can't be read."
        raise refuse(UNREADABLE, name, what, "Export it again as CSV in UTF-8.") from error
    if "\0" in text:
        raise refuse(UNREADABLE, name, "The file holds NUL characters.", "Export it again as CSV in UTF-8.")
    return text


def peek(text: str) -> tuple[tuple[str, ...], ...]:
    """The first records of the file."""
    return _heads(text)[0]


def _heads(text: str) -> tuple[tuple[tuple[str, ...], ...], list[int]]:
    stream = io.StringIO(text, newline="")
    reader = csv.reader(stream, delimiter=delimiter(text))
    heads, ends = [], []
    for record in reader:
        heads.append(tuple(cell.strip() for cell in record))
        ends.append(stream.tell())
        if len(heads) == _PEEKED:
            break
    return tuple(heads), ends


def delimiter(text: str) -> str:
    """The comma, semicolon or tab: which the first line holds most of."""
    return max(",;\t", key=text.partition("\n")[0].count)


def read_sheet(text: str, name: str, header_row: int = 1, first_row: int = 2) -> Sheet:
    """The records from `first_row` on under the headings of record `header_row`. Raises StudyError without headings."""
    csv.field_size_limit(1_000_000)
    try:
        heads, ends = _heads(text)
        if len(heads) < header_row:
            raise refuse(UNREADABLE, name, "The file has no row of headings.", "Export it again.")
        header = heads[header_row - 1]
        _check_header(header, name, header_row)
        start = ends[min(first_row - 1, len(ends)) - 1] if first_row > 1 else 0
        body = text[start:]
        found = _fast(body, header, delimiter(text)) if "\n\n" not in body and "\n\r\n" not in body else None
        if found is not None:
            return Sheet(name, heads, header, found, list(range(first_row, first_row + len(found[0]))))
        return _slow(body, name, heads, header, first_row, delimiter(text))
    except csv.Error as error:
        raise refuse(UNREADABLE, name, f"The file can't be read: {error}.", "Export it again as CSV.") from error


def _check_header(header: Sequence[str], name: str, row: int) -> None:
    filled = [heading for heading in header if heading]
    twice = sorted({heading for heading in filled if filled.count(heading) > 1})
    if not filled:
        raise refuse(UNREADABLE, name, "The headings are empty.", "Export it again.", row)
    if twice:
        what = f"The heading `{twice[0]}` stands twice."
        raise refuse(UNREADABLE, name, what, "Export it again with the questions' codes as headings.", row, twice[0])


def _fast(body: str, header: Sequence[str], mark: str) -> tuple[pa.Array, ...] | None:
    """None where a record is too short or too long: only the slow reader says which."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    if not body.strip():
        return tuple(pa.array([], pa.string()) for _ in header)
    names = [str(at) for at in range(len(header))]
    try:
        table = arrow.read_csv(
            io.BytesIO(body.encode()),
            read_options=arrow.ReadOptions(column_names=names),
            parse_options=arrow.ParseOptions(delimiter=mark, newlines_in_values=True, ignore_empty_lines=False),
            convert_options=arrow.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return tuple(column.combine_chunks() for column in table.columns)


def _slow(
    body: str, name: str, heads: tuple[tuple[str, ...], ...], header: tuple[str, ...], first_row: int, mark: str
) -> Sheet:
    import pyarrow as pa

    kept: list[list[str]] = []
    rows: list[int] = []
    broken: list[tuple[int, str]] = []
    for row, record in enumerate(csv.reader(io.StringIO(body, newline=""), delimiter=mark), first_row):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(header):
            broken.append((row, f"it has {len(record)} cells where the heading has {len(header)}"))
            continue
        kept.append(record)
        rows.append(row)
    columns = zip(*kept, strict=True) if kept else ([] for _ in header)
    arrays = tuple(pa.array(list(column), pa.string()) for column in columns)
    return Sheet(name, heads, header, arrays, rows, tuple(broken))


def filled(array: pa.Array) -> pa.Array:
    """Where a column holds anything but spaces."""
    import pyarrow.compute as pc

    return pc.not_equal(pc.utf8_trim_whitespace(array), "")


def joined(parts: Sequence[tuple[str, pa.Array]]) -> pa.Array:
    """One column of codes with spaces between, from (code, mask) pairs: a question of which several may be chosen."""
    import pyarrow as pa
    import pyarrow.compute as pc

    nothing = pa.scalar(None, pa.string())
    chosen = [pc.if_else(mask, pa.scalar(code), nothing) for code, mask in parts]
    begun = pa.array([""] * len(parts[0][1]), pa.string())  # Arrow drops a row in which nothing at all stands
    return pc.utf8_ltrim_whitespace(pc.binary_join_element_wise(begun, *chosen, " ", null_handling="skip"))
