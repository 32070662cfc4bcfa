"""`joinedup disagreements`: side by side on the terminal and as CSV; what is refused; nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from joinedup.cli import cli
from joinedup.study.problems import UsageError
from joinedup.study.texts import CODED, NOT_CODED, Decision
from joinedup.workflow.disagreements import disagreements, lines, table, write_table
from tests.folder_sample import put, sample
from tests.unit.texts.small import PLAN, code_quote, make_text, make_texts_study

PAPER = make_text("d1", '=SUM of trust. Money, "next".\n', kind=PLAN)
CODINGS = (
    code_quote(PAPER, "=SUM of trust.", "trust", "ann", note="-1 or +1"),
    code_quote(PAPER, 'Money, "next".', "money", "ann"),
    code_quote(PAPER, 'Money, "next"', "money", "ben"),
)
DECISION = Decision("d1", 0, 14, "trust", NOT_CODED, "ann and ben", "2006-02-01", "A formula is no trust.")


def study(**plan: object):
    found = make_texts_study(
        [PAPER],
        CODINGS,
        assignments=[("d1", "ann"), ("d1", "ben")],
        plan={"coders": ["ann", "ben"], "phase": "independent", **plan},
    )
    return dataclasses.replace(found, texts=dataclasses.replace(found.texts, decisions=(DECISION,)))


def test_the_table_sets_the_coders_side_by_side() -> None:
    given = study()
    trust, money = csv.DictReader(io.StringIO(table(given, disagreements(given))))
    assert (trust["code"], trust["kind"], trust["settled"], trust["decision"]) == (
        "trust",
        "not all coded it",
        "yes",
        NOT_CODED,
    )
    assert (trust["ann_span"], trust["ben_span"]) == ("0-14", "-")
    assert (trust["ann_quote"], trust["ann_note"]) == ("'=SUM of trust.", "'-1 or +1")
    assert (money["kind"], money["settled"], money["phase"]) == ("other boundaries", "no", "independent")
    assert (money["ann_quote"], money["ben_quote"]) == ('Money, "next".', 'Money, "next"')


def test_the_terminal_shows_each_coder_and_what_is_left() -> None:
    given = study()
    said = list(lines(given, disagreements(given)))
    assert said[0] == "d1 0-14  trust: not all coded it"
    assert said[2].split() == ["ben", "-"]
    assert said[3] == "  decided: not_coded at 0-14, ann and ben, 2006-02-01: A formula is no trust."
    assert said[-1].startswith("2 disagreements, 1 decided, 1 to decide")


def test_refusals_say_why(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="One coder has no disagreements"):
        disagreements(study(coders=["ann"]))
    with pytest.raises(UsageError, match="made apart"):
        disagreements(study(phase="complete"))
    with pytest.raises(UsageError, match="can't be written"):
        write_table(study(), (), tmp_path / "nowhere" / "list.csv")


def test_the_demonstration_from_the_command_line(root: Path, tmp_path: Path) -> None:
    demonstration, out = str(root / "examples" / "pathfinders"), tmp_path / "list.csv"
    done = CliRunner().invoke(cli, ["disagreements", demonstration, "--out", str(out)])
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert rows
    assert {row["settled"] for row in rows} <= {"yes", "no"}
    again = tmp_path / "again.csv"
    CliRunner().invoke(cli, ["disagreements", demonstration, "--out", str(again)])
    assert again.read_bytes() == out.read_bytes()


def test_a_decision_from_the_file_reaches_the_list(tmp_path: Path) -> None:
    """A line of decisions.jsonl as a person writes it, in a folder of the few files that it needs."""
    files = {name: data for name, data in sample().items() if name.startswith("texts/")}
    files["study.toml"] = (
        b'id = "small"\ntitle = "Small (SIMULATED)"\n[[wave]]\nid = "w1"\n[[kind]]\nid = "interview"\nspeakers = true\n'
        b'[[kind]]\nid = "document"\n[plan.texts]\ncoders = ["c1", "c2"]\nphase = "independent"\n'
    )
    files["sites.csv"] = b"site,name,role\na,Ashby,programme\n"
    files["people.csv"] = b"person,from_wave,site,agency,profession,role\np1,w1,a,health,nurse,manager\n"
    files["texts/assignments.csv"] = b"text,coder,phase\ni1,c1,independent\ni1,c2,independent\n"
    line = {"text": "i1", "start": 24, "end": 44, "code": "meeting", "decision": CODED}
    files["texts/decisions.jsonl"] = json.dumps({**line, "by": "c1", "at": "2006-02-01", "reason": "Plain."}).encode()
    done = CliRunner().invoke(cli, ["disagreements", str(put(tmp_path / "study", files))])
    assert done.exit_code == 0, done.exception
    assert "decided: coded at 24-44, c1, 2006-02-01: Plain." in done.output
