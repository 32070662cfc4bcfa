"""Freezing keeps the map from received positions to frozen ones, whatever is normalised away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from joinedup.adapters.extract.freezing import freeze
from joinedup.adapters.extract.normal import normal

SIGNS = st.sampled_from(
    [
        *"ab \n.",
        "\r\n",
        "\r",
        "\ufeff",
        "é",
        "e\u0301",
        "\u0301",
        "\u0323",
        "😀",
        "\u1112",
        "\u1161",
        "\u11ab",
        "ﬁ",
        "\x0b",
        "\x01",
        "\u2028",
        "Å",
        "\ud83d",
        "\ude00",
        "𝔄",
        "\u0bc6",
        "\u0bbe",
    ]
)
TEXTS = st.lists(SIGNS, max_size=30).map("".join)


@given(TEXTS)
def test_the_content_is_the_normal_form(received: str) -> None:
    assert freeze(received).content == normal(received)


@given(TEXTS, st.data())
def test_a_span_freezes_to_what_its_words_freeze_to_or_to_more(received: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(received)))
    end = data.draw(st.integers(start, len(received)))
    frozen = freeze(received)
    first, last = frozen.span(start, end)
    assert 0 <= first <= last <= len(frozen.content)
    before, after = frozen.span(0, start), frozen.span(end, len(received))
    assert before[0] == 0
    assert after[1] == len(frozen.content)
    if frozen.content == received:
        assert (first, last) == (start, end)


def test_positions_after_each_kind_of_change() -> None:
    received = "\ufeffCafe\u0301 un\r\ndeux 😀 trois\u2028fin"
    frozen = freeze(received)
    assert frozen.content == "Café un\ndeux 😀 trois\nfin"
    for words in ("un", "deux", "😀", "trois", "fin"):
        at = received.index(words)
        start, end = frozen.span(at, at + len(words))
        assert frozen.content[start:end] == words
    at = received.index("Cafe")
    start, end = frozen.span(at, at + 4)
    assert frozen.content[start:end] == "Café", "a bound inside a letter moves outwards"
