"""Nothing leaves that should not: planted cells, quotes, roles, differences between releases; bypass; the ledger. SIMULATED."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import joinedup
from joinedup.cli import cli
from joinedup.disclosure import Register
from joinedup.study.finding import Affirmation, Claim, Evidence
from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.survey import COMPLETE
from joinedup.study.texts import Passage
from joinedup.workflow.release_ledger import LEDGER, append_release, read_register
from joinedup.workflow.releasing import (
    Bypass,
    ReleaseRefused,
    gate,
    release,
    release_part,
    stop_id,
)
from joinedup.workflow.running import compute
from tests.report_page import ledger
from tests.survey_sample import small_study
from tests.unit.texts.small import code_quote, make_people, make_text, make_texts_study

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "pathfinders"
RESPONSE = "survey.response"
_LINK = re.compile(r'<a href="#([^"]+)" class="v"(?: aria-label="suppressed")?>([^<]*)</a>')


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, joinedup.Run]:
    """The demonstration, its release, and its working run."""
    folder = tmp_path_factory.mktemp("released") / "pathfinders"
    shutil.copytree(EXAMPLE, folder)
    done = CliRunner().invoke(
        cli, ["release", str(folder), "--out", str(folder.parent / "out")], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    run = joinedup.run(joinedup.open_study(folder), out=folder.parent / "working")
    return folder, folder.parent / "out", run


def hidden_in(out: Path, run: joinedup.Run) -> dict[tuple[str, str], Any]:
    """The values that the release shows as a mark, with what the team holds for them."""
    found: dict[tuple[str, str], Any] = {}
    for id, result in run.results.items():
        values = json.loads((out / "results" / f"{id}.json").read_text("utf-8"))["values"]
        found |= {(id, key): result.values[key] for key, value in values.items() if value == "c"}
    return found


def test_the_set_is_whole_and_every_count_of_one_to_five_is_hidden(
    released: tuple[Path, Path, joinedup.Run],
) -> None:
    folder, out, run = released
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert {"report.html", "report.pdf", "report.docx", "slides.pptx", "register.json"} <= names
    assert {f"brief-{site.id}.pdf" for site in run.study.programme_sites} <= names
    hidden = hidden_in(out, run)
    counts = {key: value for key, value in run.results[RESPONSE].values.items() if key.startswith("site.")}
    small = {(RESPONSE, key) for key, value in counts.items() if key.endswith(".answered") and value in range(1, 6)}
    assert small
    assert small <= hidden.keys()
    ledger = (folder / LEDGER).read_text("utf-8").splitlines()
    assert len(ledger) == 1
    assert json.loads(ledger[0])["profile"] == "children-la"


def test_no_table_and_no_page_shows_a_hidden_value(released: tuple[Path, Path, joinedup.Run]) -> None:
    _, out, run = released
    hidden = hidden_in(out, run)
    page = (out / "report.html").read_text("utf-8")
    keys = ledger(page)
    shown = {(keys[id], value) for id, value in _LINK.findall(page)}
    assert shown
    assert {value for key, value in shown if key in hidden} == {"c"}
    for id in {id for id, _ in hidden}:
        for table in run.results[id].tables:
            path = out / "tables" / f"t-{id}-{table.id}.csv".replace(".", "-", id.count(".")).replace("_", "-")
            if path.is_file() and table.keys:
                rows = list(csv.reader(path.open(encoding="utf-8", newline="")))[1:]
                for told, row in zip(table.keys, rows, strict=True):
                    assert all(cell == "c" for key, cell in zip(told, row, strict=True) if (id, key) in hidden), (
                        path.name
                    )
    assert not list(out.rglob("*response-grid*")), "whether the one person asked answered"
    assert ">nobody asked<" not in page, "as a figure or its table says it; people may say so, too"


def test_the_working_text_is_nowhere_in_the_release(released: tuple[Path, Path, joinedup.Run]) -> None:
    """No uncleared sentence, no person's id, no name of a file on the machine: in text, metadata, or the ledger."""
    folder, out, run = released
    people = {person.id for person in run.study.people}
    cleared = [coding.passage.quote for coding in run.study.texts.codings if coding.cleared]
    secret = [
        coding.passage.quote
        for coding in run.study.texts.codings
        if len(coding.passage.quote) > 60
        and not any(coding.passage.quote in quote or quote in coding.passage.quote for quote in cleared)
        and run.study.text_by_id[coding.passage.text].kind == "interview"
    ]
    assert secret
    for path, text in texts_of(out):
        assert not [quote for quote in secret if quote in text], path
        assert not [word for word in re.findall(r"\bp\d{3}\b", text) if word in people], path
        assert str(folder) not in text, path
    assert not [quote for quote in secret if quote in (folder / LEDGER).read_text("utf-8")]


