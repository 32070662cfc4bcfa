"""The public names as somebody calls them who hasn't read the manual: right, or a sentence; never silence, never a fall."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from joinedup.disclosure import AuditedCell, CountTable, Profile, Register, audit_release, protect, protect_release
from joinedup.study.problems import UsageError

COUNTS = [[12, 20, 8], [3, 25, 14], [15, 30, 11], [18, 22, 9]]


def with_margins(counts: object = COUNTS, unit: str = "site", total: object = "Total") -> pd.DataFrame:
    inner = np.array(counts)
    across = np.hstack([inner, inner.sum(axis=1, keepdims=True)])
    every = np.vstack([across, across.sum(axis=0, keepdims=True)])
    rows, columns = list("ABCDEFG")[: len(inner)], [f"answer {n}" for n in range(inner.shape[1])]
    return pd.DataFrame(every, index=pd.Index([*rows, total], name=unit), columns=pd.Index([*columns, total], name="q"))


def released(table: pd.DataFrame, totals: Any) -> list[AuditedCell]:
    return audit_release([table], totals=totals)


def printed(hidden: list[tuple[str, str]], unit: str = "site", total: object = "Total") -> pd.DataFrame:
    frame = with_margins(unit=unit, total=total).astype(object)
    for place in hidden:
        frame.loc[place] = "c"
    return frame


ROW_ONLY = [("B", "answer 0"), ("B", "answer 2")]


@pytest.mark.parametrize(
    "release",
    [
        [printed(ROW_ONLY)],
        printed(ROW_ONLY),
        {"answers": printed(ROW_ONLY)},
        [printed(ROW_ONLY).T],
        [printed(ROW_ONLY, unit="town")],
        [printed(ROW_ONLY).rename_axis(index=None, columns=None)],
        [printed(ROW_ONLY).map(lambda figure: "[c]" if figure == "c" else figure)],
        [CountTable(printed(ROW_ONLY))],
    ],
)
def test_row_only_suppression_is_seen_however_the_table_is_handed_over(release: object) -> None:
    """Totals of sites that nobody rounded (48, 97, 42) aren't taken for rounded ones: the interval is [3, 3]."""
    found = audit_release(release)  # type: ignore[arg-type]
    assert [(cell.low, cell.high) for cell in found] == [(3, 3)]


def test_totals_that_can_be_rounded_are_read_by_the_rule() -> None:
    safe = protect(with_margins())
    assert list(safe.table.loc["Total"]) == [50, 100, 40, 190]
    assert audit_release([safe.table]) == []


def test_margins_without_the_suppressed_people_are_seen_lying_on_their_side() -> None:
    answers = pd.DataFrame(
        {"yes": [12, "c", 15, 27], "no": [20, 25, 30, 75], "Total": [32, 25, 45, 102]},
        index=pd.Index(["A", "B", "C", "Total"], name="town"),
    ).rename_axis(columns="answer")
    sites = pd.Series([32, 28, 45, 105], index=answers.index, name="children")
    for one, other in ((answers, sites), (answers.T, sites), (answers, sites.rename(None).to_frame().T)):
        assert {cell.low for cell in audit_release([one, other])} == {3}


@pytest.mark.parametrize(
    ("frame", "totals"),
    [
        (with_margins(total="All"), "Total"),
        (with_margins([[3, 20], [30, 40]], total="All"), "Total"),
        (printed(ROW_ONLY, total="All"), "Total"),
        (printed(ROW_ONLY), None),
        (with_margins(), None),
        (with_margins(), {}),
        (with_margins(), {"Total": []}),
        (with_margins(), {"Total": ["A", "B", "C", "D"]}),
        (with_margins().iloc[::-1].rename(index={"Total": "England"}), {"q": "Total"}),
        (pd.Series([53, 3, 20, 30], index=["England", "A", "B", "C"]), "Total"),
        (
            pd.DataFrame(
                {"x": [23, 3, 20, 30, 10, 20], "y": [26, 5, 21, 30, 11, 19], "z": [50, 25, 25, 90, 40, 50]},
                index=pd.Index(["North", "A", "B", "South", "C", "D"], name="town"),
            ),
            "Total",
        ),
    ],
)
def test_a_margin_that_is_not_declared_is_refused_wherever_it_stands(frame: pd.DataFrame, totals: Any) -> None:
    """With 42 = c + 25 + 14 beside it, a 3 that is hidden alone gives itself away."""
    for call in (protect, released):
        with pytest.raises(UsageError, match="doesn't say that it is a total"):
            call(frame, totals=totals)


def test_labels_that_add_up_by_chance_can_be_said_to() -> None:
    frame = with_margins(unit="town")
    safe = protect(frame, totals={"town": "Total", "q": None})
    assert list(safe.table.loc["B"]) == ["c", 25, 14, 42]
    small = pd.Series([1, 2, 3], index=["A", "B", "C"])
    assert list(protect(small).table[0]) == ["c", "c", "c"]


