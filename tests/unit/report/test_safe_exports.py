"""Exports: no cell that a spreadsheet would run, read back exactly, the same bytes, and no other writer in the sources."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook

from joinedup.adapters.workbooks import forms_workbook, workbook
from joinedup.report.csvout import csv_bytes, csv_lines
from joinedup.study.spreadsheet_cells import is_risky, safe, unmarked

SIGNS = ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe62", "\ufe63", "\t", "\r", "\n"]
BLANKS = ["", " ", "\u00a0", "\u3000", "\u200b", "\ufeff", "\t ", "'", " '"]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
FORMULAS = st.builds("".join, st.tuples(st.sampled_from(BLANKS), st.sampled_from(SIGNS), TEXTS))
NUMBERS = st.one_of(st.integers(-(10**14), 10**14), st.floats(allow_nan=False, allow_infinity=False))
CELLS = st.one_of(TEXTS, FORMULAS, NUMBERS, st.none())
TABLES = st.lists(st.tuples(CELLS, CELLS), max_size=6)
Cell = str | int | float | None


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("sign", SIGNS)
def test_a_formula_is_marked_in_whatever_form_it_comes(blank: str, sign: str) -> None:
    text = f"{blank}{sign}HYPERLINK(1)"
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("number", ["-7", "+1.5e-3", "-0.1", "12"])
def test_a_number_is_no_formula(number: str) -> None:
    assert safe(number) == number
    assert safe(float(number)) == repr(float(number))


@pytest.mark.parametrize("text", ["'tis so", "a=b", "0=1", "−7", "(=x)", "e@x.org"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@given(st.one_of(TEXTS, FORMULAS))
def test_the_mark_can_be_taken_off_again(text: str) -> None:
    assert unmarked(safe(text)) == text
    assert not is_risky(text) or safe(text).startswith("'")


@given(TABLES)
def test_a_csv_is_read_back_and_no_cell_of_text_begins_as_a_formula(rows: list[tuple[Cell, Cell]]) -> None:
    data = csv_bytes([("a", "b"), *rows])
    read = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert data == csv_bytes([("a", "b"), *rows])
    for row, line in zip(rows, read[1:], strict=True):
        for cell, shown in zip(row, line, strict=True):
            if isinstance(cell, str):
                assert unmarked(shown) == cell
                plain = unicodedata.normalize("NFKC", shown).strip()
                assert not plain.startswith(("=", "+", "-", "@")) or plain == "-" or float(plain) == float(cell)
            elif cell is not None:
                assert float(shown) == cell


@given(TABLES)
def test_a_workbook_is_read_back_with_its_types(rows: list[tuple[Cell, Cell]]) -> None:
    data = workbook("sheet", ("a", "b"), rows)
    assert data == workbook("sheet", ("a", "b"), rows)
    sheet = load_workbook(io.BytesIO(data)).active
    for number, row in enumerate(rows, 2):
        for column, cell in enumerate(row, 1):
            found = sheet.cell(number, column)
            if isinstance(cell, str) and kept(cell):
                assert found.data_type in ("s", "inlineStr")
                assert found.quotePrefix == is_risky(cell)
            elif isinstance(cell, int | float):
                assert (found.data_type, found.value) == ("n", cell)
            else:
                assert found.value is None


@example(["_x0041_ stays", "_x000D_"])
@given(st.lists(st.one_of(TEXTS, FORMULAS).map(lambda text: kept(text)).filter(bool), min_size=1, max_size=4))
def test_a_second_reader_finds_the_same_texts_in_a_workbook(texts: list[str]) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(forms_workbook({"s": [(1, texts)]})))
    assert book.get_sheet_by_name("s").to_python() == [texts]


def kept(text: str) -> str:
    """What XML can hold of a text: no control signs, line ends as LF."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text.replace("\r\n", "\n").replace("\r", "\n"))


def test_truth_is_written_as_truth() -> None:
    """As a number, `True` made workbooks that no program opened."""
    sheet = load_workbook(io.BytesIO(workbook("n", ["a"], [[True], [False], [1]]))).active
    assert [cell.value for cell in sheet["A"][1:]] == [True, False, 1]


def test_a_number_that_a_spreadsheet_would_round_is_text() -> None:
    sheet = load_workbook(io.BytesIO(workbook("s", ("a",), [(1234567890123456789,), (float("inf"),)]))).active
    assert [sheet.cell(row, 1).value for row in (2, 3)] == ["1234567890123456789", "inf"]


@pytest.mark.parametrize(
    ("name", "shown"), [("Q&A <1>", "Q&A <1>"), ("a/b:[c]*?\\d", "a_b__c____d"), ("x" * 40, "x" * 31)]
)
def test_a_sheet_keeps_its_name_but_for_what_no_sheet_can_be_called(name: str, shown: str) -> None:
    assert load_workbook(io.BytesIO(workbook(name, ("a",), [(1,)]))).sheetnames == [shown]


def test_a_workbook_holds_no_properties_and_no_date() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook("s", ("a",), [(1,)]))) as archive:
        assert not [name for name in archive.namelist() if name.startswith("docProps")]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_first_row_of_an_empty_list_is_its_header() -> None:
    assert csv_lines([("a", "=b")]) == "a,'=b\n"


def test_no_other_module_writes_tables(root: Path) -> None:
    """Whoever needs a CSV or XLSX file goes through `report.csvout` and `adapters.workbooks`; reading is free.

    `study.folder.csvfile` writes the study's own files, sign for sign; the choice of cases digests a table as text.
    """
    writers = re.compile(
        r"csv\.(?:Dict)?[wW]riter|openpyxl|xlsxwriter|\.to_excel|\.to_csv|spreadsheetml"
        r"|csv\.write_csv|write_csv\("
    )
    homes = {"adapters/workbooks.py", "synthesis/case_selection/result.py"}
    package = root / "src" / "joinedup"
    found = {path.relative_to(package).as_posix() for path in package.rglob("*.py") if writers.search(code_of(path))}
    assert found == homes


def code_of(path: Path) -> str:
    """The code without what it explains in words."""
    return re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
