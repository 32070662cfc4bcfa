"""The body of the page: names that would be markup stay words, and each kind of block has its element."""

from __future__ import annotations

from joinedup.adapters.render.citations import CitedHtml
from joinedup.adapters.render.markup import markup
from joinedup.report.model import (
    Bibliography,
    Block,
    Bullets,
    Cell,
    Cite,
    Code,
    Folded,
    Line,
    Paragraph,
    QuoteBlock,
    Section,
    TableBlock,
    Text,
    ValueRef,
)


def written(*blocks: Block, cited: CitedHtml | None = None) -> list[str]:
    """The lines between the heading of a section and its end."""
    section = Section("s", "A section", blocks)
    return markup([section], {"t": "Table 1"}, cited or CitedHtml()).split("\n")[2:-2]


def test_names_stay_words_in_text_and_in_attributes() -> None:
    hostile = '<b onclick="x">Smith & Sons</b>'
    (said,) = written(Paragraph((Text(hostile), ValueRef("r", 'k">', "3", hostile))))
    assert said == (
        '<p>&lt;b onclick="x"&gt;Smith &amp; Sons&lt;/b&gt;<a href="#ev-r--k&quot;&gt;" class="v"'
        ' aria-label="&lt;b onclick=&quot;x&quot;&gt;Smith &amp; Sons&lt;/b&gt;">3</a></p>'
    )


def test_blanks_and_ends_of_lines_are_one_blank_but_not_in_code() -> None:
    assert written(Paragraph((Text("a \n\t b"), Code(" c  d")))) == ["<p>a b<code> c  d</code></p>"]


def test_arrows_are_not_drawn_as_emoji() -> None:
    assert written(Paragraph((Text("a ↔ b"),))) == ["<p>a ↔\ufe0e b</p>"]


def test_a_table_has_headings_of_columns_and_of_rows() -> None:
    line = Line((Cell((Text("north"),)), Cell((Text("3"),), numeric=True, status="confirm")), "row-1")
    head = (Cell((Text("site"),)), Cell((Text("people"),), numeric=True))
    assert written(TableBlock("t", "People", head, (line,), "A note")) == [
        '<div class="fits">',
        '<table id="t">',
        "<caption>Table 1. People</caption>",
        "<thead>",
        "<tr>",
        '<th scope="col">site</th>',
        '<th class="n" scope="col">people</th>',
        "</tr>",
        "</thead>",
        "<tbody>",
        '<tr id="row-1">',
        '<th scope="row">north</th>',
        '<td class="n is-confirm">3</td>',
        "</tr>",
        "</tbody>",
        "</table>",
        "</div>",
        '<div class="note">',
        "<p>A note</p>",
        "</div>",
    ]


def test_what_is_folded_opens_by_its_summary_and_quotes_say_whose_they_are() -> None:
    quote = QuoteBlock("We meet.", "Nurse", "t1:1-8", "page 2")
    assert written(Folded((Text("Quotes"),), (quote, Bullets(((Text("one"),),))), "f", "data")) == [
        '<details id="f" class="data"><summary>',
        '<span class="summary">Quotes</span>',
        "</summary>",
        "<blockquote>",
        "<p>‘We meet.’</p>",
        '<p><span class="by">Nurse <code>t1:1-8</code> (page 2)</span></p>',
        "</blockquote>",
        "<ul>",
        "<li>one</li>",
        "</ul>",
        "</details>",
    ]


def test_citations_stand_in_their_order_and_the_references_where_they_belong() -> None:
    cited = CitedHtml(("<i>first</i>", "<i>second</i>"), '<div id="refs"></div>')
    lines = written(Paragraph((Cite("a"), Cite("b"), Cite("c"))), Bibliography(), cited=cited)
    assert lines == [
        '<p><i>first</i><i>second</i><span class="citation" data-cites="c">[@c]</span></p>',
        '<div id="refs"></div>',
    ]
