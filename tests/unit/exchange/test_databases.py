"""QualCoder's and Taguette's databases, written here by their programs' own schemas. All words SIMULATED."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.adapters import qualcoder, taguette, taguette_lists
from joinedup.study.problems import StudyError, UsageError
from joinedup.texts.project import Project, ProjectText

QUALCODER = """
CREATE TABLE project (databaseversion text, date text, memo text, about text, bookmarkfile integer, bookmarkpos integer, codername text, recently_used_codes text);
CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text, av_text_id integer, risid integer, unique(name));
CREATE TABLE code_image (imid integer primary key, id integer, x1 integer, y1 integer, width integer, height integer, cid integer, memo text, date text, owner text, important integer, pdf_page integer);
CREATE TABLE code_av (avid integer primary key, id integer, pos0 integer, pos1 integer, cid integer, memo text, date text, owner text, important integer);
CREATE TABLE annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text, owner text, date text, unique(fid,pos0,pos1,owner));
CREATE TABLE attribute_type (name text primary key, date text, owner text, memo text, caseOrFile text, valuetype text);
CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text, id integer, date text, owner text, unique(name,attr_type,id));
CREATE TABLE case_text (id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer, owner text, date text, memo text);
CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text, constraint ucm unique(name));
CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text, supercatid integer, unique(name));
CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text, date text, memo text, avid integer, important integer, unique(cid,fid,pos0,pos1,owner));
CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text, date text, color text, unique(name));
CREATE TABLE journal (jid integer primary key, name text, jentry text, date text, owner text, unique(name));
"""
TAGUETTE = """
CREATE TABLE users (login VARCHAR(30) PRIMARY KEY);
CREATE TABLE projects (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL, description TEXT NOT NULL, created DATETIME NOT NULL);
CREATE TABLE documents (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL, description TEXT NOT NULL, filename VARCHAR(200) NOT NULL, created DATETIME NOT NULL, project_id INTEGER NOT NULL, text_direction VARCHAR(13) NOT NULL, contents TEXT NOT NULL);
CREATE TABLE commands (id INTEGER PRIMARY KEY AUTOINCREMENT, date DATETIME NOT NULL, user_login VARCHAR(30) NOT NULL, project_id INTEGER NOT NULL, document_id INTEGER, payload TEXT NOT NULL);
CREATE TABLE highlights (id INTEGER PRIMARY KEY AUTOINCREMENT, document_id INTEGER NOT NULL, start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL, snippet TEXT NOT NULL);
CREATE TABLE tags (id INTEGER PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL, path VARCHAR(200) NOT NULL, description TEXT NOT NULL, UNIQUE(project_id, path));
CREATE TABLE highlight_tags (highlight_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, PRIMARY KEY (highlight_id, tag_id));
"""
DAY = "2024-03-01 10:00:00"


def database(path: Path, schema: str, rows: Iterable[tuple[str, Sequence[object]]] = ()) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(schema)
    for table, values in rows:
        connection.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(values))})", list(values))
    connection.commit()
    connection.close()
    return path


def coded(
    number: int, code: int, words: str, start: int, end: int, owner: str = "ann", memo: str = ""
) -> tuple[str, Sequence[object]]:
    return "code_text", (number, code, 1, words, start, end, owner, DAY, memo, None, None)


def qt(text: str, index: int) -> int:
    """A position as a window of Qt counts it: UTF-16 code units of a text with plain line ends."""
    return len(text[:index].encode("utf-16-le")) // 2


@pytest.mark.parametrize(("start", "end", "quote"), [(4, 8, "café"), (8, 12, "é me"), (0, 9, "The café"), (8, 9, "é")])
def test_a_coding_that_parts_a_letter_from_its_accent_takes_the_letter_whole(
    start: int, end: int, quote: str, tmp_path: Path
) -> None:
    words = "The cafe\u0301 met \U0001f600 here."
    source = ("source", (1, "t", words, None, "", "ann", DAY, None, None))
    rows = [source, ("code_name", (1, "c", "", None, "ann", DAY, "#F00000"))]
    file = database(tmp_path / "p.qda" / "data.qda", QUALCODER, [*rows, coded(1, 1, words[start:end], start, end)])
    project = qualcoder.read_project(file)
    holds(project)
    assert [coding.quote for coding in project.codings] == [quote]
    assert not project.report.losses


def holds(project: Project) -> None:
    texts = {text.id: text.content for text in project.texts}
    assert all(texts[c.text][c.start : c.end] == c.quote for c in project.codings)


WORDS = "Q: How is it?\nA: Fine 😀 really.\nQ: And the trust? 👍\nA: The trust is a good trust."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    at = WORDS.index("a good trust")
    trust = WORDS.index("The trust")
    rows: list[tuple[str, Sequence[object]]] = [
        ("project", ("v6", DAY, "A project memo", "QualCoder 3.5", 0, 0, "ann", "")),
        ("source", (1, "talk.txt", WORDS, None, "about the talk", "ann", DAY, None, None)),
        ("source", (2, "map.png", None, "/images/map.png", "", "ann", DAY, None, None)),
        ("source", (3, "empty.txt", "", None, "", "ann", DAY, None, None)),
        ("code_cat", (1, "Working together", "ann", DAY, "all of it", None)),
        ("code_cat", (2, "Feelings", "ann", DAY, "", 1)),
        ("code_cat", (3, "Lost", "ann", DAY, "", 9)),
        ("code_name", (1, "trust", "what trust is", 1, "ann", DAY, "#FF8800")),
        ("code_name", (2, "joy", "", 2, "ann", DAY, "#00FF00")),
        coded(1, 1, "a good trust", qt(WORDS, at), qt(WORDS, at + 12), memo="key passage"),
        coded(2, 1, "The trust", qt(WORDS, trust), qt(WORDS, trust + 9), "ben"),
        coded(3, 2, "Fine 😀 really", qt(WORDS, 17), qt(WORDS, 30)),
        coded(4, 2, "The trust", trust, trust + 9),
        coded(5, 2, "good trust", 3, 13),
        coded(6, 2, "words of an older version", 0, 25),
        coded(7, 9, "Fine", 17, 21),
        ("code_image", (1, 2, 0, 0, 10, 10, 1, "", DAY, "ann", None, None)),
        ("cases", (1, "Ashby", "a site", "ann", DAY)),
        ("case_text", (1, 1, 1, 0, len(WORDS), "ann", DAY, "")),
        ("attribute_type", ("size", DAY, "ann", "", "case", "numeric")),
        ("attribute_type", ("place", DAY, "ann", "", "file", "character")),
        ("attribute", (1, "size", "case", "12", 1, DAY, "ann")),
        ("attribute", (2, "place", "file", "north", 1, DAY, "ann")),
        ("journal", (1, "Day one", "It went well.", DAY, "ann")),
        ("annotation", (1, 1, 3, 6, "remember this", "ann", DAY)),
    ]
    return database(tmp_path / "Study.qda" / "data.qda", QUALCODER, rows).parent


def test_a_qualcoder_project_comes_with_every_quote_held_to_its_words(folder: Path) -> None:
    project = qualcoder.read_project(folder)
    holds(project)
    assert (project.name, project.description, project.origin) == ("Study", "A project memo", "QualCoder QualCoder 3.5")
    found = [(c.quote, c.code, c.coder, c.note) for c in project.codings]
    assert ("a good trust", "trust", "ann", "key passage") in found
    assert ("The trust", "trust", "ben", "") in found
    assert ("The trust", "joy", "ann", "") in found, "counted in code points by automatic coding"
    assert ("Fine 😀 really", "joy", "ann", "") in found
    assert ("good trust", "joy", "ann", "") in found, "moved to its words"
    assert len(found) == 5
    report = project.report
    assert any("moved to" in flag for flag in report.flags)
    assert any("nowhere in the text" in loss for loss in report.losses)
    assert any("code does not exist" in loss for loss in report.losses)
    assert any("areas of pictures" in loss for loss in report.losses)
    assert any("map.png" in loss for loss in report.losses)
    assert any("UTF-16" in choice for choice in report.choices)


def test_a_qualcoder_projects_tree_cases_attributes_and_memos(folder: Path) -> None:
    project = qualcoder.read_project(folder / "data.qda")
    tree = {code.name: (code.parent, code.codable) for code in project.codes}
    assert tree["Working together"] == ("", False)
    assert tree["Feelings"] == ("Working_together", False)
    assert (tree["trust"], tree["joy"]) == (("Working_together", True), ("Feelings", True))
    assert tree["Lost"] == ("", False)
    assert project.codes.index(next(c for c in project.codes if c.name == "joy")) > 1
    (case,) = project.cases
    assert (case.name, dict(case.variables), case.texts) == ("Ashby", {"size": "12"}, ("talk",))
    assert dict(project.texts[0].variables) == {"place": "north"}
    assert {note.name for note in project.notes} == {"Day one", "Annotation at 3-6"}
    assert {coder.name for coder in project.coders} == {"ann", "ben"}


def test_circular_categories_are_cut(tmp_path: Path) -> None:
    rows: list[tuple[str, Sequence[object]]] = [
        ("code_cat", (1, "a", "", DAY, "", 2)),
        ("code_cat", (2, "b", "", DAY, "", 1)),
        ("code_name", (1, "c", "", 1, "", DAY, "")),
    ]
    project = qualcoder.read_project(database(tmp_path / "x.qda", QUALCODER, rows))
    assert {code.id: code.parent for code in project.codes} in (
        {"a": "b", "b": "", "c": "a"},
        {"b": "a", "a": "", "c": "a"},
    )
    assert any("below itself" in flag for flag in project.report.flags)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "bc ", "😀", "é", "e\u0301", "\r\n", " "]), min_size=1, max_size=30),
    st.booleans(),
    st.data(),
)
def test_codings_made_in_a_window_keep_their_words(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], mark: bool, data: st.DataObject
) -> None:
    stored = ("\ufeff" if mark else "") + "".join(pieces)
    seen = stored.replace("\r\n", "\n")
    start = data.draw(st.integers(0, len(seen) - 1))
    end = data.draw(st.integers(start + 1, len(seen)))
    words = seen[start:end]
    rows: list[tuple[str, Sequence[object]]] = [
        ("source", (1, "t", stored, None, "", "", DAY, None, None)),
        ("code_name", (1, "c", "", None, "", DAY, "")),
        coded(1, 1, words.replace("\n", "\u2029"), qt(seen, start), qt(seen, end)),
    ]
    file = tmp_path_factory.mktemp("q") / "data.qda"
    project = qualcoder.read_project(database(file, QUALCODER, rows))
    holds(project)
    flat = "".join(words.replace("\ufeff", "").replace("e\u0301", "é").split())
    if flat and not flat.startswith("\u0301") and "\u0301" not in seen[end : end + 1]:
        assert ["".join(c.quote.split()) for c in project.codings] == [flat]


HTML = "<h1>Title</h1><p>Caf\u00e9 &amp; <b>bar</b> 😀 talk</p><ul><li>One</li><li>Two words</li></ul>"
PLAIN = "TitleCaf\u00e9 & bar 😀 talkOneTwo words"


def bytes_at(words: str) -> tuple[int, int]:
    start = len(PLAIN[: PLAIN.index(words)].encode())
    return start, start + len(words.encode())


@pytest.fixture
def taguette_file(tmp_path: Path) -> Path:
    rows: list[tuple[str, Sequence[object]]] = [
        ("projects", (1, "Talks", "About talks", DAY)),
        ("documents", (1, "talk.html", "one talk", "talk.html", DAY, 1, "LEFT_TO_RIGHT", HTML)),
        ("tags", (1, 1, "interesting", "worth a look")),
        ("tags", (2, 1, "places.bar", "")),
        ("highlights", (1, 1, *bytes_at("bar 😀 talk"), "<b>bar</b> 😀 talk")),
        ("highlights", (2, 1, *bytes_at("Two words"), "<li>Two words</li>")),
        ("highlights", (3, 1, *bytes_at("OneTwo"), "<li>One</li><li>Two</li>")),
        ("highlights", (4, 1, 2, 5, "tle")),
        ("highlights", (5, 1, 0, 5, "Café")),
        ("highlight_tags", (1, 1)),
        ("highlight_tags", (1, 2)),
        ("highlight_tags", (2, 1)),
        ("highlight_tags", (3, 1)),
        ("highlight_tags", (5, 2)),
        ("commands", (1, DAY, "ann", 1, 1, json.dumps({"type": "highlight_add", "highlight_id": 1, "tags": [1, 2]}))),
        ("commands", (2, DAY, "ben", 1, 1, "no json")),
    ]
    return database(tmp_path / "talks.sqlite3", TAGUETTE, rows)


def test_a_taguette_project_counts_bytes_of_words(taguette_file: Path) -> None:
    project = taguette.read_project(taguette_file)
    holds(project)
    assert project.texts[0].content.split("\n")[:2] == ["Title", "Café & bar 😀 talk"]
    found = [(c.quote, c.code, c.coder) for c in project.codings]
    assert found == [
        ("Café", "places_bar", ""),
        ("bar 😀 talk", "interesting", "ann"),
        ("bar 😀 talk", "places_bar", "ann"),
        ("One\nTwo", "interesting", ""),
        ("Two words", "interesting", ""),
    ]
    assert any("moved to its words" in flag for flag in project.report.flags)
    assert project.report.losses == ("Highlight `tle`: it carries no tag.",)
    assert [coder.name for coder in project.coders] == ["ann"]


def test_taguettes_list_of_highlights_is_found_again(taguette_file: Path, tmp_path: Path) -> None:
    texts = taguette.read_project(taguette_file).texts
    file = tmp_path / "highlights.csv"
    file.write_text(
        "id,document,tag,content\n1,talk.html,interesting,Two words\n2,talk.html,x,a\n3,no.html,x,y\n4,talk.html,x,never\n",
        encoding="utf-8",
    )
    project = taguette_lists.read_highlights(file, texts)
    assert [(c.quote, c.code) for c in project.codings] == [("Two words", "interesting")]
    assert len(project.report.losses) == 3
    holds(project)


@pytest.mark.parametrize("read", [qualcoder.read_project, taguette.read_project])
def test_other_files_are_refused_in_a_sentence(read: object, tmp_path: Path) -> None:
    assert callable(read)
    cases = {b"": "J320", b"PK\x03\x04 no database": "J323", b"SQLite format 3\x00" + b"\xff" * 200: "J330"}
    for number, (data, problem) in enumerate(cases.items()):
        file = tmp_path / f"{number}.db"
        file.write_bytes(data)
        with pytest.raises(StudyError) as caught:
            read(file)
        assert [p.number for p in caught.value.problems] == [problem]
    with pytest.raises(StudyError, match="another program"):
        read(database(tmp_path / "other.db", "CREATE TABLE t (a);"))
    with pytest.raises(UsageError, match="can't be read"):
        read(tmp_path / "nowhere.db")


def test_views_are_no_tables(tmp_path: Path) -> None:
    endless = "CREATE VIEW source AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id, id AS name, id AS fulltext FROM n;"
    with pytest.raises(StudyError, match="another program"):
        qualcoder.read_project(database(tmp_path / "v.qda", endless))


def test_several_projects_are_not_guessed(tmp_path: Path) -> None:
    rows = [("projects", (n, f"P{n}", "", DAY)) for n in (1, 2)]
    with pytest.raises(UsageError, match="holds 2 projects"):
        taguette.read_project(database(tmp_path / "t.sqlite3", TAGUETTE, rows))


def test_a_listed_highlight_is_found_over_paragraphs_and_among_documents_of_one_name(tmp_path: Path) -> None:
    texts = [
        ProjectText("talk", "talk.html", "First end.\n\nSecond start."),
        ProjectText("talk-2", "talk.html", "Other."),
    ]
    rows = ["id,document,tag,content", "1,talk.html,met,end.Second", "2,talk.html,met,Other.", "3,talk.html,met,t"]
    file = tmp_path / "highlights.csv"
    file.write_text("\n".join([*rows, ""]), encoding="utf-8")
    found = taguette_lists.read_highlights(file, texts)
    assert [(one.text, one.quote) for one in found.codings] == [("talk", "end.\n\nSecond"), ("talk-2", "Other.")]
    assert [loss for loss in found.report.losses if "3 (`t`) with `met`" in loss and "more than once" in loss]


def test_a_listed_highlight_is_found_in_the_texts_that_an_import_made_of_its_document(tmp_path: Path) -> None:
    texts = [ProjectText(id, id, content) for id, content in (("Cafe_talk", "One."), ("Cafe_talk-2", "Two."))]
    file = tmp_path / "highlights.csv"
    file.write_text("id,document,tag,content\n1,Café talk.html,met,One.\n2,Café talk.html,met,Two.\n", encoding="utf-8")
    found = taguette_lists.read_highlights(file, texts)
    assert [(one.text, one.quote) for one in found.codings] == [("Cafe_talk", "One."), ("Cafe_talk-2", "Two.")]
