"""The panel: marks stay marks, boundary changes follow their rule, rates are computed and never summed."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.indicators.panel import adds_up, changes_sentence, panel, published, sources
from joinedup.study.indicators import MARKS, SiteChange
from joinedup.study.result import Source

sys.path.insert(0, str(Path(__file__).parent))
from build import comparison, count, study


def cell(frame, site: str, period: str):
    found = frame[(frame["site"] == site) & (frame["period"] == period)]
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_a_mark_is_no_number_and_never_0(mark: str) -> None:
    row = cell(panel(study([("a", "2003", "looked_after", mark)]), "looked_after"), "a", "2003")
    assert math.isnan(row["value"])
    assert row["mark"] == mark


def test_a_cell_that_was_not_published_has_neither_number_nor_mark() -> None:
    row = cell(published(study([("a", "2003", "looked_after", "")]), "looked_after"), "a", "2003")
    assert math.isnan(row["value"])
    assert row["mark"] == ""


def test_a_recode_renames_and_keeps_the_row() -> None:
    small = study(
        [("old", "2003", "looked_after", 5), ("new", "2004", "looked_after", 7), ("new", "2003", "looked_after", "z")],
        changes=[SiteChange("old", "new", "2004", "recode")],
    )
    found = panel(small, "looked_after")
    assert set(found["site"]) == {"new"}
    assert cell(found, "new", "2003")["value"] == 5
    assert cell(found, "new", "2003")["behind"] == (("values.csv", 2, ("site", "period", "indicator", "value")),)
    assert set(published(small, "looked_after")["site"]) == {"old", "new"}


def test_a_chain_of_recodes_ends_at_the_last_code() -> None:
    changes = [SiteChange("a", "b", "2003", "recode"), SiteChange("b", "c", "2004", "recode")]
    found = panel(study([("a", "2002", "looked_after", 1)], changes=changes), "looked_after")
    assert list(found["site"]) == ["c"]


MERGE = [SiteChange("a", "ab", "2004", "merge"), SiteChange("b", "ab", "2004", "merge")]


def test_a_merge_sums_the_old_codes_and_names_all_rows_behind() -> None:
    cells = [("a", "2003", "looked_after", 5), ("b", "2003", "looked_after", 6), ("ab", "2004", "looked_after", 12)]
    found = panel(study(cells, changes=MERGE), "looked_after")
    assert cell(found, "ab", "2003")["value"] == 11
    assert cell(found, "ab", "2004")["value"] == 12
    assert sources(found[found["period"] == "2003"]) == (
        Source("indicators/values.csv", (2, 3), ("site", "period", "indicator", "value")),
    )


@pytest.mark.parametrize("mark", ["c", "", "x"])
def test_a_merge_with_a_marked_or_absent_part_is_no_number(mark: str) -> None:
    cells = [("a", "2003", "looked_after", 5), ("b", "2003", "looked_after", mark)]
    row = cell(panel(study(cells, changes=MERGE), "looked_after"), "ab", "2003")
    assert math.isnan(row["value"])
    assert row["mark"] == mark


def test_where_the_new_code_has_a_number_it_stands_and_nothing_counts_twice() -> None:
    cells = [("a", "2003", "looked_after", 5), ("b", "2003", "looked_after", 6), ("ab", "2003", "looked_after", 11)]
    assert cell(panel(study(cells, changes=MERGE), "looked_after"), "ab", "2003")["value"] == 11


def test_a_rate_is_not_merged_and_the_methods_sentence_says_so() -> None:
    rate = count("rate", unit="per 10,000 children", numerator="children", denominator="population")
    cells = [("a", "2003", "rate", 50), ("b", "2003", "rate", 60), ("ab", "2004", "rate", 55)]
    small = study(cells, [rate], changes=MERGE)
    assert set(panel(small, "rate")["period"]) == {"2004"}
    assert "Rate were dropped, because rates can't be summed" in changes_sentence(small, ["rate"])


def test_split_codes_are_dropped_and_listed() -> None:
    split = [SiteChange("o", "n1", "2004", "split"), SiteChange("o", "n2", "2004", "split")]
    cells = [("o", "2003", "looked_after", 9), ("n1", "2004", "looked_after", 4), ("k", "2003", "looked_after", 1)]
    small = study(cells, sites=comparison("o", "n1"), changes=split)
    assert set(panel(small, "looked_after")["site"]) == {"k"}
    assert "3 codes of areas that were split were dropped (N1 n1, n2, O o)" in changes_sentence(small, ["looked_after"])


def test_a_merge_into_a_code_of_a_split_is_dropped_with_it() -> None:
    cells = [("a", "2003", "looked_after", 5), ("b", "2003", "looked_after", 6), ("c", "2003", "looked_after", 7)]
    small = study(cells, changes=[*MERGE, SiteChange("c", "ab", "2004", "split")])
    assert panel(small, "looked_after").empty
    assert "4 codes of areas that were split were dropped" in changes_sentence(small, ["looked_after"])


def rates():
    return [
        count("children"),
        count("population"),
        count("rate", numerator="children", denominator="population", per=10000, unit="per 10,000"),
    ]


def test_a_rate_is_computed_from_numerator_and_denominator_also_of_a_merged_site() -> None:
    cells = [("a", "2003", "children", 5), ("b", "2003", "children", 7)]
    cells += [("a", "2003", "population", 1000), ("b", "2003", "population", 2000)]
    small = study(cells, rates(), changes=MERGE)
    assert cell(published(small, "rate"), "a", "2003")["value"] == 50
    row = cell(panel(small, "rate"), "ab", "2003")
    assert row["value"] == 40
    assert len(row["behind"]) == 4


@pytest.mark.parametrize(("number", "people"), [("c", 1000), (5, "x"), (5, 0)])
def test_a_rate_without_both_parts_is_no_number(number: object, people: object) -> None:
    small = study([("a", "2003", "children", number), ("a", "2003", "population", people)], rates())
    assert math.isnan(cell(panel(small, "rate"), "a", "2003")["value"])


def test_what_adds_up() -> None:
    assert adds_up(count())
    assert not adds_up(count(unit="per cent"))
    assert not adds_up(count(unit="per 10,000 children"))
    assert not adds_up(count(numerator="children"))


@given(st.lists(st.sampled_from(["c", "z", "x", "", "1", "2.5"]), min_size=1, max_size=8))
def test_without_changes_the_panel_is_what_was_published(values: list[str]) -> None:
    small = study([(f"s{n}", "2003", "looked_after", value) for n, value in enumerate(values)])
    first, second = published(small, "looked_after"), panel(small, "looked_after")
    assert first.to_dict("list").keys() == second.to_dict("list").keys()
    assert repr(first.to_dict("list")) == repr(second.to_dict("list"))
    numbers = [float(v) for v in values if v not in ("c", "z", "x", "")]
    assert first["value"].dropna().tolist() == numbers
