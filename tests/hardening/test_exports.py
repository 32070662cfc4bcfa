"""Every export passes the gate or is let out whole by somebody who says why; both stand in the ledger. All data SIMULATED."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import joinedup
from joinedup.cli import cli
from joinedup.study.problems import UsageError
from joinedup.workflow.formats import ALL_OR_NOTHING, FORMATS, JUDGED, MAY_BE_WHOLE, OF_NOBODY
from joinedup.workflow.leaving import Departure, enter
from joinedup.workflow.release_ledger import LEDGER, read_register

LEAVES, OPEN = "The board decides and we hear of it later.", "Minutes are published within a week."
UNCLEARED, RARE = "Nobody ever cleared this sentence.", "We patrol there every night and see them all."
AT_SITE, GONE = "We at Ashby never saw the plan.", "I take back every word of this."
NUMBER, NAMED = "Write to me at jo.bloggs@example.org about it.", "Ask Whinchatley, for she wrote it."
PSEUDONYM, EXAMPLE = "It was nurse07 who said it first.", "They never told us anything at all."
HELD = (UNCLEARED, RARE, AT_SITE, GONE, NUMBER, NAMED, PSEUDONYM, EXAMPLE)
CANARIES = ("Whinchatley", "Nightjarson", "Ouzelbury", "nurse07", "bloggs")
"""A name in people.csv, a note on a coding, a column of texts.csv, a person's id, an address."""
SAID = {"i1": LEAVES, "i2": UNCLEARED, "i3": RARE, "i4": AT_SITE, "i5": GONE, "i6": NUMBER, "i7": NAMED, "i8": PSEUDONYM,
        "i9": EXAMPLE}  # fmt: skip
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

[[kind]]
id = "plan"
label = "Local plan"
public = true

[disclosure]
profile = "children-la"
"""
FINDINGS = f"""
[[finding]]
id = "f1"
claim = "Decisions are heard of late."

[[finding.evidence]]
stance = "supports"
strand = "texts"
passage = {{ text = "i1", start = 12, end = {12 + len(LEAVES)}, quote = "{LEAVES}" }}

