"""Importing a text: three files or none, other bytes kept, the same again changes nothing, refusals in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joinedup.adapters.import_text import import_text
from joinedup.adapters.refi_qda import write_project
from joinedup.study.folder import read_folder
from joinedup.study.problems import StudyError, UsageError
from joinedup.texts.anchors import Anchors, check_anchors
from joinedup.texts.project import Project, ProjectText
from joinedup.workflow.exchanging import import_project

STUDY = """
id = "small"
title = "A small study (SIMULATED)"

[programme]
simulated = true

[[wave]]
id = "w1"
label = "First"

[[kind]]
id = "interview"
label = "Interview"
speakers = true
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    (folder / "texts").mkdir(parents=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "sites.csv").write_text("site,name\ns1,Ashby\n", encoding="utf-8")
    return folder


def talk(folder: Path, words: bytes = b"A: Hello \xf0\x9f\x99\x82\r\nB: No.\r\n", name: str = "Talk 1.txt") -> Path:
    file = folder.parent / name
    file.write_bytes(words)
    return file


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_text_comes_whole_and_once(folder: Path) -> None:
    before = files(folder)
    done = import_text(folder, talk(folder), kind="interview", site="s1", wave="w1", date="2004-03")
    after = files(folder)
    assert (done.text, done.new, done.characters) == ("Talk-1", True, 18)
    assert after["texts/files/Talk-1.txt"] == talk(folder).read_bytes()
    assert after[f"texts/frozen/{done.sha256}.txt"].decode() == "A: Hello \U0001f642\nB: No.\n"
    assert after["texts/anchors.csv"].decode() == (
        f"sha256,at,place,text\n{done.sha256},0,byte 0,Talk-1\n{done.sha256},11,byte 15,Talk-1\n"
    )
    assert len(after) == len(before) + 4
    (text,) = read_folder(folder)[0].texts.texts
    assert (text.id, text.kind, text.site, text.wave, text.source) == ("Talk-1", "interview", "s1", "w1", "Talk 1.txt")
    assert text.content == "A: Hello \U0001f642\nB: No.\n"
    again = import_text(folder, talk(folder), kind="interview")
    assert not again.new
    assert "already" in str(again)
    assert files(folder) == after


def test_a_text_without_places_gets_them_from_its_own_file(folder: Path) -> None:
    file = talk(folder)
    import_text(folder, file, kind="interview")
    whole = files(folder)
    (folder / "texts" / "anchors.csv").unlink()
    bare = files(folder)
    import_text(folder, talk(folder, file.read_bytes(), "Talk-1.txt"), kind="interview")
    assert files(folder) == bare, "the same words from another file have other places"
    assert "places in the file were added" in str(import_text(folder, file, kind="interview"))
    assert files(folder) == whole


def test_a_text_that_came_with_a_project_gets_the_places_of_its_own_file(folder: Path) -> None:
    project = Project("P", tuple(ProjectText(id, f"{id}.txt", "Blank.\n") for id in ("a", "b")))
    write_project(project, folder.parent / "p.qdpx")
    import_project(folder, folder.parent / "p.qdpx", kind="interview")
    done = import_text(folder, talk(folder, b"\xef\xbb\xbfBlank.\n", "b.txt"), kind="interview")
    assert done.placed
    known = Anchors(read_folder(folder)[0])
    assert (known.place("a", 0, 5), known.place("b", 0, 5)) == ("", "byte 3")
    import_text(folder, talk(folder, b"Blank.\n", "a.txt"), kind="interview")
    known = Anchors(read_folder(folder)[0])
    assert (known.place("a", 0, 5), known.place("b", 0, 5)) == ("byte 0", "byte 3"), "the same words, two files"


