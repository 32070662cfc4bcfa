"""Targeted against universal: log-ratio with zeros, Theil's parts, the concentration index, deprivation; by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.partnership.balance import balance_result
from joinedup.partnership.inequality import bootstrap_mean, concentration_index, log_ratios, theil
from joinedup.study.checks import check_core
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from tests.builders import make_partnership, make_provision, make_sites, make_study
from tests.unit.partnership.test_provision import ROWS, STUDY, both

amounts = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=5)


def test_a_zero_stays_in_as_half_of_the_smallest_amount_of_its_tier() -> None:
    ratios, zeros = log_ratios([10.0, 0.0, 40.0], [5.0, 20.0, 0.0])
    assert zeros == 2
    assert ratios.tolist() == pytest.approx([math.log(2), math.log(5 / 20), math.log(40 / 2.5)])
    with pytest.raises(NotComputable, match="no ratio"):
        log_ratios([0.0, 0.0], [1.0, 2.0])


def test_theil_by_hand() -> None:
    # Two groups, 1 and 3 against 2 and 2: no inequality between groups, ln terms within.
    found = theil({"a": [1.0, 3.0], "b": [2.0, 2.0]})
    assert found.between == pytest.approx(0)
    assert found.total == pytest.approx(1 / 8 * math.log(1 / 2) + 3 / 8 * math.log(3 / 2))
    # All the money in one of two groups of one: T is ln 2, all of it between; the zero counts as a place.
    assert theil({"a": [5.0], "b": [0.0]}).total == pytest.approx(math.log(2))
    assert theil({"a": [5.0], "b": [0.0]}).within == pytest.approx(0)
    with pytest.raises(NotComputable, match="Nothing was spent"):
        theil({"a": [0.0]})
    with pytest.raises(ValueError, match="from 0 on"):
        theil({"a": [-1.0]})


@given(st.dictionaries(st.sampled_from("abcd"), amounts, min_size=1))
def test_theil_has_two_parts_that_are_not_negative_and_no_unit(groups: dict[str, list[float]]) -> None:
    found = theil(groups)
    assert min(found.between, found.within) > -1e-9
    scaled = theil({name: [7 * amount for amount in group] for name, group in groups.items()})
    assert scaled.total == pytest.approx(found.total, abs=1e-9)
    by_group = 0.0
    total = sum(map(sum, groups.values()))
    for group in groups.values():
        by_group += sum(group) / total * theil({"alone": group}).total
    assert found.within == pytest.approx(by_group, abs=1e-9)


def test_the_concentration_index_by_hand() -> None:
    # All of it with the last of four: C = 2 (0.25 * 4 * 0.375) / 4 ... = (n - 1) / n.
    assert concentration_index([0.0, 0.0, 0.0, 4.0], [1, 2, 3, 4]) == pytest.approx(3 / 4)
    assert concentration_index([4.0, 0.0, 0.0, 0.0], [1, 2, 3, 4]) == pytest.approx(-3 / 4)
    assert concentration_index([2.0, 2.0, 2.0], [5, 1, 9]) == pytest.approx(0)
    assert concentration_index([1.0, 3.0, 2.0], [1, 1, 2]) == pytest.approx(0)
    with pytest.raises(NotComputable):
        concentration_index([1.0, 2.0], [3, 3])


def test_the_bootstrap_of_equal_values_has_no_width() -> None:
    assert bootstrap_mean([2.0, 2.0, 2.0], 99, 1) == (2.0, 2.0)
    low, high = bootstrap_mean([0.0, 1.0] * 50, 4000, 1)
    assert (low, high) == pytest.approx((0.4, 0.6), abs=0.02)


def test_the_result_by_hand() -> None:
    found = balance_result(STUDY)
    assert found is not None
    values = found.values
    # 2005: s1 20/20, s2 10/40, s3 40/60, s4 is marked. 2003: s2 spent 0 on targeted: half of 10, the smallest.
    last = [math.log(1), math.log(1 / 4), math.log(2 / 3)]
    first = [math.log(1 / 3), math.log(5 / 40), math.log(1)]
    assert (values["sites"], values["zeros"], values["change_sites"]) == (3, 1, 3)
    assert values["log_ratio"] == pytest.approx(sum(last) / 3)
    assert values["change"] == pytest.approx((sum(last) - sum(first)) / 3)
    assert values["site.s2.change"] == pytest.approx(math.log(1 / 4) - math.log(5 / 40))
    assert values["theil.last.total"] == pytest.approx(theil({"a": [20, 20], "b": [10, 40], "c": [40, 60]}).total)
    assert values["deprivation.correlation"] is None
    assert "half of the smallest" in found.caveats[0]
    assert all(KeyChecker(STUDY).knows(found.id, key) for key in values)
    for table in found.tables:
        for row, keys in zip(table.rows, table.keys, strict=True):
            assert all(cell == values[key] for cell, key in zip(row, keys, strict=True) if key)


def small(sites: int) -> Study:
    return make_study(sites=make_sites(4), partnership=make_partnership({}, make_provision(ROWS[: 4 * sites])))


def test_what_is_not_there_is_not_computed() -> None:
    assert balance_result(make_study()) is None
    with pytest.raises(NotComputable, match="Fewer than 3 sites"):
        balance_result(small(2))
    rows = [row for site in ("s1", "s2", "s3") for row in both(site, "2003", 1, 2)]
    once = balance_result(make_study(sites=make_sites(3), partnership=make_partnership({}, make_provision(rows))))
    assert once is not None
    assert (once.values["change"], once.values["change_sites"]) == (None, 0)


def test_deprivation_that_is_no_indicator_is_a_problem() -> None:
    study = make_study(plan={"partnership": {"deprivation": "free_meals"}})
    assert any("`free_meals` is no indicator" in problem.what for problem in check_core(study))


def test_deprivation_is_the_declared_indicator(root: object) -> None:
    from pathlib import Path

    from scipy.stats import spearmanr

    from joinedup import open_study

    study = open_study(Path(str(root)) / "examples" / "pathfinders")
    found = balance_result(study)
    assert found is not None
    meals = {}
    for line in (Path(str(root)) / "examples/pathfinders/indicators/performance.csv").read_text("utf-8").splitlines():
        site, period, indicator, value = line.split(",")
        if (period, indicator) == ("2004", "free_meals"):
            meals[site] = float(value)
    from joinedup.partnership.provision import spending

    split = spending(study)
    shares = {site: split.share(site, "2004") for site in split.known}
    expected = spearmanr([shares[site] for site in shares], [meals[site] for site in shares])
    assert found.values["deprivation.correlation"] == pytest.approx(expected.statistic)
    assert found.values["deprivation.p"] == pytest.approx(expected.pvalue)
    assert any(source.file == "indicators/performance.csv" for source in found.sources_of("deprivation.p"))
