"""Writing the study folder: the same content gives the same bytes on every machine."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

_FIRST_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_CREATED = "2003-07-11T00:00:00Z"


def write_text(path: Path, text: str) -> None:
    """UTF-8 with LF line ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A CSV file with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    write_text(path, out.getvalue())


def write_json_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """One JSON object a line."""
    write_text(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """A workbook whose bytes hold no time of writing and no machine's way of compressing."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    held = io.BytesIO()
    book.save(held)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(held) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(source.namelist()):
            content = re.sub(rb"(?<=>)\d{4}-\d\d-\d\dT[\d:]+Z", _CREATED.encode(), source.read(name))
            entry = zipfile.ZipInfo(name, _FIRST_ZIP_DAY)
            entry.create_system = 0
            target.writestr(entry, content)
