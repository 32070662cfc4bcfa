"""Overlap from a plain table: a graph by hand, containment both ways, seats held twice, refusals."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.partnership import duplicated_seats, overlap

SEATS = pd.DataFrame(
    [("board", "a"), ("board", "b"), ("board", "c"), ("board", "c"), ("forum", "b"), ("forum", "c"), ("panel", "d")],
    columns=["body", "member"],
)


def test_a_graph_by_hand() -> None:
    found = overlap(SEATS).set_index(["first", "second"])
    assert list(found.index) == [("board", "forum"), ("board", "panel"), ("forum", "panel")]
    assert found["jaccard"].tolist() == pytest.approx([2 / 3, 0, 0])
    assert found["first_in_second"].tolist() == pytest.approx([2 / 3, 0, 0])
    assert found["second_in_first"].tolist() == pytest.approx([1, 0, 0])
    assert found["in_common"].tolist() == [("b", "c"), (), ()]
    assert found.loc[("board", "forum"), ["first_size", "second_size", "shared"]].tolist() == [3, 2, 2]


def test_remits_and_a_body_without_any() -> None:
    remits = pd.DataFrame({"body": ["x", "y", "y", "z", "w"], "remit": ["plan", "plan", "budget", None, None]})
    found = overlap(remits, by="remit").set_index(["first", "second"])
    assert found.loc[("x", "y"), "first_in_second"] == 1.0
    assert math.isnan(found.loc[("w", "z"), "jaccard"])
    assert math.isnan(found.loc[("x", "z"), "second_in_first"])
    assert found.loc[("x", "z"), "first_in_second"] == 0.0


def test_bodies_are_compared_within_their_site() -> None:
    sited = SEATS.assign(site=["s1"] * 4 + ["s1"] * 2 + ["s2"])
    assert overlap(sited)[["site", "first", "second"]].to_numpy().tolist() == [["s1", "board", "forum"]]
    with pytest.raises(ValueError, match="is at s1 and at s2"):
        overlap(SEATS.assign(site=["s1", "s2", *["s1"] * 5]))


def test_seats_held_twice() -> None:
    found = duplicated_seats(SEATS)
    assert found[["member", "seats", "bodies"]].to_numpy().tolist() == [
        ["b", 2, ("board", "forum")],
        ["c", 2, ("board", "forum")],
    ]


def test_refusals() -> None:
    with pytest.raises(ValueError, match="Did you mean `member`"):
        overlap(SEATS, by="members")
    with pytest.raises(ValueError, match="no column `remit`"):
        overlap(SEATS, by="remit")
    with pytest.raises(ValueError, match="names no body"):
        overlap(pd.DataFrame({"body": [None], "member": ["a"]}))
    assert overlap(SEATS.iloc[:0]).empty


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("uvwxyz")), max_size=14))
def test_order_and_repeats_change_nothing(seats: list[tuple[str, str]]) -> None:
    table = pd.DataFrame(seats, columns=["body", "member"])
    again = pd.concat([table, table]).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(overlap(table), overlap(again))
    found = overlap(table).dropna()
    both = 1 / found["first_in_second"] + 1 / found["second_in_first"] - 1
    shared = found["shared"] > 0
    assert found["jaccard"][shared].tolist() == pytest.approx((1 / both)[shared].tolist())
