"""The commands that ask the texts and make pseudonyms, over the demonstration study (SIMULATED)."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from joinedup.cli import cli


def joinedup(*words: object, typed: str = "") -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], input=typed)


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


@pytest.fixture(scope="module")
def study(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's frame and texts, with a cell of the framework matrix and a memo."""
    folder = tmp_path_factory.mktemp("asked") / "study"
    shutil.copytree(root / "examples/pathfinders", folder)
    (folder / "texts/framework.toml").write_text(
        '[[cell]]\ncase = "t01"\ncode = "endorsement"\nsummary = "Managers endorse."\n', encoding="utf-8"
    )
    (folder / "texts/memos.jsonl").write_text(
        '{"on":"code:endorsement","by":"ann","at":"2005-01-02","memo":"ask again"}\n', encoding="utf-8"
    )
    return folder


def test_a_query_gives_passages_texts_or_a_matrix(study: Path, tmp_path: Path) -> None:
    done = joinedup("query", study, "code:endorsement AND site:t01", "--out", tmp_path / "p.csv")
    assert done.exit_code == 0, done.output
    found = rows(tmp_path / "p.csv")
    assert found
    assert all(row["site"] == "t01" and "Endorsement of integration" in row["codes"] for row in found)
    joinedup("query", study, "code:endorsement AND site:t01", "--as", "texts", "--out", tmp_path / "t.csv")
    assert {row["text"] for row in rows(tmp_path / "t.csv")} == {row["text"] for row in found}
    joinedup("query", study, "code:endorsement AND site:t01", "--as", "matrix", "--out", tmp_path / "m.csv")
    counted = sum(int(row["endorsement"]) for row in rows(tmp_path / "m.csv"))
    assert counted == len({(row["text"], row["start"], row["end"]) for row in found})


def test_a_workbook_holds_what_the_csv_holds(study: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    joinedup("query", study, "code:endorsement", "--out", tmp_path / "p.csv")
    joinedup("query", study, "code:endorsement", "--out", tmp_path / "p.xlsx")
    sheet = load_workbook(tmp_path / "p.xlsx").active
    assert [cell.value for cell in sheet["D"]][1:] == [row["quote"] for row in rows(tmp_path / "p.csv")]


def test_a_search_shows_words_in_context(study: Path) -> None:
    done = joinedup("search", study, "trench", "warfare")
    assert "[trench warfare]" in done.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("query", "code:endorsment"), "Did you mean `endorsement`?"),
        (("query", "code:endorsement", "--out", "x.doc"), "ends in neither .csv nor .xlsx"),
        (("search", "--regex", "("), "can't be read"),
    ],
)
def test_what_cannot_be_asked_is_said(study: Path, words: tuple[str, ...], says: str) -> None:
    done = joinedup(words[0], study, *words[1:])
    assert says in str(done.exception)


def test_nothing_is_written_into_the_study(study: Path) -> None:
    done = joinedup("query", study, "code:endorsement", "--out", study / "p.csv")
    assert "lies in the study itself" in str(done.exception)


def test_the_framework_matrix_tells_its_digest_and_its_state(study: Path, tmp_path: Path) -> None:
    done = joinedup("framework", study)
    line = next(line for line in done.output.splitlines() if line.startswith("t01  Endorsement"))
    assert "0 of 28 cited, not yet read against its passages" in line
    file = study / "texts/framework.toml"
    before = file.read_text(encoding="utf-8")
    file.write_text(f'{before}digest = "{line.rpartition(" ")[2]}"\n', encoding="utf-8")
    assert "0 of 28 cited, current" in joinedup("framework", study).output
    file.write_text(before, encoding="utf-8")
    joinedup("framework", study, "--out", tmp_path / "f.csv")
    (first, *_) = rows(tmp_path / "f.csv")
    assert first["endorsement"] == "Managers endorse. [not yet read against its passages]"


def test_from_the_key_to_a_study_without_names(tmp_path: Path) -> None:
    study, clean, key, sealed, table = (tmp_path / name for name in ("s", "clean", "key.csv", "key.age", "flags.csv"))
    assert joinedup("new", study).exit_code == 0
    (tmp_path / "talk.txt").write_text("Q: Who?\nA: Anna Nobody met Perran. \U0001f469\n", encoding="utf-8")
    brought = joinedup("import", tmp_path / "talk.txt", "--into", study, "--kind", "interview")
    assert brought.exit_code == 0, brought.output
    key.write_text("kind,name,pseudonym\nperson,Anna Nobody,[X]\n", encoding="utf-8")
    words = "four words not yours\n"
    assert joinedup("pseudonyms", "seal", key, "--out", sealed, typed=words * 2).exit_code == 0
    flagged = joinedup("pseudonyms", "flag", study, "--key", sealed, "--out", table, typed=words)
    assert flagged.exit_code == 0, flagged.output
    (tmp_path / "pass").write_text(words, encoding="utf-8")
    apply = ("pseudonyms", "apply", study, "--key", sealed, "--flags", table, "--passphrase-file", tmp_path / "pass")
    assert "are not decided" in str(joinedup(*apply, "--out", clean).exception)
    table.write_text(table.read_text(encoding="utf-8").replace("\n,", "\nkeep,"), encoding="utf-8")
    done = joinedup(*apply, "--out", clean)
    assert done.exit_code == 0, done.output
    assert joinedup("check", clean).exit_code == 0
    (frozen,) = (clean / "texts/frozen").iterdir()
    assert "A: [X] met Perran. \U0001f469" in frozen.read_text(encoding="utf-8")
    assert not [path for path in clean.rglob("*") if path.is_file() and b"Nobody" in path.read_bytes()]


def test_residual_risks_are_listed(study: Path) -> None:
    done = joinedup("pseudonyms", "risks", study)
    assert done.exit_code == 0
    assert "profession" in done.output
