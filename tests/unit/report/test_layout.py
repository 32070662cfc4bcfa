"""What is printed fits its page: the running head, tables that go to the annex, tables of which a page is turned."""

from __future__ import annotations

from typing import cast

import pytest

from joinedup.adapters.render.citations import Cited
from joinedup.adapters.render.marks import running_title
from joinedup.adapters.render.markup import is_wide
from joinedup.adapters.render.typeset.data import document_data
from joinedup.adapters.render.word.tree import word_tree
from joinedup.report.model import Block, Cell, Document, Group, Heading, Line, Section, TableBlock, Text
from joinedup.report.numbering import Edition, edition
from joinedup.report.printed import ANNEX, print_edition

MARKS = ("Released under the profile: Children, local authority", "Simulated data")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("A short title", "A short title"),
        ("Children's trust pathfinders: a simulated evaluation", "Children's trust pathfinders"),
        (
            "How thirty-five partnerships for children and young people were built and what came of them",
            "How thirty-five partnerships for…",
        ),
    ],
)
def test_the_title_over_every_page_is_cut_to_one_line_beside_the_marks(title: str, shown: str) -> None:
    assert running_title(title, MARKS, letter=3.4, mark=4.9) == shown


def test_the_title_over_every_page_is_whole_where_no_mark_stands_beside_it() -> None:
    title = "Children's trust pathfinders: a simulated evaluation"
    assert running_title(title, (), letter=3.4, mark=4.9) == title


def test_a_title_without_blanks_is_cut_too() -> None:
    assert len(running_title("x" * 300, ("mark" * 40,), letter=4, mark=5)) <= 16


def table(columns: int, lines: int, word: str = "1") -> TableBlock:
    cells = tuple(Cell((Text(word),)) for _ in range(columns))
    return TableBlock(f"t{columns}-{lines}", "A table", cells, tuple(Line(cells) for _ in range(lines)))


def document(*blocks: Block, kind: str = "chapter") -> Document:
    return Document("A report", {}, (Section("survey", "Survey", tuple(blocks), kind),))


@pytest.mark.parametrize(("columns", "lines", "moved"), [(10, 30, False), (11, 7, False), (11, 8, True), (12, 1, True)])
def test_a_table_that_would_need_a_page_on_its_side_is_printed_in_the_annex(
    columns: int, lines: int, moved: bool
) -> None:
    sections = print_edition(document(table(columns, lines))).document.sections
    assert (sections[-1].id == ANNEX) is moved


def drawn(*blocks: Block, kind: str) -> list[list[object]]:
    made = document(*blocks, kind=kind)
    data = document_data(Edition(made, edition(made).numbers), Cited(), ())
    found: list[list[object]] = data["sections"][0]["blocks"]
    return found


def test_tables_on_their_sides_one_after_the_other_share_their_pages() -> None:
    broad, narrow = table(10, 9, "measurements"), table(2, 2)
    assert [block[0] for block in drawn(broad, broad, narrow, broad, kind="annex")] == ["turned", "table", "turned"]


def test_a_heading_goes_along_with_the_table_on_its_side_that_it_stands_above() -> None:
    head, broad = Heading(2, (Text("Part"),)), table(10, 9, "measurements")
    parts = drawn(head, broad, head, broad, head, table(2, 2), kind="annex")
    assert [block[0] for block in parts] == ["turned", "h", "table"]
    assert [block[0] for block in cast(list[list[object]], parts[0][1])] == ["h", "table", "h", "table"]


def test_in_a_frame_no_page_is_turned_so_a_broad_table_is_parted() -> None:
    (frame,) = drawn(Group("record", (table(10, 9, "measurements"),)), kind="annex")
    inside = frame[2]
    assert isinstance(inside, list)
    assert [block[0] for block in inside] == ["table", "table"]


@pytest.mark.parametrize(
    ("columns", "word", "wide"), [(2, "site", False), (6, "site", True), (3, "long-words-beside-each-other", True)]
)
def test_a_table_that_may_scroll_on_a_telephone_is_reached_by_the_keyboard(columns: int, word: str, wide: bool) -> None:
    assert is_wide(table(columns, 2, word)) is wide


def test_in_word_too_tables_on_their_sides_share_their_pages_with_their_headings() -> None:
    head, broad = Heading(2, (Text("Part"),)), table(10, 9, "measurements")
    whole = Edition(made := document(head, broad, broad, head, broad, head, kind="annex"), edition(made).numbers)
    (section,) = word_tree(whole, {}, ())["blocks"][-1:]
    kinds = [node["t"] for node in section["c"][1] if node["t"] in ("Header", "RawBlock", "Table")]
    assert kinds == ["Header", "RawBlock", "Header", "Table", "Table", "Header", "Table", "RawBlock", "Header"]