def texts_of(out: Path) -> list[tuple[str, str]]:
    """Every file of a release as text: PDFs by pdftotext with their metadata, Word and slides by their XML."""
    found = []
    for path in sorted(out.rglob("*")):
        if path.suffix == ".pdf":
            info = subprocess.run(["pdfinfo", str(path)], capture_output=True, check=True).stdout
            text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout
            found.append((path.name, (info + text).decode()))
        elif path.suffix in (".docx", ".pptx"):
            with zipfile.ZipFile(path) as archive:
                parts = [archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))]
            found.append((path.name, re.sub("<[^>]+>", "", b"".join(parts).decode())))
        elif path.is_file() and path.suffix not in (".png", ".sav"):
            found.append((path.name, path.read_text("utf-8")))
    return found


def refused(study: Study, register: Register | None = None, bypass: Bypass | None = None) -> list[str]:
    """What the gate says to `study`."""
    try:
        gate(study, register or Register(), bypass)
    except ReleaseRefused as told:
        return [str(stop) for stop in told.stops]
    return []


def stating(key: str) -> Claim:
    """A finding that states a value of the response."""
    evidence = Evidence("supports", "survey", result=RESPONSE, keys=(key,))
    return Claim("f1", f"There were {{{RESPONSE}:{key}}} of them.", (evidence,))


def test_a_sentence_with_a_planted_small_cell_is_stopped() -> None:
    (told,) = refused(small_study(claims=(stating("site.s1.answered"),)))
    assert "f1 states survey.response:site.s1.answered, which is suppressed" in told
    assert "Write the sentence without it" in told
    assert not refused(small_study(claims=(stating("people_asked"),)))


def test_what_would_give_a_hidden_cell_away_is_hidden_too() -> None:
    study = small_study()
    gated = gate(study, Register())
    assert not [cell for table in gated.values.tables for cell in table.audit().disclosed]
    changed = {key for id, key in gated.values.hidden if id == RESPONSE}
    values = compute(study)[0][RESPONSE].values
    complementary = {key for key in changed if isinstance(value := values[key], int) and value > 5}
    assert complementary, "a column in which one cell is hidden hides another"


def quoted(site: str, profession: str) -> Study:
    """A study that quotes the only person of a profession at a site, who names the site."""
    text = make_text("i1", f"M: We at {site} are tired of all the boards and nobody asks.\n")
    others = [(f"p{n}", "", f"s{n % 3 + 1}", "nurse") for n in range(2, 12)]
    words = text.content[3:-1]
    claim = Claim(
        "f1", "Some are tired.", (Evidence("supports", "texts", passage=Passage("i1", 3, 3 + len(words), words)),)
    )
    return make_texts_study(
        [text],
        [code_quote(text, words, "trust", cleared=True)],
        speakers={"i1": {"M": "p1"}},
        people=make_people([("p1", "", "s1", profession), *others]),
        claims=(claim,),
    )


