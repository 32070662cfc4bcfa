"""Quotations as CSV and XLSX, and texts by codes as CSV: nothing in them is run by a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping

from joinedup.adapters.codings_out.quotations import Cell, quotations
from joinedup.report.csvout import safe
from joinedup.study.model import Study
from joinedup.texts.model import Corpus

_FIXED = (1980, 1, 1, 0, 0, 0)
_LONGEST_CELL = 32_767
"""Characters that a cell of a workbook can hold."""
_RISKY = ("=", "+", "-", "@")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXT, _HEAD, _QUOTED = 0, 1, 2
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def quotations_csv(study: Study) -> bytes:
    """The list of quotations as CSV: UTF-8, LF; text that a spreadsheet would run begins with a quote mark."""
    found = quotations(study)
    return _csv([found.columns, *found.rows])


def matrix_csv(study: Study) -> bytes:
    """Texts by codes: a row a text, its attributes, then for each code the number of its codings in the text.

    Counted are the reported codings (of the plan's first coder; of all where the plan names none), of the code
    itself without those below it. A text without codings has a row of zeros. For R: read.csv(check.names = FALSE).
    """
    counts: dict[tuple[str, str], int] = {}
    for coding in Corpus(study).reported:
        key = coding.passage.text, coding.code
        counts[key] = counts.get(key, 0) + 1
    codes = [code.id for code in study.texts.codes]
    rows: list[tuple[Cell, ...]] = [
        ("text", "kind", "interview", "site", "wave", "date", *(f"code.{id}" for id in codes))
    ]
    for text in sorted(study.texts.texts, key=lambda text: text.id):
        about = (text.id, text.kind, text.interview, text.site, text.wave, text.date)
        rows.append((*about, *(counts.get((text.id, code), 0) for code in codes)))
    return _csv(rows)


def _csv(rows: Iterable[tuple[Cell, ...]]) -> bytes:
    shown: dict[Cell, str] = {}
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        for cell in row:
            if cell not in shown:
                shown[cell] = safe(cell).replace("\r\n", "\n").replace("\r", "\n")
        writer.writerow([shown[cell] for cell in row])
    return out.getvalue().encode("utf-8", "replace")


def quotations_xlsx(study: Study) -> bytes:
    """The list of quotations as a workbook: every text is typed as text, numbers are numbers.

    Text that begins as a formula would carries the mark of quoted text. A cell holds 32,767 characters: a longer
    quote ends in "…" (the CSV has all of it). The same study gives the same bytes.
    """
    found = quotations(study)
    return workbook("quotations", found.columns, found.rows)


def workbook(name: str, columns: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> bytes:
    """A workbook of one sheet with a heading row, under the same rules."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            {"rId1": ("worksheet", "worksheets/sheet1.xml"), "rId2": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": _styles(),
        "xl/worksheets/sheet1.xml": "".join(_sheet(columns, rows)),
    }
    return packed({name: _XML + part for name, part in parts.items()})


def packed(parts: Mapping[str, str]) -> bytes:
    """A zip archive of XML parts with fixed dates."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, _FIXED)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, part.encode("utf-8"), compresslevel=4)
    return out.getvalue()


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


def _sheet(columns: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> Iterator[str]:
    yield (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData><row r="1">'
    )
    yield "".join(_cell(name, _HEAD) for name in columns) + "</row>"
    shown: dict[Cell, str] = {"": "<c/>"}
    for number, row in enumerate(rows, 2):
        for cell in row:
            if cell not in shown:
                risky = isinstance(cell, str) and cell.startswith(_RISKY)
                shown[cell] = _cell(cell, _QUOTED if risky else _TEXT)
        yield f'<row r="{number}">{"".join([shown[cell] for cell in row])}</row>'
    yield "</sheetData></worksheet>"


def _cell(cell: Cell, style: int) -> str:
    mark = f' s="{style}"' if style else ""
    if isinstance(cell, int | float):
        return f"<c{mark}><v>{cell!r}</v></c>"
    words = cell if len(cell) <= _LONGEST_CELL else cell[: _LONGEST_CELL - 1] + "…"
    return f'<c{mark} t="inlineStr"><is><t xml:space="preserve">{escaped(words)}</t></is></c>'


def escaped(words: str) -> str:
    """`words` as the content of an XML element, without signs that XML forbids."""
    return _FORBIDDEN.sub("", words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
