"""Codes that occur together: by passages, units and texts; against comparing every pair. SIMULATED texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.registry import KeyChecker
from joinedup.study.texts import Code, Coding, Passage
from joinedup.texts.cooccurrence import co_occurrence_result
from tests.unit.texts.small import code_quote, make_people, make_text, make_texts_study

TALK = make_text("i1", "A: Well?\nB: Trust is money. Money is time.\nA: Oh.\nB: Time again.\n")
PLAN = make_text("d1", "Trust and time.\n\nMoney.\n", kind="plan", row=3)
CODES = (Code("view", "View"), Code("trust", "Trust", parent="view"), Code("money", "Money"), Code("time", "Time"))
STUDY = make_texts_study(
    [TALK, PLAN],
    [
        code_quote(TALK, "Trust is money.", "trust", row=1),
        code_quote(TALK, "money. Money is time.", "money", row=2),
        code_quote(TALK, "Time again.", "time", row=3),
        code_quote(PLAN, "Trust and time.", "time", row=4),
        code_quote(PLAN, "Trust and time.", "trust", row=5),
        code_quote(PLAN, "Money.", "money", row=6),
        code_quote(PLAN, "Money.", "trust", "ben", row=7),
    ],
    speakers={"i1": {"A": "", "B": "p1"}},
    people=make_people([("p1", "w1", "s1", "nurse")]),
    codes=CODES,
    plan={"coders": ["ann"]},
)


def test_the_three_units_are_counted_apart() -> None:
    result = co_occurrence_result(STUDY)
    assert result is not None
    of = {key.removeprefix("trust.money."): value for key, value in result.values.items() if "trust.money." in key}
    assert of == {"passages": 1, "units": 1, "texts": 2, "jaccard": 1 / 3}
    assert result.values["trust.time.jaccard"] == 1 / 3
    assert result.values["time.money.units"] == 0
    assert result.values["time.money.texts"] == 2
    assert result.values["pairs"] == 4  # trust and view with money, trust and view with time
    assert result.sources_of("trust.money.units")[0].rows == (1, 5)


def test_codes_above_one_another_are_not_paired_and_both_orders_are_said() -> None:
    result = co_occurrence_result(STUDY)
    assert result is not None
    assert not [key for key in result.values if key.startswith(("view.trust", "trust.view"))]
    assert result.values["money.trust.units"] == result.values["trust.money.units"]
    keys = KeyChecker(STUDY)
    assert all(keys.knows("texts.co-occurrence", key) for key in result.values)
    for row, named in zip(result.tables[0].rows, result.tables[0].keys, strict=True):
        assert all(result.values[key] == cell for key, cell in zip(named, row, strict=True) if key)


def test_one_code_meets_nothing() -> None:
    assert co_occurrence_result(make_texts_study([TALK], [code_quote(TALK, "Trust", "trust")])) is None


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), min_size=1, max_size=8, unique=True)


@given(SPANS, SPANS)
def test_pairs_of_passages_agree_with_comparing_each(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> None:
    text = make_text("t", "abcdefghij" * 4, kind="plan")
    codings = [
        Coding(Passage("t", s, s + n, text.content[s : s + n]), code, "ann")
        for code, spans in (("trust", a), ("money", b))
        for s, n in spans
    ]
    result = co_occurrence_result(make_texts_study([text], codings))
    assert result is not None
    expected = sum(s < s2 + n2 and s2 < s + n for s, n in a for s2, n2 in b)
    assert result.values["trust.money.passages"] == result.values["money.trust.passages"] == expected
