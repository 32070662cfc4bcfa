"""Down to the rows: the cells of a file of the study folder, by file, row and column."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence

from joinedup.study.result import Source

Cells = Mapping[str, str]


class RowReader:
    """Reads rows of the study's files as received; each file is parsed once, when first asked for."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._parsed: dict[str, Mapping[int, Cells]] = {}
        self._digests: dict[Source, str] = {}

    def has(self, file: str) -> bool:
        return file in self._files

    def cells(self, file: str, row: int, columns: Sequence[str] = ()) -> Cells:
        """The cells of `row` (as a text editor counts), all or those of `columns`; empty where there is no such row."""
        if file not in self._parsed:
            self._parsed[file] = _parse(file, self._files.get(file, b""))
        found = self._parsed[file].get(row, {})
        return {name: found[name] for name in columns if name in found} if columns else found

    def digest(self, source: Source) -> str:
        """SHA-256 of what the rows of `source` say, in an order that does not depend on where they stand in the file."""
        if source not in self._digests:
            lines = sorted(repr(sorted(self.cells(source.file, row, source.columns).items())) for row in source.rows)
            self._digests[source] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        return self._digests[source]


def _parse(file: str, data: bytes) -> dict[int, Cells]:
    text = data.decode("utf-8-sig", errors="replace")
    if file.endswith(".jsonl"):
        return {number: _object(line) for number, line in enumerate(text.split("\n"), 1) if line.strip()}
    if not file.endswith(".csv"):
        return {number: {"line": line} for number, line in enumerate(text.split("\n"), 1)}
    lines = text.splitlines(keepends=True)
    skipped = 0
    while skipped < len(lines) and (lines[skipped].startswith("#") or not lines[skipped].strip()):
        skipped += 1
    if skipped == len(lines):
        return {}
    delimiter = max(",;\t", key=lines[skipped].count)
    reader = csv.reader(io.StringIO("".join(lines[skipped:]), newline=""), delimiter=delimiter)
    header = next(reader)
    found: dict[int, Cells] = {}
    before = reader.line_num
    for row in reader:
        found[skipped + before + 1] = dict(zip(header, row, strict=False))
        before = reader.line_num
    return found


def _object(line: str) -> Cells:
    try:
        value = json.loads(line)
    except ValueError:
        return {"line": line}
    if not isinstance(value, dict):
        return {"line": line}
    return {key: item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for key, item in value.items()}
