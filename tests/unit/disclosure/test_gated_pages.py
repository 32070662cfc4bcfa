"""The pages of a release are written from what the gate lets through: no hidden value is there to be written. SIMULATED."""

from __future__ import annotations

import json
import re

import pytest

from joinedup.disclosure import PROFILES, Register
from joinedup.report.gate.document import gated_result
from joinedup.report.gate.judged import gated_finding
from joinedup.report.gate.sentences import gated_sentences
from joinedup.report.gate.values import Values, protected_values
from joinedup.report.model import Code, Folded, Group, TableBlock, Text, walk
from joinedup.study.finding import Claim, Evidence
from joinedup.study.result import Result
from joinedup.synthesis.findings import judge
from joinedup.workflow.release_set import Gated
from joinedup.workflow.releasing import ReleaseRefused, gate
from joinedup.workflow.running import compute
from tests.survey_sample import small_study

RESPONSE = "survey.response"


@pytest.fixture(scope="module")
def gated() -> Gated:
    scores = {"people": "people with a score", "reason": "A score tells of a site."}
    return gate(small_study(settings={"disclosure": {"open": [scores]}}), Register())


def test_the_ledger_prints_marks_and_no_row_numbers(gated: Gated) -> None:
    records = [part for part in walk(gated.document.sections) if isinstance(part, Folded) and part.kind == "record"]
    assert records
    assert not [
        part for record in records for part in walk(record) if isinstance(part, Group) and part.id[:5] == "rows-"
    ]
    printed = 0
    for block in (
        part for part in walk(tuple(records)) if isinstance(part, TableBlock) and part.id.startswith("values-")
    ):
        for line in block.lines:
            key = next(part.text for part in walk(line.cells[0]) if isinstance(part, Code))
            if (block.id.removeprefix("values-"), key) in gated.values.hidden:
                printed += 1
                assert [part.text for part in walk(line.cells[1]) if isinstance(part, Text)] == ["c"], key
    assert printed


def test_files_of_numbers_hold_marks(gated: Gated) -> None:
    table = gated.document.tables["t-survey-response-by-agency"]
    names = [name for name, _ in table.columns]
    hidden = [row for row in table.rows if row[names.index("answered")] == "c"]
    assert hidden
    assert {row[names.index("rate")] for row in hidden} == {"c"}
    assert {row[names.index("sites_answered")] for row in hidden} == {"c"}


def test_no_dot_and_no_word_tells_whether_a_hidden_count_is_a_small_one(gated: Gated) -> None:
    """Hollow dots, "fewer than 5 raters" and bars of few raters stand in the working report."""
    ranked = next(figure for figure in gated.document.figures if figure.id == "ranked-sites")
    table = gated.document.tables["data-ranked-sites"]
    assert [name for name, _ in table.columns] == ["site", "score"]
    drawn = json.dumps(ranked.spec)
    assert "fewer than" not in drawn
    assert {(row["low"], row["high"]) for row in ranked.spec["data"]["values"]} == {(None, None)}
    assert not re.search(r"fewer|rater", f"{ranked.alt} {ranked.note}")


SAID = Result(
    id="r",
    title="Answers",
    inputs="",
    version="",
    values={"people": 213, "few": 4},
    methods="213 of 250 people answered; 35 of 35 sites. At least 3 people say a word, 4 people at one site did.",
    refused="A scale needs at least 10 respondents; there are 4.",
    caveats=("Only 3 respondents are nurses in the north.", "Of 222 and 213 people, 143 answered twice."),
)


def test_counts_that_stand_typed_in_a_sentence_are_marked_too() -> None:
    values = Values({("r", "people"): 210, ("r", "few"): "c"}, (), PROFILES["children-la"])
    told = gated_sentences(SAID, SAID, values)
    assert told.methods.startswith("210 of 250 people answered; 35 of 35 sites. At least 3 people say a word, c people")
    assert told.refused == "A scale needs at least 10 respondents; there are c."
    assert told.caveats == ("Only c respondents are nurses in the north.", "Of 222 and 210 people, 143 answered twice.")


def test_a_digest_of_a_hidden_count_is_no_secret() -> None:
    claim = Claim("f1", "Some.", (Evidence("supports", "survey", result=RESPONSE, keys=("site.s1.answered",)),))
    study = small_study(claims=(claim,))
    results, _ = compute(study)
    finding = judge(study, results)["f1"]
    assert finding.digest
    values = protected_values(study, results, PROFILES["children-la"])
    told = gated_finding(finding, claim, results, results, values)
    assert not (told.digest or told.inputs or told.cited)
    assert results[RESPONSE].inputs
    gated = gated_result(results[RESPONSE], values)
    assert not (gated.sources or gated.inputs)


def test_an_expectation_of_a_hidden_count_is_stopped() -> None:
    evidence = Evidence("supports", "survey", result=RESPONSE, expect=(f"{RESPONSE}: site.s1.answered == 4",))
    with pytest.raises(ReleaseRefused) as refusal:
        gate(small_study(claims=(Claim("f1", "Four answered.", (evidence,)),)), Register())
    (told,) = refusal.value.stops
    assert "Finding f1 expects" in told.what and "site.s1.answered is suppressed" in told.what
    assert "on which side of the number" in told.why
