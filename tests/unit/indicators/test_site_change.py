"""The change at each site, counted by hand, and its map."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.indicators.results import ANALYSES
from joinedup.report.figures.indicator_map import change_map
from joinedup.study.layout import Hex, Layout
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from tests.unit.indicators.build import Cell, comparison, programme, study

LEVELS = {"p": (10, 12, 15), "q": (20, 22, 21), "a": (5, 6, 6), "b": (13, 14, 10)}
CELLS = [(site, str(2002 + n), "looked_after", v) for site, levels in LEVELS.items() for n, v in enumerate(levels)]
LAYOUT = Layout("odd-r", tuple(Hex(site, n, 0) for n, site in enumerate(LEVELS)))


def small(cells: list[Cell] = CELLS, layout: Layout = LAYOUT) -> Study:
    found = study(
        cells, sites=(*programme("p", "q"), *comparison("a", "b")), plan={"indicators": {"map": "looked_after"}}
    )
    return dataclasses.replace(found, layout=layout)


def test_changes_since_the_last_period_before_the_start() -> None:
    """The programme began in July 2003: from March 2003 to March 2004 the changes are 3, -1, 0 and -4."""
    given_study = small()
    found = ANALYSES["indicators.site-change"](given_study)
    values = found.values
    assert (values["from"], values["to"], values["sites"]) == ("2003", "2004", 4)
    assert [values[f"site.{site}.change"] for site in "pqab"] == [3, -1, 0, -4]
    assert (values["programme.rose"], values["programme.fell"], values["programme.median"]) == (1, 1, 1)
    assert (values["others.rose"], values["others.fell"], values["others.median"]) == (0, 1, -2)
    keys = KeyChecker(given_study)
    assert all(keys.knows("indicators.site-change", key) for key in values)
    assert found.sources_of("site.p.change")[0].rows


def test_the_map_has_a_sign_beside_the_colour_and_a_table() -> None:
    given_study = small()
    found = change_map(given_study, ANALYSES["indicators.site-change"](given_study))
    assert [row["sign"] for row in found.spec["data"]["values"]] == ["+", "\u2212", "0", "\u2212"]
    assert "1 of 2 programme sites fell, 1 of 2 others" in found.alt and len(found.table.lines) == 2
    json.dumps(found.spec)


@given(st.lists(st.integers(-50, 50), min_size=4, max_size=4))
def test_every_site_rose_fell_or_stayed(changes: list[int]) -> None:
    cells = [
        (site, year, "looked_after", 100 + change * (year == "2004"))
        for site, change in zip(LEVELS, changes, strict=True)
        for year in ("2003", "2004")
    ]
    values = ANALYSES["indicators.site-change"](small(cells)).values
    assert [values[f"site.{site}.change"] for site in LEVELS] == changes
    rose = values["programme.rose"] + values["others.rose"]
    assert rose == sum(change > 0 for change in changes)


def test_without_a_map_or_values_there_is_no_result_and_without_both_periods_a_reason() -> None:
    assert ANALYSES["indicators.site-change"](small(layout=Layout())) is None
    assert ANALYSES["indicators.site-change"](small([])) is None
    with pytest.raises(NotComputable, match="no period both before and after"):
        ANALYSES["indicators.site-change"](small([cell for cell in CELLS if cell[1] != "2004"]))
    with pytest.raises(NotComputable, match="no site has a number in both"):
        ANALYSES["indicators.site-change"](small([("p", "2003", "looked_after", 1), ("q", "2004", "looked_after", 1)]))
