"""How tables fit their pages: never wider than the line, every column once, the first one in every part."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from joinedup.adapters.render.widths import TURNED, UPRIGHT, WORTH, fitted
from joinedup.report.model import Cell, Line, TableBlock, Text

WORDS = st.text(st.characters(codec="ascii", categories=("L", "Nd", "Zs")), max_size=60)


def table(head: list[str], *lines: list[str]) -> TableBlock:
    def cells(texts: list[str]) -> tuple[Cell, ...]:
        return tuple(Cell((Text(text),)) for text in texts)

    return TableBlock("t", "A table", cells(head), tuple(Line(cells(line), f"l{n}") for n, line in enumerate(lines)))


@st.composite
def tables(draw: st.DrawFn) -> TableBlock:
    columns, rows = draw(st.integers(1, 30)), draw(st.integers(0, 12))
    lines = [draw(st.lists(WORDS, min_size=columns, max_size=columns)) for _ in range(rows + 1)]
    return table(*lines)


@given(tables())
def test_a_table_never_runs_off_its_page_and_loses_no_column(given_table: TableBlock) -> None:
    fits = fitted(given_table)
    for fit in fits:
        assert sum(fit.widths) <= (TURNED if fit.turned else UPRIGHT) + 1
        assert len(fit.widths) == len(fit.table.head)
        assert all(width > 0 for width in fit.widths)
        assert abs(sum(fit.shares)) <= 1 + 1e-9
        assert fit.table.head[0] == given_table.head[0]
    rest = [cell for fit in fits for cell in fit.table.head[1:]]
    assert rest == list(given_table.head[1:])


def test_a_small_table_is_as_wide_as_its_words() -> None:
    (fit,) = fitted(table(["Site", "n"], ["Ashby", "12"]))
    assert sum(fit.widths) < UPRIGHT / 4
    assert fit.size == 8.5
    assert fit.depth == 1


def test_the_depth_of_a_table_counts_the_lines_that_its_words_take() -> None:
    (fit,) = fitted(table(["Site", "What was said"], ["Ashby", "word " * 80], ["Brook End", "word"]))
    assert 4 <= fit.depth <= 6


def test_a_broad_table_turns_its_page_where_it_is_long_and_is_parted_where_it_is_short() -> None:
    head = [f"measurements{n}" for n in range(10)]
    long = fitted(table(head, *[["value"] * 10] * WORTH))
    assert [fit.turned for fit in long] == [True]
    short = fitted(table(head, ["value"] * 10))
    assert len(short) == 2
    assert [fit.table.caption for fit in short] == ["A table (1 of 2)", "A table (2 of 2)"]
    assert [fit.table.id for fit in short] == ["t", ""]
