"""Balance beside statistical neighbours, counted by hand; the file's reading and its problems."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.indicators.checks import check
from joinedup.indicators.neighbours import rank_among
from joinedup.indicators.results import ANALYSES
from joinedup.study.checks import check_core
from joinedup.study.folder import read_folder, write_folder
from joinedup.study.indicators import Neighbour
from joinedup.study.model import Study
from tests.unit.indicators.build import comparison, programme, study

LEVELS = {"p": 12, "q": 22, "a": 6, "b": 14, "c": 19, "x": 20}
CELLS = [(site, "2003", "looked_after", level) for site, level in LEVELS.items()]
ROWS = (Neighbour("p", "b", "1"), Neighbour("p", "a", "2"), Neighbour("q", "x", "1"), Neighbour("q", "c", "2"))


def small(rows: tuple[Neighbour, ...] = ROWS, **plan: int) -> Study:
    sites = (*programme("p", "q"), *comparison("a", "b", "c"), *comparison("x", excluded="an earlier adopter"))
    found = study(CELLS, sites=sites, plan={"indicators": plan})
    return dataclasses.replace(found, indicators=dataclasses.replace(found.indicators, neighbours=rows))


def test_each_site_against_the_mean_of_its_own_neighbours() -> None:
    """p has b and a (mean 10), q has c alone (x is left out): differences 2 and 3; programme 12, 22, variance 50."""
    result = ANALYSES["indicators.balance"](small())
    assert result is not None
    values = {key.removeprefix("looked_after."): value for key, value in result.values.items()}
    assert (values["neighbours"], values["n_neighbours"], values["neighbours_difference"]) == (14.5, 2, 2.5)
    assert values["neighbours_standardised"] == pytest.approx(2.5 / math.sqrt((50 + 43) / 2))
    weighted = 2 * (0.5 * 8.5**2 + 0.5 * 0.5**2 + 4.5**2) / (4 - 1.5)
    assert values["neighbours_variance_ratio"] == pytest.approx(50 / weighted)
    assert values["neighbours_rank"] == pytest.approx((0.5 + 1) / 2)
    assert values["rank"] == pytest.approx((1 / 3 + 1) / 2)
    assert (values["with_neighbours"], values["neighbour_sites"], values["imbalanced_neighbours"]) == (2, 3, 1)
    assert result.tables[1].id == "neighbours" and "3 in all" in result.methods


def test_the_plan_says_how_many_neighbours() -> None:
    values = ANALYSES["indicators.balance"](small(neighbours=1)).values
    assert values["looked_after.neighbours"] == (14 + 19) / 2


def test_without_neighbours_nothing_is_said_of_them() -> None:
    result = ANALYSES["indicators.balance"](small(()))
    assert not [key for key in result.values if "neighbour" in key] and "neighbour" not in result.methods


def test_neighbours_without_numbers_are_said_to_be_none() -> None:
    values = ANALYSES["indicators.balance"](small((Neighbour("r", "a", "1"),))).values
    assert values["looked_after.n_neighbours"] == 0 and values["looked_after.neighbours"] is None


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.integers(0, 5))
def test_ranks_are_symmetric(others: list[int], value: int) -> None:
    mirrored = rank_among(-value, [-other for other in others])
    assert rank_among(value, others) + mirrored == pytest.approx(1)
    assert 0 <= mirrored <= 1


@pytest.mark.parametrize(
    ("row", "number", "column"),
    [
        (Neighbour("p", "nowhere", "1", row=2), "J124", "neighbour"),
        (Neighbour("p", "p", "1", row=2), "J513", "neighbour"),
        (Neighbour("p", "a", "first", row=2), "J513", "rank"),
        (Neighbour("p", "a", "0", row=2), "J513", "rank"),
    ],
)
def test_neighbours_that_can_not_stand(row: Neighbour, number: str, column: str) -> None:
    found = [problem for problem in check(small((row,))) if problem.place.file == "indicators/neighbours.csv"]
    assert [(problem.number, problem.place.column) for problem in found] == [(number, column)]


def test_a_plan_of_no_neighbours_is_no_plan() -> None:
    found = [problem for problem in check_core(small(neighbours=0)) if "`neighbours` is 0" in problem.what]
    assert [problem.number for problem in found] == ["J116"]


def test_the_file_is_read_and_written_back(tmp_path: Path) -> None:
    (tmp_path / "indicators").mkdir()
    (tmp_path / "study.toml").write_text('id = "s"\ntitle = "S"\n', encoding="utf-8")
    (tmp_path / "sites.csv").write_text("site,name\np,P\na,A\n", encoding="utf-8")
    file = tmp_path / "indicators/neighbours.csv"
    file.write_text("site,neighbour,rank,source\np,a,1,tool of 2004\n", encoding="utf-8")
    found, problems = read_folder(tmp_path)
    assert not problems and not found.indicators.values
    assert [(n.site, n.neighbour, n.rank, n.row) for n in found.indicators.neighbours] == [("p", "a", "1", 2)]
    more = (*found.indicators.neighbours, Neighbour("a", "p", "1", {"source": "the same"}))
    edited = dataclasses.replace(found, indicators=dataclasses.replace(found.indicators, neighbours=more))
    write_folder(edited, tmp_path / "out")
    written = (tmp_path / "out/indicators/neighbours.csv").read_text(encoding="utf-8")
    assert written == "site,neighbour,rank,source\np,a,1,tool of 2004\na,p,1,the same\n"
