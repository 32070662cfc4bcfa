"""Pages in two columns are read column by column; pages and times of the source are kept, and come out with quotations."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from joinedup.adapters.extract import Extracted
from joinedup.adapters.extract.child import extract_here
from joinedup.adapters.extract.columns import Word, in_columns, read_columns
from joinedup.adapters.import_text import import_text
from joinedup.study.texts import Anchor, Coding, Passage
from joinedup.texts.anchors import Anchors
from joinedup.texts.queries import Queries
from joinedup.texts.quotations import quotation_table
from joinedup.workflow.opening import open_study, read_study
from joinedup.workflow.starting import start
from tests.hardening.test_extract import HELLO, docx, odt, pdf

LEFT = [f"left column line {number} says a few words" for number in range(1, 13)]
RIGHT = [f"right column line {number} says a few words" for number in range(1, 13)]


def side_by_side(left: list[str], right: list[str], title: str = "") -> bytes:
    """A page whose lines stand in the file row by row: left, right, left, right."""
    shown = [f"BT /F1 16 Tf 60 760 Td ({title}) Tj ET"] if title else []
    for number, (one, other) in enumerate(zip(left, right, strict=True)):
        for x, words in ((60, one), (320, other)):
            shown.append(f"BT /F1 10 Tf {x} {720 - 14 * number} Td ({words}) Tj ET")
    return pdf("\n".join(shown).encode("ascii"))


def test_two_columns_are_read_one_after_the_other_below_their_title() -> None:
    title = "A title that runs over both of the columns of the page and beyond"
    found = extract_here(side_by_side(LEFT, RIGHT, title), "a.pdf")
    assert found.text.splitlines() == [title, *LEFT, *RIGHT]
    assert found.anchors == ((0, "page 1"),)


def test_a_table_with_two_columns_stays_in_rows() -> None:
    labels, numbers = [f"area {number}" for number in range(12)], [str(number * 7) for number in range(12)]
    found = extract_here(side_by_side(labels, numbers), "a.pdf")
    assert found.text.split() == [part for pair in zip(labels, numbers, strict=True) for part in " ".join(pair).split()]


def test_a_page_in_one_column_is_not_looked_at_twice() -> None:
    assert not in_columns([(72, 700 - 14 * line) for line in range(40)], 600)
    assert in_columns([(320, 700 - 14 * line) for line in range(12)], 600)
    assert read_columns([], 600) == ""
    assert read_columns([Word("alone", 60, 90, 10, 20)], 600) == ""


def test_a_wide_paragraph_parts_the_columns_into_blocks() -> None:
    def line(top: float, *spans: tuple[str, float, float]) -> list[Word]:
        return [Word(text, left, right, top, top + 10) for text, left, right in spans]

    words = []
    for number in range(20):
        top = 20.0 * number
        if number == 10:
            words += line(top, ("wide", 60, 280), ("across", 285, 330), ("both", 335, 540))
        else:
            words += line(top, (f"l{number}", 60, 150), ("a", 155, 200), ("b", 205, 280))
            words += line(top, (f"r{number}", 320, 400), ("c", 405, 480), ("d", 485, 540))
    found = [row.split()[0] for row in read_columns(words, 600).splitlines()]
    assert found == [
        *(f"l{n}" for n in range(10)),
        *(f"r{n}" for n in range(10)),
        "wide",
        *(f"l{n}" for n in range(11, 20)),
        *(f"r{n}" for n in range(11, 20)),
    ]


def test_ligatures_become_letters() -> None:
    differences = b"/Differences[1/fi 2/fl 3/ff]"
    data = pdf(b"BT /F1 12 Tf 72 720 Td (The o\\003ice \\001nds a \\002aw.) Tj ET")
    data = data.replace(b"/BaseFont/Helvetica", b"/BaseFont/Helvetica/Encoding<<%s>>" % differences)
    assert extract_here(data, "a.pdf").text == "The office finds a flaw.\n"


def pages(found: Extracted) -> dict[str, str]:
    starts = [(at, place) for at, place in found.anchors if place.startswith("page")]
    ends = [at for at, _ in [*starts[1:], (len(found.text), "")]]
    return {place: found.text[at:end] for (at, place), end in zip(starts, ends, strict=False)}


def test_word_pages_begin_where_word_laid_them_out_or_the_text_asks() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        f"<w:p>{run.format('One ')}<w:r><w:lastRenderedPageBreak/><w:t>two.</w:t></w:r></w:p>"
        f"<w:p><w:r><w:br w:type='page'/></w:r></w:p><w:p><w:r><w:lastRenderedPageBreak/><w:t>Café</w:t></w:r></w:p>"
        f"<w:p>{run.format('more')}<w:r><w:br w:type='page'/><w:t>four</w:t></w:r></w:p>"
    )
    found = extract_here(docx(body), "a.docx")
    assert found.text == "One two.\nCafé\nmore\nfour\n"
    assert pages(found) == {"page 1": "One ", "page 2": "two.\n", "page 3": "Café\nmore\n", "page 4": "four\n"}
    assert pages(extract_here(docx(f"<w:p>{run.format('One')}</w:p>"), "a.docx")) == {}


def test_open_document_pages_begin_at_soft_breaks() -> None:
    body = "<text:p>One<text:soft-page-break/> two</text:p><text:soft-page-break/><text:p>e\u0301nd</text:p>"
    found = extract_here(odt(body), "a.odt")
    assert found.text == "One two\nénd\n"
    assert pages(found) == {"page 1": "One", "page 2": " two\n", "page 3": "énd\n"}


CAPTIONS = (
    b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v Ann>Hello</v>\n\n"
    b"00:01:05.500 --> 00:01:07.000\n<v Ann>again &amp; more</v>\n\n01:00:00.000 --> 01:00:01.000\n<v Ben>Yes.</v>\n"
)


def test_captions_keep_their_times() -> None:
    found = extract_here(CAPTIONS, "a.vtt")
    assert found.text == "Ann: Hello again & more\nBen: Yes.\n"
    assert [(found.text[at : at + 5], time) for at, time in found.anchors] == [
        ("Hello", "0:00:01"),
        ("again", "0:01:05"),
        ("Yes.\n", "1:00:00"),
    ]


def test_times_come_into_the_study_and_out_with_its_quotations(tmp_path: Path) -> None:
    start(tmp_path / "s")
    file = tmp_path / "talk.vtt"
    file.write_bytes(CAPTIONS)
    kind = open_study(tmp_path / "s").kinds[0].id
    for _ in range(2):
        import_text(tmp_path / "s", file, kind=kind)
    study, problems = read_study(tmp_path / "s")
    assert not problems
    (text,) = [one for one in study.texts.texts if one.id == "talk"]
    assert [anchor.place for anchor in study.texts.anchors] == ["0:00:01", "0:01:05", "1:00:00"]
    at = text.content.index("more")
    assert Anchors(study).place("talk", at, at + 4) == "0:01:05"
    assert Anchors(study).place("talk", 0, 3) == ""
    coding = Coding(Passage("talk", at, at + 4, "more"), "c", "ann")
    coded = dataclasses.replace(study, texts=dataclasses.replace(study.texts, codings=(coding,)))
    queries = Queries(coded)
    table = quotation_table(queries, queries.marked)
    assert table.columns[-1][0] == "place"
    assert [row[-1] for row in table.rows] == ["0:01:05"]


def test_pages_are_named_with_both_ends_and_an_anchor_outside_its_text_is_a_problem(tmp_path: Path) -> None:
    start(tmp_path / "s")
    (tmp_path / "a.pdf").write_bytes(pdf(HELLO))
    kind = open_study(tmp_path / "s").kinds[0].id
    import_text(tmp_path / "s", tmp_path / "a.pdf", kind=kind)
    table = tmp_path / "s" / "texts" / "anchors.csv"
    sha256 = open_study(tmp_path / "s").text_by_id["a"].sha256
    table.write_bytes(table.read_bytes() + f"{sha256},5,page 2,a\n".encode())
    study = open_study(tmp_path / "s")
    assert Anchor(sha256, 5, "page 2", "a", row=3) in study.texts.anchors
    assert Anchors(study).place("a", 0, 9) == "pages 1-2"
    assert Anchors(study).place("a", 0, 5) == "page 1"
    table.write_bytes(table.read_bytes() + f"{sha256},500,page 3,a\n{sha256},x,page 4,\n".encode())
    _, problems = read_study(tmp_path / "s")
    assert [(problem.number, problem.place.row) for problem in problems] == [("J307", 4), ("J307", 5)]
