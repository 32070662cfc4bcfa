"""What stays together on a page of the Word document, and its first page."""

from __future__ import annotations

import re

from joinedup.adapters.render.word import _placed
from joinedup.adapters.render.word.finishing import finished
from joinedup.adapters.render.word.template import MARGINS, PAGE, TURNED
from joinedup.adapters.render.word.tree import word_tree
from joinedup.report.model import (
    Block,
    Bullets,
    Cell,
    Code,
    Document,
    Group,
    Heading,
    Line,
    Paragraph,
    QuoteBlock,
    Section,
    TableBlock,
    Text,
)
from joinedup.report.numbering import Edition, edition
from joinedup.report.printed import print_edition

MAIN = "word/document.xml"
KEPT = "<w:keepNext/><w:keepLines/>"


def drawn(*blocks: Block) -> str:
    made = Document("Report", {}, (Section("part", "Part", blocks),))
    return str(word_tree(Edition(made, edition(made).numbers), {}, ())["blocks"][-1])


def table(note: str, lines: int = 3) -> TableBlock:
    body = tuple(Line((Cell((Code("site.one_two"),)), Cell((Text("words"),)))) for _ in range(lines))
    return TableBlock("t-one", "Caption", (Cell((Text("Key"),)), Cell((Text("What"),))), body, note)


def test_only_the_first_page_of_the_first_section_has_a_header_of_its_own() -> None:
    section = b"<w:sectPr><w:pgSz/>%s</w:sectPr>"
    turned, last = section % b"", section % b"\n<w:titlePg />\n"
    made = finished(MAIN, b"<w:body><w:p>" + turned + b"</w:p><w:p>" + turned + b"</w:p>" + last + b"</w:body>")
    assert [b"titlePg" in one for one in re.findall(rb"<w:sectPr.*?</w:sectPr>", made, re.DOTALL)] == [
        True,
        False,
        False,
    ]
    alone = b"<w:body><w:p/>" + last + b"</w:body>"
    assert b"titlePg" in finished(MAIN, alone)


def test_a_paragraph_that_is_marked_stays_with_the_next_in_any_style() -> None:
    body = (
        b'<w:p><w:pPr><w:pStyle w:val="Own" /><w:jc w:val="left"/></w:pPr><!--keep--><w:r/></w:p><w:sectPr></w:sectPr>'
    )
    made = finished(MAIN, body).decode()
    assert f'<w:pPr><w:pStyle w:val="Own" />{KEPT}<w:jc w:val="left"/></w:pPr><w:r/>' in made


def test_the_words_of_a_quote_stay_with_who_said_them() -> None:
    said = drawn(QuoteBlock("Said so.", "Headteacher", "interview-001:1-8", ""))
    assert said.index("<!--keep-->") < said.index("Said") < said.index("Headteacher")
    assert said.count("<!--keep-->") == 1


def test_the_last_line_of_a_table_stays_with_its_note_and_only_with_a_note() -> None:
    assert drawn(table("")).count("Table Text Kept") < drawn(table("Each of them.")).count("Table Text Kept")
    long = drawn(table("Each of them.", lines=30))
    assert long.rindex("Table Text Kept") > long.rindex("'Table Text'")


def test_an_identifier_in_a_table_breaks_at_its_stops() -> None:
    assert "site.\\u200bone_\\u200btwo" in drawn(table(""))


def test_the_printed_ledger_leaves_the_version_of_the_code_to_the_colophon(document: Document) -> None:
    printed = str(print_edition(document).document.sections)
    assert "Code version:" in str(document.sections)
    assert "Code version:" not in printed


def test_a_long_table_leaves_no_single_line_to_its_last_page() -> None:
    looks = re.findall(r"'(Table Text(?: Kept)?)'", drawn(table("", lines=30)))
    body = looks[2:][::2]  # a style for each cell, the heading's first
    assert [at for at, look in enumerate(body) if look.endswith("Kept")] == [0, 26, 27, 28]


