"""The joint display: stances follow from values, and disagreement stands as disagreement."""

from __future__ import annotations

import pytest

from joinedup.study.model import Study
from joinedup.study.registry import KeyChecker
from joinedup.study.result import Result
from joinedup.synthesis.joint_display import fill, joint_display, joint_rows

RESULTS = {
    "survey.site-answers": Result("survey.site-answers", "", {"improved.yes": 25, "sites": 35}, "", "i", "0"),
    "impact.did": Result("impact.did", "", {"better": 0, "indicators": 12, "worse": None}, "", "i", "0"),
}
SURVEY = {"strand": "survey", "says": "{survey.site-answers:improved.yes} of {survey.site-answers:sites}"}
YES = "survey.site-answers : improved.yes > sites / 2"
NO = "survey.site-answers : improved.yes < sites / 2"
NULL = "impact.did : better == 0"


def a_study(*cells: dict[str, str]) -> Study:
    row = {"id": "improved", "proposition": "Outcomes improved", "cell": list(cells)}
    return Study("s", "S", synthesis={"joint-display": {"row": [row]}})


def impact(**conditions: str) -> dict[str, str]:
    return {"strand": "impact", "says": "none of {impact.did:indicators}", **conditions}


@pytest.mark.parametrize(
    ("cells", "fit"),
    [
        ([{**SURVEY, "supports": YES}, impact(supports=NULL)], "confirm"),
        ([{**SURVEY, "supports": YES}, impact(contradicts=NULL)], "discord"),
        ([{**SURVEY, "supports": YES}, impact(qualifies=NULL)], "qualified"),
        ([{**SURVEY, "supports": NO}, impact(contradicts=NULL)], "against"),
        ([{**SURVEY, "supports": NO}], "silent"),
        ([{**SURVEY, "supports": YES, "contradicts": YES}], "against"),
    ],
)
def test_the_fit_of_a_row(cells: list[dict[str, str]], fit: str) -> None:
    study = a_study(*cells)
    assert [row.fit for row in joint_rows(study, RESULTS)] == [fit]
    display = joint_display(study, RESULTS)
    assert display is not None
    assert display.values[fit] == 1
    assert sum(display.values[name] for name in ("confirm", "qualified", "discord", "against", "silent")) == 1  # type: ignore[misc]
    checker = KeyChecker(study)
    assert all(checker.knows(display.id, key) for key in display.values)


def test_the_cell_says_its_numbers_and_a_missing_one_is_a_dash() -> None:
    assert fill("{survey.site-answers:improved.yes} of {survey.site-answers:none}", RESULTS) == "25 of –"
    table = joint_display(a_study({**SURVEY, "supports": YES}), RESULTS)
    assert table is not None
    assert table.table()["survey"][0] == "supports: 25 of 35"


def test_a_condition_without_a_number_leaves_the_strand_silent_with_the_reason() -> None:
    (row,) = joint_rows(a_study(impact(supports="impact.did : worse > 0")), RESULTS)
    assert (row.cells[0].stance, row.cells[0].reason) == ("silent", "worse has no number")


def test_no_rows_no_display() -> None:
    assert joint_display(Study("s", "S"), RESULTS) is None
