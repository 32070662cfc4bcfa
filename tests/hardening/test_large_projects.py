"""Large hostile projects of coding programs: read apart, under limits on time and memory; each ends in a sentence or in its words."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.adapters import qualcoder, refi_qda, taguette
from joinedup.adapters.exchange import apart
from joinedup.adapters.exchange.apart import SMALL, cost, read_apart, seconds_for
from joinedup.adapters.exchange.gathering import Findings, parents_first
from joinedup.adapters.exchange.ids import Ids
from joinedup.adapters.extract.freezing import freeze
from joinedup.adapters.extract.model import RefusedError
from joinedup.adapters.refi_qda.reader import read_here
from joinedup.study.problems import StudyError, UsageError
from joinedup.texts.passages import locate

SPACE = 'xmlns="urn:QDA-XML:project:1.0"'
GUID = "aaaaaaaa-0000-4000-8000-00000000000"
BOOK = f'<CodeBook><Codes><Code guid="{GUID}1" name="c" isCodable="true"/></Codes></CodeBook>'
PILE = "a" + "\u0316\u0300" * 500_000


def selection(start: int, end: int, name: str = "") -> str:
    return (
        f'<PlainTextSelection guid="{GUID}2" name="{name}" startPosition="{start}" endPosition="{end}">'
        f'<Coding guid="{GUID}3"><CodeRef targetGUID="{GUID}1"/></Coding></PlainTextSelection>'
    )


def refi(folder: Path, text: str, inner: str) -> Path:
    """A project of one text."""
    source = f'<TextSource guid="{GUID}4" name="t" plainTextPath="internal://t.txt">{inner}</TextSource>'
    with zipfile.ZipFile(folder / "p.qdpx", "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("project.qde", f'<Project {SPACE} name="P">{BOOK}<Sources>{source}</Sources></Project>')
        opened.writestr("sources/t.txt", text)
    return folder / "p.qdpx"


def qualcoder_file(folder: Path, text: str, codings: int) -> Path:
    file = folder / "data.qda"
    with sqlite3.connect(file) as opened:
        opened.executescript(
            "CREATE TABLE source (id integer, name text, fulltext text, mediapath text);"
            "CREATE TABLE code_name (cid integer, name text);"
            "CREATE TABLE code_text (ctid integer, cid integer, fid integer, seltext text, pos0 integer, pos1 integer);"
        )
        opened.execute("INSERT INTO source VALUES (1, 't', ?, NULL)", (text,))
        opened.execute("INSERT INTO code_name VALUES (1, 'c')")
        rows = [(at, 1, 1, "nowhere to be found", at, at + 19) for at in range(codings)]
        opened.executemany("INSERT INTO code_text VALUES (?, ?, ?, ?, ?, ?)", rows)
    opened.close()
    return file


def taguette_file(folder: Path, html: str, highlights: int) -> Path:
    file = folder / "p.sqlite3"
    with sqlite3.connect(file) as opened:
        opened.executescript(
            "CREATE TABLE projects (id integer, name text); CREATE TABLE tags (id integer, path text);"
            "CREATE TABLE documents (id integer, name text, contents text);"
            "CREATE TABLE highlights (id integer, document_id integer, start_offset integer, end_offset integer, snippet text);"
            "CREATE TABLE highlight_tags (highlight_id integer, tag_id integer);"
            "INSERT INTO projects VALUES (1, 'p'); INSERT INTO tags VALUES (1, 'a');"
        )
        opened.execute("INSERT INTO documents VALUES (1, 'd', ?)", (html,))
        rows = [(at, 1, at, at + 9, "nothing there") for at in range(highlights)]
        opened.executemany("INSERT INTO highlights VALUES (?, ?, ?, ?, ?)", rows)
        opened.executemany("INSERT INTO highlight_tags VALUES (?, 1)", [(at,) for at in range(highlights)])
    opened.close()
    return file


READERS = {".qdpx": refi_qda.read_project, ".qda": qualcoder.read_project, ".sqlite3": taguette.read_project}
HOSTILE: dict[str, tuple[Callable[[Path], Path], tuple[str, ...]]] = {
    "marks": (lambda at: refi(at, PILE, selection(0, 9)), ("J338",)),
    "marks in a database": (lambda at: qualcoder_file(at, PILE, 1), ("J338",)),
    "long selections": (
        lambda at: refi(at, "word e\u0301 😀 \r\n" * 60_000, selection(0, 600_000, "w" * 99) * 20_000),
        ("J331", "J332"),
    ),
    "zeros": (lambda at: refi(at, "0" * 150_000_000, selection(0, 9)), ("J332", "J333")),
    "lost words": (lambda at: taguette_file(at, "<p>e\u0301 x</p>" * 150_000, 20_000), ("J331",)),
}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits on time and memory are the system's")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_large_hostile_project_ends_in_a_sentence_within_its_limits(name: str, tmp_path: Path) -> None:
    make, numbers = HOSTILE[name]
    file = make(tmp_path)
    with pytest.raises(StudyError) as caught:
        READERS[file.suffix](file)
    (problem,) = caught.value.problems
    assert problem.number in numbers
    assert problem.place.file == file.name


def test_decomposed_letters_are_read_and_coded() -> None:
    frozen = freeze("e\u0301" * 1_300_000)
    assert frozen.content == "é" * 1_300_000
    assert frozen.span(2_000_000, 2_000_002) == (1_000_000, 1_000_001)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit on memory is the system's")
def test_a_project_of_decomposed_letters_keeps_the_limits_of_the_child(tmp_path: Path) -> None:
    """In a process with 2 s of processor time and 300 MB, as the issue of hostile files asks."""
    file = refi(tmp_path, "e\u0301" * 1_333_000, selection(2, 6))
    code = (
        "import resource as r, sys; from pathlib import Path; r.setrlimit(r.RLIMIT_CPU, (2, 2));"
        "r.setrlimit(r.RLIMIT_DATA, (300_000_000, 300_000_000));"
        "from joinedup.adapters.refi_qda.reader import read_here; print(read_here(Path(sys.argv[1])).codings[0].quote)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "éé"), done.stderr


def test_apart_and_here_read_the_same(tmp_path: Path) -> None:
    file = refi(tmp_path, "Café e\u0301 😀 board met\r\n" * 30_000, selection(5, 9) + selection(21, 26, "never"))
    assert read_here(file) == refi_qda.read_project(file) == read_apart("refi_qda", file, 1_000_000)


def test_what_the_reader_says_comes_back_from_the_child(tmp_path: Path) -> None:
    file = tmp_path / "p.qdpx"
    file.write_text("<html/>", encoding="utf-8")
    with pytest.raises(StudyError, match="J323"):
        read_apart("refi_qda", file, 100)
    with pytest.raises(UsageError, match="can't be read"):
        read_apart("refi_qda", tmp_path / "none.qdpx", 100)


def test_a_child_that_is_late_or_dies_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = refi(tmp_path, "words", selection(0, 5))
    monkeypatch.setattr(apart, "seconds_for", lambda size: 0.0001 + 0 * size)
    with pytest.raises(StudyError, match="J331"):
        read_apart("refi_qda", file, 100)
    monkeypatch.undo()
    with pytest.raises(StudyError, match="J330"):
        read_apart("no such reader", file, 100)


def test_the_time_follows_what_the_file_can_honestly_hold(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"0" * 1_000)
    assert cost(file, 90_000_000) == 20_000
    assert cost(file, 9_000) == 9_000
    assert seconds_for(SMALL) < 1.5


def test_a_letter_under_marks_is_refused_and_a_hundred_are_not() -> None:
    assert freeze("a" + "\u0300" * 100).content == "à" + "\u0300" * 99
    with pytest.raises(RefusedError, match="100 marks"):
        freeze("b" * 500 + "a" + "\u0316\u0300" * 51 + "\x07" + "\u0300" * 49)


def test_rows_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """A view can't be read; a table that gives out more than the file holds is damaged on purpose."""
    from joinedup.adapters.exchange.database import Database

    file = qualcoder_file(tmp_path, "x" * 50_000, 3)
    with Database(file) as opened, pytest.raises(RefusedError, match="share their bytes"):
        for _ in range(5):
            list(opened.rows("source", "id"))