@pytest.mark.parametrize("totals", [0, {"site": 0, "q": 0}, {"site": {0: ["A", "B", "C", "D"]}, "q": 0}])
def test_totals_may_be_numbers(totals: Any) -> None:
    assert list(protect(with_margins(total=0), totals=totals).table[0]) == [40, 42, 56, 49, 190]


@pytest.mark.parametrize(
    "call",
    [
        lambda: protect(with_margins(), totals=["Total"]),  # type: ignore[arg-type]
        lambda: protect(with_margins(), totals=True),
        lambda: protect(with_margins(), totals=5),
        lambda: protect(with_margins(), ["nhs"]),  # type: ignore[arg-type]
        lambda: protect(with_margins(), register={"version": 1}),  # type: ignore[arg-type]
        lambda: protect(protect(with_margins())),  # type: ignore[arg-type]
        lambda: protect(with_margins().astype(str)),
        lambda: protect(with_margins().astype(float) * 1e300),
        lambda: protect(CountTable(with_margins(), structural=["A"])),  # type: ignore[list-item]
        lambda: protect_release(None),  # type: ignore[arg-type]
        lambda: audit_release("table.csv"),  # type: ignore[arg-type]
        lambda: audit_release([None]),  # type: ignore[list-item]
        lambda: Register().with_release("first", [with_margins()]),  # type: ignore[list-item]
        lambda: Profile("own", "Own", "us", threshold="5"),  # type: ignore[arg-type]
        lambda: Profile("own", "Own", "us", threshold=0),
        lambda: Profile("own", "Own", "us", threshold=5, base=0),
        lambda: Profile("own", "Own", "us", threshold=5, mark="12"),
        lambda: Profile("own", "Own", "us", threshold=5, mark=""),
        lambda: Profile("own", "Own", "us", threshold=5, mark="z"),
    ],
)
def test_what_cannot_be_meant_is_told_in_a_sentence(call: Callable[[], object]) -> None:
    with pytest.raises(UsageError) as told:
        call()
    assert str(told.value).endswith(".")


def test_releases_take_frames_by_name_or_in_a_list() -> None:
    frame = with_margins(unit="town")
    for tables in (frame, [frame], {"answers": frame}, CountTable(frame)):
        assert [one.audit().safe for one in protect_release(tables)] == [True]
    assert protect_release({"answers": frame})[0].name == "answers"


NESTED = pd.MultiIndex.from_tuples(
    [("N", "a"), ("N", "b"), ("N", "Total"), ("S", "c"), ("S", "d"), ("S", "Total")], names=["region", "town"]
)


def test_towns_of_one_region_are_nobody_in_the_other() -> None:
    """20 of 23 are in b; nobody of the North is in c or d, so the hidden a is 3."""
    found = audit_release([pd.DataFrame({"n": ["c", 20, 23, 8, 9, 17]}, index=NESTED)])
    assert {(str(cell.cell), cell.low, cell.high) for cell in found} == {("region = N, town = a", 3, 3)}
    safe = protect(pd.DataFrame({"n": [3, 20, 23, 8, 9, 17]}, index=NESTED))
    assert list(safe.table["n"]) == ["c", "c", 23, 8, 9, 17]
    register = Register.from_dict(json.loads(json.dumps(Register().with_release("first", [safe]).to_dict())))
    assert audit_release([safe], register=register) == []


def test_rows_that_were_left_out_of_a_nested_table_still_hold_persons() -> None:
    """25 in the North, 23 of them shown: what isn't shown isn't nobody."""
    frame = pd.DataFrame({"n": [3, 20, 25, 8, 9, 17]}, index=NESTED)
    assert protect(frame).audit().safe


def test_the_margin_of_a_cross_tabulation_of_two_row_variables_is_a_total() -> None:
    """pandas writes it (All, ""): the 3 of C follow from 53 - 20 - 30."""
    persons = pd.DataFrame({"town": np.repeat(list("ABC"), [20, 30, 3]), "region": np.repeat(list("NNS"), [20, 30, 3])})
    answers = pd.Series(np.tile(["y", "n"], 27)[:53], name="answer")
    table = pd.crosstab([persons.region, persons.town], answers, margins=True)
    safe = protect(table, totals="All")
    assert safe.audit().safe
    cell = next(cell for cell in safe.audit().cells if str(cell.cell) == "region = S, town = C")
    assert cell.low == 0
    assert cell.high is None or cell.high > 5
    marked = table.astype(object)
    marked.loc[("S", "C")] = "c"
    assert ("region = S, town = C", 3, 3) in {
        (str(c.cell), c.low, c.high) for c in audit_release([marked], totals="All")
    }