def test_a_figure_of_small_letters_is_larger_than_others() -> None:
    svg = '<svg width="{}" height="{}" viewBox="0 0 {} {}"></svg>'
    high, dense = (_placed("one", svg.format(w, h, w, h)) for w, h in ((400, 700), (800, 1200)))
    assert (high.height, dense.height) == (520.0, 570.0)


def test_a_turned_page_has_a_header_as_wide_as_it_is() -> None:
    kinds = (("default", "rId1"), ("first", "rId2"), ("even", "rId3"))
    parts = "".join(f'<w:headerReference r:id="{id}" w:type="{kind}" />' for kind, id in kinds)
    ends = "".join(f"<w:p><w:sectPr><!--parts-->{page}{MARGINS}</w:sectPr></w:p>" for page in (PAGE, TURNED))
    body = f"{ends}<w:sectPr>{parts}{PAGE}</w:sectPr>".encode()
    own, others = finished(MAIN, body), finished(MAIN, body, own=False)
    default = re.compile(rb'r:id="(\w+)" w:type="default"')
    assert default.findall(own) == [b"rId1", b"rId3", b"rId1"] and b"even" not in own
    assert default.findall(others) == [b"rId1"] * 3 and others.count(b"even") == 3


def test_why_a_verdict_is_so_and_the_limits_stay_with_the_evidence() -> None:
    said = [
        Paragraph((Text(words),), role) for words, role in (("Badge", "badges"), ("Claim", "claim"), ("Why", "note"))
    ]
    evidence = Group("stances", (Group("stance-supports", (Paragraph((Text("First"),)), Bullets(((Text("Last"),),)))),))
    made = drawn(Group("finding", (*said, evidence, Paragraph((Text("Limits"),), "note"))))
    marks = [made.rindex("<!--keep-->", 0, made.index(word)) for word in ("Why", "Last")]
    assert made.count("<!--keep-->") == 2
    assert made.index("Claim") < marks[0] and made.index("First") < marks[1]


def test_what_a_record_was_made_with_stays_with_its_values() -> None:
    about = Bullets(((Text("Parameters"),),))
    assert "<!--keep-->" in drawn(Group("record", (Heading(4, (Text("Result"),)), about, table(""))))
    assert "<!--keep-->" not in drawn(Group("record", (Heading(4, (Text("Result"),)), about)))


def test_the_colophon_has_no_page_of_its_own() -> None:
    heading = b'<w:p><w:pPr><w:pStyle w:val="Heading1" /></w:pPr><!--here--><w:r/></w:p><w:sectPr></w:sectPr>'
    assert b'<w:pageBreakBefore w:val="0"/>' in finished(MAIN, heading)
    sections = tuple(Section(id, "Title", (Paragraph((Text("Words."),)),), "annex") for id in ("evidence", "colophon"))
    made = Document("Report", {}, sections)
    *_, ledger, colophon = map(str, word_tree(Edition(made, {}), {}, ())["blocks"])
    assert "<!--here-->" in colophon and "<!--here-->" not in ledger


def test_the_ledger_is_in_its_own_type() -> None:
    blocks = (Paragraph((Text("Claim"),), "claim"), Bullets(((Text("expects"),),)))
    made = Document("Report", {}, (Section("evidence", "Annex", blocks, "annex"),))
    ledger = str(word_tree(Edition(made, {}), {}, ())["blocks"][-1])
    assert "Ledger Claim" in ledger and "Ledger List" in ledger
    assert "Ledger" not in drawn(*blocks)


def test_the_words_that_lead_to_a_table_stand_on_its_page() -> None:
    lead, other = Paragraph((Text("Lead."),)), Paragraph((Text("Other."),))
    made = drawn(other, lead, table(""))
    assert made.count("<!--keep-->") == 1
    assert made.index("Other.") < made.index("<!--keep-->") < made.index("Lead.")
