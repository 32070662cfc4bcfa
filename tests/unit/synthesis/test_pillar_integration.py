"""Pillar integration: nothing listed can vanish, whatever is moved; a row alone keeps its reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.synthesis.pillar_integration import Item, Move, integrate, lost

ITEMS = (
    Item("q1", "quantitative", "r1"),
    Item("t1", "qualitative", "r1"),
    Item("q2", "quantitative", "", "nobody spoke of money"),
)
PILLARS = {"p": ["r1"]}


def test_a_built_display_holds_every_item() -> None:
    display = integrate(ITEMS, (), PILLARS)
    assert display.rows == {"r1": {"quantitative": ("q1",), "qualitative": ("t1",)}}
    assert display.alone == {"q2": "nobody spoke of money"}
    assert sorted(display.items) == ["q1", "q2", "t1"]


@pytest.mark.parametrize(
    ("items", "moves", "pillars", "what"),
    [
        ((*ITEMS, Item("q3", "quantitative")), (), PILLARS, "q3"),
        ((Item("q1", "quantitative", "r1"),), (), PILLARS, "r1"),
        (ITEMS, (), {}, "r1"),
        (ITEMS, (Move("t1", "", "ann", "2006-01-01", ""),), PILLARS, "t1"),
    ],
)
def test_what_would_vanish_is_refused(
    items: tuple[Item, ...], moves: tuple[Move, ...], pillars: dict[str, list[str]], what: str
) -> None:
    assert what in [found for found, _ in lost(items, moves, pillars)]
    with pytest.raises(ValueError, match="would vanish"):
        integrate(items, moves, pillars)


def test_a_move_is_logged_with_its_reason() -> None:
    back = Move("q2", "r1", "ann", "2006-01-01", "money is spoken of after all")
    display = integrate(ITEMS, (back,), PILLARS)
    assert display.log == (back,)
    assert display.rows["r1"]["quantitative"] == ("q1", "q2")


@given(
    st.lists(
        st.tuples(st.sampled_from(["quantitative", "qualitative"]), st.sampled_from(["", "r1", "r2"])), max_size=8
    ),
    st.lists(st.tuples(st.integers(0, 7), st.sampled_from(["", "r1", "r2"])), max_size=5),
)
def test_a_row_cannot_vanish_between_stages(listed: list[tuple[str, str]], moved: list[tuple[int, str]]) -> None:
    items = [Item(f"i{n}", side, row, "stands alone") for n, (side, row) in enumerate(listed)]
    moves = [Move(f"i{n}", to, "ann", "2006-01-01", "looked again") for n, to in moved if n < len(items)]
    pillars = {"p1": ["r1"], "p2": ["r2"]}
    if list(lost(items, moves, pillars)):
        with pytest.raises(ValueError, match="vanish"):
            integrate(items, moves, pillars)
    else:
        assert sorted(integrate(items, moves, pillars).items) == [item.id for item in items]
