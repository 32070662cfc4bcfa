"""A file that can't be read is told of alone: what follows from it is held back, and what does not is still listed."""

import shutil
from pathlib import Path

import pytest

from joinedup.study.catalogue import TITLES
from joinedup.study.consequences import DECLARED_IN, FROM_ANY, UNREADABLE, without_consequences
from joinedup.study.problems import Place, Problem
from joinedup.workflow.opening import read_study

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "pathfinders"


@pytest.mark.parametrize("file", [*dict.fromkeys(DECLARED_IN.values())])
def test_one_unreadable_file_makes_a_short_list(file: str, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(EXAMPLE, folder)
    (folder / file).write_text('foo,bar\n1,2,3\n"', encoding="utf-8")
    codings = folder / "texts" / "codings.jsonl"
    codings.write_text(codings.read_text(encoding="utf-8") + "no object\n", encoding="utf-8")
    _, found = read_study(folder)
    assert len(found) <= 8
    told = {(problem.number, problem.place.file) for problem in found}
    assert {("J021", file), ("J018", "texts/codings.jsonl")} <= told


def test_nothing_is_held_back_where_every_file_is_read() -> None:
    unknown = Problem("J124", Place("people.csv", 2, "site"), "`x` is no site of this study.", "Correct it.")
    assert without_consequences([unknown]) == (unknown,)
    elsewhere = Problem("J010", Place("survey/responses-w1.csv", 1, "person"), "Missing.", "Name it.")
    assert without_consequences([elsewhere, unknown]) == (elsewhere, unknown)


def test_the_numbers_are_in_the_catalogue() -> None:
    assert UNREADABLE | DECLARED_IN.keys() | FROM_ANY <= TITLES.keys()
