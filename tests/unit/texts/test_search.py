"""Text search: folding of case and accents with places kept, whole words, expressions, keyword in context. SIMULATED texts."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.adapters.timed_search import timed_search
from joinedup.study.problems import UsageError
from joinedup.study.texts import Anchor
from joinedup.texts.folding import Folded, fold
from joinedup.texts.search import keyword_in_context, search
from tests.unit.texts.small import make_people, make_text, make_texts_study

LETTERS = st.text(st.sampled_from("aBéÉßﬁİ한👩🏽\u0301\u200d x\n.’"), max_size=30)


def found(content: str, words: str, **how: bool) -> list[str]:
    return [content[hit.start : hit.end] for hit in search([("t", content)], words, **how)]


def test_case_and_accents_are_folded_and_places_stay() -> None:
    content = "👩🏽 Naïve? NAIVE; nai\u0308ve. The Straße, the STRASSE; ﬁne"
    assert found(content, "naive") == ["Naïve", "NAIVE", "nai\u0308ve"]
    assert found(content, "strasse") == ["Straße", "STRASSE"]
    assert found(content, "FINE") == ["ﬁne"]
    assert found("Naïve naïve", "naïve", exact=True) == ["naïve"]


def test_words_are_whole_a_star_stands_for_letters_and_lines_may_break() -> None:
    content = "integration, integrated; disintegrate. the joint\nboard and joint boards; O’Brien's"
    assert found(content, "integrat*") == ["integration", "integrated"]
    assert found(content, "*integrat*") == ["integration", "integrated", "disintegrate"]
    assert found(content, "joint board") == ["joint\nboard"]
    assert found(content, "o'brien") == ["O’Brien"]


def test_regular_expressions_work_at_line_ends_and_refuse_the_empty_string() -> None:
    assert found("Été 2004\nautumn 2005", r"^\w+ \d{4}$", regex=True) == ["Été 2004", "autumn 2005"]
    for words, says in ((r"(", "can't be read"), (r"x*", "matches the empty string"), ("", "Say what"), ("* *", "Say")):
        with pytest.raises(UsageError, match=says):
            search([("t", "x")], words, regex="*" not in words[:1] and bool(words))


def test_an_expression_that_takes_for_ever_is_ended() -> None:
    with pytest.raises(UsageError, match="ended after 1 seconds"):
        timed_search([("t", "a" * 60 + "!")], r"(a+)+$", regex=True, seconds=1)


def test_the_process_finds_what_the_function_finds() -> None:
    contents = [("t", "Été 👩🏽 été"), ("u", "ETE")]
    assert timed_search(contents, r"[e]t\w", regex=True) == search(contents, r"[e]t\w", regex=True)
    assert len(timed_search(contents, "été")) == 3


def test_keyword_in_context_shows_the_speaker() -> None:
    text = make_text("i1", "A: So?\nB: We trust\nthe board.\n")
    people = make_people([("p1", "w1", "s1", "nurse")])
    study = make_texts_study([text], speakers={"i1": {"A": "", "B": "p1"}}, people=people)
    anchors = (Anchor(text.sha256, 0, "paragraph 1"), Anchor(text.sha256, 7, "paragraph 2"))
    study = replace(study, texts=replace(study.texts, anchors=anchors))
    (row,) = keyword_in_context(study, search([("i1", text.content)], "trust")).rows
    assert row[:6] == ("i1", 13, 18, "A: So? B: We ", "trust", " the board. ")
    assert row[6:] == ("p1", "nurse", "interview", "s1", "w1", "paragraph 2")


@given(LETTERS)
def test_every_folded_sign_leads_back_to_the_sign_it_came_from(text: str) -> None:
    folded = Folded.of(text)
    assert folded.text == "".join(fold(sign) for sign in text)
    for at, sign in enumerate(folded.text):
        start, end = folded.span(at, at + 1)
        assert sign in fold(text[start])
        assert all(unicodedata.combining(mark) for mark in text[start + 1 : end])
