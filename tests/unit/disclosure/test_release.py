"""A whole release: linked tables, earlier releases, profiles, marks of the input, and what the gate refuses."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.disclosure import (
    PROFILES,
    CountTable,
    Register,
    Status,
    audit_release,
    percentages,
    protect,
    protect_release,
)
from joinedup.study.problems import UsageError


def cross(inside: list[list[int]], rows: list[str], columns: list[str], names: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(inside, index=rows, columns=columns)
    frame.loc["Total"] = frame.sum()
    frame["Total"] = frame.sum(axis=1)
    return frame.rename_axis(names[0]).rename_axis(names[1], axis=1)


def area(inside: list[list[int]]) -> pd.DataFrame:
    return cross(inside, ["A", "B", "C"], ["yes", "no"], ("area", "answer"))


BIG = [[20, 30], [40, 25], [18, 33]]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 7), st.integers(0, 40)), min_size=12, max_size=12))
def test_three_linked_tables_of_one_cube_are_safe_together(values: list[int]) -> None:
    cube = np.array(values).reshape(3, 2, 2)
    labels = (["A", "B", "C"], ["yes", "no"], ["girl", "boy"])
    names = ("area", "answer", "sex")
    tables = [
        CountTable(
            cross(cube.sum(axis=out).tolist(), labels[one], labels[other], (names[one], names[other])),
            name=f"{names[one]} by {names[other]}",
        )
        for one, other, out in ((0, 1, 2), (0, 2, 1), (1, 2, 0))
    ]
    safe = protect_release(tables)
    assert audit_release(safe) == []
    shown = [CountTable(table.table, name=table.name) for table in safe]
    assert audit_release(shown) == []
    marks = {(table.name, *at): table.table.loc[at] for table in safe for at in [("Total", "Total")]}
    assert len({str(mark) for mark in marks.values()}) == 1


def test_a_small_difference_to_an_earlier_release_is_stopped() -> None:
    first = protect(CountTable(area(BIG), name="wave 1"))
    register = Register().with_release("2025-06", [first])
    grown = [[20, 30], [43, 25], [18, 33]]
    bare = CountTable(area(grown), name="wave 1")
    found = audit_release([bare], register=register)
    assert {(str(cell.cell), cell.low, cell.kind) for cell in found} >= {("answer = yes, area = B", 3, "register")}
    assert "differs by 3 persons from that in the earlier release '2025-06, wave 1'" in str(found[0].stop)
    safe = protect(bare, register=register)
    assert safe.table.loc["B", "yes"] == "c"
    assert audit_release([safe], register=register) == []


def test_a_cell_that_was_hidden_stays_hidden_from_who_holds_the_earlier_release() -> None:
    truth = area([[20, 30], [3, 25], [18, 33]])
    first = protect(CountTable(truth, name="first"))
    register = Register().with_release("2025-06", [first])
    other = pd.DataFrame({"n": truth["yes"]}).iloc[:3].rename_axis("area")
    yes = CountTable(other.rename(columns={"n": "yes"}).rename_axis("answer", axis=1), name="second")
    second = protect(yes, register=register)
    assert audit_release([second], register=register) == []
    solved = CountTable(yes.counts.astype(object).where(yes.counts != 3, "c"), name="second")
    found = audit_release([solved], register=register)
    assert any((str(cell.cell), cell.low, cell.high) == ("answer = yes, area = B", 3, 3) for cell in found)
    assert "released before (2025-06, first)" in " ".join(str(cell.stop) for cell in found)


def test_the_register_survives_json_and_holds_no_hidden_count() -> None:
    safe = protect(CountTable(area([[20, 30], [3, 25], [18, 33]]), name="t"))
    register = Register().with_release("first", [safe])
    plain = json.loads(json.dumps(register.to_dict()))
    assert Register.from_dict(plain).to_dict() == plain == register.to_dict()
    cells = plain["tables"][0]["cells"]
    hidden = [cell for cell in cells if cell.get("mark")]
    assert hidden
    assert all((cell["low"], cell["high"]) == (0, None) for cell in hidden)
    with pytest.raises(UsageError, match="can't be read"):
        Register.from_dict({"version": 1, "tables": [{}]})


def test_nhs_rounds_each_figure_for_itself_and_hides_1_to_7() -> None:
    safe = protect(area([[12, 31], [7, 44], [0, 68]]), "nhs")
    assert safe.table.to_numpy().tolist() == [[10, 30, 45], ["*", 45, 50], [0, 70, 70], [20, 145, 160]]
    assert safe.status.loc["B", "yes"] == Status.PRIMARY
    assert not (safe.status == Status.SECONDARY).any(axis=None)


def test_nhs_percentages_come_from_rounded_figures() -> None:
    safe = protect(area([[42, 31], [12, 44], [0, 68]]), "nhs")
    shares = percentages(safe, "answer")
    assert shares.loc["B"].tolist() == [round(100 * 10 / 55), round(100 * 45 / 55), 100]
    assert shares.loc["C", "yes"] == 0


def test_secure_hides_fewer_than_ten_and_rounded_marks_fewer_than_five() -> None:
    frame = area([[9, 30], [40, 10], [18, 33]])
    assert protect(frame, "secure").status.loc["A", "yes"] == Status.PRIMARY
    assert protect(frame, "secure").status.loc["B", "no"] != Status.PRIMARY
    rounded = protect(area([[4, 30], [0, 12], [18, 33]]), "rounded").table
    assert rounded.to_numpy().tolist() == [["low", 30, 35], [0, 10, 10], [20, 35, 50], [20, 75, 95]]


def test_totals_above_the_authority_are_rounded_to_ten() -> None:
    frame = area(BIG).rename_axis("site")
    safe = protect(frame)
    assert safe.table.loc["Total"].tolist() == [80, 90, 170]
    assert safe.table.loc["A"].tolist() == [20, 30, 50]
    assert set(safe.status.loc["Total"]) == {Status.ROUNDED}


def test_a_percentage_needs_numerator_denominator_and_what_is_left() -> None:
    inside = [[12, 30, 20], [3, 25, 14], [40, 3, 1]]
    frame = cross(inside, ["A", "B", "C"], ["x", "y", "z"], ("area", "answer"))
    safe = protect(frame)
    shares = percentages(safe, "answer")
    for row in frame.index:
        for column in frame.columns:
            figures = (safe.table.loc[row, column], safe.table.loc[row, "Total"])
            if "c" in figures or 1 <= figures[1] - figures[0] <= 5:
                assert shares.loc[row, column] == "c"
            else:
                assert shares.loc[row, column] == round(100 * figures[0] / figures[1], 1)


def test_structural_zeros_are_never_hidden_and_others_may_be() -> None:
    frame = area([[3, 0], [40, 25], [0, 0]])
    safe = protect(CountTable(frame, structural=[("C", None), ("A", "no")]))
    assert safe.status.loc["A", "no"] == Status.STRUCTURAL_ZERO
    assert safe.table.loc["A", "no"] == 0
    assert safe.table.loc["C"].tolist() == [0, 0, 0]
    assert audit_release([safe]) == []
    with pytest.raises(UsageError, match="structural zero holds 40"):
        protect(CountTable(frame, structural=[("B", "yes")]))


def test_marks_of_the_input_keep_their_status() -> None:
    frame = area(BIG).astype(object)
    frame.loc["A", "no"], frame.loc["B", "no"], frame.loc["C", "yes"] = "z", ":", None
    safe = protect(CountTable(frame.drop(columns="Total").drop(index="Total")))
    assert safe.status.loc["A", "no"] == Status.NOT_APPLICABLE
    assert safe.table.loc["A", "no"] == "z"
    assert safe.status.loc["B", "no"] == safe.status.loc["C", "yes"] == Status.NOT_AVAILABLE
    assert safe.table.loc["B", "no"] == "x"


def test_above_two_thousand_cells_the_table_is_rounded_and_says_so() -> None:
    frame = pd.DataFrame(np.random.default_rng(3).integers(0, 30, size=(101, 20)))
    frame = frame.rename(index=lambda n: f"r{n}", columns=lambda n: f"c{n}")
    frame.loc["Total"] = frame.sum()
    safe = protect(frame)
    assert safe.profile.id == "rounded"
    assert "2,040 cells are more than the 2,000" in safe.reason
    assert safe.reason in safe.legend
    assert safe.audit().safe


@pytest.mark.parametrize(
    ("frame", "totals", "says"),
    [
        (area(BIG).replace(20, 20.5), "Total", "neither a count of persons nor a mark"),
        (area(BIG).replace(20, -1), "Total", "neither a count"),
        (area(BIG), "Sum", "No row or column is labelled 'Sum'"),
        (area(BIG).replace(20, 21), "Total", "counts 78 persons, its parts 79"),
        (
            area(BIG).rename(index={"Total": "England"}, columns={"Total": "all"}),
            "Total",
            "'England' of area is the sum of all others",
        ),
        (area(BIG), {"answer": {"Total": ["yes", "Total"]}}, "is a part of itself"),
        (area(BIG), {"North": ["D", "E"]}, "No part of the total 'North'"),
        (area(BIG), {"county": "Total"}, "names the variable 'county'"),
        (area(BIG).rename(index={"B": "A"}), "Total", "stands twice"),
    ],
)
def test_refusals_say_what_to_do(frame: pd.DataFrame, totals: object, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        protect(frame, totals=totals)  # type: ignore[arg-type]


def test_an_unknown_profile_is_refused_and_every_profile_has_a_legend() -> None:
    with pytest.raises(UsageError, match="no disclosure profile 'strict'"):
        protect(area(BIG), "strict")
    assert [profile.mark in profile.legend for profile in PROFILES.values()] == [True] * 4
