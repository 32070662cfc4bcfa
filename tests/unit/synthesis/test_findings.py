"""Verdicts and freshness of findings, on results made by hand."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping

import pytest

from joinedup.study.finding import Absence, Affirmation, Claim, Evidence
from joinedup.study.model import Study, Texts
from joinedup.study.result import Result, Source, Value
from joinedup.study.texts import Passage, Text
from joinedup.synthesis import findings as f

CSV = b"response,person,wave,q1,q2\nr1,p1,w1,4,2\nr2,p2,w1,5,3\n"
SURVEY = "survey.level-contrast"


def a_result(id: str = SURVEY, sources: Mapping[str, tuple[Source, ...]] | None = None, **values: Value) -> Result:
    return Result(id, "", values, "", "inputs", "0", sources=sources or {})


def results_of(*results: Result) -> dict[str, Result]:
    return {result.id: result for result in results}


def a_study(*claims: Claim, csv: bytes = CSV, text: str = "All well.") -> Study:
    texts = Texts(texts=(Text("t1", "interview", "", "", "", "", "", f"sha-{text}", text),))
    files = {"survey/responses-w1.csv": csv}
    return Study("s", "S", texts=texts, claims=claims, files=files)


def cites(stance: str = "supports", *keys: str, expect: tuple[str, ...] = ()) -> Evidence:
    return Evidence(stance, "survey", result=SURVEY, keys=keys or ("governance",), expect=expect)


def judge(claim: Claim, *results: Result) -> str:
    return f.judge(a_study(claim), results_of(*results))[claim.id].verdict


HIGH = a_result(governance=3.9, frontline=2.9)
HOLDS = (f"{SURVEY} : governance > frontline",)
FAILS = (f"{SURVEY} : governance < frontline",)


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        ([cites(expect=HOLDS)], f.SUPPORTED),
        ([cites(expect=HOLDS), cites("qualifies")], f.QUALIFIED),
        ([cites(expect=HOLDS), cites("qualifies"), cites("contradicts")], f.CONTESTED),
        ([cites(expect=FAILS), cites("contradicts")], f.NO_LONGER),
        ([cites(), cites("contradicts", expect=FAILS)], f.NO_LONGER),
        ([cites(), Evidence("silent", "indicators", note="nothing was taken")], f.SUPPORTED),
    ],
)
def test_the_verdict_follows_the_evidence(evidence: list[Evidence], verdict: str) -> None:
    assert judge(Claim("f1", "x", tuple(evidence)), HIGH) == verdict


def test_a_value_that_is_none_is_no_support() -> None:
    claim = Claim("f1", "x", (cites(expect=HOLDS),))
    finding = f.judge(a_study(claim), results_of(a_result(governance=None, frontline=2.9)))["f1"]
    assert finding.verdict == f.NO_LONGER
    assert "governance has no number" in finding.reasons[0]


def test_a_refused_result_is_no_support_and_says_why() -> None:
    refused = dataclasses.replace(a_result(), values={}, refused="two sites only")
    finding = f.judge(a_study(Claim("f1", "x", (cites(expect=HOLDS),))), results_of(refused))["f1"]
    assert (finding.verdict, "two sites only" in finding.reasons[0]) == (f.NO_LONGER, True)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-1.0, 1.5, f.SUPPORTED),
        (-2.5, 1.5, f.INCONCLUSIVE),
        (-2.0, 1.0, f.INCONCLUSIVE),
        (None, 1.0, f.INCONCLUSIVE),
    ],
)
def test_absence_needs_an_interval_inside_the_smallest_effect(low: Value, high: Value, verdict: str) -> None:
    absence = Absence("impact.did", "rate.low", "rate.high", 2.0)
    claim = Claim("f1", "no change", (cites(),), absence=(absence,))
    assert judge(claim, HIGH, a_result("impact.did", **{"rate.low": low, "rate.high": high})) == verdict


def test_a_claim_with_silence_alone_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="no evidence"):
        Claim("f1", "x", (Evidence("silent", "texts"),))
    with pytest.raises(ValueError, match="no evidence"):
        Claim("f1", "x", ())


def test_the_sentence_carries_the_values() -> None:
    claim = Claim("f1", f"Governance stood at {{{SURVEY}:governance|.2f}}.", (cites(),))
    assert f.judge(a_study(claim), results_of(HIGH))["f1"].text == "Governance stood at 3.90."


SOURCES = {
    "governance": (Source("survey/responses-w1.csv", (2, 3), ("q1",)),),
    "frontline": (Source("survey/responses-w1.csv", (2, 3), ("q2",)),),
}


def freshness(claim: Claim, before: Study, seen: Result, after: Study, now: Result) -> str:
    finding = f.judge(before, results_of(seen))[claim.id]
    affirmed = Affirmation(claim.id, "reader", "2006-03-01", finding.digest, finding.inputs)
    later = dataclasses.replace(after, affirmations=(affirmed,))
    return f.judge(later, results_of(now))[claim.id].freshness


def test_freshness_tells_value_cell_text_and_gone_apart() -> None:
    claim = Claim("f1", "x", (cites("supports", "governance"),))
    quoted = Claim("f1", "x", (Evidence("supports", "texts", passage=Passage("t1", 0, 3, "All")),))
    seen = a_result(governance=4.5, frontline=2.5, sources=SOURCES)
    study = a_study(claim)
    assert f.judge(study, results_of(seen))["f1"].freshness == f.NOT_AFFIRMED
    assert freshness(claim, study, seen, study, seen) == f.CURRENT
    newer = dataclasses.replace(seen, version="9", inputs="other")
    assert freshness(claim, study, seen, study, newer) == f.CURRENT, "never the code's version or all inputs"
    assert freshness(claim, study, seen, study, a_result(governance=4.6, sources=SOURCES)) == f.STALE
    ninth = a_result(governance=4.5 + 1e-12, sources=SOURCES)
    assert freshness(claim, study, seen, study, ninth) == f.CURRENT
    swapped = a_study(claim, csv=CSV.replace(b"w1,4,2", b"w1,5,2").replace(b"w1,5,3", b"w1,4,3").replace(b"r2", b"rX"))
    assert freshness(claim, study, seen, swapped, seen) == f.CURRENT, "the same cells in other rows"
    moved = a_study(claim, csv=CSV.replace(b"w1,4,2", b"w1,4.0,2"))
    assert freshness(claim, study, seen, moved, seen) == f.SAME_VALUE
    elsewhere = a_study(claim, csv=CSV.replace(b"w1,4,2", b"w1,4,5"))
    assert freshness(claim, study, seen, elsewhere, seen) == f.CURRENT, "a cell behind another value"
    assert freshness(claim, study, seen, study, a_result(frontline=2.5)) == f.BROKEN
    before, after = a_study(quoted), a_study(quoted, text="All well now.")
    assert freshness(quoted, before, seen, after, seen) == f.POSSIBLY
    assert freshness(quoted, before, seen, a_study(quoted, text="Not well."), seen) == f.STALE
    assert freshness(quoted, before, seen, dataclasses.replace(after, texts=Texts()), seen) == f.BROKEN


def test_a_thousand_edits_mark_exactly_the_claims_whose_values_moved() -> None:
    rng = random.Random(35)
    keys = [f"k{n}" for n in range(40)]
    claims = tuple(Claim(f"f{n}", "x", (cites("supports", *rng.sample(keys, 3)),)) for n in range(60))
    values = {key: rng.choice([1.0, 2.0, 3.0]) for key in keys}
    study = a_study(*claims)
    seen = f.judge(study, results_of(a_result(**values)))
    affirmed = tuple(Affirmation(c.id, "reader", "", seen[c.id].digest, seen[c.id].inputs) for c in claims)
    study = dataclasses.replace(study, affirmations=affirmed)
    for _ in range(1000):
        edited = {**values, rng.choice(keys): rng.choice([1.0, 2.0, 3.0])}
        now = f.judge(study, results_of(a_result(**edited)))
        stale = {id for id, finding in now.items() if finding.freshness == f.STALE}
        moved = {c.id for c in claims if any(values[key] != edited[key] for key in c.evidence[0].keys)}
        assert stale == moved