def test_a_table_of_places_without_texts_is_kept_in_its_form(folder: Path) -> None:
    (folder / "texts" / "anchors.csv").write_bytes(b"sha256,at,place\n")
    done = import_text(folder, talk(folder, b"A: More.\n", "more.txt"), kind="interview")
    assert files(folder)["texts/anchors.csv"].decode() == f"sha256,at,place\n{done.sha256},0,byte 0\n"
    (folder / "texts" / "anchors.csv").write_text(
        f"sha256,at,place,text\n{done.sha256},0,byte 0,gone\n", encoding="utf-8"
    )
    problems = list(check_anchors(read_folder(folder)[0]))
    assert [(problem.number, problem.place.column) for problem in problems] == [("J305", "text")]


def test_the_tables_other_bytes_stay(folder: Path) -> None:
    old = b"\xef\xbb\xbf# by hand\r\nsha256;text;remark;kind;source\r\n"
    (folder / "texts" / "texts.csv").write_bytes(old)
    done = import_text(folder, talk(folder), text="t-9", kind="interview")
    new = files(folder)["texts/texts.csv"]
    assert new == old + f"{done.sha256};t-9;;interview;Talk 1.txt\r\n".encode()
    (folder / "texts" / "texts.csv").write_bytes(new.removesuffix(b"\r\n"))
    more = import_text(folder, talk(folder, b"A: More.\n", "more.txt"), kind="interview")
    assert files(folder)["texts/texts.csv"] == new + f"{more.sha256};more;;interview;more.txt\r\n".encode()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"kind": "intervew"}, "Did you mean `interview`"),
        ({"kind": ""}, "no kind of text"),
        ({"kind": "interview", "site": "s9"}, "no site"),
        ({"kind": "interview", "wave": "w9"}, "no wave"),
        ({"kind": "interview", "date": "May"}, "not a date"),
        ({"kind": "interview", "text": "../x"}, "can't be the id"),
        ({"kind": "interview", "site": "s1"}, "no column for `site`"),
    ],
)
def test_what_the_study_does_not_know_is_refused(folder: Path, options: dict[str, str], sentence: str) -> None:
    if "column" in sentence:
        (folder / "texts" / "texts.csv").write_text("text,kind,sha256,source\n", encoding="utf-8")
    before = files(folder)
    with pytest.raises(UsageError, match=sentence):
        import_text(folder, talk(folder), **options)
    assert files(folder) == before


def test_a_frozen_text_is_never_replaced_nor_doubled(folder: Path) -> None:
    import_text(folder, talk(folder), kind="interview")
    before = files(folder)
    with pytest.raises(UsageError, match="never replaced"):
        import_text(folder, talk(folder, b"A: Other words.\n"), kind="interview")
    with pytest.raises(UsageError, match="as the text Talk-1"):
        import_text(folder, talk(folder, name="copy.txt"), kind="interview")
    assert files(folder) == before


def test_a_bad_document_and_a_missing_one(folder: Path) -> None:
    before = files(folder)
    with pytest.raises(StudyError) as caught:
        import_text(folder, talk(folder, b"MZ\x00", "talk.pdf"), kind="interview")
    assert [problem.number for problem in caught.value.problems] == ["J323"]
    with pytest.raises(UsageError, match="can't be read"):
        import_text(folder, folder / "nowhere.txt", kind="interview")
    assert files(folder) == before


def test_a_write_that_fails_at_any_point_leaves_the_old_state(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "texts" / "texts.csv").write_text("text,kind,source,sha256\n", encoding="utf-8")
    before = files(folder)
    real_open, real_replace = Path.open, Path.replace
    for operation in ("open", "replace"):
        for fails_at in (1, 2, 3):
            count = 0

            def broken(
                self: Path, *args: Any, operation: str = operation, fails_at: int = fails_at, **named: Any
            ) -> object:
                nonlocal count
                if self.name.endswith(".partial"):
                    count += 1
                    if count == fails_at:
                        raise OSError(28, "No space left on device")
                return real_open(self, *args, **named) if operation == "open" else real_replace(self, *args)

            with monkeypatch.context() as patch:
                patch.setattr(Path, operation, broken)
                with pytest.raises(UsageError, match="no space left on device"):
                    import_text(folder, talk(folder), kind="interview")
            assert count == fails_at
            assert files(folder) == before
    assert import_text(folder, talk(folder), kind="interview").new
