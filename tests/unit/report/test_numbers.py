"""How many decimals the columns of a table show."""

from __future__ import annotations

import pytest

from joinedup.report.numbers import column, columns
from joinedup.study.result import Value


def shown(**named: list[Value]) -> list[list[str]]:
    return columns(list(named.items()))


def test_the_ends_of_an_interval_have_the_decimals_of_their_estimate() -> None:
    assert shown(difference=[0.988, 0.609], low=[0.857, 0.476], high=[1.119, 1.0172]) == [
        ["0.988", "0.609"],
        ["0.857", "0.476"],
        ["1.119", "1.017"],
    ]


def test_counts_and_p_between_an_estimate_and_its_interval_change_nothing() -> None:
    assert shown(change=[0.25], sites=[31], p=[0.0001], change_low=[-1.5])[-1] == ["\u22121.500"]


@pytest.mark.parametrize("before", [{}, {"other": [0.5], "estimate": ["c"]}])
def test_ends_without_an_estimate_have_their_own_decimals(before: dict[str, list[Value]]) -> None:
    assert shown(**before, low=[12.5])[-1] == ["12.5"]


def test_amounts_that_are_worlds_apart_have_each_the_decimals_of_its_estimate() -> None:
    estimates: list[Value] = [0.5, 60920.25, 0.0]
    assert shown(mean=estimates, low=[0.25, 60000.125, 0.125])[-1] == ["0.250", "60,000", "0.125"]
    assert column("mean", estimates)[1] == "60,920"
