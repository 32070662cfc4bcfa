"""Coordinates are found by scoring; a tie that changes nothing is harmless, one that matters is not guessed away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.adapters.exchange.coordinates import COUNTINGS, Counting, Received, Selection, detect, says

TEXT = "\ufeffThe trust met 😀 twice.\r\nNobody came 👩‍👧 to it.\r\nA third meeting 😀 was held in May.\r\n"
WORDS = ("trust", "Nobody", "third meeting", "held in May")


def counted(text: str, index: int, counting: Counting) -> int:
    """The counted position of an index, straight from the definition."""
    before = text[:index]
    position = len(before.encode("utf-16-le")) // 2 if counting.utf16 else len(before)
    if counting.no_mark and before.startswith("\ufeff"):
        position -= 1
    return position - before.count("\r\n") if counting.short_ends else position


@pytest.mark.parametrize("counting", COUNTINGS, ids=str)
@pytest.mark.parametrize("named", [True, False])
def test_each_way_of_counting_is_found(counting: Counting, named: bool) -> None:
    spans = [(TEXT.index(word), TEXT.index(word) + len(word)) for word in WORDS]
    selections = [
        Selection("t", counted(TEXT, start, counting), counted(TEXT, end, counting), TEXT[start:end] if named else "")
        for start, end in spans
    ]
    received = Received(TEXT)
    found = detect({"t": received}, selections)
    assert found.counting == counting
    assert "runner-up" in found.said
    assert [received.frozen.content[a:b] for a, b in filter(None, found.spans)] == list(WORDS)


SIGNS = st.lists(st.sampled_from(["a", " ", "\r\n", "😀", "\n", "é"]), max_size=12).map("".join)


@given(SIGNS, st.booleans(), st.sampled_from(COUNTINGS), st.data())
def test_a_counted_position_comes_back(words: str, mark: bool, counting: Counting, data: st.DataObject) -> None:
    text = ("\ufeff" if mark else "") + words
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    received = Received(text)
    span = received.span(counted(text, start, counting), counted(text, end, counting), counting)
    assert span is not None
    inside_an_end = counting.short_ends and any(text[at - 1 : at + 1] == "\r\n" for at in (start, end))
    if not inside_an_end:
        assert span == received.frozen.span(start, end)


def test_a_position_inside_a_letter_or_outside_the_text_is_none() -> None:
    received = Received("a😀b")
    assert received.span(0, 2, Counting(utf16=True)) is None
    assert received.span(0, 9, Counting()) is None
    assert received.span(-1, 1, Counting()) is None
    assert received.span(2, 1, Counting()) is None


def test_plain_texts_are_harmless() -> None:
    found = detect({"t": Received("One two.")}, [Selection("t", 0, 3, "line:1")])
    assert (found.spans, "harmless" in found.said) == (((0, 3),), True)


def test_selections_before_the_first_odd_sign_are_harmless() -> None:
    found = detect({"t": Received("One two 😀.")}, [Selection("t", 0, 3)])
    assert "harmless" in found.said


def test_a_tie_that_matters_is_not_guessed() -> None:
    text = Received("first 😀 .... ab")
    found = detect({"t": text}, [Selection("t", 9, 10), Selection("t", 0, 5)])
    assert found.undecided == {0}
    assert found.spans == (None, (0, 5))
    assert "it matters" in found.said


@pytest.mark.parametrize(
    ("name", "words", "expected"),
    [
        ("line:6", "whatever", None),
        ("Quotation 6:1", "whatever", None),
        ("", "whatever", None),
        ("damage done by fatty foods", "x" * 219, None),
        ("Oh, that was  great.", "Oh, that\nwas great.", True),
        ("I'm a single mum with an 8 month old…", "I'm a single mum with an 8 month old and a toddler", True),
        ("I'm another mum…", "I'm a single mum with an 8 month old and a toddler", False),
        ("hat was great. S", "that was great. ", False),
    ],
)
def test_names_count_only_where_they_are_words(name: str, words: str, expected: bool | None) -> None:
    assert says(name, words) is expected
