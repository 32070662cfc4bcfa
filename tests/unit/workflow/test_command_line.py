"""The command line from its user's side: exit codes, sentences, what is written and what is left alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import joinedup
from joinedup.workflow.starting import start


def joined(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "joinedup", *(str(argument) for argument in arguments)]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, env=environment, check=False
    )


@pytest.fixture
def study(tmp_path: Path) -> Path:
    start(tmp_path / "my-study")
    return tmp_path / "my-study"


def test_new_check_run_explain_affirm_export(study: Path) -> None:
    home = study.parent
    assert joined("new", "another", cwd=home).returncode == 0
    sound = joined("check", "another", cwd=home)
    assert (sound.returncode, "is sound" in sound.stdout) == (0, True), sound.stderr
    done = joined("run", "my-study", cwd=home)
    assert done.returncode == 0, done.stderr
    assert "1 finding:\n    f1  qualified, not yet affirmed" in done.stdout
    out = home / "my-study-report"
    assert (out / "report.html").is_file()
    assert str(out / "report.html") in done.stdout
    assert json.loads((out / "findings.json").read_text("utf-8"))[0]["id"] == "f1"
    told = joined("explain", "my-study", "f1", cwd=home)
    assert told.returncode == 0
    assert "indicators/values.csv" in told.stdout
    assert re.search(r"from \S*\d\.\d\d to \d\.\d\d\.", told.stdout), (
        "the first claim that anybody reads has its numbers"
    )
    assert "visits.p_randomisation" in told.stdout
    assert joined("affirm", "my-study", "f1", "--by", "A Reader", cwd=home).returncode == 0
    again = joined("run", "my-study", cwd=home)
    assert "current" in again.stdout, again.stdout
    whole = ("--by", "A Reader", "--reason", "to another machine of the team")
    copied = joined("export", "my-study", "--to", "folder", "--out", "copy", *whole, cwd=home)
    assert (copied.returncode, "past the disclosure gate" in copied.stdout) == (0, True)
    for path in (home / "my-study").rglob("*"):
        if path.is_file() and path.name != "releases.jsonl":
            assert (home / "copy" / path.relative_to(home / "my-study")).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("command", [["check"], ["run"], ["explain", "f1"], ["affirm", "f1", "--by", "A"]])
def test_no_such_folder_is_wrong_usage(command: list[str], tmp_path: Path) -> None:
    done = joined(command[0], "nowhere", *command[1:], cwd=tmp_path)
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unsound_study_is_refused_with_every_problem_and_the_old_report_stays(study: Path) -> None:
    home = study.parent
    assert joined("run", "my-study", cwd=home).returncode == 0
    before = (home / "my-study-report" / "report.html").read_bytes()
    values = study / "indicators" / "values.csv"
    lines = values.read_text("utf-8").split("\n")
    lines[2] = "a1,2021,visits,many"
    lines[3] = "nowhere,2022,visits,3"
    values.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    done = joined("run", "my-study", cwd=home)
    assert done.returncode == 3
    assert "indicators/values.csv:3:value" in done.stderr
    assert "indicators/values.csv:4:site" in done.stderr
    assert "Traceback" not in done.stderr
    assert (home / "my-study-report" / "report.html").read_bytes() == before
    with pytest.raises(joinedup.StudyError) as caught:
        joinedup.open_study(study)
    assert {problem.place.row for problem in caught.value.problems} >= {3, 4}


def test_a_report_never_lands_in_a_study_or_on_other_peoples_files(study: Path) -> None:
    home = study.parent
    inside = joined("run", "my-study", "--out", "my-study/report", cwd=home)
    assert (inside.returncode, "inside the study" in inside.stderr) == (2, True)
    (home / "precious").mkdir()
    (home / "precious" / "thesis.txt").write_text("years of work", encoding="utf-8")
    onto = joined("run", "my-study", "--out", "precious", cwd=home)
    assert (onto.returncode, "something else" in onto.stderr) == (2, True)
    assert (home / "precious" / "thesis.txt").read_text("utf-8") == "years of work"
    assert joined("new", "my-study", cwd=home).returncode == 2


def test_unknown_finding_and_format_are_named(study: Path) -> None:
    told = joined("explain", "my-study", "f9", cwd=study.parent)
    assert (told.returncode, "'f9'" in told.stderr, "f1" in told.stderr) == (2, True, True)
    exported = joined("export", "my-study", "--to", "pigeon", "--out", "x", cwd=study.parent)
    assert (exported.returncode, "pigeon" in exported.stderr) == (2, True)


def test_nothing_is_left_behind_by_a_failure(study: Path) -> None:
    (study / "sites.csv").unlink()
    assert joined("run", "my-study", cwd=study.parent).returncode == 3
    assert sorted(path.name for path in study.parent.iterdir()) == ["my-study"]


@pytest.mark.parametrize("to", ["pdf", "deposit", "prov", "folder"])
def test_a_language_is_refused_where_it_means_nothing(study: Path, to: str) -> None:
    done = joined("export", "my-study", "--to", to, "--language", "Welsh", "--out", "x", cwd=study.parent)
    assert (done.returncode, "form on paper only" in done.stderr) == (2, True), done.stderr


def test_briefs_of_a_study_that_has_nothing_to_tell_a_site(study: Path) -> None:
    done = joined("export", "my-study", "--to", "briefs", "--out", "briefs", cwd=study.parent)
    assert (done.returncode, "No brief was written" in done.stdout) == (0, True), done.stderr


def test_official_files_that_were_not_read_are_told_of_and_nothing_falls_over(study: Path) -> None:
    (study / "data.toml").write_text("# Official files.\n", encoding="utf-8", newline="\n")
    values = study / "indicators" / "values.csv"
    values.write_text("site,period,indicator,value\n", encoding="utf-8", newline="\n")
    for command in ("check", "run"):
        done = joined(command, "my-study", cwd=study.parent)
        assert (done.returncode, "--data FOLDER" in done.stderr) == (0, True), done.stderr


def test_who_lets_a_stop_pass_is_asked_for_the_stop(study: Path) -> None:
    done = joined("release", "my-study", "--out", "out", "--by", "A Reader", cwd=study.parent)
    assert (done.returncode, "--let-pass ID" in done.stderr) == (2, True), done.stderr
