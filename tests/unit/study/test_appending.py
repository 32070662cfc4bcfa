"""Rows added to a table of the folder: read back as given, whatever the table's delimiter, order and line ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.folder.appending import with_rows
from joinedup.study.folder.csvfile import Columns, read_rows
from joinedup.study.folder.reading import Reading
from joinedup.study.problems import StudyError, UsageError

COLUMNS = Columns(("id", "said", "note"), ("id", "said"))
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
ROWS = st.lists(st.fixed_dictionaries({"id": CELLS.filter(lambda cell: cell != ""), "said": CELLS, "note": CELLS}))


@given(ROWS, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans())
def test_added_rows_read_back_and_the_bytes_before_stay(
    rows: list[dict[str, str]], delimiter: str, end: str, ended: bool, marked: bool
) -> None:
    header = f"# by hand{end}{delimiter.join(('note', 'said', 'id'))}{end}n{delimiter}s{delimiter}first"
    before = (b"\xef\xbb\xbf" if marked else b"") + (header + (end if ended else "")).encode()
    after = with_rows(before, "t.csv", COLUMNS, rows)
    assert after.startswith(before)
    reading = Reading({"t.csv": after})
    read = [dict(row.cells) for row in read_rows(reading, "t.csv", COLUMNS)]
    assert reading.problems == []
    assert read == [{"id": "first", "said": "s", "note": "n"}, *rows]


def test_a_table_is_begun_and_a_cell_without_a_column_is_refused() -> None:
    assert with_rows(b"", "t.csv", COLUMNS, [{"id": "a", "said": "#b"}]) == b'id,said,note\na,"#b",\n'
    with pytest.raises(UsageError, match="no column for `note`"):
        with_rows(b"id,said\n", "t.csv", COLUMNS, [{"id": "a", "said": "b", "note": "c"}])
    assert with_rows(b"id,said\n", "t.csv", COLUMNS, [{"id": "a", "said": "b", "note": ""}]) == b"id,said\na,b\n"
    with pytest.raises(StudyError, match="J010"):
        with_rows(b"id\n", "t.csv", COLUMNS, [{"id": "a"}])
