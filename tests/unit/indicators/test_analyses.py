"""Quality, balance, trends and expenditure on small SIMULATED studies, counted by hand."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.indicators.balance import standardised_difference
from joinedup.indicators.expenditure import constant_prices
from joinedup.indicators.results import ANALYSES
from joinedup.indicators.timing import periods_before
from joinedup.study.dates import PeriodRule
from joinedup.study.indicators import SiteChange
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker

sys.path.insert(0, str(Path(__file__).parent))
from build import comparison, count, programme, study

SITES = (*programme("p", "q"), *comparison("a", "b"), *comparison("z", excluded="an earlier adopter"))
CELLS = [
    (site, period, "looked_after", value)
    for site, values in {
        "p": (10, 12, 14),
        "q": (20, 22, "c"),
        "a": (4, 6, 8),
        "b": (8, 14, 10),
        "z": (30, 40, ""),
    }.items()
    for period, value in zip(("2002", "2003", "2004"), values, strict=True)
]


def small(**parts):
    return study(parts.pop("cells", CELLS), parts.pop("indicators", [count(direction="down")]), SITES, **parts)


@pytest.mark.parametrize(
    "id", sorted(set(ANALYSES) - {"indicators.site-change"})
)  # it needs a map: test_site_change.py
def test_every_key_is_registered_and_tables_name_their_keys(id: str) -> None:
    example = small(
        indicators=[count(direction="down", deflate=True, breaks=("2003",))],
        plan={"indicators": {"published": {"looked_after": {"2002": 72}}}},
        deflator={"2002": 90.0, "2003": 100.0},
        price_base="2003",
    )
    result = ANALYSES[id](example)
    assert result is not None
    assert result.methods
    checker = KeyChecker(example)
    assert [key for key in result.values if not checker.knows(id, key)] == []
    for table in result.tables:
        assert {key for row in table.keys for key in row if key} <= set(result.values)
        assert all(len(row) == len(table.columns) for row in (*table.rows, *table.keys))
        for row, keys in zip(table.rows, table.keys, strict=False):
            assert all(cell == result.values[key] for cell, key in zip(row, keys, strict=True) if key)


@pytest.mark.parametrize("id", sorted(ANALYSES))
def test_a_study_without_values_has_no_result(id: str) -> None:
    assert ANALYSES[id](small(cells=[])) is None


def test_quality_counts_numbers_marks_and_what_was_not_published() -> None:
    values = ANALYSES["indicators.quality"](small()).values
    assert values["rows"] == 14
    assert values["sites"] == 5
    assert (values["looked_after.values"], values["looked_after.marked"], values["looked_after.empty"]) == (13, 1, 1)
    assert (values["mark.c"], values["mark.z"], values["mark.missing"]) == (1, 0, 0)
    assert values["looked_after.total.2004"] == 32
    assert values["looked_after.sites.2004"] == 3
    assert values["sites_all_periods"] == 5


def test_totals_are_of_the_codes_of_the_day_and_rates_have_none() -> None:
    changes = [SiteChange("a", "b", "2004", "split")]
    rate = count("rate", unit="per cent")
    cells = [*CELLS, ("p", "2002", "rate", 5)]
    values = ANALYSES["indicators.quality"](small(cells=cells, indicators=[count(), rate], changes=changes)).values
    assert values["looked_after.total.2002"] == 72
    assert values["changed_codes"] == 2
    assert "rate.total.2002" not in values


@pytest.mark.parametrize(("total", "rounding", "agrees"), [(72, 0, "yes"), (80, 10, "yes"), (83, 10, "no")])
def test_cross_foot_against_published_totals(total: float, rounding: float, agrees: str) -> None:
    plan = {"indicators": {"published": {"looked_after": {"2002": total}}, "rounding": rounding}}
    result = ANALYSES["indicators.quality"](small(plan=plan))
    assert result.values["looked_after.gap.2002"] == 72 - total
    assert result.tables[1].rows[0][-1] == agrees
    assert bool(result.caveats) == (agrees == "no")


def test_balance_in_the_last_period_before_the_start() -> None:
    """2003: programme 12, 22 (mean 17, variance 50); comparison 6, 14 (mean 10, variance 32); others 6, 14, 40."""
    result = ANALYSES["indicators.balance"](small())
    values = {key.removeprefix("looked_after."): value for key, value in result.values.items()}
    assert values["period"] == "2003"
    assert (values["programme"], values["comparison"], values["all_others"]) == (17, 10, 20)
    assert (values["n_programme"], values["n_comparison"], values["n_all_others"]) == (2, 2, 3)
    assert values["standardised"] == pytest.approx(7 / math.sqrt(41))
    assert values["variance_ratio"] == pytest.approx(50 / 32)
    assert (values["imbalanced"], values["excluded_sites"]) == (1, 1)
    assert result.tables[1].rows == (("Z", "an earlier adopter"),)
    assert result.sources_of("looked_after.programme")[0].rows == (3, 6)
    assert result.sources_of("looked_after.difference")[0].rows == (3, 6, 9, 12, 15)


def test_balance_without_a_period_before_is_refused() -> None:
    with pytest.raises(NotComputable, match="no period before July 2003"):
        ANALYSES["indicators.balance"](small(cells=[cell for cell in CELLS if cell[1] == "2004"]))


def test_trends_and_the_slope_before() -> None:
    """Means over all five sites: 2002 72/5, 2003 94/5: a rise of 4.4 a year, which is worse where down is better."""
    values = ANALYSES["indicators.trends"](small()).values
    assert values["looked_after.slope_before"] == pytest.approx(4.4)
    assert (values["directed"], values["improving_before"]) == (1, 0)
    assert values["looked_after.programme.2004"] == 14
    assert values["looked_after.n_programme.2004"] == 1
    assert values["looked_after.programme_both.2002"] == 10
    assert values["looked_after.n_all_others_both"] == 2
    up = ANALYSES["indicators.trends"](small(indicators=[count(direction="up")])).values
    assert up["improving_before"] == 1


def test_a_period_in_which_the_programme_began_is_not_before() -> None:
    year = count(period=PeriodRule("04-01", "03-31"))
    assert periods_before(year, ["2002", "2003", "2004", "2005"], "2003-07") == ["2002", "2003"]
    assert periods_before(count(), ["2002", "2003", "2004"], "2003-07") == ["2002", "2003"]
    assert periods_before(count(), ["2003"], "2003-03-31") == []


def test_expenditure_in_constant_prices_follows_the_same_sites() -> None:
    """q is marked in 2004: programme = p alone, 10 * 100 / 80 = 12.5 to 14; comparison 6 * 1.25 = 7.5 to 9."""
    money = count(deflate=True, family="expenditure")
    example = small(indicators=[money], deflator={"2002": 80.0, "2004": 100.0}, price_base="2004")
    result = ANALYSES["indicators.expenditure"](example)
    values = result.values
    assert (values["looked_after.programme.2002"], values["looked_after.programme.2004"]) == (12.5, 14)
    assert values["looked_after.comparison.change"] == pytest.approx(9 / 7.5 - 1)
    assert (values["looked_after.n_programme"], values["looked_after.n_comparison"]) == (1, 2)
    assert result.caveats == ("Looked after: no deflator for 2003; left out.",)
    assert "looked_after.programme.2003" not in values


def test_expenditure_without_a_deflator_is_refused() -> None:
    with pytest.raises(NotComputable, match="no deflator"):
        ANALYSES["indicators.expenditure"](small(indicators=[count(deflate=True)]))


@given(st.floats(1, 1e6), st.floats(0.5, 2), st.floats(0.1, 1e3))
def test_constant_prices_do_not_depend_on_the_scale_of_the_index(value: float, growth: float, scale: float) -> None:
    frame = pd.DataFrame({"period": ["2002"], "value": [value]})
    one = constant_prices(frame, {"2002": 1.0, "2004": growth}, "2004")["value"].iloc[0]
    other = constant_prices(frame, {"2002": scale, "2004": growth * scale}, "2004")["value"].iloc[0]
    assert one == pytest.approx(value * growth)
    assert other == pytest.approx(one)


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=9), st.floats(0.1, 10), st.floats(-5, 5))
def test_a_standardised_difference_has_no_unit(numbers: list[int], scale: float, shift: float) -> None:
    first, second = pd.Series(numbers, dtype=float), pd.Series([1.0, 2.0, 4.0])
    plain = standardised_difference(first, second)
    assert standardised_difference(first * scale + shift, second * scale + shift) == pytest.approx(plain, abs=1e-9)
    assert standardised_difference(second, first) == pytest.approx(-plain)


def test_groups_without_spread_have_no_standardised_difference() -> None:
    assert math.isnan(standardised_difference(pd.Series([1.0, 1.0]), pd.Series([2.0, 2.0])))