def test_a_quote_that_names_its_speaker_is_stopped_and_a_common_one_is_not() -> None:
    rare = refused(quoted("Site 1", "police officer"))
    assert any("Only one person fits that" in told for told in rare)
    assert any("i1:3-" in told for told in rare)
    assert any("profession" in told for told in refused(quoted("the trust", "police officer"))), "rare over all sites"
    assert not refused(quoted("the trust", "nurse"))


@pytest.mark.parametrize(
    ("words", "why"),
    [("the office, tel. 07700 900123,", "phone"), ("jo@example.org", "e-mail"), ("p11", "a person's id")],
)
def test_a_quote_with_a_person_s_number_address_or_id_is_stopped(words: str, why: str) -> None:
    told = refused(quoted(words, "nurse"))
    assert [one for one in told if "i1:3-" in one and why in one], told


def test_what_one_quote_of_a_text_names_tells_of_the_others() -> None:
    talk = "Nora: We nurses are tired of all the boards and nobody asks.\nHeidi: Here at Site 1 we have a board too many now.\n"
    text = make_text("i1", talk)
    tired, board = (
        "We nurses are tired of all the boards and nobody asks.",
        "Here at Site 1 we have a board too many now.",
    )
    heads = [(f"h{n}", "", "s1", "headteacher") for n in range(1, 8)]
    nurses = [(f"n{n}", "", f"s{n % 3 + 1}", "nurse") for n in range(1, 12)]

    def cited(*words: str) -> Study:
        starts = [(talk.index(one), one) for one in words]
        pieces = (Evidence("supports", "texts", passage=Passage("i1", at, at + len(one), one)) for at, one in starts)
        return make_texts_study(
            [text],
            [code_quote(text, one, "trust", cleared=True) for one in words],
            speakers={"i1": {"Nora": "n3", "Heidi": "h1"}},
            people=make_people([*heads, *nurses]),
            claims=(Claim("f1", "Some are tired.", tuple(pieces)),),
        )

    assert not refused(cited(tired))
    assert not refused(cited(board)), "seven headteachers are at the site"
    assert [told for told in refused(cited(tired, board)) if "site s1, profession nurse" in told], "three nurses are"


def test_two_releases_that_differ_by_one_person_are_stopped() -> None:
    study = small_study(
        claims=(stating("people_asked"),)
    )  # under a profile that does not round totals: rounded ones would hide the difference
    study = dataclasses.replace(study, settings={**study.settings, "disclosure": {"profile": "secure"}})
    first = gate(study, Register())
    register = Register().with_release("2026-01", first.values.tables)
    assert not refused(study, register), "the same again gives nothing away"
    wave = list(study.survey.responses)[-1]
    roster = study.survey.roster
    left = next(n for n, row in enumerate(roster) if row.wave == wave and row.outcome != COMPLETE)
    survey = dataclasses.replace(study.survey, roster=(*roster[:left], *roster[left + 1 :]))
    told = refused(dataclasses.replace(study, survey=survey), register)
    assert any(
        "states survey.response:people_asked" in line and "the earlier release of 2026-01" in line for line in told
    )
    again = gate(dataclasses.replace(study, survey=survey, claims=()), register)
    assert (RESPONSE, "people_asked") in again.values.hidden, "72 then and 71 now would give one person away"
    assert (RESPONSE, "people_asked") not in first.values.hidden


def test_a_stale_finding_is_stopped_and_says_what_moved() -> None:
    ledger = (Affirmation("f1", "A. Reader", "2026-01-01", "other", {}, "", {f"{RESPONSE}:people_asked": "7"}),)
    (told,) = refused(small_study(claims=(stating("people_asked"),), affirmations=ledger))
    assert "Finding f1 is stale" in told
    assert "people_asked is another value" in told


