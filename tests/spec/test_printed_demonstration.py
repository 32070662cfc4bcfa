"""The demonstration in its three formats: the same numbers in all, every figure and table in its place, small files."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from lxml import etree
from pypdf import PdfReader

import joinedup
from joinedup.adapters.render import render_docx, render_pdf
from joinedup.report.document import build
from joinedup.report.model import Document, FigureBlock, ValueRef
from joinedup.report.printed import print_edition

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LARGEST = 5_000_000
A4_WIDTH, A4_HEIGHT = 595.3, 841.9


@pytest.fixture(scope="module")
def document(pathfinders_run: joinedup.Run) -> Document:
    return build(pathfinders_run.study, pathfinders_run.results, pathfinders_run.findings)


@pytest.fixture(scope="module")
def pdf(document: Document, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    return PdfReader(render_pdf(document, tmp_path_factory.mktemp("pdf") / "report.pdf"))


@pytest.fixture(scope="module")
def docx(document: Document, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return render_docx(document, tmp_path_factory.mktemp("docx") / "report.docx").read_bytes()


@pytest.fixture(scope="module")
def pages(pdf: PdfReader) -> list[str]:
    return [page.extract_text() for page in pdf.pages]


def _numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d[\d.,]*\d|\d", text.replace("\u200b", "")))


def _shown(part: object) -> Iterator[str]:
    """Every reference to a value as it is shown; the numbers of a figure stand in the table behind it."""
    if isinstance(part, ValueRef):
        yield part.shown
    elif isinstance(part, tuple):
        for one in part:
            yield from _shown(one)
    elif is_dataclass(part) and not isinstance(part, FigureBlock):
        for field in fields(part):
            yield from _shown(getattr(part, field.name))


def _body(docx: bytes) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def test_all_three_formats_print_the_same_numbers(
    document: Document, pathfinders_run: joinedup.Run, pages: list[str], docx: bytes
) -> None:
    printed = sum((_numbers(one) for one in _shown(print_edition(document).document.sections)), Counter())
    assert printed.total() > 1000
    assert not printed - _numbers(" ".join(pages))
    words = " ".join("".join(run.text or "" for run in p.iter(f"{W}t")) for p in _body(docx).iter(f"{W}p"))
    assert not printed - _numbers(words)
    assert pathfinders_run.report_path is not None
    html = re.sub(r"<[^>]+>", " ", pathfinders_run.report_path.read_text(encoding="utf-8"))
    told = sum((_numbers(one) for one in _shown(document.sections)), Counter())
    assert not told - _numbers(html)


def test_the_files_stay_small(pathfinders_run: joinedup.Run, docx: bytes) -> None:
    assert pathfinders_run.report_path is not None
    assert pathfinders_run.report_path.stat().st_size < LARGEST
    assert len(docx) < 2 * LARGEST


def test_every_page_says_what_it_is_and_no_page_is_empty(document: Document, pages: list[str]) -> None:
    assert all("SIMULATED DATA" in page for page in pages)
    assert all(len(page.split()) > 25 for page in pages[1:])
    assert all(document.title in page for page in pages[1:])


def test_the_summary_comes_first_and_fits_two_pages(pages: list[str]) -> None:
    openings = [
        next(at for at, page in enumerate(pages) if at > 1 and re.search(rf"^{title}$", page, re.MULTILINE))
        for title in ("Summary", "Findings")
    ]
    assert 1 < openings[0] < openings[1] <= openings[0] + 2


def test_nothing_of_the_pdf_runs_off_its_page(pdf: PdfReader) -> None:
    outside: list[str] = []
    for number, page in enumerate(pdf.pages, 1):
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        assert {round(width), round(height)} == {round(A4_WIDTH), round(A4_HEIGHT)}

        def seen(
            text: str, cm: list[float], tm: list[float], *_: object, page: int = number, line: float = width
        ) -> None:
            x = tm[4] * cm[0] + cm[4]
            if text.strip() and not 20 <= x <= line - 20:
                outside.append(f"page {page}: {text.strip()}")

        page.extract_text(visitor_text=seen)
    assert not outside


def test_every_figure_of_the_word_document_fits_its_page(document: Document, docx: bytes) -> None:
    extents = [(int(one.get("cx", 0)), int(one.get("cy", 0))) for one in _body(docx).iter("{*}extent")]
    assert len(extents) == len(document.figures)
    per_point = 12700
    assert all(wide <= 483 * per_point and high <= 570 * per_point for wide, high in extents)


def test_contents_of_the_word_document_name_every_section(document: Document, docx: bytes) -> None:
    listed = {
        "".join(run.text or "" for run in paragraph.iter(f"{W}t"))
        for paragraph in _body(docx).iter(f"{W}p")
        if (style := paragraph.find(f"{W}pPr/{W}pStyle")) is not None and style.get(f"{W}val") == "TOC1"
    }
    assert {section.title for section in document.sections} <= listed


def test_the_word_document_names_no_folder_of_the_machine(docx: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        whole = b" ".join(archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels")))
    assert str(Path.home()).encode() not in whole
    assert b"joinedup-" not in whole
