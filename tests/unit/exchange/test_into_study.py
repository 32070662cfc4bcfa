"""Projects and corrected texts into a study folder: all of it or nothing, again changes nothing, nothing vanishes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from joinedup.adapters.exchange.studies import project_of
from joinedup.adapters.refi_qda import read_project, write_project
from joinedup.study.problems import StudyError, UsageError
from joinedup.texts.project import Case, Coder, Note, Project, ProjectCode, ProjectCoding, ProjectText
from joinedup.workflow.exchanging import correct_text, import_project, is_project
from joinedup.workflow.exporting import export
from joinedup.workflow.formats import CODINGS
from joinedup.workflow.opening import open_study

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
BOOK = """# by hand
[[code]]
id = "money"
label = "Money"
definition = "About money."
include = "Budgets."
example = "We paid."
"""
TALK = "Anna: We paid for it 😀.\nBen: Nobody paid.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    (folder / "texts").mkdir(parents=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "sites.csv").write_text("site,name\ns1,Ashby\n", encoding="utf-8")
    (folder / "texts" / "codebook.toml").write_text(BOOK, encoding="utf-8")
    return folder


def coding(quote: str, code: str, coder: str = "ann", text: str = "talk") -> ProjectCoding:
    at = TALK.index(quote)
    return ProjectCoding(text, at, at + len(quote), quote, code, coder, "a note")


def sample(*codings: ProjectCoding, content: str = TALK) -> Project:
    texts = (ProjectText("talk", "talk.txt", content, variables={"site": "s1", "wave": "w9", "kind": "interview"}),)
    codes = (
        ProjectCode("money", "Money"),
        ProjectCode("trust", "Trust", "What trust is.\n\nInclude: All of it.", "money"),
    )
    coders = (Coder("ann", "ann"), Coder("ben", "ben"))
    notes, cases = (Note("memo", "Remember."),), (Case("Ashby", texts=("talk",)),)
    return Project("P", texts, codes, codings, coders, cases, notes=notes)


def written(folder: Path, project: Project, name: str = "p.qdpx") -> Path:
    file = folder.parent / name
    write_project(project, file)
    return file


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_project_comes_whole_and_once(folder: Path) -> None:
    file = written(folder, sample(coding("paid for it 😀", "money"), coding("Nobody paid", "trust", "ben")))
    done = import_project(folder, file)
    assert (done.texts, done.codes, done.codings) == (1, 1, 2)
    assert done.report.losses == ()
    held = open_study(folder).texts
    assert [(row.case, row.text) for row in held.cases] == [("Ashby", "talk")]
    assert [(row.on, row.variable, row.value) for row in held.variables] == [("text:talk", "wave (imported)", "w9")]
    assert [(memo.on, memo.memo) for memo in held.memos] == [("study", "memo\n\nRemember.")]
    assert any("1 rows of cases were kept in texts/cases.csv" in said for said in done.report.choices)
    study = open_study(folder)
    (text,) = study.texts.texts
    assert (text.id, text.kind, text.site, text.wave, text.content) == ("talk", "interview", "s1", "", TALK)
    assert (folder / "texts/codebook.toml").read_text("utf-8").startswith(BOOK)
    trust = study.code_by_id["Trust"]
    assert (trust.parent, trust.definition, trust.include) == ("money", "What trust is.", "All of it.")
    assert [(c.passage.quote, c.code, c.coder, c.note) for c in study.texts.codings] == [
        ("paid for it 😀", "money", "ann", "a note"),
        ("Nobody paid", "Trust", "ben", "a note"),
    ]
    assert {(a.text, a.coder, a.phase) for a in study.texts.assignments} == {
        ("talk", "ann", "independent"),
        ("talk", "ben", "independent"),
    }
    before = files(folder)
    assert "nothing was changed" in str(import_project(folder, file))
    assert files(folder) == before


def test_a_second_round_of_coding_joins_the_same_texts(folder: Path) -> None:
    import_project(folder, written(folder, sample(coding("paid for it", "money"))))
    done = import_project(
        folder, written(folder, sample(coding("paid for it", "money"), coding("Ben", "trust", "ben")))
    )
    assert (done.texts, done.codes, done.codings) == (0, 0, 1)
    other = import_project(folder, written(folder, sample(content="Other words.\n")))
    assert other.texts == 1
    assert any("another text" in flag for flag in other.report.flags)
    assert [text.id for text in open_study(folder).texts.texts] == ["talk", "talk-2"]


def test_out_of_a_study_and_into_another(folder: Path, tmp_path: Path) -> None:
    import_project(
        folder, written(folder, sample(coding("paid for it 😀", "money"), coding("Nobody paid", "trust", "ben")))
    )
    study = open_study(folder)
    out = tmp_path / "out.qdpx"
    export(study, "refi-qda", out, folder, by="A. Reader", reason="for the second coder")
    assert "nothing was changed" in str(import_project(folder, out))
    back = read_project(out)
    assert [c.quote for c in back.codings] == [c.passage.quote for c in study.texts.codings]
    money = next(code for code in back.codes if code.name == "Money")
    assert money.description == "About money.\n\nInclude: Budgets.\n\nExample: We paid."
    assert any("phase" in loss or "assigned" in loss for loss in project_of(study).report.losses)


@pytest.mark.parametrize("to", CODINGS)
def test_every_format_is_written_and_the_same_twice(to: str, folder: Path, tmp_path: Path) -> None:
    import_project(folder, written(folder, sample(coding("paid for it 😀", "money"))))
    study = open_study(folder)
    first, second = tmp_path / "a.out", tmp_path / "b.out"
    for out in (first, second):
        export(study, to, out, folder, by="A. Reader", reason="for the second coder")
    assert first.read_bytes() == second.read_bytes()
    assert len(first.read_bytes()) > 50


def test_what_the_study_does_not_know_is_refused(folder: Path) -> None:
    before = files(folder)
    bare = Project("P", (ProjectText("t", "t.txt", "Words."),))
    with pytest.raises(UsageError, match="add --kind"):
        import_project(folder, written(folder, bare))
    with pytest.raises(UsageError, match="Did you mean `interview`"):
        import_project(folder, written(folder, bare), kind="intervew")
    bad = folder.parent / "bad.qdpx"
    bad.write_bytes(b"nothing")
    with pytest.raises(StudyError):
        import_project(folder, bad)
    assert files(folder) == before
    assert [is_project(Path(f"x.{ending}")) for ending in ("QDPX", "qda", "sqlite3", "txt", "csv")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_corrected_text_takes_its_codings_along(folder: Path) -> None:
    import_project(
        folder, written(folder, sample(coding("paid for it 😀", "money"), coding("Nobody paid", "trust", "ben")))
    )
    old = open_study(folder).texts.texts[0].sha256
    file = folder.parent / "talk.txt"
    file.write_text("Anna: Well, we all paid dearly for it 😀.\nBen: I see.\n", encoding="utf-8")
    done = correct_text(folder, file, text="talk")
    study = open_study(folder)
    assert [(c.passage.quote, c.code) for c in study.texts.codings] == [("paid dearly for it 😀", "money")]
    assert len(done.codings.changed) == len(done.codings.lost) == 1
    kept = [json.loads(line) for line in (folder / "texts/not-carried.jsonl").read_text("utf-8").splitlines()]
    assert [(item["quote"], item["coder"], item["sha256"]) for item in kept] == [("Nobody paid", "ben", old)]
    assert (folder / f"texts/frozen/{old}.txt").is_file(), "the earlier version stays"
    assert "reads `paid dearly for it" in str(done)
    before = files(folder)
    assert not correct_text(folder, file, text="talk").new
    assert files(folder) == before
    with pytest.raises(UsageError, match="no text 'tlak'"):
        correct_text(folder, file, text="tlak")
    file.write_bytes(b"MZ\x00")
    with pytest.raises(StudyError):
        correct_text(folder, file, text="talk")
    assert files(folder) == before


def test_a_list_of_highlights_joins_the_studys_own_texts(folder: Path) -> None:
    import_project(folder, written(folder, sample(coding("paid for it", "money"))))
    file = folder.parent / "highlights.csv"
    file.write_text("id,document,tag,content\n1,talk.txt,Blame,Nobody paid\n2,other.txt,Blame,x\n", encoding="utf-8")
    assert is_project(file)
    done = import_project(folder, file)
    assert (done.texts, done.codes, done.codings) == (0, 1, 1)
    assert any("not among the texts" in loss for loss in done.report.losses)
    assert [c.passage.quote for c in open_study(folder).texts.codings] == ["paid for it", "Nobody paid"]


def test_the_command_line_tells_refusals_from_wrong_usage(folder: Path) -> None:
    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "joinedup", *map(str, arguments)]
        environment = {**os.environ, "PYTHONUTF8": "1"}
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)

    file = written(folder, sample(coding("paid for it", "money")))
    done = run("import", file, "--into", folder)
    assert (done.returncode, "1 texts, 1 codes and 1 codings were added" in done.stdout) == (0, True), done.stderr
    out = folder.parent / "q.csv"
    told = run("export", folder, "--to", "quotations-csv", "--out", out)
    assert (told.returncode, "1: Nobody cleared it for quotation." in told.stdout) == (0, True), told.stderr
    assert "paid for it" not in out.read_text("utf-8")
    bad = folder.parent / "bad.qdpx"
    bad.write_bytes(b"PK\x03\x04")
    refused = run("import", bad, "--into", folder)
    assert (refused.returncode, "J330" in refused.stderr, "Traceback" in refused.stderr) == (4, True, False)
    assert run("import", file, "--into", folder, "--person", "x").returncode == 2
    assert run("import", file, "--into", folder, "--corrects", "--kind", "interview").returncode == 2
    talk = folder.parent / "talk.txt"
    talk.write_text("Anna: Hm. We paid for it \U0001f600.\nBen: Nobody paid.\n", encoding="utf-8")
    corrected = run("import", talk, "--into", folder, "--text", "talk", "--corrects")
    assert (corrected.returncode, "1 codings carried over" in corrected.stdout) == (0, True), corrected.stderr
