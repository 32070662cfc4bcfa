"""QCA of a study: every problem of qca.toml, the demonstration's result, robustness, exclusions, cases to look into."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from joinedup.study.model import Study
from joinedup.study.registry import KeyChecker
from joinedup.survey.results import ANALYSES
from joinedup.synthesis import qca
from joinedup.synthesis.qca.checks import check
from joinedup.synthesis.qca.study_result import qca_result
from joinedup.workflow.opening import open_study

Declared = dict[str, Any]


@pytest.fixture(scope="module")
def study(root: Path) -> Study:
    return open_study(root / "examples" / "pathfinders")


def changed(study: Study, change: Callable[[Declared], object]) -> Study:
    declared = tomllib.loads(study.files["synthesis/qca.toml"].decode())
    change(declared)
    return dataclasses.replace(study, synthesis={**study.synthesis, "qca": declared})


CHANGES: list[tuple[str, Callable[[Declared], object]]] = [
    ("J670", lambda d: d.update(outcomes="frontline")),
    ("J670", lambda d: d.update(inclusion="high")),
    ("J671", lambda d: d.pop("reason")),
    ("J671", lambda d: d["set"][0].pop("label")),
    ("J672", lambda d: d["set"][0].update(key="site.t01.frontline")),
    ("J672", lambda d: d["set"][0].update(attribute="region")),
    ("J672", lambda d: d["set"][3].update(item="no_such_item")),
    ("J673", lambda d: d["set"][0]["anchors"][1].pop("reason")),
    (
        "J673",
        lambda d: d["set"][0]["anchors"].reverse() or d["set"][0]["anchors"].insert(0, d["set"][0]["anchors"].pop()),
    ),
    ("J673", lambda d: d["set"][0]["anchors"].pop()),
    ("J673", lambda d: d["set"][0].update(method="by_eye")),
    ("J673", lambda d: d["set"][3].pop("reason")),
    ("J674", lambda d: d["set"][1].pop("because")),
    ("J675", lambda d: d["conditions"].append("no_such_set")),
    ("J675", lambda d: d["conditions"].append("frontline")),
    ("J676", lambda d: d.update(inclusion=80)),
    ("J676", lambda d: d.update(frequency=0)),
]


@pytest.mark.parametrize(("number", "change"), CHANGES)
def test_what_is_wrong_in_qca_toml_is_told(study: Study, number: str, change: Callable[[Declared], object]) -> None:
    assert not list(check(study))
    assert number in {problem.number for problem in check(changed(study, change))}


def test_the_demonstration_compares_all_trusts(study: Study) -> None:
    scores = ANALYSES["survey.level-scores"](study)
    assert scores is not None
    result = qca_result(study, {"survey.level-scores": scores})
    assert result is not None
    values = result.values
    assert (values["sites"], values["left_out"], values["rows_possible"]) == (35, 0, 32)
    assert values["intermediate.models"] == 2
    assert values["parsimonious.1.formula"] == "procedures*system*formal + procedures*system*~deprived"
    keys = KeyChecker(study)
    assert [key for key in values if not keys.knows("synthesis.qca", key)] == []
    assert result.sources_of("case.t01.in.frontline") == scores.sources_of("site.t01.frontline")
    assert sum(int(str(values[key])) for key in values if key.startswith("row.") and key.endswith(".cases")) == 35


DATA = {"A": [1, 1, 1, 0, 0, 0], "B": [1, 1, 0, 1, 0, 0], "Y": [1, 1, 1, 0, 0, 1]}


def test_cut_offs_move_until_the_models_change() -> None:
    table = qca.truth_table(DATA, "Y", ["A", "B"], inclusion=0.8)
    solve = qca.Solver()
    span = qca.inclusion_range(table, solve)
    assert (span.low, span.high, span.high_open) == (pytest.approx(0.5), 1, True)
    assert span.low > 0.5  # at 0.5 the contradictory row joins
    wide = qca.frequency_range(table, solve)
    assert (wide.low, wide.high) == (1, 1)
    assert qca.pri_range(table, solve).high == 1


def test_a_crossover_moves_until_a_case_changes_sides() -> None:
    raw = [1.0, 2.0, 4.0, 8.0, 9.0]
    anchors = [0.0, 6.0, 10.0]
    data = {"A": qca.calibrate(raw, anchors), "Y": [0, 0, 0, 1, 1]}
    span = qca.anchor_range(qca.truth_table(data, "Y", ["A"], inclusion=0.75), "A", raw, anchors, 1, qca.Solver())
    assert 4 < span.low <= 6 <= span.high < 8


def test_the_robust_core_of_equal_solutions_is_the_solution() -> None:
    x, y = np.array([0.9, 0.6, 0.2]), np.array([1.0, 0.4, 0.1])
    same = qca.core_fit(x, [x, x], y)
    assert (same.rf_cov, same.rf_cons, same.rf_sc_min, same.rf_sc_max) == (1, 1, 1, 1)
    less = qca.core_fit(x, [np.array([0.9, 0.3, 0.2])], y)
    assert less.rf_sc_min == pytest.approx(1.4 / 1.7)


def test_excluded_remainders_are_not_assumed() -> None:
    data = {"A": [1, 0], "B": [1, 0], "Y": [1, 0]}
    table, negated = (qca.truth_table(data, outcome, ["A", "B"]) for outcome in ("Y", "~Y"))
    assert qca.contradictory_assumptions(table, negated) == (2, 3)
    exclude = qca.untenable(table, impossible=["A*~B"])
    assert exclude == (3,)
    assert qca.minimize(table, "?", exclude=exclude).models == [["B"]]
    assert qca.untenable(table, necessary=["A"]) == (2,)


def test_cases_to_look_into() -> None:
    table = qca.truth_table({**DATA, "Y": [0.9, 0.3, 0.8, 0.1, 0.2, 0.7]}, "Y", ["A", "B"], inclusion=0.6)
    found = {(one.case, one.kind) for one in qca.cases_to_study(qca.minimize(table))}
    assert ("2", "deviant in consistency") in found
    assert ("6", "deviant in coverage") in found
