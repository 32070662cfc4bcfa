"""The one way in which tables leave as a workbook (XLSX): text is typed as text, so no spreadsheet runs a cell of it.

No author, no program, no time stands in the file, and the same tables give the same bytes. Source of the format:
ECMA-376, part 1, 18.3 (worksheets) and 22.9.2.19 (escaped characters).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from xml.sax.saxutils import quoteattr

from joinedup.adapters.render.archive import packed
from joinedup.study.result import Value
from joinedup.study.spreadsheet_cells import is_risky

Rows = Iterable[Iterable[Value]]
Placed = Iterable[tuple[int, Iterable[Value]]]
"""Rows with their numbers, ascending from 1."""

LONGEST_CELL = 32_767
"""Characters that a cell of a workbook can hold."""
_LONGEST_NAME = 31
_NO_NAME = re.compile(r"[\[\]:*?/\\]")
"""Signs that the name of a sheet can't hold."""
_MOST_DIGITS = 15
"""A spreadsheet keeps so many digits of a number."""
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_TEXT, _HEAD, _QUOTED = 0, 1, 2
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(name: str, columns: Iterable[str], rows: Rows) -> bytes:
    """A workbook of one sheet: a heading row in bold that stays in sight, then `rows`.

    Numbers are numbers (a whole number of more than 15 digits is text, so that none is lost), None is an empty cell.
    Text that begins as a formula would carries the mark of quoted text. A text longer than a cell ends in "…".
    """
    return _book({name: _sheet(_numbered(columns, rows), True)})


def forms_workbook(sheets: Mapping[str, Placed]) -> bytes:
    """A workbook of several plain sheets, by name: every row stands on its own number, empty cells are left out."""
    return _book({name: _sheet(rows, False) for name, rows in sheets.items()})


def _numbered(columns: Iterable[str], rows: Rows) -> Iterator[tuple[int, Iterable[Value]]]:
    yield 1, columns
    yield from enumerate(rows, 2)


def _book(sheets: Mapping[str, Iterator[str]]) -> bytes:
    files = {name: f"sheet{number}" for number, name in enumerate(sheets, 1)}
    types = "".join(
        f'<Override PartName="/xl/worksheets/{file}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for file in files.values()
    )
    listed = "".join(
        f'<sheet name={_title(name)} sheetId="{number}" r:id="{file}"/>'
        for number, (name, file) in enumerate(files.items(), 1)
    )
    leads = {file: ("worksheet", f"worksheets/{file}.xml") for file in files.values()}
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{types}'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
        "_rels/.rels": _relations({"workbook": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations({**leads, "styles": ("styles", "styles.xml")}),
        "xl/styles.xml": _styles(),
        **{f"xl/worksheets/{files[name]}.xml": "".join(lines) for name, lines in sheets.items()},
    }
    return packed({name: (_XML + part).encode("utf-8") for name, part in parts.items()})


def _title(name: str) -> str:
    """`name` as that of a sheet, an attribute of XML."""
    return quoteattr(_NO_NAME.sub("_", _FORBIDDEN.sub("", name))[:_LONGEST_NAME])


def _relations(found: Mapping[str, tuple[str, str]]) -> str:
    lines = (
        f'<Relationship Id="{id}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for id, (kind, target) in found.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _styles() -> str:
    """Three styles: text, heading in bold, and text that is marked as quoted."""
    font = '<sz val="11"/><name val="Calibri"/>'
    return (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
        '</fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


_FROZEN = (
    '<sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
)


def _sheet(rows: Placed, headed: bool) -> Iterator[str]:
    """`headed`: the first row is set in bold and stays in sight."""
    yield f'<worksheet xmlns="{_MAIN}">{_FROZEN if headed else ""}<sheetData>'
    shown: dict[tuple[type, Value], str] = {}
    for number, row in rows:
        heading = headed and number == 1
        cells = [_cell(cell, _HEAD) for cell in row] if heading else [_remembered(cell, shown) for cell in row]
        yield f'<row r="{number}">{"".join(cells)}</row>'
    yield "</sheetData></worksheet>"


def _remembered(cell: Value, shown: dict[tuple[type, Value], str]) -> str:
    """Columns repeat themselves: each value is put into words once."""
    key = type(cell), cell
    if key not in shown:
        shown[key] = _cell(cell, _QUOTED if isinstance(cell, str) and is_risky(cell) else _TEXT)
    return shown[key]


def _cell(cell: Value, style: int) -> str:
    mark = f' s="{style}"' if style else ""
    if isinstance(cell, bool):
        return f'<c{mark} t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, float | int) and isfinite(cell) and (isinstance(cell, float) or abs(cell) < 10**_MOST_DIGITS):
        return f"<c{mark}><v>{cell!r}</v></c>"
    words = "" if cell is None else str(cell)
    words = escaped(words if len(words) <= LONGEST_CELL else words[: LONGEST_CELL - 1] + "…")
    if not words:
        return f"<c{mark}/>"
    return f'<c{mark} t="inlineStr"><is><t xml:space="preserve">{_ESCAPED.sub("_x005F_", words)}</t></is></c>'


def escaped(words: str) -> str:
    """`words` as the content of an XML element, without signs that XML forbids."""
    return _FORBIDDEN.sub("", words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
