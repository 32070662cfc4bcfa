"""Every kind of source keeps its places: a passage of the frozen text leads back to where it stands in the file."""

from __future__ import annotations

import dataclasses
import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.adapters.extract import normal as limits
from joinedup.adapters.extract import plain
from joinedup.adapters.extract.child import extract_here
from joinedup.adapters.extract.model import RefusedError
from joinedup.adapters.extract.normal import normal
from joinedup.adapters.import_text import import_text
from joinedup.adapters.provenance.annotations import web_annotations
from joinedup.study.finding import Evidence, Finding
from joinedup.study.model import Study
from joinedup.study.texts import Anchor, Coding, Passage, Text
from joinedup.texts.anchors import Anchors, kind_of
from joinedup.workflow.explaining import explain
from joinedup.workflow.opening import open_study, read_study
from joinedup.workflow.starting import start
from tests.hardening.test_extract import docx, odt

SIGNS = [
    "a",
    "b",
    " ",
    "é",
    "e\u0301",
    "o\u0323\u0302",
    "\u1112\u1161\u11ab",
    "가",
    "😀",
    "👩\u200d👧",
    "“",
    "中",
    "ﬁ",
    "\u0301",
]
LINE_ENDS = ["\n", "\r\n", "\r", "\u2028", "\x0b"]
WORDS = st.lists(st.sampled_from([*SIGNS, *LINE_ENDS, "\x01", "\ufeff", "\u0958"]), min_size=1, max_size=40).map(
    "".join
)
CODECS = {"utf-8": b"", "utf-8-sig": b"", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
EMPTY = Study("s", "S")


def placed(text: str, anchors: tuple[tuple[int, str], ...]) -> Anchors:
    texts = dataclasses.replace(
        EMPTY.texts,
        texts=(Text("t", "", "", "", "", "", "", "0", text),),
        anchors=tuple(Anchor("0", at, place) for at, place in anchors),
    )
    return Anchors(dataclasses.replace(EMPTY, texts=texts))


@settings(deadline=None)
@given(WORDS, st.sampled_from(sorted(CODECS)), st.data())
def test_the_byte_of_a_passage_is_where_the_file_says_it(received: str, codec: str, data: st.DataObject) -> None:
    file = CODECS[codec] + received.encode(codec)
    try:
        found = extract_here(file, "a.txt")
    except RefusedError:
        return
    cut = data.draw(st.integers(0, len(received)))
    before, after = normal(received[:cut]), normal(received[cut:])
    if before + after != found.text or not after:
        return
    start = len(before)
    place = placed(found.text, found.anchors).place("t", start, len(found.text))
    match = re.fullmatch(r"byte (\d+)( of UTF-16)?", place)
    assert match is not None
    assert bool(match[2]) == codec.startswith("utf-16")
    at = file[int(match[1]) :].decode("utf-8" if codec == "utf-8-sig" else codec)
    if unicodedata.combining(after[0]):
        assert normal(at).endswith(after), "a passage that begins inside a letter is at its beginning"
    else:
        assert normal(at) == after, "what stands at the byte freezes to the passage and what follows it"


PARAGRAPH = st.lists(st.sampled_from(SIGNS), max_size=12).map("".join)


@settings(deadline=None)
@given(st.lists(PARAGRAPH, min_size=1, max_size=8), st.sampled_from(["docx", "odt", "html", "rtf"]), st.data())
def test_the_paragraph_of_a_passage_holds_its_words(paragraphs: list[str], ending: str, data: st.DataObject) -> None:
    try:
        found = extract_here(MAKERS[ending](paragraphs), f"a.{ending}")
    except RefusedError:
        return
    start = data.draw(st.integers(0, len(found.text) - 1))
    end = data.draw(st.integers(start + 1, len(found.text)))
    places = placed(found.text, found.anchors)
    match = re.fullmatch(r"paragraphs? (\d+)(?:-(\d+))?", places.place("t", start, end))
    assert match is not None
    source = [one for one in paragraphs if one.strip()] if ending == "html" else paragraphs
    inside = source[int(match[1]) - 1 : int(match[2] or match[1])]
    assert flat(found.text[start:end]) in flat(normal("\n".join(inside)))


def flat(words: str) -> str:
    return "".join(words.split())


def _rtf(paragraphs: list[str]) -> bytes:
    units = [one.encode("utf-16-le") for one in paragraphs]
    said = ["".join(f"\\u{int.from_bytes(u[i : i + 2], 'little')}?" for i in range(0, len(u), 2)) for u in units]
    return ("{\\rtf1\\ansi{\\fonttbl\\f0 Font\\par}" + "\\par\n".join(said) + "}").encode("ascii")


MAKERS = {
    "docx": lambda said: docx("".join(f"<w:p><w:r><w:t>{escape(one)}</w:t></w:r></w:p>" for one in said)),
    "odt": lambda said: odt("".join(f"<text:p>{escape(one)}</text:p>" for one in said)),
    "html": lambda said: ("<html><body>" + "".join(f"<p>{one}</p>\n" for one in said) + "</body></html>").encode(),
    "rtf": _rtf,
}


def places(data: bytes, name: str) -> Mapping[str, str]:
    """Word of the text -> where it stands."""
    found = extract_here(data, name)
    known = placed(found.text, found.anchors)
    return {match[0]: known.place("t", *match.span()) for match in re.finditer(r"\w+", found.text)}


def test_word_tables_text_boxes_and_notes() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    box = f"<w:r><w:pict><w:txbxContent><w:p>{run.format(' boxed ')}</w:p></w:txbxContent></w:pict></w:r>"
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    body = (
        f"<w:p>{run.format('One')}</w:p><w:p/><w:p>{run.format('three')}{box}{run.format('rest')}</w:p>"
        f"<w:tbl><w:tr>{cell.format('left')}{cell.format('right')}</w:tr></w:tbl>"
        f"<w:p><w:r><w:br w:type='page'/><w:t>last</w:t></w:r></w:p>"
    )
    notes = (
        '<w:footnotes xmlns:w="w"><w:footnote w:type="separator"><w:p/></w:footnote>'
        f"<w:footnote><w:p>{run.format('noted')}</w:p></w:footnote></w:footnotes>"
    )
    assert places(docx(body, ("word/footnotes.xml", notes)), "a.docx") == {
        "One": "page 1, paragraph 1",
        "three": "page 1, paragraph 3",
        "boxed": "page 1, paragraph 4",
        "rest": "page 1, paragraph 3",
        "left": "page 1, paragraph 5",
        "right": "page 1, paragraph 6",
        "last": "page 2, paragraph 7",
        "noted": "footnote 1",
    }


def test_open_document_notes_and_deleted_words() -> None:
    note = '<text:note text:note-class="{}"><text:note-citation>1</text:note-citation><text:note-body><text:p>{}</text:p></text:note-body></text:note>'
    body = (
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:h>Head</text:h><text:p/>"
        f"<text:p>One{note.format('footnote', 'first')} two{note.format('endnote', 'second')} three</text:p>"
    )
    found = places(odt(body), "a.odt")
    assert found == {
        "Head": "paragraph 1",
        "One": "paragraph 3",
        "two": "paragraph 3",
        "three": "paragraph 3",
        "first": "footnote 1",
        "second": "endnote 1",
    }


def test_html_counts_the_blocks_that_show_words() -> None:
    page = b"<html><head><title>no</title></head><body><h1>Head</h1><p></p><div>One<br>two<p>three</p></div><ul><li>four</ul>&#1;<table><tr><td>five<td>six</table>"
    assert places(page, "a.html") == {
        "Head": "paragraph 1",
        "One": "paragraph 2",
        "two": "paragraph 2",
        "three": "paragraph 3",
        "four": "paragraph 4",
        "five": "paragraph 5",
        "six": "paragraph 5",
    }


def test_rich_text_counts_its_paragraphs() -> None:
    data = b"{\\rtf1 One\\line two\\par\\par{\\*\\x no\\par}three\\\nfour\\cell five\\row six}"
    assert places(data, "a.rtf") == {
        "One": "paragraph 1",
        "two": "paragraph 1",
        "three": "paragraph 3",
        "four": "paragraph 4",
        "five": "paragraph 4",
        "six": "paragraph 5",
    }


def test_plain_text_has_one_anchor_where_nothing_changed() -> None:
    assert extract_here("Café “now”\nlater\n".encode(), "a.txt").anchors == ((0, "byte 0"),)
    assert extract_here("\ufeffa\r\nb\r\n".encode(), "a.txt").anchors == ((0, "byte 3"), (2, "byte 6"))


def test_a_text_with_too_many_places_says_nothing_of_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "MOST_ANCHORS", 3)
    monkeypatch.setattr(limits, "MOST_ANCHORS", 3)
    assert places(b"a\r\nb\r\nc\r\nd", "a.txt") == {"a": "byte 0", "b": "byte 3", "c": "", "d": ""}
    assert places(b"<html><p>a<p>b<p>c<p>d", "a.html") == {"a": "paragraph 1", "b": "paragraph 2", "c": "", "d": ""}


