"""XLSForm workbooks: what is read, and the places of everything that is wrong."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]

from joinedup.adapters import xlsform_workbook
from joinedup.adapters.xlsform import read_instrument
from joinedup.study.problems import StudyError

NAME = "survey/instrument.xlsx"
SURVEY: list[list[object]] = [
    ["type", "name", "label"],
    ["begin group", "g", "A group"],
    ["note", "n", "Read this"],
    ["select_one agree", "q1", "First"],
    [None, None, None],
    ["select_multiple why or_other", "q2", "Second"],
    ["integer", "q3", "Third"],
    ["end group", None, None],
]
CHOICES: list[list[object]] = [
    ["List name", "name", "label"],
    ["agree", 1, "Disagree"],
    ["agree", 2, "Agree"],
    ["why", "law", "Law"],
]
SETTINGS: list[list[object]] = [["form_title", "version"], ["Partners", date(2005, 9, 1)]]


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    """The bytes of a workbook with these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def problems(data: bytes) -> list[str]:
    with pytest.raises(StudyError) as caught:
        read_instrument(data, NAME)
    assert all(problem.what.endswith(".") and problem.remedy.endswith(".") for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


def test_items_options_and_settings() -> None:
    found = read_instrument(workbook(survey=SURVEY, choices=CHOICES, settings=SETTINGS), NAME)
    assert (found.title, found.version) == ("Partners", "2005-09-01")
    assert [(item.name, item.kind, item.row) for item in found.items] == [
        ("q1", "select_one", 4),
        ("q2", "select_multiple", 6),
        ("q3", "integer", 7),
    ]
    assert found.items[0].options == {"1": "Disagree", "2": "Agree"}
    assert found.items[1].options == {"law": "Law", "other": "Other"}
    assert found.items[2].label == "Third"


@pytest.mark.parametrize(
    ("headings", "told"),
    [
        (("label::French (fr)", "label::English (en)"), "two"),
        (("label::Swahili (sw)", "label::English"), "two"),
        (("label::French (fr)", "label::German (de)"), "one"),
        (("label::English (en)", "label"), "two"),
    ],
)
def test_the_label_of_a_translated_form(headings: tuple[str, str], told: str) -> None:
    data = workbook(survey=[["type", "name", *headings], ["text", "q", "one", "two"]])
    assert read_instrument(data, NAME).items[0].label == told


def test_every_problem_has_its_place() -> None:
    survey: list[list[object]] = [
        *SURVEY,
        ["select_one nowhere", "q4", ""],
        ["text", "q1", ""],
        ["text", None, ""],
        ["text", "person", ""],
    ]
    choices: list[list[object]] = [*CHOICES, ["agree", 1, "Again"], ["agree", None, "Nameless"]]
    assert [told.split(": ")[0] for told in problems(workbook(survey=survey, choices=choices))] == [
        f"J096 {NAME}:5:name",
        f"J095 {NAME}:6:name",
        f"J097 {NAME}:9:type",
        f"J096 {NAME}:10:name",
        f"J095 {NAME}:11:name",
        f"J095 {NAME}:12:name",
    ]


def test_missing_sheets_and_columns() -> None:
    assert problems(workbook(choices=CHOICES))[0].startswith(f"J093 {NAME}: The workbook has no sheet 'survey'")
    assert problems(workbook(survey=[["type", "title"], ["text", "q"]]))[0].startswith(f"J094 {NAME}:1:name")
    assert problems(workbook(survey=SURVEY))[0].startswith(f"J097 {NAME}:4:type")
    twice = [["type", "name", "label", "Label"], ["text", "q", "a", "b"]]
    assert problems(workbook(survey=twice))[0].startswith(f"J096 {NAME}:1:label")


def test_repeated_options_where_the_form_allows_them() -> None:
    settings = [["allow_choice_duplicates"], ["yes"]]
    data = workbook(survey=SURVEY, choices=[*CHOICES, ["agree", 2, "Again"]], settings=settings)
    assert read_instrument(data, NAME).items[0].options["2"] == "Agree"


@pytest.mark.parametrize(
    ("data", "number"),
    [
        (b"", "J090"),
        (b"type,name,label\n", "J090"),
        (workbook(survey=SURVEY)[:-400], "J090"),
        (xlsform_workbook.OLE + b"\0" * 600, "J090"),
        (xlsform_workbook.OLE + "EncryptedPackage".encode("utf-16-le"), "J091"),
    ],
)
def test_what_is_no_workbook(data: bytes, number: str) -> None:
    assert problems(data)[0].startswith(f"{number} {NAME}: ")


def test_a_zip_that_holds_no_workbook() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert problems(out.getvalue())[0].startswith(f"J090 {NAME}: ")


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsform_workbook, "LARGEST", 1000)
    assert problems(workbook(survey=SURVEY))[0].startswith(f"J092 {NAME}: ")


def test_a_cell_at_the_end_of_the_sheet_is_refused_and_not_filled_up_to() -> None:
    book = Workbook()
    book.worksheets[0].title = "survey"
    book.worksheets[0]["XFD1048576"] = " "
    out = BytesIO()
    book.save(out)
    assert "most of them empty" in problems(out.getvalue())[0]


@pytest.mark.shared
def test_public_forms(shared: Path) -> None:
    """Forms of other projects: what can be read is read, what is wrong is told."""
    folder = shared / "acceptance" / "xlsform"
    found = read_instrument((folder / "pyxform" / "or_other.xlsx").read_bytes(), NAME)
    assert (found.items[0].name, found.items[0].kind) == ("fav_color", "select_one")
    assert "other" in found.items[0].options
    form = read_instrument((folder / "getodk-web-forms" / "socio-economic-survey-v20240515.xlsx").read_bytes(), NAME)
    assert (form.title, form.version) == ("Socio-economic Survey", "20240515143545")
    assert form.items[0].options["Sindh"] == "Sindh"
    assert problems((folder / "pyxform" / "duplicate_columns.xlsx").read_bytes())[0].startswith("J096")
    assert len(read_instrument((folder / "pyxform" / "ict_survey_fails.xls").read_bytes(), NAME).items) == 1
