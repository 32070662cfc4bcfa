"""The deposit: files that are what their standards ask, the same bytes twice, and no name anywhere. All data SIMULATED."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from joinedup.adapters.deposit import deposit_files
from joinedup.adapters.deposit.contents import MISSING_LABELS
from joinedup.disclosure import Register
from joinedup.study.model import Study
from joinedup.study.site import Person
from joinedup.study.survey import Item
from joinedup.study.texts import Speaker
from joinedup.study.withdrawals import Withdrawal
from joinedup.texts.withdrawn import without_withdrawn
from joinedup.workflow.release_ledger import read_register
from joinedup.workflow.releasing import gate, release_part
from tests.survey_sample import small_study
from tests.unit.texts.small import KINDS, code_quote, make_text, make_texts_study

OPEN = [{"people": "asked", "reason": "Adults, counted over all sites."}]
CONSENT = {"texts": [{"kind": "interview", "consent": "Form of 2004, section 4."}]}
CANARY = "Quillfeather"
DDI = "{ddi:codebook:2_5}"


def declared(study: Study, **sections: Any) -> Study:
    """`study` with these sections of study.toml."""
    return dataclasses.replace(study, settings={**study.settings, **sections})


def deposit(study: Study) -> dict[str, bytes]:
    """The files of the study's deposit."""
    gated = gate(study, Register())
    assert gated.rows is not None
    return deposit_files(gated.study, gated.results, gated.document, gated.values, gated.rows)


def surveyed(**deposited: Any) -> Study:
    """Twelve sites with answers that may be counted over all of them."""
    study = small_study()
    assert study.survey.instrument
    item = dataclasses.replace(
        study.survey.instrument.items[0], name="remarks", kind="text", label="What else?", options={}
    )
    instrument = dataclasses.replace(study.survey.instrument, items=(*study.survey.instrument.items, item))
    responses = {
        wave: table.append_column("remarks", [[f"Ask {CANARY} about it"] * table.num_rows])
        for wave, table in study.survey.responses.items()
    }
    survey = dataclasses.replace(study.survey, instrument=instrument, responses=responses)
    settings = {"disclosure": {"open": OPEN}, "deposit": deposited, "report": {"date": "2006-03-31"}}
    return declared(dataclasses.replace(study, survey=survey), **settings)


def talked() -> Study:
    """Interviews, one of them with a name, one with a telephone number, one withdrawn; and a public plan."""
    talk = "Ann: How is it going?\np7: We at the office like it, as {} says.\n"
    texts = [
        make_text(f"i{n}", talk.format(word)) for n, word in enumerate(("p8", CANARY, "01632 960 001", "Nightjar"), 1)
    ]
    plan = make_text("d1", "The plan of the partnership.\n", kind="plan")
    people = tuple(
        Person(f"p{n}", "", f"s{n % 3 + 1}", "health", "nurse", extra={"real_name": CANARY} if n == 7 else {}, row=n)
        for n in range(1, 13)
    )
    study = make_texts_study([*texts, plan], [code_quote(texts[0], "like it", "trust")], people=people)
    speakers = tuple(Speaker(f"i{n}", label, who) for n in range(1, 5) for label, who in (("Ann", ""), ("p7", "p7")))
    held = dataclasses.replace(study.texts, speakers=speakers)
    gone = Withdrawal("", "i4", "A. Reader", "2005-01-01", "asked by letter")
    return without_withdrawn(dataclasses.replace(study, texts=held, withdrawals=(gone,), kinds=KINDS))


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return deposit(surveyed(keywords=["partnership"], licence="CC BY 4.0", access="open"))


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_every_row_shares_what_it_tells_with_more_than_the_profile_hides(files: dict[str, bytes]) -> None:
    rows = rows_of(files["data/survey.csv"])
    assert len(rows) == sum(table.num_rows for table in small_study().survey.responses.values())
    told = Counter((row["wave"], *(row.get(name, "") for name in ("site", "agency", "role"))) for row in rows)
    assert min(told.values()) > 5
    assert "site" not in rows[0]
    log = {row["what"]: row for row in rows_of(files["anonymisation-log.csv"])}
    assert {"site", "person", "pooled", "remarks"} <= log.keys()
    assert "Of the person a row tells the role." in files["README.md"].decode()


