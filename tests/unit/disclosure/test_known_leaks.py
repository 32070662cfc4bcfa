"""Leaks that other tools were measured to have, by the numbers of the reference (8.2): each is stopped here."""

from __future__ import annotations

import pandas as pd
import pytest

from joinedup.disclosure import CountTable, audit_release, protect, protect_release
from joinedup.study.problems import UsageError

SITES = pd.DataFrame(
    {"improved": [12, 3, 15], "not": [20, 25, 30]}, index=pd.Index(["A", "B", "C"], name="site")
).rename_axis("outcome", axis=1)


def with_margins(frame: pd.DataFrame) -> pd.DataFrame:
    found = frame.copy()
    found.loc["Total"] = found.sum()
    found["Total"] = found.sum(axis=1)
    return found


def four_by_three() -> pd.DataFrame:
    rows = [[12, 20, 8], [3, 25, 14], [15, 30, 11], [18, 22, 9]]
    return with_margins(pd.DataFrame(rows, index=list("ABCD"), columns=["1", "2", "3"]))


def test_1_margins_recomputed_without_the_suppressed_people() -> None:
    printed = SITES.astype(object)
    printed.loc["B", "improved"] = "c"
    printed["Total"] = [32, 25, 45]
    alone = CountTable(pd.DataFrame({"n": [32, 28, 45]}, index=SITES.index), name="sites")
    found = audit_release([CountTable(printed, name="outcomes"), alone])
    assert {(str(cell.cell), cell.low, cell.high) for cell in found if cell.kind == "two values"} == {
        ("site = B", 3, 3)
    }
    assert "differs by 3 persons" in str(found[0].stop)


def test_1_two_true_counts_that_differ_are_refused_before_anything_is_published() -> None:
    recomputed = SITES.assign(Total=[32, 25, 45]).drop(columns="improved")
    alone = pd.DataFrame({"n": [32, 28, 45]}, index=SITES.index)
    with pytest.raises(UsageError, match="25 persons in table 'a' and 28 in 'b'"):
        protect_release([CountTable(recomputed, name="a"), CountTable(alone, name="b")])


def test_1_protected_together_the_two_tables_say_nothing() -> None:
    tables = [
        CountTable(SITES.assign(Total=SITES.sum(axis=1)), name="outcomes"),
        CountTable(pd.DataFrame({"n": SITES.sum(axis=1)}), name="sites"),
    ]
    safe = protect_release(tables)
    assert audit_release(safe) == []
    assert safe[0].table.loc["B", "improved"] == "c"
    for table in tables:
        assert audit_release([protect(table)]) == []


def test_2_the_small_cell_hidden_alone_is_solved() -> None:
    printed = four_by_three().astype(object)
    printed.loc["B", "1"] = "c"
    (found,) = audit_release([printed])
    assert (found.low, found.high, found.feasible) == (3, 3, 1)
    assert "It can be worked out: it is 3" in str(found.stop)


def test_2_row_only_secondary_suppression_is_solved_by_the_columns() -> None:
    printed = four_by_three().astype(object)
    printed.loc["B", ["1", "3"]] = "c"
    solved = {str(cell.cell): (cell.low, cell.high) for cell in audit_release([printed])}
    assert solved == {"columns = 1, rows = B": (3, 3)}


def test_2_the_complement_leaves_0_to_15() -> None:
    safe = protect(four_by_three())
    hidden = {(row, column) for row in safe.table.index for column in safe.table if safe.table.loc[row, column] == "c"}
    assert hidden == {("B", "1"), ("A", "1"), ("A", "3"), ("B", "3")}
    (cell,) = safe.audit().cells
    assert (cell.low, cell.high, cell.disclosed) == (0, 15, False)


def test_5_thirty_five_sites_thirty_four_shown() -> None:
    names = [f"s{n}" for n in range(1, 36)]
    shown = pd.DataFrame({"n": [*range(20, 54), sum(range(20, 54)) + 3]}, index=[*names[:34], "England"])
    table = CountTable(shown, {"rows": {"England": names}})
    safe = protect(table)
    assert audit_release([safe]) == []
    assert (safe.table["n"] == "c").any()
    (found,) = audit_release([table])
    assert (str(found.cell), found.low, found.high) == ("rows = s35", 3, 3)
    assert "isn't shown" in str(found.stop)
