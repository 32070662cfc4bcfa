"""Names of sites that are formulas, markup or code of some format come out of every format as words. SIMULATED."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

import pikepdf
import pytest
from lxml import etree
from openpyxl import load_workbook  # type: ignore[import-untyped]
from pypdf import PdfReader

from joinedup.adapters.render import render_brief, render_docx, render_pdf, render_pptx, write_tables
from joinedup.adapters.render.drawing import Drawings
from joinedup.adapters.render.html import HtmlRenderer
from joinedup.adapters.workbooks import workbook
from joinedup.report.document import build
from joinedup.report.model import Document
from joinedup.study.model import Study
from joinedup.study.result import Result
from joinedup.study.spreadsheet_cells import unmarked
from tests import report_sample

HOSTILE = (
    '=HYPERLINK("http://x.example","y")',
    "<script>alert(1)</script>",
    '#import "/etc/passwd" $x$ #panic("y")',
    '"/><w:p/>]]>&amp;&#0;',
    "@SUM(1+1)|cmd",
    "\\input{x} [@cite] {survey.response:x} `r 1`",
    "-->${version}' onload='x",
    "+Two\tcells\rand lines",
)
"""One for spreadsheets, HTML, typst, WordprocessingML, spreadsheets again, TeX and pandoc, comments and templates, CSV."""
TEXT = re.compile(r"[\s\u200b\u00ad]+")


@dataclass(frozen=True)
class Made:
    """The formats of one report."""

    folder: Path
    study: Study
    results: Mapping[str, Result]
    document: Document


@pytest.fixture(scope="module")
def made(results: Mapping[str, Result], tmp_path_factory: pytest.TempPathFactory) -> Made:
    sample = report_sample.study()
    sites = tuple(replace(site, name=name) for site, name in zip(sample.sites, HOSTILE, strict=True))
    study = replace(sample, sites=sites, title=" ".join(HOSTILE))
    told = {id: _renamed(result) for id, result in results.items()}
    document = build(study, told, report_sample.findings())
    folder, drawings = tmp_path_factory.mktemp("hostile"), Drawings()
    HtmlRenderer(drawings).render(document, folder)
    render_pdf(document, folder / "report.pdf", drawings=drawings)
    render_docx(document, folder / "report.docx", drawings=drawings)
    render_pptx(document, folder / "slides.pptx", drawings=drawings)
    write_tables(document, folder)
    return Made(folder, study, told, document)


def _renamed(result: Result) -> Result:
    """The result with the hostile names in the places of the sample's own."""
    names = dict(zip(report_sample.SITES, HOSTILE, strict=True))
    tables = tuple(
        replace(
            table,
            rows=tuple(
                tuple(names.get(cell, cell) if isinstance(cell, str) else cell for cell in row) for row in table.rows
            ),
        )
        for table in result.tables
    )
    return replace(result, tables=tables)


def flat(text: str) -> str:
    """`text` without blanks, which every format breaks where it likes."""
    return TEXT.sub("", text)


def words_of(path: Path) -> str:
    """The words of an office document."""
    with zipfile.ZipFile(path) as archive:
        parts = [etree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith(".xml")]
    return flat("".join("".join(part.itertext()) for part in parts))


def shown(document: Document) -> list[str]:
    """The hostile names that the tables of the report print."""
    told = str(document)
    return [name for name in HOSTILE[:4] if repr(name)[1:-1] in told or name in told]


def test_the_page_holds_one_script_and_the_names_as_words(made: Made) -> None:
    page = (made.folder / "report.html").read_text(encoding="utf-8")
    assert len(re.findall(r"<script\b", page)) == 1
    assert not re.findall(r"<[^>]* onload=", page)
    text = flat(unescape(re.sub(r"<[^>]+>", "", page)))
    assert shown(made.document)
    assert not [name for name in shown(made.document) if flat(name) not in text]


def test_drawings_are_sound_and_hold_neither_script_nor_link(made: Made) -> None:
    drawn = {path.name: etree.parse(path) for path in (made.folder / "figures").glob("*.svg")}
    assert drawn
    told = flat("".join("".join(tree.getroot().itertext()) for tree in drawn.values()))
    assert flat(HOSTILE[1]) in told
    for name, tree in drawn.items():
        tags = {etree.QName(element).localname for element in tree.iter() if isinstance(element.tag, str)}
        assert not tags & {"script", "foreignObject", "a", "image"}, name
        assert not [key for element in tree.iter() for key in element.attrib if key.startswith("on")], name


@pytest.mark.parametrize("name", ["report.docx", "slides.pptx"])
def test_office_documents_are_sound_and_hold_the_title_as_words(made: Made, name: str) -> None:
    assert flat(HOSTILE[1]) in words_of(made.folder / name)
    assert flat(HOSTILE[3].replace("&#0;", "")) in words_of(made.folder / name).replace("&#0;", "")
    with zipfile.ZipFile(made.folder / name) as archive:
        links = b"".join(archive.read(part) for part in archive.namelist() if part.endswith(".rels"))
    assert b"x.example" not in links


def test_the_pdf_holds_the_names_as_words(made: Made) -> None:
    told = flat("".join(page.extract_text() for page in PdfReader(made.folder / "report.pdf").pages))
    assert flat('#import "/etc/passwd"')[:7] in told
    assert "root:" not in told
    with pikepdf.open(made.folder / "report.pdf") as opened:
        assert "/JavaScript" not in opened.Root.get("/Names", {})
        assert "/OpenAction" not in opened.Root
        assert "/AA" not in opened.Root


@pytest.mark.parametrize("at", range(1, 9))
def test_a_brief_for_a_site_of_such_a_name_is_one_page(made: Made, tmp_path: Path, at: int) -> None:
    out = render_brief(made.study, made.results, f"s{at}", tmp_path / "brief.pdf")
    assert out is not None
    pages = PdfReader(out).pages
    assert len(pages) == 1
    assert flat(HOSTILE[at - 1])[:8] in flat(pages[0].extract_text())


def test_no_cell_of_a_table_begins_as_a_formula_and_every_name_comes_back(made: Made) -> None:
    cells: set[str] = set()
    for path in (made.folder / "tables").glob("*.csv"):
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        assert len({len(row) for row in rows}) == 1, path.name
        cells |= {cell for row in rows for cell in row}
    assert not [cell for cell in cells if re.match(r"[=@\t\r]|[+-](?![\d.])", cell) and len(cell) > 1]
    assert {HOSTILE[0], HOSTILE[4]} <= {unmarked(cell) for cell in cells}


def test_a_workbook_holds_the_names_as_text() -> None:
    sheet = load_workbook(io.BytesIO(workbook(HOSTILE[1], HOSTILE, [HOSTILE]))).active
    for row in (1, 2):
        for at, name in enumerate(HOSTILE, 1):
            cell = sheet.cell(row, at)
            assert cell.data_type != "f"
            assert flat(str(cell.value)) == flat(name)