def test_a_large_honest_database_is_sorted_without_a_file(tmp_path: Path) -> None:
    """The child may write no file: SQLite sorts in memory."""
    file = taguette_file(tmp_path, "<p>word by word</p>\n" * 100_000, 0)
    with sqlite3.connect(file) as opened:
        opened.executemany(
            "INSERT INTO documents VALUES (?, 'more', '<p>words</p>')", [(at,) for at in range(2, 2_000)]
        )
        opened.execute("INSERT INTO highlights VALUES (1, 1, 0, 4, 'word')")
        opened.execute("INSERT INTO highlight_tags VALUES (1, 1)")
    opened.close()
    found = taguette.read_project(file)
    assert (len(found.texts), [coding.quote for coding in found.codings]) == (1_999, ["word"])


def test_names_that_are_all_the_same_are_told_apart_in_one_pass() -> None:
    ids = Ids()
    assert [ids.take("same", "text") for _ in range(3)] == ["same", "same-2", "same-3"]
    assert ids.take("same-2", "text") == "same-2-2"
    assert [ids.take("Same", "text"), ids.take("!", "text")] == ["Same-4", "text"]


def test_codes_below_themselves_and_codes_too_deep() -> None:
    findings = Findings()
    above = {"a": "b", "b": "c", "c": "b", "d": "", "e": "a"}
    assert parents_first(above, findings) == ["c", "b", "a", "d", "e"]
    assert (above["c"], len(findings.flags)) == ("", 1)
    deep = {str(number): str(number + 1) for number in range(200)}
    with pytest.raises(RefusedError, match="200 levels"):
        parents_first({**deep, "200": ""}, findings)
    assert len(parents_first({**deep, "199": ""}, findings)) == 200


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit on time is the system's")
def test_time_is_earned_by_what_is_read_and_never_more_than_is_allowed() -> None:
    """Work that gets on outlives the store; work that gets nowhere does not, however much it is allowed."""
    code = (
        "import sys; from joinedup.adapters.extract import clock; clock.STORE = 0.2; clock.CLOCK.allow(float(sys.argv[1]))\n"
        "import time\nwhile time.process_time() < 1.0: clock.CLOCK.earn(float(sys.argv[2]))"
    )

    def ended(allowed: float, earned: float) -> int:
        return subprocess.run([sys.executable, "-c", code, str(allowed), str(earned)], check=False).returncode

    assert ended(30, 1) == 0, "earned"
    assert ended(30, 0) == -27, "nothing earned"
    assert ended(0.5, 1) == -27, "earned, but not allowed"
    assert ended(0.5, 1e-5) == -27, "earned in crumbs, each of which sets the timer anew"
    assert ended(30, 1e-3) == 0, "earned in crumbs, and allowed"