def test_the_order_of_rows_says_nothing_and_pseudonyms_are_nowhere(files: dict[str, bytes]) -> None:
    study = small_study()
    rows = rows_of(files["data/survey.csv"])
    kept = [name for name in rows[0] if name.startswith(("governance", "frontline"))]
    table = study.survey.responses["w1"].to_pylist()
    mine = [tuple(row[name] for name in kept) for row in rows if row["wave"] == "w1"]
    assert sorted(mine) == sorted(tuple(row[name] for name in kept) for row in table)
    assert mine != [tuple(row[name] for name in kept) for row in table]
    people = {entry.person for entry in study.survey.roster}
    for path, content in files.items():
        assert not [person for person in people if person.encode() in content], path


def test_the_codebook_is_ddi_with_questions_categories_and_counts_of_the_rows(files: dict[str, bytes]) -> None:
    root = ET.fromstring(files["ddi-codebook.xml"])
    assert root.tag == f"{DDI}codeBook"
    assert [child.tag.removeprefix(DDI) for child in root][:4] == ["stdyDscr", "fileDscr", "dataDscr"]
    rows = rows_of(files["data/survey.csv"])
    variables = {one.get("name"): one for one in root.iter(f"{DDI}var")}
    variable = variables["governance_1"]
    assert variable.findtext(f"{DDI}qstn/{DDI}qstnLit") == "governance 1"
    counted = {one.findtext(f"{DDI}catValu"): one.findtext(f"{DDI}catStat") for one in variable.iter(f"{DDI}catgry")}
    assert counted == {str(code): str(sum(row["governance_1"] == str(code) for row in rows)) for code in range(1, 6)}
    given = [int(row["governance_1"]) for row in rows if row["governance_1"]]
    stats = {one.get("type"): one.text for one in variable.iter(f"{DDI}sumStat")}
    assert stats["vald"] == str(len(given))
    assert float(stats["mean"] or "nan") == pytest.approx(sum(given) / len(given), rel=1e-5)
    assert variables["remarks"].get("files") is None
    assert not list(variables["remarks"].iter(f"{DDI}catStat"))


def test_the_sav_holds_the_same_answers_with_labels_and_no_date(files: dict[str, bytes], tmp_path: Path) -> None:
    import pyreadstat

    path = tmp_path / "survey.sav"
    path.write_bytes(files["data/survey.sav"])
    frame, meta = pyreadstat.read_sav(str(path), user_missing=True)
    rows = rows_of(files["data/survey.csv"])
    assert ["" if value != value else str(int(value)) for value in frame["governance_1"]] == [
        row["governance_1"] for row in rows
    ]
    assert meta.variable_value_labels["governance_1"][3.0] == "Point 3"
    waves = {str(int(code)): label for code, label in meta.variable_value_labels["wave"].items()}
    book = {row["sav_code"]: row["code"] for row in rows_of(files["data/codebook.csv"]) if row["variable"] == "wave"}
    assert [book[str(int(value))] for value in frame["wave"]] == [row["wave"] for row in rows]
    assert waves == {"1": "First wave", "2": "Second wave"}
    assert meta.creation_time is not None
    assert meta.creation_time.year == 1970


def test_the_sav_tells_missing_codes_from_answers_and_from_nothing(tmp_path: Path) -> None:
    import pyreadstat

    study = surveyed()
    table = study.survey.responses["w1"]
    given = ["-9" if at in range(0, 48, 6) else one for at, one in enumerate(table.column("governance_1").to_pylist())]
    table = table.set_column(table.column_names.index("governance_1"), "governance_1", [given])
    survey = dataclasses.replace(study.survey, responses={**study.survey.responses, "w1": table})
    path = tmp_path / "survey.sav"
    path.write_bytes(deposit(dataclasses.replace(study, survey=survey))["data/survey.sav"])
    kept, meta = pyreadstat.read_sav(str(path), user_missing=True)
    read, _ = pyreadstat.read_sav(str(path))
    assert meta.missing_ranges["governance_1"] == [{"lo": -10.0, "hi": -7.0}]
    assert meta.variable_value_labels["governance_1"][-9.0] == MISSING_LABELS["-9"]
    assert (kept["governance_1"] == -9).sum() == 8
    assert (
        read["governance_1"].isna().sum() == 8 + given.count("") + kept["governance_1"][kept["wave"] == 2].isna().sum()
    )


