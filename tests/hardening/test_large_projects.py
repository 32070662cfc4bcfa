"""Large hostile projects of coding programs: read apart, under limits on time and memory; each ends in a sentence or in its words."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from joinedup.adapters import qualcoder, refi_qda, taguette
from joinedup.adapters.exchange import apart
from joinedup.adapters.exchange.apart import SMALL, cost, read_apart, seconds_for
from joinedup.adapters.extract.freezing import freeze
from joinedup.adapters.extract.model import RefusedError
from joinedup.adapters.refi_qda.reader import read_here
from joinedup.study.problems import StudyError, UsageError

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
