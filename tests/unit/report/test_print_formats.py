"""PDF and Word: the same numbers as on the screen, what assistive technology needs, the same bytes twice."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pikepdf
import pytest
from lxml import etree
from pypdf import PdfReader

from joinedup.adapters.render import render_docx, render_pdf
from joinedup.adapters.render.html import HtmlRenderer
from joinedup.report.model import (
    Block,
    Cell,
    Document,
    FigureBlock,
    Heading,
    Line,
    Paragraph,
    Section,
    TableBlock,
    Text,
    ValueRef,
    walk,
)
from joinedup.report.numbering import edition
from joinedup.report.printed import print_edition
from joinedup.study.problems import UsageError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@pytest.fixture(scope="module")
def pdf(document: Document, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return render_pdf(document, tmp_path_factory.mktemp("pdf") / "report.pdf").read_bytes()


@pytest.fixture(scope="module")
def docx(document: Document, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return render_docx(document, tmp_path_factory.mktemp("docx") / "report.docx").read_bytes()


def pdf_words(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def part(docx: bytes, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return etree.fromstring(archive.read(name))


def docx_words(docx: bytes) -> str:
    paragraphs = part(docx).iter(f"{W}p")
    return " ".join("".join(text.text or "" for text in paragraph.iter(f"{W}t")) for paragraph in paragraphs)


def numbers(text: str) -> Counter[str]:
    """The numbers of a text, whatever breaks a format puts between words."""
    return Counter(re.findall(r"[\d][\d.,]*\d|\d", text.replace("\u200b", "")))


def shown(document: Document) -> Counter[str]:
    """The numbers of all references to values that a document prints."""
    return sum((numbers(ref) for ref in said(document.sections)), Counter())


def said(part: object) -> Iterator[str]:
    """The values below a part of the document; what a figure shows stands in a table elsewhere."""
    if isinstance(part, tuple):
        for one in part:
            yield from said(one)
    elif isinstance(part, ValueRef):
        yield part.shown
    elif is_dataclass(part) and not isinstance(part, FigureBlock):
        for field in fields(part):
            yield from said(getattr(part, field.name))


def structure(element: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Every element of a tagged document's structure tree."""
    if isinstance(element, pikepdf.Array):
        for one in element:
            yield from structure(one)
    elif isinstance(element, pikepdf.Dictionary):
        if "/S" in element:
            yield element
        if "/K" in element:
            yield from structure(element.K)


def test_every_number_of_the_print_edition_is_in_the_pdf_and_the_word_document(
    document: Document, pdf: bytes, docx: bytes
) -> None:
    printed = shown(print_edition(document).document)
    assert printed
    assert not printed - numbers(pdf_words(pdf))
    assert not printed - numbers(docx_words(docx))


def test_every_number_of_a_sentence_is_on_the_screen_and_in_print(document: Document, page: str, pdf: bytes) -> None:
    told = replace(document, sections=tuple(one for one in document.sections if one.id in ("summary", "findings")))
    on_screen = re.sub(r"<[^>]+>", " ", page)
    assert shown(told)
    assert not shown(told) - numbers(on_screen)
    assert not shown(told) - numbers(pdf_words(pdf))


def test_the_pdf_is_tagged_titled_and_says_its_language(document: Document, pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        root = opened.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang).startswith("en")
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with opened.open_metadata() as metadata:
            assert metadata["dc:title"] == document.title
            assert metadata["pdfuaid:part"] == "1"
        kinds = Counter(str(element.S) for element in structure(root.StructTreeRoot.K))
    assert kinds["/Figure"] >= len(document.figures)
    assert kinds["/TH"]
    assert kinds["/H1"] >= len(document.sections)


