"""Codings by keywords: whole words, any case, across line ends; whole sentences; marked as made by a rule."""

from __future__ import annotations

from joinedup.study.texts import Code
from joinedup.texts.autocode import code_by_keywords
from joinedup.texts.passages import holds
from tests.unit.texts.small import PLAN, make_text

CODES = (
    Code("trust", "Trust", keywords=("trust", "mutual trust")),
    Code("help", "Early help", keywords=("early help",)),
    Code("none", "No keywords"),
)


def test_whole_words_of_any_case_and_phrases_across_line_ends() -> None:
    content = "TRUST matters.\nThe trustees did not.\nEarly\u00a0help, mutual  Trust and trust.\nDistrust."
    text = make_text("d", content, kind=PLAN)
    found = code_by_keywords([text], CODES)
    assert [(c.code, c.passage.quote, c.note) for c in found] == [
        ("trust", "TRUST matters.", "keywords: trust"),
        ("trust", "Early\u00a0help, mutual  Trust and trust.", "keywords: mutual trust, trust"),
        ("help", "Early\u00a0help, mutual  Trust and trust.", "keywords: early help"),
    ]
    assert all(c.automatic and not c.cleared and c.coder == "automatic" for c in found)
    assert all(holds(content, c.passage) for c in found)
    assert found[0].suffix == content[14:46]


def test_long_paragraphs_and_wrapped_lines_are_cut_to_sentences() -> None:
    filler = "Nothing of note was said here at all. " * 12
    text = make_text("d", f"{filler}They spoke of trust. {filler}", kind=PLAN)
    assert [c.passage.quote for c in code_by_keywords([text], CODES)] == ["They spoke of trust."]
    page = "Inspectors found that\nthe council offers early\nhelp in time. Other things\nwere not so\nclear and\nsome were missing."
    found = code_by_keywords([make_text("p", page, kind=PLAN)], CODES)
    assert [c.passage.quote for c in found] == ["Inspectors found that\nthe council offers early\nhelp in time."]


def test_nothing_to_look_for_finds_nothing() -> None:
    assert code_by_keywords([make_text("d", "trust")], [Code("c", "C"), Code("b", "B", keywords=(" ",))]) == ()
    assert code_by_keywords([make_text("d", "")], CODES) == ()
