"""Who sits where by hand: seats held twice, tasks without a body, remits within remits, the map, the results against chance."""

from __future__ import annotations

import pytest

from joinedup.partnership.chance_result import chance_result
from joinedup.partnership.seats import seats_result
from joinedup.report.chapters.partnership import blocks
from joinedup.report.figures.bodies import map_of_bodies
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.study.result import Result
from tests.builders import make_partnership, make_study

BODIES = {
    ("s1", "board"): (("a", "b", "c", "c"), ("x", "y")),
    ("s1", "forum"): (("b", "c"), ("x", "y", "z")),
    ("s1", "panel"): (("d",), ()),
    ("s2", "core"): (("a", "b"), ("x",)),
    ("s2", "rim"): (("a", "c"), ("x",)),
    ("s3", "alone"): (("a",), ("x",)),
}
STUDY = make_study(partnership=make_partnership(BODIES))


def result() -> Result:
    found = seats_result(STUDY)
    assert found is not None
    return found


def test_seats_by_hand() -> None:
    values = result().values
    assert (values["bodies"], values["seats"], values["agencies"], values["tasks"]) == (6, 11, 4, 3)
    # Agency by site: s1 a b c d, s2 a b c, s3 a; on more than one body: b and c at s1, a at s2.
    assert (values["agency_sites"], values["agency_sites_twice"]) == (8, 3)
    assert values["twice_share"] == pytest.approx(3 / 8)
    assert (values["agency.a.sites"], values["agency.a.seats"], values["agency.a.sites_twice"]) == (3, 4, 1)


def test_tasks_by_hand() -> None:
    found = result()
    values = found.values
    # y and z are on no body of s2 and s3; x is on two bodies of s1 and of s2.
    assert [values[f"task.{task}.sites_without"] for task in "xyz"] == [0, 2, 2]
    assert [values[f"task.{task}.sites_twice"] for task in "xyz"] == [2, 1, 0]
    assert values["tasks_without"] == 4
    assert (values["contained"], values["contained_alike"]) == (2, 1)
    rows = found.table("contained")[["inner", "how", "outer"]].to_numpy().tolist()
    assert rows == [["Body board", "lies within", "Body forum"], ["Body core", "the same tasks", "Body rim"]]
    assert found.table("bodies").iloc[0].tolist() == [
        "Site 1",
        "Body board",
        "board",
        "a, b, c",
        "x, y",
        "d-board, p. 1",
    ]
    assert found.sources_of("agency.a.seats")[0].rows == (2, 9, 11, 13)


def test_every_key_is_registered_and_every_cell_has_its_value() -> None:
    checker = KeyChecker(STUDY)
    for found in (result(), chance_result(STUDY)):
        assert found is not None
        assert all(checker.knows(found.id, key) for key in found.values)
        for table in found.tables:
            for row, keys in zip(table.rows, table.keys, strict=False):
                assert all(cell == found.values[key] for cell, key in zip(row, keys, strict=True) if key)


def test_the_map_holds_every_agency_and_task() -> None:
    figure = map_of_bodies(STUDY, result())
    assert figure is not None
    assert [line.cells[0].inlines[0].text for line in figure.table.lines] == list("abcdxyz")
    assert {row["share"] for row in figure.spec["data"]["values"] if row["name"] == "a"} == {4 / 6}
    assert "4 agencies and 3 tasks" in figure.alt


def test_against_chance_the_numbers_are_those_of_the_bodies_with_entries() -> None:
    found = chance_result(STUDY)
    assert found is not None
    values = found.values
    assert (values["members.pairs"], values["draws"]) == (4, 199)
    assert values["members.observed"] == pytest.approx((2 / 3 + 1 / 3) / 4)
    assert values["site.s1.members.observed"] == pytest.approx(2 / 9)
    assert values["members.low"] <= values["members.by_chance"] <= values["members.high"]
    assert 0 < values["members.p"] <= values["members.p_high"] <= 1


def test_where_nothing_could_come_out_otherwise_it_is_said() -> None:
    alike = make_study(partnership=make_partnership({("s1", "b"): (("a",), ()), ("s1", "c"): (("a",), ())}))
    with pytest.raises(NotComputable, match="no other table is possible"):
        chance_result(alike)
    found = chance_result(STUDY)
    assert found is not None
    assert "remits.p" not in found.values
    assert found.caveats == ("Remits: With these numbers of seats no other table is possible, so chance has no say.",)


def test_without_bodies_there_is_nothing() -> None:
    assert seats_result(make_study()) is None
    assert chance_result(make_study()) is None
    assert blocks(make_study(), {}) == []
