"""QCA: data, questions and anchors that are refused, with what is said; contradictions and necessary unions by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from joinedup.synthesis import qca

GOOD: dict[str, list[Any]] = {"case": ["leeds", "york"], "A": [0.9, 0.2], "B": [0.7, 0.6], "Y": [1, 0]}


def test_a_membership_of_a_half_names_its_case() -> None:
    with pytest.raises(ValueError, match=r"B of york is exactly 0\.5"):
        qca.truth_table(GOOD | {"B": [0.7, 0.5]}, "Y", ["A", "B"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"A": [0.9, 1.4]}, r"A of case york is 1\.4: a membership lies in \[0, 1\]"),
        ({"A": [0.9, -0.1]}, r"A of case york is -0\.1"),
        ({"A": [0.9, math.nan]}, r"A of case york is missing"),
        ({"A": [0.9, "high"]}, r"A of case york is .high."),
        ({"Y": [1, "-"]}, "an outcome applies to every case"),
        ({"Y": [2, 0]}, r"name the one to explain, such as Y\[2\]"),
        ({"case": ["york", "york"]}, "stands in the data more than once"),
        ({"A": [0.9]}, "not equally long"),
    ],
)
def test_data_that_are_refused(change: dict[str, list[Any]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        qca.truth_table(GOOD | change, "Y", ["A", "B"])


@pytest.mark.parametrize(
    ("outcome", "conditions", "cuts", "said"),
    [
        ("Y", ["A", "b"], {}, "no column"),
        ("Z", ["A"], {}, "no column"),
        ("Y", [], {}, "no conditions"),
        ("Y", ["A", "A"], {}, "A stands twice"),
        ("Y", ["A", "Y"], {}, "Y stands twice"),
        ("Y[3]", ["A"], {}, "Y has no value 3"),
        ("~~Y", ["A"], {}, "is no outcome"),
        ("Y", ["A"], {"inclusion": 80}, "cut-off inclusion is 80"),
        ("Y", ["A"], {"frequency": 0}, "at least one case"),
        ("Y", ["A"], {"inclusion": 0.8, "contradiction": 0.9}, "above the cut-off inclusion"),
    ],
)
def test_questions_that_are_refused(outcome: str, conditions: list[str], cuts: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        qca.truth_table(GOOD, outcome, conditions, **cuts)  # type: ignore[arg-type]


def test_minimising_nothing_or_with_unknown_names_is_refused() -> None:
    table = qca.truth_table(GOOD | {"Y": [0, 0]}, "Y", ["A", "B"])
    with pytest.raises(ValueError, match="There is nothing to minimise"):
        qca.minimize(table)
    with pytest.raises(ValueError, match="no condition makes a difference"):
        qca.minimize(qca.truth_table(GOOD, "~Y", ["B"], inclusion=0.4), include="?")
    table = qca.truth_table(GOOD, "Y", ["A", "B"], inclusion=0.8)
    with pytest.raises(ValueError, match="is no condition"):
        qca.minimize(table, include="?", expectations={"a": 1})
    with pytest.raises(ValueError, match="A has no value 2"):
        qca.minimize(table, include="?", expectations={"A": [1, 2]})
    with pytest.raises(ValueError, match="include is"):
        qca.minimize(table, include="remainders")


def test_contradictory_rows_and_multi_value_outcomes() -> None:
    data = {"A": [0, 0, 1, 1, 2], "Y": [1, 0, 2, 2, 1]}
    table = qca.truth_table(data, "Y[1]", ["A"], inclusion=1, contradiction=0.4)
    assert [row.output for row in table.rows] == ["C", "0", "1"]
    assert table.rows[0].deviant == ("2",)
    assert qca.minimize(table).models == [["A[2]"]]
    assert qca.truth_table(data, "~Y[2]", ["A"]).y.tolist() == [1, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("anchors", "method", "said"),
    [
        ([1, 3], "direct", "three anchors"),
        ([1, 9, 3], "direct", "neither rise nor fall"),
        ([3, 1], "multi-value", "rise"),
        ([1, 2], "crisp", "one threshold"),
        ([1, math.inf, 2], "direct", "finite"),
        ([1], "tfr", "no anchors"),
        ([1], "ranks", "no method"),
    ],
)
def test_anchors_that_are_refused(anchors: list[float], method: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        qca.calibrate([1, 2, 3], anchors, method)


def test_necessary_unions_are_told_without_parts_that_suffice() -> None:
    data = {"A": [1, 1, 0, 0], "B": [0, 0, 1, 0], "C": [1, 1, 1, 0], "Y": [1, 1, 1, 0]}
    found = {fit.term: fit for fit in qca.necessity(data, "Y", ["A", "B", "C"]).supersets(inclusion=1, ron=0.5)}
    assert set(found) == {"C", "A + B"}
    assert found["A + B"]["coverage"] == 1
