"""What the print edition holds once: numbers behind figures, quotes, tables of a kind, digests; and how pages begin."""

from __future__ import annotations

import io
from dataclasses import replace

from pypdf import PdfReader

from joinedup.adapters.render.pdf import pdf_bytes
from joinedup.report.model import (
    Block,
    Cell,
    Code,
    Document,
    Figure,
    FigureBlock,
    Folded,
    Group,
    Heading,
    Line,
    Paragraph,
    QuoteBlock,
    Section,
    TableBlock,
    TableFile,
    Text,
    ValueRef,
)
from joinedup.report.printed import ANNEX, MANY, print_edition
from joinedup.report.prose import plain
from joinedup.study.result import Table

WORDS = "Plain words that fill a line and say nothing in particular to anybody who reads. "
SPEC = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}}


def table(id: str, *rows: tuple[str, str, str]) -> TableBlock:
    """Lines of a name, a word and the reference to a value."""
    lines = tuple(
        Line((Cell((Text(a),)), Cell((Text(b),)), Cell((ValueRef("r", key, "1"),), True))) for a, b, key in rows
    )
    data = Table(id, id, (("a", "A"), ("b", "B"), ("c", "C")), tuple((a, b, 1) for a, b, _ in rows))
    return TableBlock(id, f"Table of {id}", (Cell((Text("A"),)), Cell((Text("B"),)), Cell((Text("C"),), True)), lines, data=data)  # fmt: skip


def figure(id: str, behind: TableBlock, height: int = 100) -> FigureBlock:
    return FigureBlock(Figure(id, f"Picture {id}", "A point.", {**SPEC, "height": height, "width": 300}, behind, "r"))


def chapter(*blocks: Block, id: str = "one") -> Section:
    return Section(id, f"Chapter {id}", blocks)


def printed(*sections: Section) -> dict[str, Section]:
    return {one.id: one for one in print_edition(Document("A study", {}, sections)).document.sections}


def test_numbers_behind_a_figure_are_printed_once() -> None:
    full = table("full", ("Ashford", "north", "k1"), ("Boxley", "south", "k2"))
    behind = table("behind", ("ashford", "North", "k1"))
    found = printed(chapter(figure("f", behind), full))
    assert found["one"].blocks[0].figure.note == "Numbers: Table 1."  # type: ignore[union-attr]
    assert ANNEX not in found


def test_a_word_that_no_table_has_keeps_the_numbers_behind_a_figure() -> None:
    full = table("full", ("Ashford", "north", "k1"))
    found = printed(chapter(figure("f", table("behind", ("Ashford", "t01", "k1"))), full))
    assert found["one"].blocks[0].figure.note == "Numbers: annex."  # type: ignore[union-attr]
    captions = [block.caption for block in found[ANNEX].blocks if isinstance(block, TableBlock)]
    assert captions == ["The numbers behind Figure 1. Table of behind"]


def test_numbers_of_a_figure_that_another_shows_too_stand_with_those_of_the_other() -> None:
    broad = table("broad", ("Ashford", "t01", "k1"))
    narrow = replace(broad, id="narrow", head=(broad.head[0], broad.head[2]), lines=tuple(replace(line, cells=(line.cells[0], line.cells[2])) for line in broad.lines))  # fmt: skip
    found = printed(chapter(figure("one", narrow), figure("two", broad)))
    notes = [block.figure.note for block in found["one"].blocks if isinstance(block, FigureBlock)]
    assert notes == ["Numbers: annex, with those behind Figure 2.", "Numbers: annex."]
    assert [block.id for block in found[ANNEX].blocks if isinstance(block, TableBlock)] == ["broad"]


def test_a_table_in_the_place_of_a_figure_is_a_line_where_another_table_holds_it() -> None:
    full = table("full", ("Ashford", "north", "k1"), ("Boxley", "south", "k2"))
    stands_in = replace(table("data-f", ("Ashford", "north", "k1")), note="The figure is left out.")
    line, kept = printed(chapter(stands_in, full))["one"].blocks
    assert isinstance(line, Group)
    assert line.id == "data-f"
    (told,) = line.blocks
    assert isinstance(told, Paragraph)
    assert plain(told.inlines) == "Table 1. Table of data-f. The figure is left out. Its numbers: Table 2."
    assert kept == full
    alone = table("data-g", ("Ashford", "east", "k9"))
    assert printed(chapter(alone, full))["one"].blocks == (alone, full)


