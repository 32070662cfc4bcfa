"""Columns that are hidden as a whole are named in a sentence, not printed as marks."""

from __future__ import annotations

from joinedup.disclosure import PROFILES
from joinedup.report.gate.document import released_document
from joinedup.report.gate.values import Values
from joinedup.report.model import Cell, Document, Line, Paragraph, Section, TableBlock, Text, ValueRef

KEYS = [("a.score", "a.people"), ("b.score", "b.people")]


def words(text: str) -> Cell:
    return Cell((Text(text),))


def released(*hidden: str) -> TableBlock | Paragraph:
    lines = tuple(
        Line((words(site), *(Cell((ValueRef("r", key, "7"),), numeric=True) for key in keys)))
        for site, keys in zip("AB", KEYS, strict=True)
    )
    table = TableBlock("t", "Scores", (words("Site"), words("Score"), words("People")), lines, "A note.", "r")
    document = Document("Report", {}, (Section("s", "S", (table,)),))
    values = Values({("r", key): "c" for key in hidden}, (), PROFILES["children-la"])
    (block,) = released_document(document, values, "").sections[0].blocks
    assert isinstance(block, TableBlock | Paragraph)
    return block


def test_a_column_of_marks_is_left_out_and_named() -> None:
    table = released("a.people", "b.people")
    assert isinstance(table, TableBlock)
    assert [len(line.cells) for line in table.lines] == [len(table.head)] * 2 == [2, 2]
    assert table.note == (
        "A note. Not printed: People. Every number there is suppressed, because it tells of groups of 1 to 5 persons, or would "
        "give such a group away."
    )


def test_a_column_with_a_number_stays_with_its_marks() -> None:
    table = released("a.people")
    assert isinstance(table, TableBlock)
    assert len(table.head) == 3
    assert "c = suppressed" in table.note


def test_a_table_of_nothing_but_marks_is_a_sentence() -> None:
    told = released("a.people", "b.people", "a.score", "b.score")
    assert isinstance(told, Paragraph)
    assert str(told.inlines[0]).count("Scores: every number of the table is suppressed, because") == 1
