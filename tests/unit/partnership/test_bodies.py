"""Overlap of bodies: a graph by hand, sets without elements, documents behind the rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.partnership.bodies import direction, overlap_result, pairwise
from joinedup.study.model import Texts
from joinedup.study.registry import KeyChecker
from joinedup.study.texts import Text
from tests.builders import make_partnership, make_sites, make_study

# Site 1: board {a b c}, forum {b c}, panel {d}; remits {x y}, {x y z}, {}. Site 2: two bodies, no remits. Site 3: one.
BODIES = {
    ("s1", "board"): (("a", "b", "c", "c"), ("x", "y")),
    ("s1", "forum"): (("b", "c"), ("x", "y", "z")),
    ("s1", "panel"): (("d",), ()),
    ("s2", "core"): (("a", "b"), ()),
    ("s2", "rim"): (("a", "c"), ()),
    ("s3", "alone"): (("a",), ("x",)),
}
TEXTS = Texts(texts=(Text("d-board", "minutes", "", "s1", "w1", "2004", "", "0" * 64, row=7),))
STUDY = make_study(partnership=make_partnership(BODIES), texts=TEXTS)


def test_overlap_by_hand() -> None:
    found = overlap_result(STUDY)
    assert found is not None
    values = found.values
    assert (values["bodies"], values["sites"], values["pairs"]) == (6, 3, 4)
    # Members: board-forum 2/3, board-panel 0, forum-panel 0, core-rim 1/3.
    assert values["members.jaccard"] == pytest.approx((2 / 3 + 1 / 3) / 4)
    assert values["members.containment"] == pytest.approx((1 + 1 / 2) / 4)
    assert values["members.sites_overlapping"] == 2
    # Remits: board-forum 2/3; board-panel 0; forum-panel 0; core-rim is not defined.
    assert values["remits.jaccard"] == pytest.approx(2 / 9)
    assert values["remits.containment"] == pytest.approx(1 / 3)
    assert (values["remits.undefined"], values["members.undefined"]) == (1, 0)
    assert (values["remits.contained_pairs"], values["remits.sites_overlapping"]) == (1, 1)
    assert (values["site.s1.bodies"], values["site.s1.pairs"]) == (3, 3)
    assert values["site.s1.members.jaccard"] == pytest.approx(2 / 9)
    assert values["site.s2.remits.jaccard"] is None
    assert values["pair.board.forum.members.shared"] == 2
    assert all(KeyChecker(STUDY).knows(found.id, key) for key in values)


def test_the_pair_says_which_lies_in_which_and_where_it_is_written() -> None:
    found = overlap_result(STUDY)
    assert found is not None
    row = found.table("pairs").iloc[0]
    assert (row["first"], row["second"]) == ("Body board", "Body forum")
    assert (row["members_direction"], row["remits_direction"]) == ("B in A", "A in B")
    assert row["documents"] == "d-board, p. 1; d-forum, p. 1"


def test_sources_lead_to_the_bodies_and_their_documents() -> None:
    found = overlap_result(STUDY)
    assert found is not None
    sources = {source.file: source.rows for source in found.sources_of("pair.board.forum.members.jaccard")}
    assert sources == {
        "partnership/bodies.csv": (2, 3),
        "partnership/members.csv": (2, 3, 4, 5, 6, 7),
        "partnership/remits.csv": (2, 3, 4, 5, 6),
        "texts/texts.csv": (7,),
    }
    assert found.sources_of("site.s3.bodies")[0].rows == (7,)


def test_tables_name_the_keys_of_their_cells() -> None:
    found = overlap_result(STUDY)
    assert found is not None
    for table in found.tables:
        for row, keys in zip(table.rows, table.keys, strict=True):
            assert len(row) == len(table.columns)
            assert all(cell == found.values[key] for cell, key in zip(row, keys, strict=True) if key)


def test_bodies_without_entries_are_named() -> None:
    found = overlap_result(STUDY)
    assert found is not None
    assert found.caveats == ("No remit on record, which may mean none or not known: Body core, Body panel, Body rim.",)


def test_no_pairs() -> None:
    found = overlap_result(make_study(partnership=make_partnership({("s1", "alone"): (("a",), ("x",))})))
    assert found is not None
    assert (found.values["pairs"], found.values["members.jaccard"]) == (0, None)
    assert any("no pair" in text for text in found.caveats)


def test_no_bodies_no_result() -> None:
    assert overlap_result(make_study(sites=make_sites(2))) is None


def test_two_empty_sets_have_no_overlap() -> None:
    (pair,) = pairwise({"a": frozenset(), "b": frozenset()})
    assert (pair.jaccard, pair.first_in_second, pair.second_in_first, pair.containment) == (None, None, None, None)
    assert direction(pair) is None


def test_an_empty_set_beside_a_full_one() -> None:
    (pair,) = pairwise({"a": frozenset(), "b": frozenset("x")})
    assert (pair.jaccard, pair.first_in_second, pair.second_in_first, pair.containment) == (0, None, 0, 0)


def test_every_pair_once_in_order() -> None:
    pairs = pairwise({name: frozenset(name) for name in "bca"})
    assert [(pair.first, pair.second) for pair in pairs] == [("b", "c"), ("b", "a"), ("c", "a")]


sets = st.frozensets(st.sampled_from("abcdef"))


@given(sets, sets)
def test_jaccard_is_symmetric_and_containment_turns_round(one: frozenset[str], other: frozenset[str]) -> None:
    (here,) = pairwise({"one": one, "other": other})
    (there,) = pairwise({"other": other, "one": one})
    assert here.jaccard == there.jaccard
    assert (here.first_in_second, here.second_in_first) == (there.second_in_first, there.first_in_second)
    assert here.containment == there.containment


@given(sets, sets)
def test_bounds(one: frozenset[str], other: frozenset[str]) -> None:
    (pair,) = pairwise({"one": one, "other": other})
    if pair.jaccard is not None and pair.containment is not None:
        assert 0 <= pair.jaccard <= pair.containment <= 1
        assert (pair.containment == 1) == ((one <= other and bool(one)) or (other <= one and bool(other)))
        assert (pair.jaccard == 1) == (one == other)
    for share in (pair.first_in_second, pair.second_in_first):
        assert share is None or (pair.jaccard is not None and share >= pair.jaccard)


@given(st.permutations(list(BODIES)))
def test_the_order_of_rows_changes_nothing(order: list[tuple[str, str]]) -> None:
    here = overlap_result(STUDY)
    there = overlap_result(make_study(partnership=make_partnership({key: BODIES[key] for key in order}), texts=TEXTS))
    assert here is not None and there is not None
    assert (here.values, here.tables, here.caveats) == (there.values, there.tables, there.caveats)
