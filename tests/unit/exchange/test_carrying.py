"""Codings carried over to a corrected text: what stayed is found, what was rewritten is named, nothing is guessed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.texts import Coding, Passage
from joinedup.texts import carry_over

OLD = "Anna: We meet every month. The trust pays for it 😀.\nBen: Not for us.\nAnna: We meet every month, he does not."


def passage(content: str, quote: str, nth: int = 0) -> Passage:
    at = -1
    for _ in range(nth + 1):
        at = content.index(quote, at + 1)
    return Passage("t", at, at + len(quote), quote)


def carried(old: str, new: str, quote: str, nth: int = 0) -> str | None:
    found = carry_over(old, new, [passage(old, quote, nth)])
    for one in found.carried:
        assert new[one.start : one.end] == one.quote
    return found.carried[0].quote if found.carried else None


def test_the_same_text_changes_nothing() -> None:
    given_ = [Coding(passage(OLD, "The trust pays"), "money", "ann", "independent", note="n")]
    found = carry_over(OLD, OLD, given_)
    assert found.carried == tuple(given_)
    assert (found.changed, found.lost) == ((), ())


def test_words_before_and_inside_move_and_come_along() -> None:
    new = OLD.replace("We meet every month.", "Well, we all meet each and every month.").replace(
        "pays for", "pays 100 pounds for"
    )
    assert carried(OLD, new, "Ben: Not for us.") == "Ben: Not for us."
    assert carried(OLD, new, "The trust pays for it") == "The trust pays 100 pounds for it"
    assert carried(OLD, new, "every month", 1) == "every month"
    assert carry_over(OLD, new, [passage(OLD, "every month", 1)]).carried[0].start == new.rindex("every month")


def test_rewritten_edges_reach_to_what_stayed_beside_them() -> None:
    assert carried("one two three four five", "one TWO three four five", "two three") == "TWO three"
    assert carried("one two three four", "one two three FOUR", "two three four") == "two three FOUR"
    assert carried("one two three four", "ONE two three four", "one two three") == "ONE two three"


def test_what_is_gone_is_lost_with_a_reason() -> None:
    found = carry_over(
        OLD,
        OLD.replace("Ben: Not for us.\n", ""),
        [passage(OLD, "Not for us"), passage(OLD, "He does") if "He does" in OLD else passage(OLD, "he does")],
    )
    assert [reason for _, reason in found.lost] == ["its words were taken out"]
    assert len(found.carried) == 1
    ((_, reason),) = carry_over(
        "alpha beta gamma delta end",
        "alpha QQQQ WWWWW EEEEE end",
        [passage("alpha beta gamma delta end", "beta gamma delta")],
    ).lost
    assert "taken out" in reason
    ((_, reason),) = carry_over(
        "alpha beta gamma delta end", "alpha beta end", [passage("alpha beta gamma delta end", "beta gamma delta")]
    ).lost
    assert "only 4 of its 14 signs" in reason
    ((_, reason),) = carry_over(OLD, OLD, [Passage("t", 0, 4, "Otto")]).lost
    assert "does not stand in the old text" in reason


def test_context_moves_along() -> None:
    one = Coding(passage(OLD, "Not for us"), "c", "ann", prefix="Ben: ", suffix=".")
    (moved,) = carry_over(OLD, "New line.\n" + OLD, [one]).carried
    assert moved.prefix.endswith("Ben: ")
    assert len(moved.prefix) == 32


WORDS = st.lists(
    st.sampled_from(["trust", "board", "a", "the", "😀", "e\u0301", "\n", ".", "money"]), min_size=1, max_size=25
)


@given(WORDS, WORDS, WORDS, WORDS)
def test_what_was_not_touched_is_found_where_it_is_unmistakable(
    head: list[str], tail: list[str], other: list[str], more: list[str]
) -> None:
    kept = "Here stood 𝔞 unique passage indeed"
    old, new = (" ".join([*a, kept, *b]) for a, b in ((head, tail), (other, more)))
    found = carry_over(old, new, [passage(old, kept)])
    assert [one.quote for one in found.carried] == [kept]


@given(WORDS, WORDS, st.data())
def test_every_coding_is_carried_or_named_and_every_quote_holds(
    before: list[str], after: list[str], data: st.DataObject
) -> None:
    old, new = " ".join(before), " ".join(after)
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start + 1, len(old)))
    found = carry_over(old, new, [Passage("t", start, end, old[start:end])])
    assert len(found.carried) + len(found.lost) == 1
    for one in found.carried:
        assert 0 <= one.start < one.end <= len(new)
        assert new[one.start : one.end] == one.quote
