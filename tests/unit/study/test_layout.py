"""sites.hexjson: what is read, what is refused, what an edit writes; where the cells lie."""

from __future__ import annotations

import itertools
import math

import pytest

from joinedup.study.checks import check_core
from joinedup.study.folder.layout import read_layout, write_layout
from joinedup.study.folder.reading import Reading
from joinedup.study.layout import LAYOUTS, Hex, Layout, centre
from tests.builders import make_study


def _read(text: str) -> tuple[Layout, list[str]]:
    reading = Reading({"sites.hexjson": text.encode("utf-8")})
    return read_layout(reading), [problem.number for problem in reading.problems]


def test_a_map_is_read_and_written() -> None:
    found, problems = _read(
        '{"layout": "even-q", "hexes": {"s1": {"n": "A", "q": -1, "r": 2}, "s2": {"q": 0, "r": 0}}}'
    )
    assert problems == []
    assert found == Layout("even-q", (Hex("s1", -1, 2), Hex("s2", 0, 0)))
    assert _read(write_layout(found).decode()) == (found, [])


def test_no_file_no_map() -> None:
    reading = Reading({})
    assert read_layout(reading) == Layout()
    assert reading.problems == []


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"hexes": []}',
        '{"layout": "square", "hexes": {}}',
        '{"hexes": {"s1": {"q": 1.5, "r": 0}}}',
        '{"hexes": {"s1": {"q": true, "r": 0}}}',
        '{"hexes": {"s1": 3}}',
        '{"hexes": {"s1": {"q": 1, "r": 0}, "s1": {"q": 2, "r": 0}}}',
        "[" * 100_000,
    ],
)
def test_what_can_not_be_read_is_one_problem(text: str) -> None:
    found, problems = _read(text)
    assert found.hexes == ()
    assert problems == ["J118"]


def test_an_unknown_site_and_a_cell_of_two_sites_are_problems() -> None:
    study = make_study(layout=Layout("odd-r", (Hex("s1", 0, 0), Hex("s2", 0, 0), Hex("nowhere", 1, 0))))
    numbers = [problem.number for problem in check_core(study) if problem.place.file == "sites.hexjson"]
    assert sorted(numbers) == ["J118", "J124"]


@pytest.mark.parametrize("kind", LAYOUTS)
def test_neighbours_lie_one_width_apart_and_none_nearer(kind: str) -> None:
    layout = Layout(kind)
    points = [centre(layout, Hex("s", q, r)) for q in range(-2, 4) for r in range(-2, 4)]
    apart = [math.dist(a, b) for a, b in itertools.combinations(points, 2)]
    assert min(apart) == pytest.approx(1)
    assert sum(d < 1.001 for d in apart) > 60
