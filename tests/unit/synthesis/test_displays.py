"""Displays that join strands: a quote that goes marks its cell and no other; the order of sites changes no value."""

from __future__ import annotations

import dataclasses
import functools
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.partnership.results import ANALYSES as PARTNERSHIP
from joinedup.study.analysis import make_result
from joinedup.study.finding import Affirmation, Claim, Evidence
from joinedup.study.model import Study, Texts
from joinedup.study.result import Result, Source
from joinedup.study.texts import Code, Coding, Passage, Text
from joinedup.survey.results import ANALYSES as SURVEY_RESULTS
from joinedup.synthesis.findings import CURRENT, POSSIBLY, judge
from joinedup.synthesis.integration.by_theme import by_theme_result
from joinedup.synthesis.integration.site_display import site_display_result
from joinedup.synthesis.joint_display import joint_display
from joinedup.texts.results import ANALYSES as TEXTS
from joinedup.workflow.opening import open_study

SURVEY = {"strand": "survey", "says": "{survey.site-answers:improved.yes} of {survey.site-answers:sites}"}
YES = "survey.site-answers : improved.yes > sites / 2"
QUOTES = ("Nobody told the nurse.", "The money came late.", "We share one room now.")
SAID = " ".join(QUOTES)


def with_quotes(*kept: int, people: tuple[str, ...] = ()) -> Study:
    """A study whose row has a theme: each quote is coded by a line of codings.jsonl, each said by another person."""
    spans = [(SAID.index(quote), SAID.index(quote) + len(quote)) for quote in QUOTES]
    lines = [
        json.dumps({"text": "t1", "start": a, "end": b, "quote": q, "code": "room", "coder": "c1"})
        for q, (a, b) in zip(QUOTES, spans, strict=True)
    ]
    codings = tuple(Coding(Passage("t1", *spans[n], QUOTES[n]), "room", "c1") for n in kept if str(n) not in people)
    cells = [
        {"strand": "texts", "says": "{texts.corpus:documents} documents", "supports": "texts.corpus : documents > 0"},
        {**SURVEY, "supports": YES},
    ]
    row = {"id": "improved", "proposition": "Outcomes improved", "theme": "room", "cell": cells}
    claims = tuple(
        Claim(
            strand,
            "x",
            (Evidence("supports", strand, result="synthesis.joint-display", keys=(f"improved.{strand}",)),),
        )
        for strand in ("texts", "survey")
    )
    texts = Texts(
        texts=(Text("t1", "interview", "", "", "", "", "", SAID, SAID),), codes=(Code("room", "Room"),), codings=codings
    )
    shown = "\n".join(line if n in kept else "" for n, line in enumerate(lines)) + "\n"
    files = {"texts/codings.jsonl": shown.encode(), "survey/responses-w1.csv": b"response,a\nr1,3\n"}
    return Study("s", "S", texts=texts, claims=claims, synthesis={"joint-display": {"row": [row]}}, files=files)


def of_strands(study: Study) -> dict[str, Result]:
    said = [coding.passage.quote for coding in study.texts.codings]
    rows = tuple(QUOTES.index(quote) + 1 for quote in said)
    themes = make_result(
        "texts.theme-matrix",
        {"room.passages": 2},
        "M.",
        rows,
        sources={"room": (Source("texts/codings.jsonl", rows, ("text", "start", "end", "quote")),)},
    )
    corpus = make_result("texts.corpus", {"documents": 1}, "M.", ())
    answers = make_result(
        "survey.site-answers",
        {"improved.yes": 25, "sites": 35},
        "M.",
        (),
        sources={"": (Source("survey/responses-w1.csv", (2,), ("a",)),)},
    )
    found = {one.id: one for one in (themes, corpus, answers)}
    display = joint_display(study, found)
    assert display is not None
    return {**found, display.id: display}


def freshness(before: Study, after: Study) -> dict[str, str]:
    first = judge(before, of_strands(before))
    ledger = tuple(
        Affirmation(one.id, "A. Reader", "2026-01-01", one.digest, dict(one.inputs), "", dict(one.cited))
        for one in first.values()
    )
    return {
        id: one.freshness
        for id, one in judge(dataclasses.replace(after, affirmations=ledger), of_strands(after)).items()
    }


def test_a_removed_or_withdrawn_quote_marks_its_cell_and_no_other() -> None:
    whole = with_quotes(0, 1, 2)
    assert freshness(whole, whole) == {"texts": CURRENT, "survey": CURRENT}
    assert freshness(whole, with_quotes(0, 1)) == {"texts": POSSIBLY, "survey": CURRENT}
    # Whoever said the third quote takes it back: its line still stands in the file, its coding is out of the study.
    assert freshness(whole, with_quotes(0, 1, 2, people=("2",))) == {"texts": POSSIBLY, "survey": CURRENT}


READ = ("survey.level-scores", "survey.site-answers", "partnership.provision", "texts.theme-matrix", "texts.corpus")


def displays(study: Study) -> dict[str, dict[str, object]]:
    """The values of the displays, over strands that are computed from the study as it stands."""
    strands = {**SURVEY_RESULTS, **PARTNERSHIP, **TEXTS}
    results = {id: found for id in READ if (found := strands[id](study)) is not None}
    made = (joint_display(study, results), site_display_result(study, results), by_theme_result(study, results))
    return {one.id: dict(one.values) for one in made if one is not None}


@functools.cache
def demonstration() -> tuple[Study, dict[str, dict[str, object]]]:
    study = open_study(Path(__file__).resolve().parents[3] / "examples" / "pathfinders")
    return study, displays(study)


@settings(max_examples=5, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_the_order_of_sites_changes_no_value(seed: int) -> None:
    study, expected = demonstration()
    sites = random.Random(seed).sample(study.sites, len(study.sites))
    found = displays(dataclasses.replace(study, sites=tuple(sites)))
    assert len(found) == 3
    for id, values in expected.items():
        assert found[id] == {
            key: pytest.approx(value, abs=1e-12) if isinstance(value, float) else value for key, value in values.items()
        }