def test_the_kinds_of_places() -> None:
    known = {"page 3": "page", "paragraph 12": "paragraph", "endnote 1": "paragraph", "0:03:12": "time"}
    known |= {"byte 9": "byte", "byte 9 of UTF-16": "byte", "Sheet1!C14": "cell", "": ""}
    assert {place: kind_of(place) for place in known} == known


def test_a_range_of_paragraphs_runs_into_a_note() -> None:
    anchors = placed("aa\nbb\ncc\n", ((0, "page 1"), (0, "paragraph 1"), (3, "paragraph 2"), (6, "footnote 1")))
    assert anchors.place("t", 0, 5) == "page 1, paragraphs 1-2"
    assert anchors.place("t", 3, 8) == "page 1, paragraph 2 to footnote 1"
    assert anchors.place("t", 6, 8) == "footnote 1"


def test_places_come_into_the_study_and_out_with_explanations_and_annotations(tmp_path: Path) -> None:
    start(tmp_path / "s")
    file = tmp_path / "talk.txt"
    file.write_bytes("\ufeffOne.\r\nCafe\u0301 two.\r\n".encode())
    import_text(tmp_path / "s", file, kind=open_study(tmp_path / "s").kinds[0].id)
    study, problems = read_study(tmp_path / "s")
    assert not problems
    content = study.text_by_id["talk"].content
    at = content.index("two")
    byte = file.read_bytes().index(b"two")
    passage = Passage("talk", at, at + 3, "two")
    piece = Evidence("supports", "texts", passage=passage)
    finding = Finding("f", "Two.", "Two.", "supported", "fresh", (piece,))
    assert f"characters {at} to {at + 3}, byte {byte}: “two”" in "\n".join(explain(study, {}, {"f": finding}, "f"))
    coded = dataclasses.replace(study, texts=dataclasses.replace(study.texts, codings=(Coding(passage, "c", "ann"),)))
    targets = [item["target"] for item in json.loads(web_annotations(coded, {"f": finding}))["items"]]
    assert [target["joinedup:place"] for target in targets] == [f"byte {byte}"] * 2
