"""Rows added to a table of the folder: its other bytes stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from joinedup.study.folder.csvfile import Columns, read_header
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.textfile import decode
from joinedup.study.hints import listed
from joinedup.study.problems import StudyError, UsageError


def with_rows(data: bytes, file: str, columns: Columns, rows: Iterable[Mapping[str, str]]) -> bytes:
    """`data` with `rows` (cells by column) after its last one, in its own columns, delimiter and line ends.

    Without `data` a table of the declared columns is begun. Raises StudyError where the table has no usable header,
    UsageError where it has no column for a cell that is not empty.
    """
    reading = Reading({file: data or (",".join(columns.order) + "\n").encode("ascii")})
    words = decode(reading, file) or ""
    layout = read_header(reading, file, words, columns)
    if layout is None or reading.problems:
        raise StudyError(reading.problems)
    added = list(rows)
    lost = dict.fromkeys(name for cells in added for name, cell in cells.items() if cell and name not in layout.header)
    if lost:
        raise UsageError(f"{file} has no column for {listed(lost)}: add it to the header.")
    end = "\r\n" if "\r\n" in words else "\n"
    lines = (
        layout.delimiter.join(_cell(cells.get(name, ""), layout.delimiter) for name in layout.header) + end
        for cells in added
    )
    before = reading.files[file]
    gap = b"" if not added or before.endswith((b"\n", b"\r")) else end.encode("ascii")
    return before + gap + "".join(lines).encode("utf-8")


def _cell(text: str, delimiter: str) -> str:
    if text.startswith("#") or any(sign in text for sign in (delimiter, '"', "\r", "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text
