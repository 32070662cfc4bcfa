"""The results of integration: their keys are registered, discord is never averaged, order of sites does not matter."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path
from typing import Any

import pytest

from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.study.result import Result
from joinedup.synthesis.integration.configurations import configurations_of
from joinedup.synthesis.integration.results import ANALYSES
from joinedup.synthesis.integration.site_display import statistic_stance, theme_stance
from joinedup.synthesis.realist import frame
from joinedup.workflow.opening import open_study

DEMONSTRATION = Path(__file__).resolve().parents[3] / "examples" / "pathfinders"


@pytest.fixture(scope="module")
def demonstration() -> Study:
    return open_study(DEMONSTRATION)


@pytest.fixture(scope="module")
def scores(demonstration: Study) -> dict[str, Result]:
    """Scores by site, made up: 2.0, 2.1, ... in the study's order, so that discord and agreement are known."""
    values: dict[str, Any] = {}
    for number, site in enumerate(demonstration.programme_sites):
        values |= {f"site.{site.id}.{level}": 2 + number / 10 for level in ("frontline", "procedure")}
    counts = Result(
        "survey.site-answers", "", {"outcomes_improved.yes": 25, "outcomes_improved.answered": 35}, "", "i", "0"
    )
    return {"survey.level-scores": Result("survey.level-scores", "", values, "", "i", "0"), counts.id: counts}


@pytest.fixture(scope="module")
def results(demonstration: Study, scores: dict[str, Result]) -> dict[str, Result]:
    found = {id: analysis(demonstration, scores) for id, analysis in ANALYSES.items()}
    return {id: result for id, result in found.items() if result is not None}


def test_every_key_is_registered_and_every_cell_has_its_value(demonstration: Study, results: dict[str, Result]) -> None:
    assert set(results) == set(ANALYSES)
    checker = KeyChecker(demonstration)
    for result in results.values():
        assert [key for key in result.values if not checker.knows(result.id, key)] == []
        for table in result.tables:
            for row, keys in zip(table.rows, table.keys or [()] * len(table.rows), strict=True):
                assert len(row) == len(table.columns)
                assert all(result.values[key] == cell for key, cell in zip(keys, row, strict=False) if key)


def test_a_study_that_declares_nothing_has_no_result(demonstration: Study, scores: dict[str, Result]) -> None:
    bare = dataclasses.replace(demonstration, synthesis={})
    assert [analysis(bare, scores) for analysis in ANALYSES.values()] == [None] * len(ANALYSES)


def test_discord_stands_as_discord(results: dict[str, Result]) -> None:
    values = results["synthesis.site-display"].values
    # Nearly everybody in the case-study trusts speaks in favour; the made-up scores reach 3.0 from the 11th trust on.
    assert values["reached_frontline.site.t01.statistic"] == 2.0
    assert values["reached_frontline.site.t01.fit"] == "discord"
    assert values["reached_frontline.site.t11.fit"] == "confirm"
    assert values["reached_frontline.site.t03.fit"] == "statistic alone"
    assert values["reached_frontline.discord"] == 7


def test_permuting_sites_leaves_values(
    demonstration: Study, scores: dict[str, Result], results: dict[str, Result]
) -> None:
    turned = dataclasses.replace(demonstration, sites=demonstration.sites[::-1])
    for id in ("synthesis.site-display", "synthesis.statistics-by-theme", "synthesis.case-ordered-display"):
        again = ANALYSES[id](turned, scores)
        assert again is not None
        assert {key: pytest.approx(value) for key, value in again.values.items()} == dict(results[id].values)


@pytest.mark.parametrize(
    ("value", "low", "high", "stance"),
    [
        (3.0, None, None, "supports"),
        (2.9, None, None, "contradicts"),
        (3.1, 2.9, 3.3, "qualifies"),
        (3.4, 3.0, 3.8, "supports"),
        (2.5, 2.1, 2.9, "contradicts"),
    ],
)
def test_a_statistic_speaks_by_its_whole_interval(
    value: float, low: float | None, high: float | None, stance: str
) -> None:
    assert statistic_stance(value, low, high, 3.0) == stance


