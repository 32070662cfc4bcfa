"""Several hundred codings of QualCoder databases, first version to seventeenth, all found by their words. SIMULATED."""

from __future__ import annotations

import random
import re
import sqlite3
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from joinedup.adapters import qualcoder, refi_qda
from joinedup.texts.project import Project

SIGNS = [
    "trust",
    "café",
    "👩‍👩‍👧",
    "𝒜stral",
    "e\u0301tude",
    "שלום",
    "board",
    "it’s",
    "\u00a0nb",
    "5 < 6 & 7",
    "😀",
    "🇬🇧",
    "ﬁt",
]
CODERS = ["Zoë", "Bob", "anna"]
DAY = "2025-01-02 10:00:00"
TABLES = {
    "project": "databaseversion text, date text, memo text, about text, bookmarkfile integer, bookmarkpos integer",
    "source": "id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text",
    "code_image": "imid integer primary key, id integer, x1 integer, y1 integer, width integer, height integer, "
    "cid integer, memo text, date text, owner text",
    "attribute": "attrid integer primary key, name text, attr_type text, value text, id integer, date text, owner text",
    "cases": "caseid integer primary key, name text, memo text, owner text, date text",
    "case_text": "id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer, memo text",
    "code_cat": "catid integer primary key, name text, owner text, date text, memo text, supercatid integer",
}
FIRST = {
    "code_text": "cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text, date text, memo text",
    "code_name": "cid integer primary key, name text, memo text, catid integer, owner text, date text, color text",
}
LATEST = {
    "code_text": "ctid integer primary key, " + FIRST["code_text"] + ", avid integer, important integer",
    "code_name": FIRST["code_name"] + ", supercid integer",
    "coder_names": "name text, visibility integer",
    "graph": "grid integer primary key, name text",
    "ris": "risid integer, tag text, longtag text, value text",
}


def counted(words: str) -> int:
    """How long a window of Qt says that words are: UTF-16 code units, a line end as one."""
    return len(words.encode("utf-16-le")) // 2


def made(path: Path, tables: dict[str, str], ends: str, mark: str, seed: int) -> Counter[tuple[str, str, str]]:
    """Write a database; returns (code, coder, words) of its codings. A fifth were made automatically: other positions."""
    draw = random.Random(seed)
    path.mkdir()
    base = sqlite3.connect(path / "data.qda")
    for name, columns in {**TABLES, **tables}.items():
        base.execute(f"CREATE TABLE {name} ({columns})")
    base.execute("INSERT INTO code_cat VALUES (1, 'Above', 'Zoë', ?, NULL, NULL)", [DAY])
    for code in range(1, 10):
        values = (code, f"code {code}", None, 1, "Zoë", DAY, "#00FF00")
        base.execute(
            "INSERT INTO code_name (cid, name, memo, catid, owner, date, color) VALUES (?,?,?,?,?,?,?)", values
        )
    told: Counter[tuple[str, str, str]] = Counter()
    for number in range(1, 7):
        lines = [[draw.choice(SIGNS) for _ in range(draw.randint(3, 20))] for _ in range(30)]
        text = mark + ends.join(" ".join(line) for line in lines)
        base.execute("INSERT INTO source VALUES (?,?,?,NULL,'','Zoë',?)", [number, f"talk{number}.txt", text, DAY])
        window = text.replace("\r\n", "\n")
        edges = [at for at in range(1, len(window)) if " " in window[at - 1 : at + 1]]
        for _ in range(70):
            at = draw.randrange(len(edges) - 60)
            first, last = edges[at], edges[at + draw.randint(1, 60)]
            words = window[first:last]
            start, shown = counted(window[:first]), words.replace("\n", "\u2029")
            end = start + counted(words)
            if draw.random() < 0.2:
                start = len(mark) + (len(window[len(mark) : first].replace("\n", ends)))
                end, shown = start + len(words.replace("\n", ends)), words.replace("\n", ends)
            coding = (draw.randint(1, 9), number, shown, start, end, draw.choice(CODERS), DAY)
            if words.strip():
                base.execute(
                    "INSERT INTO code_text (cid, fid, seltext, pos0, pos1, owner, date) VALUES (?,?,?,?,?,?,?)", coding
                )
                told[f"code {coding[0]}", coding[5], bare(words)] += 1
    base.commit()
    base.close()
    return told