def test_a_bypass_names_who_and_why_and_is_written_down(tmp_path: Path) -> None:
    study = small_study(claims=(stating("site.s1.answered"),))
    with pytest.raises(ReleaseRefused) as refusal:
        gate(study, Register())
    id = stop_id(refusal.value.stops[0])
    with pytest.raises(UsageError, match="who reviewed it and why"):
        gate(study, Register(), Bypass((id,), "A. Reader", " "))
    with pytest.raises(UsageError, match="no stop 'nonsense'"):
        gate(study, Register(), Bypass(("nonsense",), "A. Reader", "public"))
    out = tmp_path / "out"
    (tmp_path / "study").mkdir()
    release(study, tmp_path / "study", out, bypass=Bypass((id,), "A. Reader", "published before"))
    entry = json.loads((tmp_path / "study" / LEDGER).read_text("utf-8"))
    assert (entry["by"], entry["reason"], [one["id"] for one in entry["passed"]]) == (
        "A. Reader",
        "published before",
        [id],
    )


def test_a_part_passes_the_same_gate_and_is_registered(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    release_part(small_study(), folder, "html", tmp_path / "out")
    assert (tmp_path / "out" / "report.html").is_file()
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert not re.search(r"<(input|select|form|textarea|option)\b", page), "a filter's answers would have to be audited"
    assert read_register(folder).published
    with pytest.raises(ReleaseRefused):
        release_part(small_study(claims=(stating("site.s1.answered"),)), folder, "html", tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_a_release_that_fails_half_way_leaves_nothing_unregistered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from joinedup.workflow import releasing

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(releasing, "write_set", broken)
    (tmp_path / "study").mkdir()
    with pytest.raises(KeyboardInterrupt):
        releasing.release(small_study(), tmp_path / "study", tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["study"]
    assert not (tmp_path / "study" / LEDGER).exists()


def test_a_damaged_ledger_is_refused_with_its_line(tmp_path: Path) -> None:
    for at in ("2026-01", "2026-02", "2026-03"):
        append_release(tmp_path, {"at": at, "register": Register().to_dict()})
    path = tmp_path / LEDGER
    whole = path.read_text("utf-8")
    assert not read_register(tmp_path).published
    first, second, third = whole.splitlines(keepends=True)
    for damaged, told in (
        ('{"at": "2026"}\n', r":1: the line is no release"),
        (first + second[:40], r":2: the line is no release"),
        (first.replace("2026-01", "2025-01") + second, r":1: the line, or one before it, isn't as it was written"),
        (first + third, r":2: the line, or one before it, isn't as it was written"),
        ("[]\n", r":1: the line is no release"),
    ):
        path.write_text(damaged, encoding="utf-8")
        with pytest.raises(UsageError, match="releases.jsonl" + told):
            read_register(tmp_path)
        with pytest.raises(UsageError, match="Put back the copy"):
            append_release(tmp_path, {"at": "2026-04"})
    path.write_text(whole, encoding="utf-8")
    assert not read_register(tmp_path).published


def test_a_study_that_promised_it_names_no_site_in_any_file(tmp_path: Path) -> None:
    study = small_study()
    study = dataclasses.replace(study, settings={**study.settings, "disclosure": {"sites": "anonymous"}})
    (tmp_path / "study").mkdir()
    release(study, tmp_path / "study", tmp_path / "out")
    assert "Scores by level" in (tmp_path / "out" / "report.html").read_text("utf-8")
    assert not [path.name for path in (tmp_path / "out").rglob("*") if re.search(r"(?<![a-z0-9])s\d+(?!\w)", path.name)]
    for name, text in texts_of(tmp_path / "out"):
        of_a_site = r"\bSite \d+\b|(?<![A-Za-z0-9])s(?:[1-9]|1[0-2])(?![A-Za-z0-9])"
        assert not re.findall(of_a_site, re.sub(r"\bsha\w*|#\w+", "", text)), name
    named = Claim("f1", "Site 3 is ahead.", stating("people_asked").evidence)
    (told,) = refused(dataclasses.replace(study, claims=(named,)))
    assert "Finding f1 names Site 3" in told
