"""What a deposit says of itself in words: true of the study that it is of, and silent on counts that the gate hides."""

from __future__ import annotations

import csv
import dataclasses
import io
from xml.etree import ElementTree as ET

import pytest

from joinedup.disclosure.profiles import PROFILES
from joinedup.study.model import Study
from joinedup.study.withdrawals import Withdrawal
from joinedup.texts.withdrawn import without_withdrawn
from tests.unit.deposit.test_ddi import full
from tests.unit.deposit.test_deposit import CONSENT, DDI, OPEN, declared, deposit, rows_of, surveyed, talked

MARK = PROFILES["children-la"].mark


def lines_of(content: bytes) -> dict[tuple[str, str], dict[str, str]]:
    """The lines of a log or record by what they are of, and why or on what ground."""
    return {(row["what"], row.get("why") or row["basis"]): row for row in rows_of(content)}


def readme_of(study: Study) -> str:
    return deposit(study)["README.md"].decode()


def test_how_few_transcripts_were_left_out_for_a_reason_is_not_told() -> None:
    files = deposit(declared(talked(), deposit=CONSENT))
    log = rows_of(files["anonymisation-log.csv"])
    left = [line["often"] for line in log if line["what"] == "Interview" and line["how"] == "left out"]
    assert left == [f"{MARK} texts"] * 3
    (kept,) = (line["often"] for line in log if line["how"].startswith("numbered anew"))
    assert kept == "1 text", "whoever holds the deposit counts its files"
    record = {line["what"]: line for line in rows_of(files["consent-record.csv"])}
    assert record["texts that were withdrawn"]["held"] == MARK


def test_a_public_text_that_was_withdrawn_is_logged() -> None:
    study = talked()
    gone = Withdrawal("", "d1", "A. Reader", "2005-01-01", "published in error")
    files = deposit(without_withdrawn(dataclasses.replace(study, withdrawals=(gone,))))
    assert not [path for path in files if path.startswith("texts/")]
    assert lines_of(files["anonymisation-log.csv"])["Local plan", "It was withdrawn."]["often"] == "1 text"


def test_the_log_says_how_many_figures_the_tables_hide() -> None:
    files = deposit(surveyed())
    cells = [
        cell
        for path, content in files.items()
        if path.startswith("tables/")
        for row in list(csv.reader(io.StringIO(content.decode(), newline="")))[1:]
        for cell in row
    ]
    (line,) = (row for row in rows_of(files["anonymisation-log.csv"]) if row["what"] == "tables of results")
    assert line["often"].split(" cells")[0] == str(cells.count(MARK))
    assert cells.count(MARK) > 0


def test_the_consent_of_those_who_answered_is_what_the_study_declares() -> None:
    told = "Information sheet of 2004: answers may be archived."
    for given, basis in (({"consent": told}, told), ({}, "No consent is declared; the rows hold no name")):
        (row,) = (row for row in rows_of(deposit(surveyed(**given))["consent-record.csv"]) if "answers" in row["what"])
        assert row["basis"].startswith(basis)


def test_a_study_that_asked_nobody_is_said_to_have_asked_nobody() -> None:
    files = deposit(talked())
    xml = ET.fromstring(files["ddi-codebook.xml"])
    assert not [one for name in ("sampProc", "resInstru", "weight", "timeMeth") for one in xml.iter(f"{DDI}{name}")]
    assert [one.text for one in xml.iter(f"{DDI}anlyUnit")] == ["Places (sites)", "Texts (Local plan)"]
    assert [one.text for one in xml.iter(f"{DDI}dataKind")] == ["texts, tables of results; after disclosure control"]
    readme = files["README.md"].decode()
    assert "No rows are deposited." in readme
    assert "Public documents in `texts/` stay as they were published, with the names in them" in readme
    assert "Public documents" not in readme_of(surveyed())


def test_the_readme_counts_the_rows_of_each_wave() -> None:
    files = deposit(full())
    rows = [row["wave"] for row in rows_of(files["data/survey.csv"])]
    told = f"Waves: w1 First wave ({rows.count('w1')} rows); w2 Second wave ({rows.count('w2')} rows)."
    assert told in files["README.md"].decode()


@pytest.mark.parametrize(
    ("report", "told"),
    [
        ({"date": "2006-03-31", "authors": []}, "Cite as: A study [data set] (2006)."),
        ({"date": "2006-03-31", "authors": ["A. Writer"]}, "Cite as: A. Writer (2006). A study [data set]."),
        ({"date": "2006", "authors": ["A", "B", "C"]}, "Cite as: A, B and C (2006). A study [data set]."),
    ],
)
def test_a_deposit_is_cited_by_authors_year_and_title(report: dict[str, object], told: str) -> None:
    study = declared(dataclasses.replace(surveyed(), title="A study"), report=report)
    assert told in readme_of(study).splitlines()


def test_a_title_of_several_lines_is_one_heading() -> None:
    readme = readme_of(dataclasses.replace(surveyed(), title="One\n# two \x07"))
    assert readme.splitlines()[0] == "# One # two \ufffd"


def test_a_licence_with_an_address_is_a_path_in_the_data_package() -> None:
    address = "https://creativecommons.org/licenses/by/4.0/"
    for given, said in (({"licence": address}, '"path": "' + address), ({}, '"name": "other"')):
        files = deposit(declared(surveyed(**given), disclosure={"open": OPEN}))
        assert said in files["datapackage.json"].decode()


def test_agencies_that_are_all_put_together_are_no_column_of_one_value() -> None:
    files = deposit(surveyed())
    header = next(iter(rows_of(files["data/survey.csv"])))
    assert "agency" not in header
    assert "role" in header
    log = lines_of(files["anonymisation-log.csv"])
    assert [line["how"] for (what, _), line in log.items() if what == "agency"] == ["left out of every row"]
    assert "Of the person a row tells the role." in files["README.md"].decode()
