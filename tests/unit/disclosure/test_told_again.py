"""Sentences that hold values of other results - displays, verdicts, exports, labels - are told as the gate lets them. SIMULATED."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from joinedup.disclosure import PROFILES, Register
from joinedup.report.gate.as_shown import UNSAID, as_shown, filled
from joinedup.report.gate.digits import few_digits
from joinedup.report.gate.document import gated_result
from joinedup.report.gate.judged import gated_finding, stops_of_expectations
from joinedup.report.gate.labels import without_counts
from joinedup.report.gate.retold import retold
from joinedup.report.gate.sentences import gated_sentences
from joinedup.report.gate.values import Values
from joinedup.study.finding import Absence, Claim, Evidence, Finding
from joinedup.study.result import Result, Table, Value
from joinedup.synthesis.joint_display import fill
from joinedup.workflow.releasing import gate
from tests.survey_sample import small_study

RESPONSE, JOINT, THEMES = "survey.response", "synthesis.joint-display", "texts.theme-matrix"
HIDDEN = f"{{{RESPONSE}:agency.health.rate|.0%}} of those asked."
ROUNDED = f"{{{RESPONSE}:people_answered}} people; {{survey.level-scores:governance.mean|.2f}} points."


def _result(id: str, values: Mapping[str, Value], methods: str = "", **told: Any) -> Result:
    return Result(id=id, title="", inputs="", version="", values=values, methods=methods, **told)


BEFORE = {
    RESPONSE: _result(RESPONSE, {"agency.health.rate": 0.836, "people_answered": 213, "rate": 0.112}),
    "survey.level-scores": _result("survey.level-scores", {"governance.mean": 3.8149}),
}
VALUES = Values(
    {
        (RESPONSE, "agency.health.rate"): "c",
        (RESPONSE, "people_answered"): 210,
        ("survey.level-scores", "governance.mean"): 3.8,
    },
    (),
    PROFILES["children-la"],
)


def test_a_sentence_with_a_hidden_value_is_not_said_and_a_rounded_one_has_no_more_digits() -> None:
    assert filled(HIDDEN, BEFORE, VALUES) == UNSAID
    assert filled(ROUNDED, BEFORE, VALUES) == "210 people; 3.8 points."
    assert filled(f"{{{RESPONSE}:agency.health.rate}} of them", BEFORE, VALUES) == "c of them"
    assert filled(f"{{{RESPONSE}:rate|.0%}} of them", BEFORE, VALUES) == "11% of them"


@pytest.mark.parametrize(
    ("value", "before", "shown"),
    [(0.852, "85%", "85.2%"), (0.11, "11.2", "11.0"), (3.8, "3.81", "3.8"), (210, "213", "210"), ("c", "4", "c")],
)
def test_a_changed_value_stands_in_the_unit_of_the_sentence(value: float | str, before: str, shown: str) -> None:
    assert as_shown(value, before) == shown


def test_a_display_holds_no_count_that_its_own_result_hides() -> None:
    row = {"id": "a", "proposition": "P", "cell": [{"strand": "survey", "says": HIDDEN}, {"says": ROUNDED}]}
    study = replace(small_study(), synthesis={"joint-display": {"row": [row]}}, claims=())
    cells = (f"supports: {fill(HIDDEN, BEFORE)}", f"qualifies: {fill(ROUNDED, BEFORE)}", "1,213 people; 3.81 points.")
    joint = _result(JOINT, {}, tables=(Table("display", "", (("a", "A"),) * 3, (cells,)),))
    other = _result(THEMES, {}, tables=joint.tables)
    told = retold(study, BEFORE, {JOINT: joint, THEMES: other}, VALUES)
    assert told[JOINT].tables[0].rows == (
        (f"supports: {UNSAID}", "qualifies: 210 people; 3.8 points.", "1,213 people; 3.81 points."),
    )
    assert told[THEMES] == other


def test_a_release_writes_displays_without_hidden_shares() -> None:
    """The page said "Its figures are not shown", and the table below it 75%."""
    cell = {
        "strand": "survey",
        "says": f"{{{RESPONSE}:agency.health.rate|.0%}} of health.",
        "supports": f"{RESPONSE}: rate > 0",
    }
    display = {"joint-display": {"row": [{"id": "a", "proposition": "P", "cell": [cell]}]}}
    gated = gate(replace(small_study(), synthesis=display), Register())
    assert (RESPONSE, "agency.health.rate") in gated.values.hidden
    assert gated.results[JOINT].tables[0].rows[0][1] == f"supports: {UNSAID}"


def _finding(**told: Any) -> Finding:
    return Finding(id="f1", claim="Some.", text="Some.", verdict="inconclusive", freshness="stale", evidence=(), **told)


def test_reasons_hold_no_interval_no_count_and_no_former_value_of_persons() -> None:
    absence = Absence("survey.level-contrast", "low", "high", 0.1)
    wide = "absence is claimed, but the interval, from −0.0247 to 0.119, is not inside the smallest effect"
    small = _result("survey.reliability", {}, refused="There are 4 respondents.")
    told = gated_finding(
        _finding(
            reasons=(wide, f"expected 'x', but survey.reliability has no values: {small.refused}"),
            moved=(f"{RESPONSE}:people_answered was 212 and is 213", "impact.did:n was 3 and is 4", "d:1-2 was cited"),
        ),
        Claim("f1", "Some.", (Evidence("supports", "survey", result=RESPONSE),), absence=(absence,)),
        {small.id: small},
        {small.id: replace(small, refused="There are c respondents.")},
        VALUES,
    )
    assert told.reasons[0] == "absence is claimed, but the interval is not inside the smallest effect"
    assert told.reasons[1].endswith("There are c respondents.")
    assert told.moved == (
        f"{RESPONSE}:people_answered is another value",
        "impact.did:n was 3 and is 4",
        "d:1-2 was cited",
    )


@pytest.mark.parametrize(
    ("expected", "stops"),
    [
        ("people_answered == 213", 1),
        ("people_answered > 211", 1),
        ("people_answered > 204", 0),
        ("people_answered < 300 and rate > 0.1", 0),
        ("agency.health.rate > 0.1", 1),
        ("rate > 0.1", 0),
    ],
)
def test_an_expectation_tells_no_more_than_the_rounded_figure(expected: str, stops: int) -> None:
    finding = replace(
        _finding(), evidence=(Evidence("supports", "survey", result=RESPONSE, expect=(f"{RESPONSE}: {expected}",)),)
    )
    assert len(list(stops_of_expectations({"f1": finding}, BEFORE, VALUES))) == stops


def test_labels_tell_no_count_of_people_that_is_hidden_and_no_interviews_of_a_site() -> None:
    tables = (
        Table("by_profession", "", (("theme", "Theme"), ("nurse", "nurse (of 4)")), (("Access (early)", 3),)),
        Table("by_site", "", (("site", "Site (its texts)"), ("a", "Access")), (("North (18)", 9),)),
    )
    result = _result(THEMES, {"access.people": 9}, tables=tables)
    told = without_counts(result, {("texts.corpus", "profession.nurse"): "c"}).tables
    assert told[0].columns[1] == ("nurse", "nurse")
    assert told[0].rows == (("Access (early)", 3),)
    assert (told[1].columns[0], told[1].rows) == (("site", "Site"), (("North", 9),))
    assert without_counts(result, {}).tables[0].columns[1] == ("nurse", "nurse (of 4)")
    documents = replace(result, values={"access.texts": 9})
    assert without_counts(documents, {}) == documents


def test_a_rounded_count_before_a_verb_is_rounded_in_its_sentence() -> None:
    said = _result("survey.change", {"people_both": 143}, methods="143 have a score in both waves.")
    values = Values({("survey.change", "people_both"): 140}, (), PROFILES["children-la"])
    assert gated_sentences(said, said, values).methods == "140 have a score in both waves."


def test_slopes_on_scores_have_as_few_digits_as_the_scores_of_persons() -> None:
    """Three outcomes of three sites, known to all, and their slopes on the scores: each score follows to the last digit."""
    outcomes, scores = np.array([[1.0, 2.0, 4.0], [0.0, 5.0, 1.0], [3.0, 1.0, 1.0]]), np.array([2.8125, 3.6875, 3.0625])
    weights = (scores - scores.mean()) / ((scores - scores.mean()) ** 2).sum()
    slopes = outcomes @ weights
    assert np.allclose(np.linalg.solve(outcomes, slopes), weights, atol=1e-12)
    values = {f"y{n}.governance.slope": float(slope) for n, slope in enumerate(slopes)}
    dose = _result("impact.dose-response", values)
    told = gated_result(dose, Values({}, (), PROFILES["children-la"])).values
    assert told != values
    assert told == {key: few_digits(value) for key, value in values.items()}
    did = _result("impact.did", values)
    assert gated_result(did, Values({}, (), PROFILES["children-la"])).values == values