def test_the_data_package_describes_every_table(files: dict[str, bytes]) -> None:
    package = json.loads(files["datapackage.json"])
    held = {resource["path"]: resource for resource in package["resources"]}
    assert held.keys() == {path for path in files if path.endswith(".csv")}
    assert len({resource["name"] for resource in package["resources"]}) == len(held)
    for path, resource in held.items():
        rows = list(csv.reader(io.StringIO(files[path].decode(), newline="")))
        fields = resource["schema"]["fields"]
        assert rows[0] == [field["name"] for field in fields], path
        assert resource["hash"] == f"sha256:{hashlib.sha256(files[path]).hexdigest()}"
        for row in rows[1:]:
            for cell, field in zip(row, fields, strict=True):
                if cell in resource["schema"]["missingValues"]:
                    continue
                assert cell in field.get("constraints", {}).get("enum", [cell]), (path, field)
                if field["type"] != "string":
                    assert float(cell) == (int(cell) if field["type"] == "integer" else float(cell)), (path, field)


def test_the_same_study_gives_the_same_bytes_without_path_or_formula(files: dict[str, bytes]) -> None:
    again = deposit(surveyed(keywords=["partnership"], licence="CC BY 4.0", access="open"))
    assert again == files
    for path, content in files.items():
        assert not re.search(rb"/(?:tmp|home|root)/", content), path
        if path.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(content.decode(), newline="")) for cell in row]
            assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))], path


def test_words_of_persons_stay_out_unless_they_are_cleared(files: dict[str, bytes]) -> None:
    for path, content in files.items():
        assert CANARY.encode() not in content, path
    cleared = deposit(surveyed(clear=[{"item": "remarks", "reason": "read by two people"}]))
    assert CANARY in cleared["data/survey.csv"].decode()


def test_without_open_counts_no_answer_leaves_that_a_table_hides() -> None:
    closed = deposit(declared(surveyed(), disclosure={}))
    assert "data/survey.csv" not in closed
    assert "No rows are deposited" in closed["README.md"].decode()
    variables = ET.fromstring(closed["ddi-codebook.xml"]).iter(f"{DDI}var")
    assert "governance_1" in {one.get("name") for one in variables}


def test_a_question_put_to_few_is_left_out_or_nobody_is_told_by_it() -> None:
    study = surveyed()
    assert study.survey.instrument
    few = Item("shift", "select_one", "Do you work nights?", {"yes": "Yes", "no": "No"})
    instrument = dataclasses.replace(study.survey.instrument, items=(*study.survey.instrument.items, few))
    responses = {
        wave: table.append_column("shift", [["yes", "no"] + ["-10"] * (table.num_rows - 2)])
        for wave, table in study.survey.responses.items()
    }
    survey = dataclasses.replace(study.survey, instrument=instrument, responses=responses)
    made = deposit(dataclasses.replace(study, survey=survey))
    assert "shift" not in rows_of(made["data/survey.csv"])[0]
    assert "Who was asked it" in made["anonymisation-log.csv"].decode()


def test_transcripts_need_declared_consent_and_public_texts_do_not() -> None:
    made = deposit(talked())
    assert [path for path in made if path.startswith("texts/")] == ["texts/d1.txt"]
    assert "No consent to deposit is declared" in made["anonymisation-log.csv"].decode()
    with_consent = deposit(declared(talked(), deposit=CONSENT))
    transcripts = [path for path in with_consent if path.startswith("texts/interview")]
    assert transcripts == ["texts/interview-1.txt"]
    words = with_consent[transcripts[0]].decode()
    assert "Speaker 1: We at the office like it, as [person] says." in words
    assert "Interviewer: How is it going?" in words
    assert "Form of 2004, section 4." in with_consent["consent-record.csv"].decode()
    log = with_consent["anonymisation-log.csv"].decode()
    assert "telephone number" in log
    assert "It was withdrawn" in log
    for path, content in with_consent.items():
        assert not [word for word in (CANARY, "01632", "p7", "real_name", "Nightjar") if word in content.decode()], path


def test_an_export_is_registered_with_what_its_rows_tell(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "names.key").write_text(CANARY, encoding="utf-8")
    release_part(surveyed(), folder, "deposit", tmp_path / "out")
    assert (tmp_path / "out" / "deposit" / "ro-crate-metadata.json").is_file()
    assert any(table.name.endswith("rows of the survey") for table in read_register(folder).published)
    for path in (tmp_path / "out").rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path
    release_part(surveyed(), folder, "deposit", tmp_path / "again")
    assert (tmp_path / "again" / "deposit" / "data" / "survey.csv").is_file(), "the same again gives nothing away"
