"""The chapter and figures of integration: the map of the theory of change, cases in order, nothing where nothing is declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joinedup.report.chapters import integration
from joinedup.report.figures.integration import case_order, theory_map
from joinedup.report.figures.spec import ALT_LIMIT
from joinedup.report.model import Figure, Heading, TableBlock, ValueRef, walk
from joinedup.study.model import Study
from joinedup.study.result import Result
from joinedup.synthesis.integration.results import ANALYSES
from joinedup.synthesis.integration.theory import theory_of
from joinedup.workflow.opening import open_study


@pytest.fixture(scope="module")
def demonstration(root: Path) -> Study:
    return open_study(root / "examples" / "pathfinders")


@pytest.fixture(scope="module")
def results(demonstration: Study) -> dict[str, Result]:
    values: dict[str, Any] = {}
    for number, site in enumerate(demonstration.programme_sites):
        values |= {f"site.{site.id}.{level}": 2 + number / 10 for level in ("frontline", "procedure")}
    scores = {"survey.level-scores": Result("survey.level-scores", "", values, "", "i", "0")}
    found = {id: analysis(demonstration, scores) for id, analysis in ANALYSES.items()}
    return {id: result for id, result in found.items() if result is not None}


def test_the_map_shows_every_step_and_link(demonstration: Study, results: dict[str, Result]) -> None:
    theory = theory_of(demonstration, results)
    assert theory is not None
    figure = theory_map(theory, results["synthesis.contribution"])
    assert figure is not None
    assert len(figure.table.lines) == len(theory.links)
    assert len(figure.alt) <= ALT_LIMIT
    words = " ".join(row["label"] for row in figure.spec["layer"][-1]["data"]["values"])
    assert all(word in words for node in theory.nodes for word in node.label.split())
    boxes = [len(layer["data"]["values"]) for layer in figure.spec["layer"] if layer["mark"]["type"] == "rect"]
    assert boxes == [len(theory.nodes) - len(theory.unmeasured), len(theory.unmeasured)]


def test_cases_stand_in_the_order_of_the_outcome(demonstration: Study, results: dict[str, Result]) -> None:
    declared = demonstration.synthesis["case-ordered-display"]
    result = results["synthesis.case-ordered-display"]
    figure = case_order(demonstration, result, declared["codes"], declared["label"])
    assert figure is not None
    assert figure.table.data is not None
    outcomes = [row[1] for row in figure.table.data.rows]
    assert outcomes == sorted(outcomes, key=lambda value: float(value or 0))
    assert "Descriptive, n = 8" in figure.note


def test_the_chapter_refers_to_values_that_are_there(demonstration: Study, results: dict[str, Result]) -> None:
    blocks = integration.blocks(demonstration, results)
    parts = list(walk(tuple(blocks)))
    elsewhere = {"synthesis.emphasis", "synthesis.cooperation"}  # stand with the partnerships
    assert len([part for part in parts if isinstance(part, Heading)]) == len(ANALYSES.keys() - elsewhere)
    assert len([part for part in parts if isinstance(part, Figure)]) == 2
    assert all(part.key in results[part.result].values for part in parts if isinstance(part, ValueRef))
    shown = {part.result for part in parts if isinstance(part, TableBlock)}
    assert shown == ANALYSES.keys() - elsewhere


def test_a_study_that_joins_nothing_has_no_chapter() -> None:
    assert integration.blocks(Study("s", "S"), {}) == []
