"""How tables fit their pages: never wider than the line, every column once, the first one in every part."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from joinedup.adapters.render.columns import LONGEST, columns, depth, widths
from joinedup.adapters.render.widths import ASIDE, SERIF, SMALLEST, TURNED, UPRIGHT, WORTH, fitted
from joinedup.report.model import Cell, Code, Line, TableBlock, Text

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


def test_words_have_the_room_that_headings_of_numbers_could_take() -> None:
    heads = ["Theme", *(f"{who} (of 12)" for who in ("education manager", "headteacher", "health visitor", "paediatrician", "police officer", "social worker", "trust manager", "voluntary worker"))]  # fmt: skip
    themes = ["Keeping children safe is emotionally demanding", "Reasons for founding the trust"]
    (fit,) = fitted(table(heads, *[[theme, *["12"] * 8] for theme in themes]))
    assert fit.depth <= 2 * len(themes)
    assert fit.widths[0] == max(fit.widths)


def test_a_page_is_turned_for_words_that_would_stand_one_below_the_other_but_in_an_annex_only() -> None:
    head = ["Outcome", "Unit", *(f"coefficient{n}" for n in range(5)), "Verdict"]
    line = ["Looked-after children with three or more placements", "per 1,000 young people aged 10 to 17"]
    long = table(head, *[[*line, *["0.123"] * 5, "no difference as large as the smallest of interest"]] * 12)
    (turned,), (upright,) = fitted(long), fitted(long, aside=0)
    assert turned.turned and not upright.turned
    assert turned.depth <= ASIDE * upright.depth


def test_a_cell_of_two_short_words_is_not_broken_while_there_is_room() -> None:
    long = (
        "how many sites gave the option in the second survey, two and a half years after the launch of the trusts; " * 3
    )
    (fit,) = fitted(table(["Key", "What it is", "Rows"], ["sites", long, "Rows 1"], ["people", long, "Rows 2"]))
    assert fit.widths[2] >= len("Rows 1") * SERIF * fit.size
    assert fit.size == 8.5
    assert fit.depth in (6, 8)


def test_an_identifier_needs_the_room_of_its_parts_and_a_phrase_that_of_its_longest_word() -> None:
    cells = (Cell((Code("survey.site-answers"),)), Cell((Text("two-and-a-half years"),)))
    one, other = columns(TableBlock("t", "", (Cell(()), Cell(())), (Line(cells),)))
    assert (one.least, one.most) == (len("answers"), len("survey. site- answers"))
    assert other.least == len("years")


@given(tables(), st.integers(1, 120))
def test_columns_take_the_room_they_have_or_what_their_words_need(given_table: TableBlock, room: int) -> None:
    found = columns(given_table)
    letters = widths(found, room)
    assert sum(letters) <= max(room, sum(column.least for column in found))
    assert all(column.least <= width <= column.most for column, width in zip(found, letters, strict=True))
    assert depth(found, letters) >= len(given_table.lines)


def test_capitals_and_signs_of_per_cent_have_the_room_that_they_take() -> None:
    cells = (Cell((Text("RMSEA"),)), Cell((Text("84.0%"),)))
    one, other = columns(TableBlock("t", "", (Cell(()), Cell(())), (Line(cells),)))
    assert (one.least, other.least) == (7, 6)


def test_a_short_table_that_is_a_little_too_broad_is_set_in_the_smallest_type_and_not_parted() -> None:
    line = ["measurements"] * 10
    (fit,) = fitted(table(["a"] * 10, line, line))
    assert fit.size == SMALLEST


def test_a_date_has_the_room_that_it_takes_on_one_line() -> None:
    assert columns(table(["On"], ["2006-02-21"]))[0].least > columns(table(["On"], ["whole-hearted"]))[0].least


def test_a_digest_is_as_wide_as_it_is_long_but_may_be_broken() -> None:
    line = Line((Cell((Code("0123456789abcdef" * 4),)),))
    (digest,) = columns(TableBlock("t", "Title", (Cell((Text("SHA-256"),)),), (line,)))
    assert digest.most >= 64
    assert digest.least == LONGEST
    assert digest.lines(digest.most)[1] == 1 and digest.lines(LONGEST)[1] == 2
