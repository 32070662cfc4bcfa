"""Targeted and universal provision: shares, zeros, marks, change with its interval."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.partnership.provision import Tiers, provision_result, tiers
from joinedup.study.model import Study
from joinedup.study.registry import KeyChecker
from tests.builders import make_partnership, make_provision, make_sites, make_study

Rows = Sequence[tuple[str, str, str, float | str]]


def study_of(rows: Rows, sites: int = 4) -> Study:
    return make_study(sites=make_sites(sites), partnership=make_partnership({}, make_provision(rows)))


def both(site: str, period: str, targeted: float | str, universal: float | str) -> Rows:
    return [(site, "targeted", period, targeted), (site, "universal", period, universal)]


ROWS = [
    *both("s1", "2003", 10, 30),
    *both("s1", "2005", 20, 20),
    *both("s2", "2003", 0, 40),
    *both("s2", "2005", 10, 40),
    *both("s3", "2003", 50, 50),
    *both("s3", "2005", 40, 60),
    *both("s4", "2003", 5, 5),
    *both("s4", "2005", 5, "c"),
]
STUDY = study_of(ROWS)


def test_shares_and_change_by_hand() -> None:
    found = provision_result(STUDY)
    assert found is not None
    values = found.values
    assert values["targeted.2003"] == pytest.approx(65 / 190)
    assert values["targeted.2005"] == pytest.approx(70 / 190)
    assert (values["sites.2003"], values["sites.2005"], values["sites"]) == (4, 3, 3)
    assert (values["marked"], values["zeros"], values["left_out"]) == (1, 1, 1)
    assert values["targeted.change"] == pytest.approx((0.25 + 0.2 - 0.1) / 3)
    assert values["targeted.sites_rising"] == 2
    assert (values["site.s1.targeted"], values["site.s4.targeted"]) == (0.5, None)
    assert all(KeyChecker(STUDY).knows(found.id, key) for key in values)
    assert "Site 4 2005" in found.caveats[0]


def test_interval_by_hand() -> None:
    """Changes .25 .2 -.1: mean .35/3, s^2 = (sum of squares .1125 - 3 mean^2)/2, t(.975, 2) = 4.302652730."""
    found = provision_result(STUDY)
    assert found is not None
    mean = 0.35 / 3
    half = 4.302652730 * ((0.1125 - 3 * mean**2) / 2 / 3) ** 0.5
    assert found.values["targeted.change_low"] == pytest.approx(mean - half, abs=1e-9)
    assert found.values["targeted.change_high"] == pytest.approx(mean + half, abs=1e-9)


def test_sources() -> None:
    found = provision_result(STUDY)
    assert found is not None
    assert found.sources_of("marked")[0].rows == (17,)
    assert found.sources_of("site.s2.targeted")[0].rows == (6, 7, 8, 9)
    assert found.sources_of("universal.2003")[0].rows == (2, 3, 6, 7, 10, 11, 14, 15)


def test_tables_name_the_keys_of_their_cells() -> None:
    found = provision_result(STUDY)
    assert found is not None
    for table in found.tables:
        for row, keys in zip(table.rows, table.keys, strict=True):
            assert len(row) == len(table.columns)
            assert all(cell == found.values[key] for cell, key in zip(row, keys, strict=True) if key)


def test_a_stated_zero_is_a_number_and_a_mark_is_none() -> None:
    assert tiers(make_provision(both("s1", "2003", 0, 40))) == Tiers(0, 40)
    assert tiers(make_provision(both("s1", "2003", "c", 40))) is None


def test_a_tier_without_a_row_is_not_zero() -> None:
    assert tiers(make_provision([("s1", "targeted", "2003", 10)])) is None


def test_nothing_spent_has_no_share() -> None:
    assert tiers(make_provision(both("s1", "2003", 0, 0))) is None


def test_two_sites_have_a_change_but_no_interval() -> None:
    found = provision_result(study_of(ROWS[:8]))
    assert found is not None
    assert found.values["targeted.change"] == pytest.approx(0.225)
    assert found.values["targeted.change_low"] is None
    assert any("no interval" in text for text in found.caveats)


def test_one_period_has_no_change() -> None:
    found = provision_result(study_of(both("s1", "2003", 10, 30)))
    assert found is not None
    assert (found.values["targeted.change"], found.values["sites"]) == (None, 0)
    assert found.caveats == ("There is one period only, so no change.",)


def test_everything_marked_has_no_share() -> None:
    found = provision_result(study_of(both("s1", "2003", "c", "x")))
    assert found is not None
    assert (found.values["targeted.2003"], found.values["marked"]) == (None, 2)
    assert found.tables[0].rows[0][:4] == ("2003", 0, None, None)


def test_no_rows_no_result() -> None:
    assert provision_result(study_of([])) is None


pounds = st.floats(0, 1e9) | st.sampled_from(["c", "z"])
cells = st.dictionaries(
    st.tuples(st.sampled_from(["s1", "s2", "s3", "s4"]), st.sampled_from(["2003", "2004", "2005"])),
    st.tuples(pounds, pounds),
    min_size=1,
)


@given(cells, st.randoms(use_true_random=False))
def test_shares_sum_to_one_whatever_the_order(
    spent: dict[tuple[str, str], tuple[float | str, float | str]], random: object
) -> None:
    rows = [row for (site, period), pair in spent.items() for row in both(site, period, *pair)]
    found = provision_result(study_of(rows))
    random.shuffle(rows)  # type: ignore[attr-defined]
    again = provision_result(study_of(rows))
    assert found is not None and again is not None
    assert (found.values, found.tables) == (again.values, again.tables)
    for period in {period for _, period in spent}:
        targeted, universal = found.values[f"targeted.{period}"], found.values[f"universal.{period}"]
        if isinstance(targeted, float) and isinstance(universal, float):
            assert targeted + universal == pytest.approx(1, abs=1e-12)
            assert 0 <= targeted <= 1
