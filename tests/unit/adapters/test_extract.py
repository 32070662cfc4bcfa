"""What extraction gives for sound documents of every kind, and for the real reports once a session."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from joinedup.adapters.extract import Extracted, extract_many
from joinedup.adapters.extract.batch import cache_folder
from joinedup.adapters.extract.normal import join_pages, normal
from joinedup.adapters.extract.pool import Pool
from tests.hardening.test_extract import HELLO, docx, odt, paragraph, pdf


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(1) as opened:
        yield opened


def text(pool: Pool, data: bytes, name: str) -> str:
    found = pool.extract(data, name)
    assert not found.problems, found.problems
    return found.text


def test_word_paragraphs_tables_notes_and_tracked_changes(pool: Pool) -> None:
    body = (
        paragraph("A: One &amp; e\u0301")
        + "<w:tbl><w:tr><w:tc>"
        + paragraph("cell 1")
        + "</w:tc><w:tc>"
        + paragraph("cell 2")
        + "</w:tc></w:tr></w:tbl>"
        + "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>"
        + "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t> new</w:t></w:r></w:ins>"
        + "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
        + "<AlternateContent><Choice>"
        + paragraph("box")
        + "</Choice><Fallback>"
        + paragraph("box")
        + "</Fallback></AlternateContent>"
    )
    notes = (
        "word/footnotes.xml",
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        + paragraph("A note.")
        + "</w:footnotes>",
    )
    assert text(pool, docx(body, notes), "a.docx") == "A: One & \xe9\ncell 1\ncell 2\na\tb\nc new\nbox\nA note.\n"


def test_open_document_paragraphs_notes_and_blanks(pool: Pool) -> None:
    body = (
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:h>Title</text:h>\n"
        '<text:p>One<text:s text:c="3"/>two<text:tab/><text:span>three</text:span><text:note><text:note-citation>1'
        "</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body></text:note> four"
        "<office:annotation><text:p>comment</text:p></office:annotation></text:p>"
    )
    assert text(pool, odt(body), "a.odt") == "Title\nOne   two\tthree four\nA note.\n"


def test_rich_text_groups_letters_and_lines(pool: Pool) -> None:
    data = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator x}\f0 A: caf\'e9 \{x\}\par B\emdash\uc1\u8364?\tab c\line d}"
    assert text(pool, data, "a.rtf") == "A: caf\xe9 {x}\nB\u2014\u20ac\tc\nd\n"
    assert text(pool, rb"{\rtf1\ansi\ansicpg1251 \'c4\'e0}", "a.rtf") == "\u0414\u0430\n"


def test_html_blocks_and_declared_latin_1(pool: Pool) -> None:
    page = b"<!doctype html><html><head><title>x</title><meta charset=windows-1252></head><body><h1>Caf\xe9</h1><p>a\n b<br>c</body></html>"
    assert text(pool, page, "a.html") == "Caf\xe9\na b\nc\n"


def test_captions_become_turns(pool: Pool) -> None:
    vtt = (
        "WEBVTT\n\nNOTE nothing\n\n1\n00:01.000 --> 00:02.000 align:start\n<v Ann B.>We <i>met</i>\nonce.</v>\n\n"
        "00:02.000 --> 00:03.000\n<v Ann B.>Then twice.\n\n00:03.000 --> 00:04.000\n<v Cy>No &amp; no.\n"
    )
    assert text(pool, vtt.encode(), "a.vtt") == "Ann B.: We met once. Then twice.\nCy: No & no.\n"
    srt = "1\r\n00:00:01,000 --> 00:00:02,000\r\nAnn: Yes.\r\n\r\n2\r\n00:00:02,000 --> 00:00:03,000\r\nNo.\r\n"
    assert text(pool, srt.encode(), "a.srt") == "Ann: Yes.\nNo.\n"


def test_a_pdf_keeps_its_pages_and_an_unknown_ending_is_told_by_its_bytes(pool: Pool) -> None:
    found = pool.extract(pdf(HELLO), "without-ending")
    assert found == Extracted("The board met.\n", ((0, "page 1"),))


def test_page_anchors_are_offsets_in_the_normal_text() -> None:
    found, pages = join_pages(["one e\u0301\r\n", "", "\u0301 three \U0001f642"])
    assert found == "one \xe9\n\n\u0301 three \U0001f642\n"
    assert pages == ((0, "page 1"), (6, "page 2"), (7, "page 3"))
    assert unicodedata.is_normalized("NFC", found)


def test_normal_text_holds_nothing_that_a_frozen_text_may_not() -> None:
    assert (
        normal("\ufeffa\r\nb\rc\x0cd\x00\ue000\ud83d\ude42\ud800\u2028\ufeff") == "a\nb\nc\nd\ue000\U0001f642\ufffd\n"
    )


def test_the_users_own_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JOINEDUP_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path / "extract"
    monkeypatch.delenv("JOINEDUP_CACHE")
    assert cache_folder().name == "extract"


@pytest.fixture(scope="session")
def reports(shared: Path) -> Mapping[Path, Extracted]:
    """The 51 inspection reports; read once, then from the cache."""
    return extract_many(sorted((shared / "real" / "sfpc" / "documents").glob("*.pdf")))


@pytest.mark.shared
def test_the_real_reports_are_read_whole(reports: Mapping[Path, Extracted]) -> None:
    assert len(reports) == 51
    assert sum(len(found.anchors) for found in reports.values()) == 1261
    assert not [found.problems for found in reports.values() if found.problems]
    for path, found in reports.items():
        assert unicodedata.is_normalized("NFC", found.text)
        assert "\r" not in found.text
        assert [place for _, place in found.anchors] == [f"page {n}" for n in range(1, len(found.anchors) + 1)]
        assert all(a <= b <= len(found.text) for (a, _), (b, _) in pairwise(found.anchors))
        authority = path.name.split("_")[1]
        assert authority in found.text.lower()
