"""REFI-QDA projects in the dialects of other programs, made here: every quote holds, and what is left behind is said."""

from __future__ import annotations

import itertools
import unicodedata
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from joinedup.adapters.refi_qda import read_project, write_project
from joinedup.texts.project import Project

TEXT = (
    "Interviewer: How was it?\nMother: It was 😀 fine, café and trust.\nFather: We 👍 agree on trust.\nEnd of the talk."
)
QUOTES = ("End of the talk", "How was it", "We 👍 agree", "fine, café", "trust")


def guid(number: int) -> str:
    return f"{number:08X}-0000-4000-8000-000000000000"


def coding(number: int, code: int = 10) -> str:
    return f'<Coding guid="{guid(number)}"><CodeRef targetGUID="{guid(code)}"/></Coding>'


def selection(number: int, start: int, end: int) -> str:
    about = f'guid="{guid(1000 + number)}" startPosition="{start}" endPosition="{end}"'
    return f"<PlainTextSelection {about}>{coding(2000 + number)}</PlainTextSelection>"


def qde(sources: str, rest: str = "") -> bytes:
    codes = f'<CodeBook><Codes><Code guid="{guid(10)}" name="Trust" isCodable="true"/></Codes></CodeBook>'
    head = '<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="P" origin="other 1">'
    return f"{head}{codes}<Sources>{sources}</Sources>{rest}</Project>".encode()


def packed(path: Path, project: bytes, files: dict[str, bytes], folder: str = "sources") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", project)
        for name, content in files.items():
            archive.writestr(f"{folder}/{name}", content)
    return path


def text_source(path: str, inner: str) -> str:
    return f'<TextSource guid="{guid(50)}" name="Talk" plainTextPath="internal://{path}">{inner}</TextSource>'


def quotes(project: Project) -> list[str]:
    texts = {text.id: text.content for text in project.texts}
    assert all(texts[one.text][one.start : one.end] == one.quote for one in project.codings)
    return sorted(one.quote for one in project.codings)


def counted(words: str, utf16: bool, short_ends: bool) -> int:
    words = words.replace("\r\n", "\n") if short_ends else words
    return len(words.encode("utf-16-le")) // 2 if utf16 else len(words)


WAYS = [
    (utf16, mark, mark_counted, ends, short)
    for utf16, mark, mark_counted, ends, short in itertools.product((False, True), repeat=5)
    if mark >= mark_counted and ends >= short
]


@pytest.mark.parametrize(("utf16", "mark", "mark_counted", "ends", "short"), WAYS)
def test_every_way_of_counting_is_found(
    utf16: bool, mark: bool, mark_counted: bool, ends: bool, short: bool, tmp_path: Path
) -> None:
    text = TEXT.replace("\n", "\r\n") if ends else TEXT
    selections = []
    for number, words in enumerate(QUOTES):
        start = mark_counted + counted(text[: text.index(words)], utf16, short)
        selections.append(selection(number, start, start + counted(words, utf16, short)))
    source = text_source("t.txt", "".join(selections))
    data = (b"\xef\xbb\xbf" if mark else b"") + text.encode()
    found = read_project(packed(tmp_path / "p.qdpx", qde(source), {"t.txt": data}, "Sources"))
    assert quotes(found) == sorted(QUOTES)
    assert found.report.losses == ()


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ("My%20talk%20(1).txt", "My talk (1).txt"),
        ("100%.txt", "100%.txt"),
        ("Caf\u00e9.TXT", unicodedata.normalize("NFD", "Caf\u00e9.txt")),
        ("deep\\talk.txt", "deep/talk.txt"),
    ],
)
def test_a_files_name_may_be_written_in_another_way(told: str, held: str, tmp_path: Path) -> None:
    source = text_source(told, selection(1, 0, 11))
    found = read_project(packed(tmp_path / "p.qdpx", qde(source), {held: TEXT.encode()}))
    assert quotes(found) == ["Interviewer"]


def test_a_comment_on_a_quotation_without_a_code_stays_with_its_text(tmp_path: Path) -> None:
    bare = f'<PlainTextSelection guid="{guid(3)}" startPosition="0" endPosition="4"><NoteRef targetGUID="{guid(60)}"/>'
    notes = f'<Notes><Note guid="{guid(60)}" name="n"><PlainTextContent>Look here</PlainTextContent></Note></Notes>'
    project = qde(text_source("t.txt", f"{bare}</PlainTextSelection>{selection(1, 0, 11)}"), notes)
    found = read_project(packed(tmp_path / "p.qdpx", project, {"t.txt": TEXT.encode()}))
    assert [(note.content, note.texts) for note in found.notes] == [("Look here", ("Talk",))]
    assert [loss for loss in found.report.losses if "carries no code" in loss]


