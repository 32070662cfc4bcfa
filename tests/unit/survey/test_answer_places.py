"""The cells of answers: named as a spreadsheet program names them, and told of the texts that stand in them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from joinedup.study.folder.spreadsheet import cells_of
from joinedup.study.model import Study
from joinedup.study.texts import Anchor, Text
from joinedup.texts.anchors import Anchors


def test_comment_lines_empty_lines_and_lines_in_cells() -> None:
    data = b'\xef\xbb\xbf# by hand\r\nresponse;why;how\r\n1;"a\r\nb";c\r\n\r\n2;d;e\r\n'
    found = cells_of(data, "a.csv", {(3, "why"), (3, "how"), (6, "how"), (6, "none"), (9, "why")})
    assert found == {(3, "why"): "B3", (3, "how"): "C3", (6, "how"): "C5"}
    assert cells_of(b"", "a.csv", {(2, "why")}) == {}
    assert cells_of(b'why\n"open', "a.csv", {(2, "why")}) == {}


@given(st.lists(st.lists(st.sampled_from(["", "x", "a\nb", 'q"', "é"]), min_size=30, max_size=30), max_size=6))
def test_a_spreadsheet_program_finds_the_cell(rows: list[list[str]]) -> None:
    header = [f"q{number}" for number in range(30)]
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([header, *rows])
    sheet = Workbook().active
    assert sheet is not None
    for row in csv.reader(io.StringIO(written.getvalue(), newline="")):
        sheet.append(row)
    lines = {1: 2}
    for number, row in enumerate(rows, 2):
        lines[number] = lines[number - 1] + 1 + sum(cell.count("\n") for cell in row)
    wanted = {(lines[number], name): row[at] for number, row in enumerate(rows, 1) for at, name in enumerate(header)}
    found = cells_of(written.getvalue().encode(), "a.csv", set(wanted))
    assert {key: sheet[cell].value for key, cell in found.items()} == wanted


def test_words_that_stand_in_several_cells_are_told_by_their_file() -> None:
    texts = (
        Text("a", "", "", "", "w1", "", "survey/responses-w1.csv", "0", "p1: no\n"),
        Text("b", "", "", "", "w2", "", "survey/responses-w2.csv", "0", "p1: no\n"),
        Text("c", "", "", "", "", "", "book.xlsx", "1", "p2: yes\n"),
    )
    cells = [
        ("0", "responses-w1.csv!B2"),
        ("0", "responses-w1.csv!C2"),
        ("0", "responses-w2.csv!B7"),
        ("1", "Sheet1!C14"),
    ]
    study = Study("s", "S")
    anchors = tuple(Anchor(sha256, 0, place) for sha256, place in cells)
    known = Anchors(replace(study, texts=replace(study.texts, texts=texts, anchors=anchors)))
    assert known.place("a", 4, 6) == "responses-w1.csv!B2, responses-w1.csv!C2"
    assert known.place("b", 4, 6) == "responses-w2.csv!B7"
    assert known.place("c", 4, 6) == "Sheet1!C14"
    assert known.printed("c", 4, 6) == "", "a row of answers is a respondent"
