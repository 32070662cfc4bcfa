"""Numbers in sentences: one of a kind in the singular, differences of shares in percentage points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.report.model import ValueRef
from joinedup.report.prose import inlines, plain
from joinedup.study.analysis import make_result
from joinedup.study.expect import show
from joinedup.study.result import Table
from joinedup.study.wording import one_of_a_kind


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Left out: 1 sites, each with a reason.", "Left out: 1 site, each with a reason."),
        ("1 sites are left out", "1 site is left out"),
        ("1 rows hold a status mark", "1 row holds a status mark"),
        ("1 people answered", "1 person answered"),
        ("1 studies, 1 bodies, 1 ties, 1 agencies", "1 study, 1 body, 1 tie, 1 agency"),
        ("1 comparison sites used", "1 comparison site used"),
        ("people at 1 sites are asked", "people at 1 site are asked"),
        ("11 sites, 0.1 points, 1,001 rows, 35/1 sites", "11 sites, 0.1 points, 1,001 rows, 35/1 sites"),
        ("\u22121 points and -1 points", "\u22121 points and -1 points"),
        ("type 1 is the largest; 1 means the same; 0 or 1", "type 1 is the largest; 1 means the same; 0 or 1"),
    ],
)
def test_one_of_a_kind(text: str, said: str) -> None:
    assert one_of_a_kind(text) == said


@given(st.text(max_size=80))
def test_it_changes_nothing_twice(text: str) -> None:
    said = one_of_a_kind(text)
    assert one_of_a_kind(said) == said


def test_sentences_of_results_and_reports_hold_to_it() -> None:
    table = Table("by_site", "Sites", (("site", "Site"),), (("a",),), "1 rows hold a mark.")
    result = make_result(
        "synthesis.emphasis", {"sites": 1, "zeros": 2}, "Over 1 sites.", (), tables=(table,), caveats=("1 texts.",)
    )
    assert (result.methods, result.caveats) == ("Over 1 site.", ("1 text.",))
    assert result.tables[0].note == "1 row holds a mark."
    parts = inlines({result.id: result}, "{synthesis.emphasis:sites} sites have {synthesis.emphasis:zeros} sites.")
    assert plain(parts) == "1 site has 2 sites."
    assert [part.shown for part in parts if isinstance(part, ValueRef)] == ["1", "2"]


def test_a_difference_of_shares_is_in_points() -> None:
    assert [show(value, "+.1pp") for value in (0.112, -0.05, 0.0)] == ["+11.2", "\u22125.0", "+0.0"]
    assert show(0.112, ".0pp") == "11"