def test_an_area_without_words_or_date_is_no_repetition(tmp_path: Path) -> None:
    sound = f'<AudioSelection guid="{guid(5)}" begin="0" end="900">{coding(6)}</AudioSelection>'
    transcript = f'<Transcript guid="{guid(7)}" plainTextPath="internal://t.txt">{selection(1, 0, 11)}</Transcript>'
    source = f'<AudioSource guid="{guid(8)}" name="a.mp3">{transcript}{sound}</AudioSource>'
    found = read_project(packed(tmp_path / "p.qdpx", qde(source), {"t.txt": TEXT.encode()}))
    assert quotes(found) == ["Interviewer"]
    assert [loss for loss in found.report.losses if "a stretch of sound" in loss]


def test_line_ends_that_the_xml_has_lost_are_counted_where_the_program_counted_them(tmp_path: Path) -> None:
    held = TEXT.replace("\n", "\r\n")
    places = [(held.index(words), len(words)) for words in ("Mother", "Father", "End")]
    inner = "".join(selection(n, *_utf16(held, at, at + size)) for n, (at, size) in enumerate(places))
    source = f'<TextSource guid="{guid(50)}" name="t"><PlainTextContent>{held}</PlainTextContent>{inner}</TextSource>'
    assert quotes(read_project(packed(tmp_path / "p.qdpx", qde(source), {}))) == ["End", "Father", "Mother"]


def _utf16(text: str, *places: int) -> tuple[int, int]:
    start, end = (counted(text[:at], utf16=True, short_ends=False) for at in places)
    return start, end


def test_a_quotations_number_is_no_disagreement(tmp_path: Path) -> None:
    inner = selection(1, 0, 11).replace("<PlainTextSelection ", '<PlainTextSelection name="1:4 Intervie…" ')
    found = read_project(packed(tmp_path / "p.qdpx", qde(text_source("t.txt", inner)), {"t.txt": TEXT.encode()}))
    assert (quotes(found), found.report.flags) == (["Interviewer"], ())


def test_variables_of_one_name_keep_their_values_and_notes_without_words_are_said(tmp_path: Path) -> None:
    values = "".join(
        f'<VariableValue><VariableRef targetGUID="{guid(n)}"/><TextValue>{n}</TextValue></VariableValue>'
        for n in (30, 31)
    )
    head = "".join(f'<Variable guid="{guid(n)}" name="v" typeOfVariable="Text"/>' for n in (30, 31))
    notes = f'<Notes><Note guid="{guid(60)}" name="n" richTextPath="internal://n.docx"/></Notes>'
    project = qde(text_source("t.txt", values), notes).replace(
        b"<Sources>", f"<Variables>{head}</Variables><Sources>".encode()
    )
    found = read_project(packed(tmp_path / "p.qdpx", project, {"t.txt": TEXT.encode()}))
    assert found.texts[0].variables == {"v": "30", "v (2)": "31"}
    assert [flag for flag in found.report.flags if "Two variables" in flag]
    assert [loss for loss in found.report.losses if "words of the note `n`" in loss]


@pytest.mark.shared
def test_what_came_in_from_a_dialect_goes_out_valid_and_whole(shared: Path, tmp_path: Path) -> None:
    schema = etree.XMLSchema(etree.parse(str(shared / "acceptance/refi_qda/Project.xsd")))
    rest = (
        f'<Notes><Note guid="{guid(60)}" name="n"><PlainTextContent>Words</PlainTextContent></Note></Notes>'
        f'<Sets><Set guid="{guid(61)}" name="s"><MemberCode targetGUID="{guid(10)}"/></Set></Sets>'
    )
    inner = selection(1, 0, 11) + f'<NoteRef targetGUID="{guid(60)}"/>'
    first = read_project(packed(tmp_path / "p.qdpx", qde(text_source("t.txt", inner), rest), {"t.txt": TEXT.encode()}))
    write_project(first, tmp_path / "out.qdpx")
    with zipfile.ZipFile(tmp_path / "out.qdpx") as archive:
        schema.assertValid(etree.fromstring(archive.read("project.qde")).getroottree())
    again = read_project(tmp_path / "out.qdpx")
    assert (again.texts, again.codes, again.codings, again.notes, again.sets) == (
        first.texts,
        first.codes,
        first.codings,
        first.notes,
        first.sets,
    )
    assert again.report.losses == ()
