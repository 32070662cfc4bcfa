"""Staleness: on random edits of a planted study exactly the claims whose bound value or quote moved are marked."""

from __future__ import annotations

import dataclasses
import random

import pytest

from joinedup.study.analysis import make_result
from joinedup.study.digest import canonical
from joinedup.study.finding import Affirmation, Claim, Evidence, Finding
from joinedup.study.model import Study, Texts
from joinedup.study.result import Result, Source
from joinedup.study.texts import Passage, Text
from joinedup.synthesis.findings import BROKEN, CURRENT, POSSIBLY, SAME_VALUE, STALE, judge

FILE = "survey/responses-w1.csv"
RESULT = "survey.level-contrast"
LEVELS = ("governance", "strategy", "procedure", "frontline")
SITES, EDITS = 30, 1000
WORDS = "We met at the school gate and nobody had told the nurse. Then the board decided, and the money came late."
Answers = tuple[tuple[int, ...], ...]
"""Site x level."""


def planted(answers: Answers, words: str = WORDS) -> Study:
    """A study of thirty answers a level, one text, and a claim for each level, each pair of levels and two quotes."""
    rows = [",".join(["response", *LEVELS]), *(f"r{n}," + ",".join(map(str, row)) for n, row in enumerate(answers))]
    text = Text("t1", "interview", "", "", "", "", "", words, words)
    return Study("s", "S", texts=Texts(texts=(text,)), claims=claims(), files={FILE: ("\n".join(rows) + "\n").encode()})


def claims() -> tuple[Claim, ...]:
    one = [Claim(level, "x", (cites(level),)) for level in LEVELS]
    two = [Claim(f"{a}_{b}", f"{{{RESULT}:{a}|.2f}}", (cites(b),)) for a in LEVELS for b in LEVELS if a < b]
    spans = {"gate": (0, 56), "money": (57, 105)}
    said = [
        Claim(id, "x", (Evidence("supports", "texts", passage=Passage("t1", *span, WORDS[slice(*span)])),))
        for id, span in spans.items()
    ]
    return (*one, *two, *said)


def cites(level: str) -> Evidence:
    return Evidence("supports", "survey", result=RESULT, keys=(level,))


def analysed(answers: Answers) -> dict[str, Result]:
    """The means of the levels, rounded to one decimal: an edit may move a cell and not the value."""
    values = {level: round(sum(row[n] for row in answers) / SITES, 1) for n, level in enumerate(LEVELS)}
    sources = {level: (Source(FILE, tuple(range(2, SITES + 2)), (level,)),) for level in LEVELS}
    return {RESULT: make_result(RESULT, values, "Means.", (answers,), sources=sources)}


def affirmed(study: Study, findings: dict[str, Finding]) -> Study:
    ledger = tuple(
        Affirmation(one.id, "A. Reader", "2026-01-01", one.digest, dict(one.inputs), "", dict(one.cited))
        for one in findings.values()
    )
    return dataclasses.replace(study, affirmations=ledger)


def bound(study: Study, results: dict[str, Result]) -> dict[str, object]:
    """By brute force: what each claim binds, read without the code under test."""
    values, words = results[RESULT].values, study.texts.texts[0].content
    found: dict[str, object] = {}
    for claim in study.claims:
        keys = [level for level in LEVELS if level in claim.id.split("_")]
        spans = [piece.passage for piece in claim.evidence if piece.passage]
        found[claim.id] = [canonical(values[key]) for key in keys] + [words[span.start : span.end] for span in spans]
    return found


def edited(rng: random.Random, answers: Answers, words: str) -> tuple[Answers, str]:
    if rng.random() < 0.2:
        at = rng.randrange(len(words))
        return answers, words[:at] + rng.choice("xyz ") + words[at + 1 :]
    site, level = rng.randrange(SITES), rng.randrange(len(LEVELS))
    rows = [list(row) for row in answers]
    rows[site][level] = rng.randint(1, 5)
    return tuple(map(tuple, rows)), words


def test_a_thousand_random_edits_mark_the_claims_whose_value_or_quote_moved_and_no_other() -> None:
    rng = random.Random(20031124)
    answers: Answers = tuple(tuple(rng.randint(1, 5) for _ in LEVELS) for _ in range(SITES))
    study = planted(answers)
    results = analysed(answers)
    ledger = affirmed(study, judge(study, results))
    before = bound(study, results)
    assert {one.freshness for one in judge(ledger, results).values()} == {CURRENT}, "no change, no alarm"
    seen: set[str] = set()
    for _ in range(EDITS):
        changed, words = edited(rng, answers, WORDS)
        now = dataclasses.replace(planted(changed, words), affirmations=ledger.affirmations)
        again = analysed(changed)
        judged = judge(now, again)
        moved = {id for id, what in bound(now, again).items() if what != before[id]}
        assert {one.id for one in judged.values() if one.freshness == STALE} == moved
        assert all(bool(one.moved) == (one.id in moved) for one in judged.values())
        seen |= {one.freshness for one in judged.values()}
    assert seen == {CURRENT, SAME_VALUE, POSSIBLY, STALE}


@pytest.mark.parametrize("gone", [{"governance": 3.0}, {}])
def test_a_value_that_is_gone_breaks_the_claims_that_cite_it(gone: dict[str, float]) -> None:
    answers: Answers = tuple((3, 3, 3, 3) for _ in range(SITES))
    study = planted(answers)
    results = analysed(answers)
    ledger = affirmed(study, judge(study, results))
    fewer = {RESULT: dataclasses.replace(results[RESULT], values=gone)}
    broken = {id for id, one in judge(ledger, fewer).items() if one.freshness == BROKEN}
    lost = [level for level in LEVELS if level not in gone]
    assert broken == {claim.id for claim in study.claims if any(level in claim.id.split("_") for level in lost)}