def bare(words: str) -> str:
    return "".join(unicodedata.normalize("NFC", words).replace("\ufeff", "").split())


def read(project: Project) -> Counter[tuple[str, str, str]]:
    names = {code.id: code.name for code in project.codes}
    coders = {coder.id: coder.name for coder in project.coders}
    texts = {text.id: text.content for text in project.texts}
    assert all(texts[one.text][one.start : one.end] == one.quote for one in project.codings)
    return Counter((names[one.code], coders[one.coder], bare(one.quote)) for one in project.codings)


@pytest.mark.parametrize("tables", [FIRST, LATEST], ids=["v1", "v17"])
@pytest.mark.parametrize(("ends", "mark"), [("\n", ""), ("\r\n", ""), ("\r\n", "\ufeff"), ("\n", "\ufeff")])
def test_every_coding_keeps_its_words(tables: dict[str, str], ends: str, mark: str, tmp_path: Path) -> None:
    told = made(tmp_path / "p.qda", tables, ends, mark, seed=len(ends) + len(mark))
    project = qualcoder.read_project(tmp_path / "p.qda")
    found = read(project)
    assert sum(told.values()) > 390
    assert found.keys() == told.keys()
    assert project.report.losses == ()
    refi_qda.write_project(project, tmp_path / "p.qdpx")
    assert read(refi_qda.read_project(tmp_path / "p.qdpx")) == found


def test_what_has_no_place_in_a_project_is_counted(tmp_path: Path) -> None:
    made(tmp_path / "p.qda", LATEST, "\n", "", seed=1)
    base = sqlite3.connect(tmp_path / "p.qda" / "data.qda")
    base.executescript(
        """
        UPDATE code_text SET important = 1 WHERE ctid < 4;
        UPDATE code_name SET supercid = 2, catid = NULL WHERE cid = 3;
        INSERT INTO graph VALUES (1, 'map');
        INSERT INTO ris VALUES (1, 'TI', 'title', 'A paper');
        INSERT INTO source VALUES (9, 'film.mp4', NULL, 'video:C:/film.mp4', '', 'Zoë', '');
        INSERT INTO attribute VALUES (1, 'length', 'file', '12', 9, '', '');
        INSERT INTO cases VALUES (1, 'A family', '', '', '');
        INSERT INTO case_text VALUES (1, 1, 9, 0, 0, '');
        INSERT INTO coder_names VALUES ('hidden', 0);
        """
    )
    base.close()
    project = qualcoder.read_project(tmp_path / "p.qda")
    lost = project.report.losses
    assert [loss.partition(":")[0] for loss in lost] == [
        "`film.mp4`",
        "3 codings marked as important",
        "1 values of sources without text, or of what does not exist",
        "1 sources without text that belong to cases",
        "1 drawn maps",
        "1 lines of bibliographic references",
    ]
    assert lost[0].endswith("(video).")
    assert {code.name: code.parent for code in project.codes}["code 3"] == "code_2"
    assert "hidden" in {coder.name for coder in project.coders}


def test_the_programs_own_automatic_coding_adds_the_length_of_each_emoji_before(tmp_path: Path) -> None:
    made(tmp_path / "p.qda", LATEST, "\n", "", seed=3)
    family = "👩‍👩‍👧"
    signs = (family if number % 3 else "😀" for number in range(12))
    text = "".join(f"{sign} {'so ' * number}we trust. " for number, sign in enumerate(signs))
    base = sqlite3.connect(tmp_path / "p.qda" / "data.qda")
    base.execute("INSERT INTO source VALUES (9, 'auto.txt', ?, NULL, '', 'Zoë', '')", [text])
    ends = [(found.end(), len(found[0])) for found in re.finditer(f"{family}|😀", text)]
    places = [found.start() for found in re.finditer("trust", text)]
    for place in places:
        start = place
        for end, length in ends:
            start += length if end < start else 0
        values = ("trust", start, start + 5, DAY)
        base.execute("INSERT INTO code_text VALUES (NULL, 1, 9, ?, ?, ?, 'robot', ?, '', NULL, NULL)", values)
    base.commit()
    base.close()
    project = qualcoder.read_project(tmp_path / "p.qda")
    assert [one.start for one in project.codings if one.coder == "robot"] == places
    assert any("automatic coding" in said for said in project.report.choices)
