"""REFI-QDA out and in loses nothing of what both can hold; what other programs get wrong is survived and reported."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from joinedup.adapters.extract.normal import normal
from joinedup.adapters.refi_qda import read_codebook, read_project, write_codebook, write_project
from joinedup.study.problems import StudyError
from joinedup.texts.project import (
    Case,
    Coder,
    CodeSet,
    Note,
    Project,
    ProjectCode,
    ProjectCoding,
    ProjectText,
    Variable,
)

SPACE = 'xmlns="urn:QDA-XML:project:1.0"'
A, B, C = (f"{sign * 8}-0000-4000-8000-000000000000" for sign in "abc")
TEXT = "Anna: We met twice 😀.\r\nBen: Never."


def archive(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return path


def project(
    path: Path, inner: str, text: str | bytes = TEXT, qde: str = "project.qde", source: str = "sources/t.txt"
) -> Path:
    return archive(
        path, {qde: f'<?xml version="1.0" encoding="utf-8"?><Project {SPACE} name="P">{inner}</Project>', source: text}
    )


def coded(start: int, end: int, name: str = "", code: str = A, user: str = "") -> str:
    who = f' creatingUser="{user}"' if user else ""
    return (
        f'<PlainTextSelection guid="{B}" name="{name}" startPosition="{start}" endPosition="{end}">'
        f'<Coding guid="{C}"{who}><CodeRef targetGUID="{code}"/></Coding></PlainTextSelection>'
    )


def book(*codes: str) -> str:
    return f"<CodeBook><Codes>{''.join(codes)}</Codes></CodeBook>"


CODE = f'<Code guid="{A}" name="trust" isCodable="true"/>'


def source(inner: str = "", path: str = "internal://t.txt", name: str = "talk.txt") -> str:
    return f'<Sources><TextSource guid="{B}" name="{name}" plainTextPath="{path}">{inner}</TextSource></Sources>'


WORDS = st.lists(
    st.sampled_from(
        ["a", "Word ", "😀", "e\u0301", "\r\n", "\n", "\ufeff", " ", "é", "𝔄", "ß", "&<\">'", "\t", "\u202e", "\x01"]
    ),
    min_size=1,
    max_size=30,
).map("".join)
LINE = st.sampled_from(["", "a note", "two\nlines & <more>", "😀 ]]> é", "'\"", "tab\tinside"])
GUID = st.uuids(version=4).map(str)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    texts = tuple(
        ProjectText(
            f"text{n}",
            f"text{n}.txt",
            normal(draw(WORDS)),
            draw(GUID),
            draw(LINE),
            {"place": "x & y"} if draw(st.booleans()) else {},
        )
        for n in range(draw(st.integers(0, 3)))
    )
    codes = tuple(
        ProjectCode(
            f"code{n}",
            f"code{n}",
            draw(LINE),
            f"code{draw(st.integers(0, n - 1))}" if n and draw(st.booleans()) else "",
            draw(st.sampled_from(["", "#aabbcc", "#FFF"])),
            guid=draw(GUID),
        )
        for n in range(draw(st.integers(1, 4)))
    )
    coders = tuple(Coder(f"coder{n}", f"coder{n}", draw(GUID)) for n in range(2))
    codings: dict[tuple[str, int, int, str, str], ProjectCoding] = {}
    for text in texts:
        for _ in range(draw(st.integers(0, 4)) if text.content.strip() else 0):
            start = draw(st.integers(0, len(text.content) - 1))
            end = draw(st.integers(start + 1, len(text.content)))
            code, coder = draw(st.sampled_from(codes)).id, draw(st.sampled_from(["", "coder0", "coder1"]))
            title = draw(st.sampled_from(["", "a title that a person gave to it, longer than any of these words are"]))
            date = draw(st.sampled_from(["", "2024-01-02T03:04:05Z"]))
            key = (text.id, start, end, code, coder)
            codings[key] = ProjectCoding(
                text.id, start, end, text.content[start:end], code, coder, draw(LINE), title, date
            )
    cases = (Case("case", draw(LINE), {"size": "12"}, tuple(text.id for text in texts)),) if draw(st.booleans()) else ()
    notes = (
        (Note("memo", "about it all", tuple(t.id for t in texts[:1]), (codes[0].id,)),) if draw(st.booleans()) else ()
    )
    sets = (CodeSet("set", "some", (codes[0].id,), tuple(t.id for t in texts[:1])),)
    variables = (Variable("place", "Text", "where"), Variable("size", "Integer", ""))
    return Project("P & Q", texts, codes, tuple(codings.values()), coders, cases, variables, notes, sets, draw(LINE))


def comparable(project: Project) -> object:
    """What the format holds, without the order in which codes stand or the spaces around a description."""
    about = {
        name: getattr(project, name)
        for name in ("name", "texts", "coders", "cases", "variables", "notes", "sets", "description")
    }
    codes = {code.id: code for code in project.codes}
    return about, codes, {(c.text, c.start, c.end, c.code, c.coder): c for c in project.codings}


@settings(max_examples=60, deadline=None)
@given(projects())
def test_out_and_in_loses_nothing(given_: Project) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "a.qdpx"), Path(folder, "b.qdpx")
        write_project(given_, first)
        back = read_project(first)
        assert back.report.losses == ()
        assert comparable(back) == comparable(given_)
        write_project(back, second)
        assert read_project(second) == replace(back, report=read_project(second).report)
        write_project(given_, second)
        assert first.read_bytes() == second.read_bytes()


def schema(shared: Path, name: str) -> object:
    return etree.XMLSchema(etree.parse(str(shared / "acceptance/refi_qda" / name)))


@pytest.mark.shared
@settings(max_examples=25, deadline=None)
@given(given_=projects())
def test_what_is_written_is_valid(shared: Path, given_: Project) -> None:
    xsd, codebook = schema(shared, "Project.xsd"), schema(shared, "Codebook.xsd")
    with tempfile.TemporaryDirectory() as folder:
        file, only = Path(folder, "a.qdpx"), Path(folder, "a.qdc")
        write_project(given_, file)
        xsd.assertValid(etree.fromstring(zipfile.ZipFile(file).read("project.qde")))  # type: ignore[attr-defined]
        write_codebook(given_, only)
        codebook.assertValid(etree.parse(str(only)))  # type: ignore[attr-defined]
        back = read_codebook(only)
        assert {code.id: code for code in back.codes} == {code.id: code for code in given_.codes}


def test_positions_are_counted_as_the_file_counts_them(tmp_path: Path) -> None:
    inner = book(CODE) + source(coded(24, 34, "Ben: Never") + coded(6, 8, "We"))
    found = read_project(project(tmp_path / "p.qdpx", inner, "\ufeff" + TEXT))
    assert [c.quote for c in found.codings] == ["We", "Ben: Never"]
    assert any("UTF-16" in said and "not counted" in said and "runner-up" in said for said in found.report.choices)


@pytest.mark.parametrize(
    ("qde", "file", "path"),
    [
        ("Project.qde", "Sources/T.TXT", "internal://t.txt"),
        ("My Study.qde", "sources/t.txt", "t.txt"),
        ("top/project.qde", "top/sources/t.txt", "internal://t.txt"),
        ("project.qde", "sources/t.txt", "internal://Sources/t.txt"),
    ],
)
def test_names_and_folders_as_they_come(qde: str, file: str, path: str, tmp_path: Path) -> None:
    found = read_project(
        project(tmp_path / "p.qdpx", book(CODE) + source(coded(6, 8), path), "Anna: We met.", qde, file)
    )
    assert [c.quote for c in found.codings] == ["We"]
    assert (qde == "project.qde") == (not any("not project.qde" in said for said in found.report.choices))


def test_guids_in_braces_and_in_any_case(tmp_path: Path) -> None:
    codes = f'<Code guid="{{{A.upper()}}}" name="trust" isCodable="true"/>'
    found = read_project(project(tmp_path / "p.qdpx", book(codes) + source(coded(6, 8)), "Anna: We met."))
    assert [(c.code, c.quote) for c in found.codings] == [("trust", "We")]


def test_a_user_listed_twice_and_one_not_listed(tmp_path: Path) -> None:
    users = f'<Users><User guid="{A}" name="Ann"/><User guid="{B}" name="Ann"/></Users>'
    inner = users + book(CODE) + source(coded(0, 4, user=A) + coded(6, 8, user=B) + coded(9, 12, user=C))
    found = read_project(project(tmp_path / "p.qdpx", inner, "Anna: We met."))
    assert [c.coder for c in found.codings] == ["Ann", "Ann", "coder"]
    assert any("listed twice" in said for said in found.report.choices)
    assert any("not among the users" in said for said in found.report.flags)


def test_colours_names_and_is_codable_are_mended(tmp_path: Path) -> None:
    codes = book(
        f'<Code guid="{A}" name="trust" isCodable="false" color="255,0,128"/>',
        f'<Code guid="{B}" name="trust" color="#11223344"/>',
        f'<Code guid="{C}" name="" isCodable="true" color="red"/>',
    )
    found = read_project(project(tmp_path / "p.qdpx", codes + source(coded(6, 8)), "Anna: We met."))
    assert [(code.id, code.colour, code.codable) for code in found.codes] == [
        ("trust", "#FF0080", True),
        ("trust-2", "#112233", True),
        ("code", "", True),
    ]
    said = " ".join(found.report.flags)
    for words in (
        "Two codes are called",
        "has no name",
        "transparent",
        "is none",
        "has codings",
        "does not say whether",
    ):
        assert words in said


def test_variables_stand_on_cases_or_on_sources(tmp_path: Path) -> None:
    value = f'<VariableValue><VariableRef targetGUID="{A}"/><TextValue>north</TextValue></VariableValue>'
    lost = f'<VariableValue><VariableRef targetGUID="{C}"/><TextValue>x</TextValue></VariableValue>'
    inner = (
        f'<Variables><Variable guid="{A}" name="place" typeOfVariable="Text"/></Variables>'
        f'<Cases><Case guid="{C}" name="Ashby">{value}{lost}<SourceRef targetGUID="{B}"/><SelectionRef targetGUID="{C}"/></Case></Cases>'
        f"{source(value)}"
    )
    found = read_project(project(tmp_path / "p.qdpx", inner))
    assert (dict(found.texts[0].variables), dict(found.cases[0].variables), found.cases[0].texts) == (
        {"place": "north"},
        {"place": "north"},
        ("talk",),
    )
    assert any("belongs to no variable" in loss for loss in found.report.losses)
    assert any("references to selections" in loss for loss in found.report.losses)


def test_every_loss_is_listed(tmp_path: Path) -> None:
    other = (
        f'<TextSource guid="{C}" name="gone.txt" plainTextPath="internal://gone.txt">{coded(0, 4)}</TextSource>'
        f'<TextSource guid="{C}" name="far.txt" plainTextPath="absolute:///etc/hostname">{coded(0, 4)}</TextSource>'
        f'<PictureSource guid="{C}" name="map.png"><PictureSelection guid="{C}" firstX="0" firstY="0" secondX="1" secondY="1"><Coding guid="{C}"><CodeRef targetGUID="{A}"/></Coding></PictureSelection></PictureSource>'
    )
    selections = (
        coded(0, 4)
        + coded(5, 900)
        + coded(3, 3)
        + coded(6, 8, code=C)
        + f'<PlainTextSelection guid="{C}" name="n" startPosition="1" endPosition="2"/>'
        + coded(0, 1).replace('"0"', '"x"')
    )
    inner = (
        book(CODE)
        + source(selections).replace("</Sources>", other + "</Sources>")
        + '<Links><Link guid="'
        + C
        + '"/></Links>'
    )
    found = read_project(project(tmp_path / "p.qdpx", inner, "Anna: We met."))
    assert [c.quote for c in found.codings] == ["Anna"]
    said = "\n".join(found.report.losses)
    for words in (
        "gone.txt`: its text is not",
        "outside the text",
        "no character",
        "code is not in the codebook",
        "carries no code",
        "are no numbers",
        "1 links",
        "area of a picture",
    ):
        assert words in said, words
    assert sum(loss.startswith("Coding with") for loss in found.report.losses) == 7
    assert any("not followed" in flag for flag in found.report.flags)
    assert found.report.counts["codings"] == 8


def test_an_area_that_repeats_a_coding_of_the_text_is_no_loss(tmp_path: Path) -> None:
    coding = f'<Coding guid="{C}" creationDateTime="2024-01-01T00:00:00Z"><CodeRef targetGUID="{A}"/></Coding>'
    area = f'<PDFSelection guid="{C}" page="1" firstX="0" firstY="0" secondX="9" secondY="9">{coding}</PDFSelection>'
    text = f'<PlainTextSelection guid="{C}" startPosition="0" endPosition="4">{coding}</PlainTextSelection>'
    alone = area.replace("2024-01-01", "2025-05-05")
    inner = f'{book(CODE)}<Sources><PDFSource guid="{B}" name="plan.pdf">{area}{alone}<Representation guid="{C}" plainTextPath="internal://t.txt">{text}</Representation></PDFSource></Sources>'
    found = read_project(project(tmp_path / "p.qdpx", inner, "Anna: We met."))
    assert [c.quote for c in found.codings] == ["Anna"]
    assert sum("area of a page" in loss for loss in found.report.losses) == 1
    assert any("repeats a coding" in said for said in found.report.choices)


def test_a_transcripts_selections_run_between_sync_points(tmp_path: Path) -> None:
    inner = f"""{book(CODE)}<Sources><AudioSource guid="{B}" name="talk.mp3"><Transcript guid="{C}" plainTextPath="internal://t.txt">
        <SyncPoint guid="{A}" timeStamp="0" position="6"/><SyncPoint guid="{B}" timeStamp="900" position="8"/>
        <TranscriptSelection guid="{C}" fromSyncPoint="{A}" toSyncPoint="{B}"><Coding guid="{C}"><CodeRef targetGUID="{A}"/></Coding></TranscriptSelection>
        </Transcript></AudioSource></Sources>"""
    found = read_project(project(tmp_path / "p.qdpx", inner, "Anna: We met."))
    assert [c.quote for c in found.codings] == ["We"]


def test_whole_texts_notes_and_loose_ampersands(tmp_path: Path) -> None:
    whole = f'<Coding guid="{C}"><CodeRef targetGUID="{A}"/><NoteRef targetGUID="{C}"/></Coding>'
    notes = (
        f'<Notes><Note guid="{C}" name="n"><PlainTextContent>Fish & chips &#x0;\x0b</PlainTextContent></Note></Notes>'
    )
    found = read_project(project(tmp_path / "p.qdpx", book(CODE) + source(whole) + notes, "Anna: We met."))
    assert [(c.quote, c.note) for c in found.codings] == [("Anna: We met.", "Fish & chips")]
    assert any("not well formed" in flag for flag in found.report.flags)


def test_empty_texts_and_duplicate_names(tmp_path: Path) -> None:
    inner = f'{book(CODE)}<Sources><TextSource guid="{A}" name="a.txt"><PlainTextContent></PlainTextContent></TextSource><TextSource guid="{B}" name="a.txt"><PlainTextContent>Words.</PlainTextContent></TextSource></Sources>'
    found = read_project(project(tmp_path / "p.qdpx", inner))
    assert [(text.id, text.content) for text in found.texts] == [("a", ""), ("a-2", "Words.")]
    assert {"is empty" in flag or "Two sources" in flag for flag in found.report.flags} == {True}


def test_a_tie_that_matters_leaves_the_coding_out(tmp_path: Path) -> None:
    found = read_project(
        project(tmp_path / "p.qdpx", book(CODE) + source(coded(9, 10) + coded(0, 5)), "first 😀 .... ab")
    )
    assert [c.quote for c in found.codings] == ["first"]
    assert any("not guessed" in loss for loss in found.report.losses)
    assert any("it matters" in flag for flag in found.report.flags)


def test_a_name_that_disagrees_is_flagged(tmp_path: Path) -> None:
    found = read_project(project(tmp_path / "p.qdpx", book(CODE) + source(coded(0, 5, "thirst")), "first 1 second"))
    assert any("its words are `first`" in flag for flag in found.report.flags)


def test_sentences_for_what_is_no_project(tmp_path: Path) -> None:
    cases: dict[str, bytes] = {"J320": b"", "J330": b"not xml at all <"}
    nested = io.BytesIO()
    with zipfile.ZipFile(nested, "w") as inside:
        inside.writestr("x.qdpx", b"PK")
    cases["J323"] = nested.getvalue()
    for number, data in cases.items():
        file = tmp_path / "p.qdpx"
        file.write_bytes(data)
        with pytest.raises(StudyError) as caught:
            read_project(file)
        assert [problem.number for problem in caught.value.problems] == [number]
