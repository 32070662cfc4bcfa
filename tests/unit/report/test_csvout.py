"""CSV: no cell that a spreadsheet would run, LF, all digits."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.report.csvout import csv_text
from joinedup.study.result import Table
from joinedup.study.spreadsheet_cells import safe


@pytest.mark.parametrize("text", ["=HYPERLINK()", "+1+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "--", "+44 20"])
def test_a_risky_cell_gets_a_quote_mark(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("-7", "-7"), ("-", "-"), ("+1.5e-3", "+1.5e-3"), (-1.5, "-1.5"), (0.1, "0.1"), (None, ""), ("c", "c"), (3, "3")],
)
def test_numbers_marks_and_empty_cells_stay(value: float | str | None, shown: str) -> None:
    assert safe(value) == shown


@given(st.lists(st.tuples(st.text(), st.one_of(st.none(), st.floats(allow_nan=False), st.integers(), st.text()))))
def test_what_is_written_is_read_again_and_nothing_begins_as_a_formula(
    rows: list[tuple[str, float | str | None]],
) -> None:
    text = csv_text(Table("t", "T", (("a", "A"), ("b", "B")), tuple(rows)))
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read == [["a", "b"], *([safe(cell) for cell in row] for row in rows)]
    for row, line in zip(rows, read[1:], strict=True):
        for cell, shown in zip(row, line, strict=True):
            if isinstance(cell, float):
                assert float(shown) == cell
            elif isinstance(cell, str) and shown[:1] in ("=", "@", "\t", "\r"):
                raise AssertionError(shown)


def test_lines_end_with_lf() -> None:
    assert csv_text(Table("t", "T", (("a", "A"),), ((1,), (None,)))) == 'a\n1\n""\n'