def test_most_must_speak_for_a_theme_to_speak() -> None:
    assert [theme_stance(n, 0, 4) for n in (0, 2, 3)] == ["silent", "silent", "supports"]
    assert [theme_stance(n, 3, 4) for n in (2, 3)] == ["contradicts", "qualifies"]


def test_fewer_sites_interviewed_than_surveyed_is_told(results: dict[str, Result]) -> None:
    assert any(
        "35 sites have a value, and 8 of them have people interviewed" in caveat
        for caveat in results["synthesis.statistics-by-theme"].caveats
    )


def test_a_study_without_interviews_lets_its_texts_speak(demonstration: Study, scores: dict[str, Result]) -> None:
    kinds = tuple(dataclasses.replace(kind, speakers=False) for kind in demonstration.kinds)
    mute = dataclasses.replace(demonstration, kinds=kinds)
    found = ANALYSES["synthesis.statistics-by-theme"](mute, scores)
    assert found is not None
    assert "of its texts carry it" in found.methods
    assert found.values["sites_interviewed"] == 35  # every trust has a document
    with pytest.raises(NotComputable, match="no interviews"):
        ANALYSES["synthesis.case-ordered-display"](mute, scores)


def test_a_node_without_its_value_is_unmeasured(results: dict[str, Result]) -> None:
    values = results["synthesis.contribution"].values
    assert values["boards.measured"] == 0  # the made-up results lack the board's answers
    assert values["families.measured"] == 0  # declared without a value
    assert values["families.outcomes.state"] == "contested"
    assert values["money.procedures.state"] == "no evidence"


def test_the_table_of_rivals_has_no_column_of_reasons_that_nobody_gave(
    demonstration: Study, scores: dict[str, Result], results: dict[str, Result]
) -> None:
    declared = {name: copy.deepcopy(dict(part)) for name, part in demonstration.synthesis.items()}
    for link in declared["theory-of-change"]["link"]:
        link["rival"] = [{**rival, "reason": ""} for rival in link.get("rival", [])]
    without = ANALYSES["synthesis.contribution"](dataclasses.replace(demonstration, synthesis=declared), scores)
    assert without is not None
    heads = [
        [title for _, title in table.columns]
        for result in (results["synthesis.contribution"], without)
        for table in result.tables
        if table.id == "rivals"
    ]
    assert ["Reason" in head for head in heads] == [True, False]


def test_a_mechanism_without_a_passage_is_a_conjecture(demonstration: Study, results: dict[str, Result]) -> None:
    values = results["synthesis.realist"].values
    assert values["money_moves.status"] == "conjecture"
    assert values["one_room.status"] == "contested"
    found = frame(configurations_of(demonstration), ["t01", "t03"])
    assert found.loc["t01", "one_room"] == 1
    assert found.loc["t03"].sum() == 0


def test_facts_are_counted_and_the_verdict_is_the_persons(demonstration: Study, results: dict[str, Result]) -> None:
    declared = copy.deepcopy(dict(demonstration.synthesis["confidence"]))
    declared["assessment"][0]["overall"] = "very low"
    changed = dataclasses.replace(demonstration, synthesis={"confidence": declared})
    again = ANALYSES["synthesis.confidence"](changed, {})
    before = results["synthesis.confidence"].values
    assert again is not None
    assert again.values["f3.overall"] == "very low"
    assert again.values["f3.passages"] == before["f3.passages"]
    without = dataclasses.replace(
        demonstration, texts=dataclasses.replace(demonstration.texts, codings=(), decisions=())
    )
    fewer = ANALYSES["synthesis.confidence"](without, {})
    assert fewer is not None
    assert fewer.values["f3.passages"] == 3  # those that the finding cites
    assert fewer.values["f3.overall"] == before["f3.overall"]


def test_the_assumptions_of_process_tracing_are_printed(results: dict[str, Result]) -> None:
    found = results["synthesis.process-tracing"]
    assert any("exhaust" in caveat for caveat in found.caveats)
    assert any("judgements" in caveat for caveat in found.caveats)
    assert found.values["trusts_improved.counted"] == 3  # the two pieces of the managers' own work count once


def test_same_inputs_same_result(demonstration: Study, scores: dict[str, Result], results: dict[str, Result]) -> None:
    for id, analysis in ANALYSES.items():
        assert analysis(demonstration, scores) == results[id]
