"""Documents say nothing of who made them, when, or with what: Word, slides and PDF, also from a user's own template."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pikepdf
import pytest

from joinedup.adapters.render import render_docx, render_pdf, render_pptx
from joinedup.report.model import Document, Section

CORE = "docProps/core.xml"
TELLING = re.compile(
    rb"creator|lastModifiedBy|created|modified|<Application|<Company|<Manager|<Template|TotalTime", re.I
)
PLANTED = b"<dc:creator>Canary</dc:creator><cp:lastModifiedBy>Canary</cp:lastModifiedBy></cp:coreProperties>"


@pytest.fixture(scope="module")
def short(document: Document) -> Document:
    """The report's title and summary: metadata do not depend on the rest."""
    kept: tuple[Section, ...] = tuple(section for section in document.sections if section.id in ("summary", "findings"))
    return Document(document.title, document.meta, kept, document.simulated)


@pytest.mark.parametrize("kind", ["docx", "pptx"])
def test_an_office_document_names_nobody_even_from_a_template_that_does(
    short: Document, tmp_path: Path, kind: str
) -> None:
    render = render_docx if kind == "docx" else render_pptx
    plain = render(short, tmp_path / f"plain.{kind}")
    assert_silent(plain)
    own = tmp_path / f"own.{kind}"
    with zipfile.ZipFile(plain) as read, zipfile.ZipFile(own, "w") as written:
        for entry in read.infolist():
            content = read.read(entry)
            written.writestr(entry, content.replace(b"</cp:coreProperties>", PLANTED))
    assert b"Canary" in zipfile.ZipFile(own).read(CORE)
    assert_silent(render(short, tmp_path / f"made.{kind}", own))


def assert_silent(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not archive.comment
    assert not [name for name in parts if "thumbnail" in name.lower()]
    for name, content in parts.items():
        assert b"Canary" not in content, name
        assert not name.startswith("docProps/") or not TELLING.search(content), name


def test_a_pdf_names_no_author_and_no_date_in_its_dictionary_or_its_xmp(short: Document, tmp_path: Path) -> None:
    data = render_pdf(short, tmp_path / "report.pdf").read_bytes()
    with pikepdf.open(io.BytesIO(data)) as opened:
        assert not {"/Author", "/CreationDate", "/ModDate", "/Keywords"} & set(opened.docinfo.keys())
        xmp = bytes(opened.Root.Metadata.read_bytes())
    assert not re.search(rb"dc:creator|xmp:CreateDate|xmp:ModifyDate|xmp:MetadataDate|xmpMM:History", xmp)