def test_every_figure_of_the_pdf_has_its_words(document: Document, pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = [element for element in structure(opened.Root.StructTreeRoot.K) if str(element.S) == "/Figure"]
        told = {str(element.Alt) for element in found if "/Alt" in element}
        assert all("/Alt" in element for element in found)
    assert {figure.alt for figure in document.figures} <= told


def test_the_pdf_holds_no_date_and_no_author(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert not {"/Author", "/CreationDate", "/ModDate"} & set(opened.docinfo.keys())


def test_every_page_but_the_first_says_that_the_data_are_simulated(pdf: bytes) -> None:
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) > 5
    assert all("SIMULATED DATA" in one.extract_text() for one in pages)


def test_every_drawing_of_the_word_document_has_its_words_and_nothing_of_its_file(
    document: Document, docx: bytes
) -> None:
    told = [one.get("descr") for one in part(docx).iter(f"{DRAWN}docPr")]
    assert set(told) == {figure.alt for figure in document.figures}
    assert b"data:image" not in etree.tostring(part(docx))


def test_tables_of_the_word_document_repeat_their_heads_and_keep_their_rows_whole(docx: bytes) -> None:
    tables = list(part(docx).iter(f"{W}tbl"))
    assert tables
    for table in tables:
        rows = table.findall(f"{W}tr")
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert sum(int(column.get(f"{W}w", "0")) for column in table.iter(f"{W}gridCol")) <= 14571


def test_links_of_the_word_document_lead_to_bookmarks(docx: bytes) -> None:
    body = part(docx)
    marks = {one.get(f"{W}name") for one in body.iter(f"{W}bookmarkStart")}
    targets = {one.get(f"{W}anchor") for one in body.iter(f"{W}hyperlink")} - {None}
    assert targets
    assert not targets - marks


def test_the_word_document_names_no_author_tool_or_date(docx: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        core, app = archive.read("docProps/core.xml"), archive.read("docProps/app.xml")
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not re.search(rb"creator|created|modified", core)
    assert b"Application" not in app


def test_the_same_document_gives_the_same_bytes(document: Document, tmp_path: Path, pdf: bytes, docx: bytes) -> None:
    assert render_pdf(document, tmp_path / "again.pdf").read_bytes() == pdf
    assert render_docx(document, tmp_path / "again.docx").read_bytes() == docx


def test_a_template_of_the_users_own_gives_its_styles(document: Document, docx: bytes, tmp_path: Path) -> None:
    own = tmp_path / "own.docx"
    with zipfile.ZipFile(io.BytesIO(docx)) as read, zipfile.ZipFile(own, "w") as written:
        for entry in read.infolist():
            content = read.read(entry)
            written.writestr(entry, content.replace(b"12436D", b"AA0000") if "styles" in entry.filename else content)
    made = render_docx(document, tmp_path / "made.docx", reference=own).read_bytes()
    styles = etree.tostring(part(made, "word/styles.xml"))
    assert b"AA0000" in styles
    assert b"12436D" not in styles


def test_a_citation_style_of_the_users_own_is_followed(document: Document, tmp_path: Path) -> None:
    style = tmp_path / "numbers.csl"
    style.write_text(NUMBERED, encoding="utf-8")
    cited = replace(
        document, sections=(*document.sections[:1], *(s for s in document.sections if s.id == "references"))
    )
    words = pdf_words(render_pdf(cited, tmp_path / "numbered.pdf", csl=style).read_bytes())
    assert "[1] Integrating quantitative" in " ".join(words.split())
    assert "[1]" in docx_words(render_docx(cited, tmp_path / "numbered.docx", csl=style).read_bytes())


NUMBERED = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
  <info><title>Numbers</title><id>numbers</id><updated>2020-01-01T00:00:00+00:00</updated></info>
  <citation><layout prefix="[" suffix="]" delimiter=","><text variable="citation-number"/></layout></citation>
  <bibliography><layout suffix=".">
    <text variable="citation-number" prefix="[" suffix="] "/><text variable="title"/>
  </layout></bibliography>
</style>
"""


@pytest.mark.parametrize("content", [None, b"not a Word document"])
def test_a_template_that_is_none_is_refused(document: Document, tmp_path: Path, content: bytes | None) -> None:
    own = tmp_path / "own.docx"
    if content is not None:
        own.write_bytes(content)
    with pytest.raises(UsageError, match=r"own\.docx"):
        render_docx(document, tmp_path / "report.docx", reference=own)


def test_a_citation_style_that_is_not_there_is_refused(document: Document, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.csl"):
        render_pdf(document, tmp_path / "report.pdf", csl=tmp_path / "none.csl")


def test_characters_that_no_font_shows_do_not_stop_the_report(tmp_path: Path) -> None:
    words = "A bullet \uf06e, a bell \x07, Łódź, Ōtautahi, a private plane \U000f0001, end."
    document = Document("Odd signs", {}, (Section("one", "One", (Paragraph((Text(words),)),)),))
    told = pdf_words(render_pdf(document, tmp_path / "odd.pdf").read_bytes())
    assert "Łódź" in told
    assert "end." in told


def test_figures_and_tables_have_the_same_numbers_in_every_format(
    document: Document, page: str, pdf: bytes, docx: bytes
) -> None:
    given = edition(document).numbers
    assert "Figure 1" in given.values()
    assert "Table 1" in given.values()
    titles = {f"fig-{figure.id}": figure.title for figure in document.figures}
    titles |= {one.id: one.caption for one in walk(document.sections) if isinstance(one, TableBlock)}
    words = {name: " ".join(text.split()) for name, text in (("pdf", pdf_words(pdf)), ("docx", docx_words(docx)))}
    words["html"] = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for id, number in given.items():
        for name, text in words.items():
            assert f"{number}. " in text, (name, id, titles[id])


def test_a_finding_names_the_figures_and_tables_of_its_evidence(document: Document) -> None:
    findings = next(one for one in edition(document).document.sections if one.id == "findings")
    told = [one.text for one in walk(findings) if isinstance(one, Text)]
    assert any(re.fullmatch(r"(Figure|Table) \d+", text) for text in told)


def test_html_report_stays_one_file_with_numbered_tables(document: Document, tmp_path: Path) -> None:
    html = HtmlRenderer().render(document, tmp_path)[0].read_text(encoding="utf-8")
    assert "<caption>Table 1. " in html


def test_the_words_that_lead_to_a_table_stand_on_its_page(tmp_path: Path) -> None:
    def chapter(above: int) -> Section:
        cells = (Cell((Text(f"Cell {above}."),)), Cell((Text("1"),)))
        blocks: tuple[Block, ...] = (
            *(Paragraph((Text("A line of words."),)) for _ in range(above)),
            Heading(3, (Text("What follows"),), f"h{above}"),
            Paragraph((Text(f"Lead {above}."),)),
            TableBlock(f"t{above}", "A table", cells, (Line(cells),) * 6),
        )
        return Section(f"part-{above}", "Part", blocks)

    many = range(24, 44)
    document = Document("A report", {}, tuple(chapter(above) for above in many))
    pages = PdfReader(render_pdf(document, tmp_path / "led.pdf")).pages
    told = [page.extract_text() for page in pages]
    assert len(pages) > len(many) + 3  # some tables go to a further page
    assert all(any(f"Lead {above}." in one and f"Cell {above}." in one for one in told) for above in many)
