"""Turns, units, spans, sentences, passages: offsets in code points hold whatever the text is made of."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.texts.passages import context, holds, locate, passage_of
from joinedup.texts.sentences import sentences, wrapped
from joinedup.texts.spans import length, merge, overlapped, shared_length
from joinedup.texts.turns import turns, units
from tests.unit.texts.small import PLAN, make_text

# Emoji of several code points, combining marks, astral letters, right-to-left letters, blanks of all kinds.
PIECES = [
    "a",
    "é",
    "e\u0301",
    "\U0001d11e",
    "👩‍👧‍👦",
    "🇬🇧",
    "\u05d0",
    "\u200f",
    "\u0915\u093f",
    " ",
    "\n",
    "\r\n",
    "x.",
    "? ",
]
words = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def freeze(raw: str) -> str:
    return unicodedata.normalize("NFC", raw.replace("\r\n", "\n"))


@given(st.lists(st.tuples(st.sampled_from(["A", "Ann B.", "I", "🙂"]), words), min_size=1, max_size=8))
def test_turns_cover_what_was_said_whatever_the_letters(said: list[tuple[str, str]]) -> None:
    content = "\n".join(f"{label}: {freeze(text)}" for label, text in said)
    text = make_text("t", content)
    found = turns(text, frozenset(["A", "Ann B.", "I", "🙂"]))
    assert [turn.speaker for turn in found] == [label for label, _ in said]
    assert found[0].start == 0
    assert found[-1].end == len(content)
    assert all(one.end == other.start for one, other in pairwise(found))
    assert all(content[turn.start : turn.words].rstrip(" \t\u00a0") == f"{turn.speaker}:" for turn in found)
    assert "".join(content[turn.start : turn.end] for turn in found) == content


def test_only_declared_labels_begin_turns() -> None:
    text = make_text(
        "t", "Title: an interview\nA: One: two.\nB:x is no turn\nC: nor is this\n B: nor this\nB:\nSilence."
    )
    found = turns(text, frozenset("AB"))
    assert [(turn.speaker, text.content[turn.words : turn.end]) for turn in found] == [
        ("A", "One: two.\nB:x is no turn\nC: nor is this\n B: nor this\n"),
        ("B", "\nSilence."),
    ]
    assert turns(text, frozenset()) == ()


def test_the_longer_of_two_labels_wins() -> None:
    assert [turn.speaker for turn in turns(make_text("t", "A: B: x\nA: y"), frozenset(["A", "A: B"]))] == ["A: B", "A"]


def test_the_interviewer_is_no_unit_and_a_document_has_paragraphs() -> None:
    text = make_text("t", "I: Why?\nA: Because.\nB: No.\n")
    assert [unit.person for unit in units(text, {"I": "", "A": "p1", "B": "p2"}, True)] == ["p1", "p2"]
    paper = make_text("d", "\n  One.\n \t\nTwo: three.", kind=PLAN)
    assert [paper.content[u.start : u.end] for u in units(paper, {}, False)] == ["  One.", "Two: three."]


spans = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8)


@given(spans, spans)
def test_interval_arithmetic_equals_sets_of_characters(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> None:
    sets = [{at for start, end in group for at in range(start, end)} for group in (a, b)]
    one, other = merge(a), merge(b)
    assert length(one) == len(sets[0])
    assert shared_length(one, other) == shared_length(other, one) == len(sets[0] & sets[1])
    assert all(x[1] < y[0] for x, y in pairwise(one))
    for span in b:
        hit = overlapped([s for s, _ in one], [e for _, e in one], span)
        assert list(hit) == [i for i, (s, e) in enumerate(one) if max(s, span[0]) < min(e, span[1])]


@given(words, st.booleans())
def test_sentences_lose_nothing_but_blanks(raw: str, wraps: bool) -> None:
    content = freeze(raw)
    found = sentences(content, wraps=wraps)
    assert "".join("".join(content[a:b] for a, b in found).split()) == "".join(content.split())
    assert all(content[a:b] == content[a:b].strip() for a, b in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))


def split(content: str, wraps: bool = False) -> list[str]:
    return [content[a:b] for a, b in sentences(content, wraps=wraps)]


def test_sentences_end_where_a_reader_ends_them() -> None:
    assert split("Dr. Hay left, e.g. at 3.15 p.m. today. “Why?” Nobody knew… Then no. 4 came.") == [
        "Dr. Hay left, e.g. at 3.15 p.m. today.",
        "“Why?”",
        "Nobody knew…",
        "Then no. 4 came.",
    ]
    assert split("One line\nanother line") == ["One line", "another line"]
    lines = "The board met twice\nin the year. It had\nno budget.\n\nNext\nheading\n\u2022 a point\n\u2022 another"
    assert wrapped(lines + "\nand so\non it goes\nand on") and not wrapped("One.\nTwo.\nThree.\nFour.\nFive.\nSix.")
    assert split(lines, wraps=True) == [
        "The board met twice\nin the year.",
        "It had\nno budget.",
        "Next\nheading",
        "\u2022 a point",
        "\u2022 another",
    ]


@given(words, st.data())
def test_a_passage_holds_its_slice_and_its_context(raw: str, data: st.DataObject) -> None:
    content = freeze(raw) + "z"
    start = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(start + 1, len(content)))
    text = make_text("t", content)
    passage = passage_of(text, start, end)
    assert holds(content, passage)
    prefix, suffix = context(content, start, end)
    assert content[max(0, start - 32) : end + 32] == prefix + passage.quote + suffix
    found = locate(content, passage.quote, start)
    assert found == (start if passage.quote.strip() else None)


def test_locate_takes_the_nearest_and_forgives_white_space() -> None:
    content = "the board and the board and the\nboard"
    assert locate(content, "the board", 0) == 0
    assert locate(content, "the board", 13) == 14
    assert locate(content, "the board", 7) == 0
    assert locate(content, "and the board", 99) == 10
    assert locate("x the\n board", "the board", 0) == 2
    assert locate(content, "no such words", 0) is None
    assert locate(content, " ", 0) is None


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 99)])
def test_a_span_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no span"):
        passage_of(make_text("t", "short"), start, end)