@given(
    st.text(st.sampled_from("ab \n\t\u2003é"), max_size=40),
    st.text(st.sampled_from("ab \n"), max_size=6),
    st.integers(-2, 45),
)
def test_lost_words_are_found_where_an_expression_finds_them(content: str, quote: str, near: int) -> None:
    if not quote.strip():
        assert locate(content, quote, near) is None
        return
    patterns = re.escape(quote), r"\s+".join(map(re.escape, quote.split()))
    starts = [[match.start() for match in re.finditer(f"(?={pattern})", content)] for pattern in patterns]
    expected = starts[0] or starts[1]
    assert locate(content, quote, near) == min(expected, key=lambda at: (abs(at - near), at), default=None)


@given(st.lists(st.sampled_from(["<b>", "</b>", "<p>", "</p>", "a", "é", "😀", " ", "b\n"]), max_size=20), st.data())
def test_counted_bytes_of_a_page_lead_to_its_signs(parts: list[str], data: st.DataObject) -> None:
    page = taguette.Page("x" + "".join(parts))
    raw = re.sub("<[^>]*>", "", "x" + "".join(parts))
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    span = page.span(len(raw[:start].encode()), len(raw[:end].encode()))
    assert span is not None
    words = page.received.frozen.content[slice(*span)]
    assert "".join(words.split()) == "".join(raw[start:end].split())
    assert page.span(0, len(raw.encode()) + 1) is None
