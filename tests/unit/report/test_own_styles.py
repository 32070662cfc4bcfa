"""Templates and citation styles of the user's own: what can't be used, or would reach out, is refused in a sentence."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from joinedup.adapters.render.archive import packed
from joinedup.adapters.render.own_styles import check_styles
from joinedup.adapters.render.pandoc import pandoc
from joinedup.report.pandoc import API
from joinedup.study.problems import UsageError

Parts = dict[str, bytes]
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>Own</title><id>own</id>
<updated>2020-01-01T00:00:00+00:00</updated></info><citation><layout><text variable="title"/></layout></citation>
<bibliography><layout><text variable="title"/></layout></bibliography></style>"""


@pytest.fixture(scope="module")
def word() -> Parts:
    """The parts of the template that pandoc comes with."""
    made = pandoc(json.dumps({"pandoc-api-version": API, "meta": {}, "blocks": []}), "docx")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_template_and_a_style_that_can_be_used_are(word: Parts, tmp_path: Path) -> None:
    template, style = tmp_path / "own.docx", tmp_path / "own.csl"
    link = f'<Relationship Id="link" Type="{RELATIONS}/hyperlink" Target="https://example.org" TargetMode="External"/>'
    leads = word["word/_rels/document.xml.rels"].replace(b"</Relationships>", f"{link}</Relationships>".encode())
    template.write_bytes(packed({**word, "word/_rels/document.xml.rels": leads}))
    style.write_text(STYLE, encoding="utf-8")
    check_styles(template, None, style)


def reaching_out(parts: Parts) -> Parts:
    fetched = f'<Relationship Id="t" Type="{RELATIONS}/attachedTemplate" Target="http://example.org/t.dotm" TargetMode="External"/>'
    leads = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{fetched}</Relationships>'
    )
    return {**parts, "word/_rels/settings.xml.rels": leads.encode()}


def with_a_field(parts: Parts) -> Parts:
    header = '<w:hdr><w:r><w:instrText>INCLUDETEXT "http://example.org/x"</w:instrText></w:r></w:hdr>'
    return {**parts, "word/header1.xml": header.encode()}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (reaching_out, "refers to http://example.org/t.dotm"),
        (with_a_field, "refers to a field INCLUDETEXT"),
        (lambda parts: {**parts, "word/media/a.bin": bytes(20_000_001)}, "holds more than a template does"),
        (lambda parts: {**parts, "word/styles.xml": parts["word/styles.xml"][:500]}, "can't be used: Invalid XML"),
        (lambda _: {"a.txt": b"no document"}, "is not a Word document"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused(
    word: Parts, change: Callable[[Parts], Parts], says: str, tmp_path: Path
) -> None:
    """A remote template or picture would be fetched by whoever opens the released report."""
    template = tmp_path / "own.docx"
    template.write_bytes(packed(change(word)))
    with pytest.raises(UsageError, match=says):
        check_styles(template, None, None)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04junk", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_office_file_is_refused(content: bytes, tmp_path: Path) -> None:
    template = tmp_path / "own"
    template.write_bytes(content)
    with pytest.raises(UsageError, match="is not a Word document"):
        check_styles(template, None, None)
    with pytest.raises(UsageError, match="is not a PowerPoint presentation"):
        check_styles(None, template, None)


def test_slides_without_the_layouts_are_refused(tmp_path: Path) -> None:
    template = tmp_path / "own.pptx"
    template.write_bytes(packed({"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<presentation/>"}))
    with pytest.raises(UsageError, match="can't be used: "):
        check_styles(None, template, None)


@pytest.mark.parametrize(
    ("style", "says"),
    [
        ("", "is no citation style"),
        ("Harvard, please", "is no citation style"),
        ("<a/>", "is no citation style"),
        (STYLE.replace("<style", '<!DOCTYPE s [<!ENTITY e SYSTEM "file:///etc/hostname">]><style', 1), "entities"),
        (
            STYLE.replace("<updated>", '<link rel="independent-parent" href="http://x.org/apa"/><updated>'),
            "only points to",
        ),
    ],
)
def test_a_citation_style_that_cannot_be_used_is_refused(style: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "own.csl"
    file.write_text(style, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        check_styles(None, None, file)