def test_chapters_print_a_quote_once_and_name_it_after() -> None:
    said = QuoteBlock("It was a bus.", "Teacher", "i1:3-16", "")
    other = QuoteBlock("It was not.", "Nurse", "i2:3-16", "")
    found = printed(
        Section("findings", "Findings", (Group("stance-supports", (said,)),), "front"),
        chapter(said, id="one"),
        chapter(Heading(4, (Text("In their words"),)), said, other, Paragraph((Text("On."),)), id="two"),
    )
    assert found["findings"].blocks == (Group("stance-supports", (said,)),)
    assert found["one"].blocks == (said,)
    assert [plain(block.inlines) for block in found["two"].blocks if isinstance(block, Paragraph)] == [
        "Quoted above already: i1:3-16.",
        "On.",
    ]
    assert [block for block in found["two"].blocks if isinstance(block, QuoteBlock)] == [other]


def test_many_tables_of_one_kind_are_left_to_their_files() -> None:
    many = tuple(table(f"t{at}", ("a", "b", f"k{at}")) for at in range(MANY + 1))
    found = printed(chapter(Folded((Text("Many"),), many, kind="long")))
    assert [type(block) for block in found[ANNEX].blocks[1:]] == [TableFile] * len(many)
    few = printed(chapter(Folded((Text("Few"),), many[:-1], kind="long")))
    assert [type(block) for block in few[ANNEX].blocks[1:]] == [TableBlock] * MANY


def test_the_colophon_leaves_digests_to_the_ledger() -> None:
    listed = TableBlock("digests", "Digests", (Cell((Text("Result"),)),), (Line((Cell((Code("r"),)),)),))
    found = printed(Section("colophon", "Colophon", (Paragraph((Text("Made."),)), listed), "annex"))
    assert found["colophon"].blocks == (Paragraph((Text("Made."),)),)


def test_lines_that_lead_to_the_annex_are_one_line() -> None:
    one, two = (Folded((Text(id),), (table(id, ("a", "b", id)),), kind="data") for id in ("x", "y"))
    (block,) = printed(chapter(one, two))["one"].blocks
    assert isinstance(block, Paragraph)
    assert plain(block.inlines) == "In the annex: Table 1 (Table of x); Table 2 (Table of y)."


def pages(*blocks: Block) -> list[str]:
    document = Document("A study", {}, (chapter(*blocks),))
    found = [page.extract_text() for page in PdfReader(io.BytesIO(pdf_bytes(document))).pages]
    first = next(at for at, page in enumerate(found) if "Plain words" in page)
    return found[first:]


def filled(lines: int) -> list[Block]:
    return [Paragraph((Text(WORDS),)) for _ in range(lines)]


def test_no_heading_and_no_lead_stands_alone_at_the_foot_of_a_page() -> None:
    said = QuoteBlock("Words at length. " * 30, "Teacher", "i1:3-16", "")
    for lines in range(12, 22):
        found = pages(*filled(lines), Heading(3, (Text("A part"),)), Paragraph((Text("Led by this."),)), said)
        (at,) = {at for at, page in enumerate(found) if "A part" in page}
        assert "Led by this." in found[at]
        assert "Words at length." in found[at]


def test_figures_keep_their_order_and_stand_below_the_words_of_their_chapter() -> None:
    tall, low = (figure(id, table(f"behind-{id}", ("a", "b", id)), size) for id, size in (("tall", 600), ("low", 100)))
    found = pages(*filled(4), tall, *filled(3), low, *filled(30))
    whole = "\n".join(found)
    assert whole.index("Figure 1. Picture tall") < whole.index("Figure 2. Picture low")
    assert whole.index("Plain words") < whole.index("Figure 1. Picture tall")
    assert "See Figure 1." in found[0]


def test_a_table_that_breaks_begins_with_more_than_its_head() -> None:
    long = replace(table("t", *((f"line {at}", "b", f"k{at}") for at in range(60))), data=None)
    for lines in range(24, 34):
        found = pages(*filled(lines), long)
        start = next(page for page in found if "Table of t" in page)
        assert "line 2" in start