[[finding.evidence]]
stance = "supports"
strand = "texts"
passage = {{ text = "i2", start = 12, end = {12 + len(UNCLEARED)}, quote = "{UNCLEARED}" }}
"""
WHOLE = ("--by", "A. Reader", "--reason", "for the second coder of the team")
STOPPED = ("i3", "i4", "i6", "i7", "i8")
GATED = tuple(to for to in FORMATS if to not in (*ALL_OR_NOTHING, *OF_NOBODY))


def written(folder: Path) -> Path:
    """A sound study in `folder`: nine interviews, a public plan, and in each what an export might give away."""
    frozen = folder / "texts" / "frozen"
    frozen.mkdir(parents=True)
    texts = {id: f"Q: Well?\nM: {words}\n" for id, words in SAID.items()} | {"d1": f"{OPEN}\n"}
    rows, codings = ["text,kind,interview,site,wave,date,source,sha256,recorded_by"], []
    for id, content in texts.items():
        data = content.encode()
        sha = hashlib.sha256(data).hexdigest()
        (frozen / f"{sha}.txt").write_bytes(data)
        kind = "plan" if id == "d1" else "interview"
        rows.append(f"{id},{kind},{id},s1,w1,2004-03,,{sha},Ouzelbury")
        quote = SAID.get(id, OPEN)
        start = content.index(quote)
        codings.append(
            {"text": id, "start": start, "end": start + len(quote), "quote": quote, "code": "trust", "coder": "ben" if id == "d1" else "ann",
             "cleared": id not in ("i2", "i9", "d1"), "note": "Nightjarson told me more."}
        )  # fmt: skip
    nurses = [f"nurse{n:02},,s{n % 3 + 1},health,nurse,,{'Whinchatley' if n == 5 else ''}" for n in range(1, 13)]
    files = {
        "study.toml": STUDY,
        "findings.toml": FINDINGS,
        "sites.csv": "site,name\ns1,Ashby\ns2,Beckton\ns3,Corby\n",
        "people.csv": "person,from_wave,site,agency,profession,role,real_name\n"
        + "\n".join([*nurses, "officer1,,s1,police,police officer,,"])
        + "\n",
        "texts/texts.csv": "\n".join(rows) + "\n",
        "texts/speakers.csv": "text,speaker,person\n"
        + "".join(
            f"{id},Q,\n{id},M,{'officer1' if id == 'i3' else f'nurse0{n}'}\n" for n, id in enumerate(SAID, start=1)
        ),
        "texts/codebook.toml": f'[[code]]\nid = "trust"\nlabel = "Trust"\ndefinition = "On trust."\nexample = "{EXAMPLE}"\n',
        "texts/codings.jsonl": "".join(json.dumps(one) + "\n" for one in codings),
    }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
    assert told("withdraw", folder, "--person", "nurse05", "--by", "A. Reader", "--reason", "a letter")[0] == 0
    return folder


def cautious(folder: Path) -> Path:
    """The study after its team took the clearance from the quotes that stop every release of it."""
    path = folder / "texts" / "codings.jsonl"
    codings = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    lines = [json.dumps(one | {"cleared": one["cleared"] and one["text"] not in STOPPED}) + "\n" for one in codings]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    return folder


def told(*arguments: object) -> tuple[int, str]:
    """The exit code of a command, and what it said."""
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if isinstance(done.exception, UsageError):
        return 2, str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return written(tmp_path / "study")


def ledger(folder: Path) -> list[dict[str, Any]]:
    """The entries of the ledger of releases, whose seals hold."""
    path = folder / LEDGER
    read_register(folder)
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []


def words_of(path: Path) -> str:
    """All that a file says, with what is packed in it; of a folder, what its files say."""
    if path.is_dir():
        return "\n".join(words_of(one) for one in sorted(path.rglob("*")) if one.is_file())
    data = path.read_bytes()
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.mark.parametrize("to", GATED)
def test_by_default_only_what_may_leave_does_and_the_ledger_says_so(to: str, study: Path, tmp_path: Path) -> None:
    if to in JUDGED:
        code, said = told("export", study, "--to", to, "--out", tmp_path / "out.x")
        assert (code, "Only one person fits that" in said) == (5, True), "the report would quote it"
        cautious(study)
    code, said = told("export", study, "--to", to, "--out", tmp_path / "out.x")
    assert code == 0, said
    words = words_of(tmp_path / "out.x")
    assert not [one for one in (*HELD, *CANARIES) if one in words or one in said]
    assert not re.search(r"\bi[1-9]\b|officer|nurse\d", words), "no text of a person, and nobody's pseudonym"
    assert to == "prov" or not re.search(r"\bann\b", words), "nor who coded what they said"
    assert not [path.stem for path in (study / "texts" / "frozen").iterdir()
                if path.stem in words and OPEN not in path.read_text("utf-8")]  # fmt: skip
    if to.startswith("quotations") or to == "annotations":
        assert LEAVES in words
        assert OPEN in words
        barred = () if to in JUDGED else ("looks like", "further columns", "by the pseudonym")
        for why in ("Nobody cleared it", *barred):
            assert why in said
        assert ("2: Its attribution and its words together fit too few people." in said) == (to not in JUDGED)
        assert "7 held back" in said or to in JUDGED
    (entry,) = ledger(study)
    assert (entry["format"], entry["whole"], entry["by"]) == (to, False, "")
    assert entry["files"] == {"out.x": hashlib.sha256((tmp_path / "out.x").read_bytes()).hexdigest()}


@pytest.mark.parametrize("to", MAY_BE_WHOLE)
def test_everything_leaves_only_by_a_name_and_a_reason_which_are_kept(to: str, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.x"
    for given in (
        ("--by", "A. Reader"),
        ("--reason", "why not"),
        ("--by", " ", "--reason", "x"),
        ("--by", "A", "--reason", "\t"),
    ):
        code, said = told("export", study, "--to", to, "--out", out, *given)
        assert (code, "--by NAME --reason WORDS" in said) == (2, True), said
    if to in ALL_OR_NOTHING:
        code, said = told("export", study, "--to", to, "--out", out)
        assert (code, "leaves only if somebody answers for it" in said) == (2, True), said
    assert not out.exists()
    assert not ledger(study)
    code, said = told("export", study, "--to", to, "--out", out, *WHOLE)
    assert (code, "past the disclosure gate" in said) == (0, True), said
    words = words_of(out)
    assert {"matrix-csv": "i2,interview", "codebook-qdc": EXAMPLE}.get(to, UNCLEARED) in words
    assert (GONE in words) == (to == "folder"), "withdrawn words are in the study's own files alone"
    (entry,) = ledger(study)
    assert (entry["format"], entry["whole"], entry["by"], entry["reason"]) == (to, True, WHOLE[1], WHOLE[3])
    assert entry["register"]["tables"] == []
    files = sorted(path for path in out.rglob("*") if path.is_file()) if out.is_dir() else [out]
    names = {path.relative_to(out).as_posix() if out.is_dir() else path.name: path for path in files}
    assert entry["files"] == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in names.items()}


@pytest.mark.parametrize("to", [*sorted({*FORMATS} - {*MAY_BE_WHOLE}), "html"])
def test_what_never_holds_everything_takes_no_reason(to: str, study: Path, tmp_path: Path) -> None:
    code, said = told("export", study, "--to", to, "--out", tmp_path / "out.x", *WHOLE)
    assert (code, f"--to {to} never does" in said) == (2, True), said
    assert not ledger(study)


def test_a_release_after_a_bypass_works_and_the_ledger_holds_both(study: Path, tmp_path: Path) -> None:
    cautious(study)
    assert told("export", study, "--to", "refi-qda", "--out", tmp_path / "p.qdpx", *WHOLE)[0] == 0
    assert told("export", study, "--to", "prov", "--out", tmp_path / "p.json")[0] == 0
    code, said = told("export", study, "--to", "html", "--out", tmp_path / "release")
    assert code == 0, said
    assert [one.get("format") for one in ledger(study)] == ["refi-qda", "prov", None]
    names = {one.name.partition(", ")[0] for one in read_register(study).published}
    assert names == {one["at"] for one in ledger(study)[1:]}, "later releases are held against what an export told"


def test_provenance_tells_neither_rows_nor_digests_of_what_tells_of_persons(study: Path, tmp_path: Path) -> None:
    assert told("export", cautious(study), "--to", "prov", "--out", tmp_path / "p.json")[0] == 0
    graph = json.loads((tmp_path / "p.json").read_text("utf-8"))
    entities = graph["entity"]
    assert "study:file/texts/codings.jsonl" in entities
    assert [name for name in entities if re.fullmatch(r"study:text/interview-\d", name)]
    assert not [name for name, about in entities.items() if "file/" in name and set(about) != {"prov:label"}]
    assert not {"joinedup:inputs", "joinedup:digest"} & {key for about in entities.values() for key in about}


def test_a_stop_of_the_gate_stops_what_tells_of_findings(study: Path, tmp_path: Path) -> None:
    claim = 'claim = "Decisions are heard of late by {texts.corpus:profession.nurse} nurses."'
    text = (study / "findings.toml").read_text("utf-8").replace('claim = "Decisions are heard of late."', claim)
    evidence = '\n[[finding.evidence]]\nstance = "supports"\nstrand = "texts"\nresult = "texts.corpus"\nkeys = ["profession.nurse"]\n'
    (study / "findings.toml").write_text(text + evidence, encoding="utf-8")
    for to in ("prov", "annotations"):
        code, said = told("export", study, "--to", to, "--out", tmp_path / "p.json")
        assert (code, "Nothing was released" in said) == (5, True), said
    assert not (tmp_path / "p.json").exists()
    assert not ledger(study)


def test_a_promise_to_the_sites_holds_in_every_export(study: Path, tmp_path: Path) -> None:
    toml = (study / "study.toml").read_text("utf-8")
    (study / "study.toml").write_text(
        toml.replace("[disclosure]", '[disclosure]\nsites = "anonymous"'), encoding="utf-8"
    )
    book = study / "texts" / "codebook.toml"
    more = '\n[[code]]\nid = "ours"\nlabel = "As in Beckton"\n\n[[code]]\nid = "low"\nlabel = "Low"\ndefinition = "As Corby says."\n'
    book.write_text(book.read_text("utf-8") + more, encoding="utf-8")
    cautious(study)
    for to in GATED:
        code, said = told("export", study, "--to", to, "--out", tmp_path / f"{to}.x")
        assert code == 0, said
        words = words_of(tmp_path / f"{to}.x")
        assert not re.search(r"Ashby|Beckton|Corby|\bs[123]\b|\bd1\b", words), to
        assert (OPEN in words) == (to.startswith("quotations") or to == "annotations")


def test_the_library_is_no_way_round(study: Path, tmp_path: Path) -> None:
    opened = joinedup.open_study(study, whole=True)
    for to in ALL_OR_NOTHING:
        with pytest.raises(UsageError, match="somebody answers for it"):
            joinedup.export(opened, to, tmp_path / "out", study)
    for source in (None, tmp_path):
        with pytest.raises(UsageError, match="Nothing leaves unregistered"):
            joinedup.export(opened, "folder", tmp_path / "out", source, by="A. Reader", reason="mine")
    assert not (tmp_path / "out").exists()
    done = joinedup.export(opened, "quotations-csv", tmp_path / "q.csv", study, by="A. Reader", reason="mine")
    assert done.whole
    assert GONE not in (tmp_path / "q.csv").read_text("utf-8"), "though the study was opened with what was withdrawn"


def test_nothing_leaves_past_a_damaged_ledger(study: Path, tmp_path: Path) -> None:
    (study / LEDGER).write_text("{}\n", encoding="utf-8")
    for to, given in (("quotations-csv", ()), ("folder", WHOLE), ("prov", ())):
        code, said = told("export", study, "--to", to, "--out", tmp_path / "out", *given)
        assert (code, "releases.jsonl:1" in said) == (2, True), said
        assert not (tmp_path / "out").exists()


KILLED = """
import os, pathlib, sys
from joinedup.study.folder import writer
writer._put = pathlib.Path.replace = lambda *_: os._exit(9)
sys.argv = ["joinedup", *sys.argv[1:]]
from joinedup.cli import main
main()
"""


@pytest.mark.parametrize("to", ["quotations-csv", "folder"])
def test_killed_behind_the_ledger_there_is_a_line_and_no_file(to: str, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = ["export", str(study), "--to", to, "--out", str(out), *WHOLE]
    assert subprocess.run([sys.executable, "-P", "-c", KILLED, *command], check=False).returncode == 9
    assert len(ledger(study)) == 1
    assert not out.exists()
    assert told(*command)[0] == 0
    assert len(ledger(study)) == 2
    assert UNCLEARED in words_of(out)


@pytest.mark.parametrize("to", ["quotations-csv", "folder"])
def test_broken_off_before_the_ledger_nothing_is_left(
    to: str, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from joinedup.workflow import leaving

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(leaving, "append_release", broken)
    with pytest.raises(KeyboardInterrupt):
        joinedup.export(
            joinedup.open_study(study, whole=True), to, tmp_path / "out", study, by="A. Reader", reason="mine"
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["study"]
    assert not ledger(study)


def test_a_ledger_that_cannot_be_written_is_told(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from joinedup.workflow import leaving

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(leaving, "append_release", full)
    with pytest.raises(UsageError, match=r"no space left on device.*Nothing leaves"):
        enter(study, Departure("folder"), {})
