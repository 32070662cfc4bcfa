"""docs/how-to/run-a-survey.md, done: its workbook built from its tables, its files written, its commands run as typed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "run-a-survey.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"`([\w./-]+\.(?:csv|toml))`")
REFUSED = {"J205": 3, "J210": 4}


def tables(text: str) -> Iterator[tuple[str, list[list[str]]]]:
    """The page's sheets: name and rows."""
    for match in re.finditer(r"[Ss]heet `(\w+)`:\n\n((?:\|.*\n)+)", text):
        rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in match[2].splitlines(keepends=True)]
        yield match[1], [rows[0], *rows[2:]]


def workbook(text: str, path: Path, change: tuple[str, str] = ("", "")) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in tables(text):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([cell.replace(*change) if change[0] else cell for cell in row])
    book.save(path)


def joined(command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    program, *arguments = shlex.split(command)
    assert program == "joinedup"
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-P", "-m", "joinedup", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", cwd=cwd, env=environment,
        check=False,
    )  # fmt: skip


def session(block: str) -> Iterator[tuple[str, list[str]]]:
    """Commands with the lines that the page prints below them."""
    for part in block.split("$ ")[1:]:
        command, *said = part.strip("\n").split("\n")
        yield command, said


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder after the whole page; every command and file is checked on the way."""
    home, text = tmp_path_factory.mktemp("survey"), PAGE.read_text("utf-8")
    workbook(text, home / "questionnaire.xlsx")
    for match in BLOCK.finditer(text):
        before = text[: match.start()]
        if match[1]:
            path = home / NAMED.findall(before)[-1]
            adds = re.search(r"add to `[^`]+`\s*$", before) is not None
            old = path.read_text("utf-8") if adds else ""
            path.write_text(f"{old}\n{match[2]}" if adds else match[2], encoding="utf-8", newline="\n")
            continue
        if "of 'team' changed" in match[2]:
            workbook(text, home / "questionnaire.xlsx", ("a joint team?", "a joint team today?"))
        for command, said in session(match[2]):
            done = joined(command, home)
            missing = [line for line in said if line.rstrip() not in done.stdout]
            assert not missing, f"$ {command}\n{done.stdout}"
            wanted = next((code for number, code in REFUSED.items() if any(number in line for line in said)), 0)
            assert done.returncode == wanted, done.stdout
    return home


def test_the_page_ends_with_site_scores(home: Path) -> None:
    import json

    values = json.loads((home / "partners-report/results/survey.level-scores.json").read_text("utf-8"))["values"]
    # p1: (4+4+4)/3 = 4, p2: (5+4+5)/3 = 14/3; p3: (3+3)/2 = 3, p4: (2+3+2)/3 = 7/3; p5: (4+4)/2 = 4, p6: (4+5+4)/3 = 13/3
    assert values["site.a1.strategy"] == pytest.approx((4 + 14 / 3) / 2)
    assert values["site.a2.strategy"] == pytest.approx((3 + 7 / 3) / 2)
    assert values["site.a3.strategy"] == pytest.approx((4 + 13 / 3) / 2)


def test_what_was_refused_and_left_behind_stands_beside(home: Path) -> None:
    survey = home / "partners" / "survey"
    assert (survey / "refused-w1.csv").read_text("utf-8") == "file,row,response,reason\n"
    left = (survey / "left-behind-w1.csv").read_text("utf-8").splitlines()
    assert left == ["response,item,answer,file,row", "r2,team_size,5,answers.csv,3"]
    rows = (survey / "responses-w1.csv").read_text("utf-8").splitlines()
    assert rows[2] == "r2,p2,w1,1,5,4,1,no,-10,"
    assert rows[3] == "r3,p3,w1,1,3,-7,3,yes,12,"
    assert (survey / "launched" / "version-1.xlsx").read_bytes() == (survey / "instrument.xlsx").read_bytes()


def test_a_new_version_comes_in_after_the_refusal(home: Path) -> None:
    book = openpyxl.load_workbook(home / "questionnaire.xlsx")
    book["settings"]["B2"] = "2"
    book.save(home / "second.xlsx")
    done = joined("joinedup import second.xlsx --into partners --instrument", home)
    assert (done.returncode, "version 2" in done.stdout) == (0, True), done.stdout
    assert joined("joinedup check partners", home).returncode == 0


def test_a_release_that_suppresses_scores_says_what_would_show_them(home: Path) -> None:
    shutil.copytree(home / "partners", home / "theirs")
    export = "joinedup export theirs --to html --out theirs-page"
    told = joined(export, home)
    assert told.returncode == 0, told.stdout
    assert "Scores of 3 sites are suppressed" in told.stdout
    plan = home / "theirs" / "study.toml"
    declared = re.search(r'\[\[disclosure\.open\]\] with (people = "[\w ]+")', told.stdout)
    assert declared
    words = f'{plan.read_text("utf-8")}\n[[disclosure.open]]\n{declared[1]}\nreason = "Ratings of the site."\n'
    plan.write_text(words, encoding="utf-8", newline="\n")
    (home / "theirs" / "ledger" / "releases.jsonl").unlink()
    told = joined(export, home)
    assert (told.returncode, "suppressed" in told.stdout) == (0, False), told.stdout
