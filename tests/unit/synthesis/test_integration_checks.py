"""The files of synthesis/ that integrate strands: every mistake has its number, its file and its row."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from joinedup.study.model import Study
from joinedup.study.problems import NotComputable, Place, Problem
from joinedup.study.registry import KeyChecker
from joinedup.synthesis.integration.checks import check
from joinedup.synthesis.integration.results import ANALYSES
from joinedup.synthesis.integration.schema import FILES
from joinedup.workflow.opening import open_study

HOMES = {
    **{name: f"synthesis.{name}" for name in FILES},
    "theory-of-change": "synthesis.contribution",
    "pillar": "synthesis.pillar-integration",
}
DEMONSTRATION = Path(__file__).resolve().parents[3] / "examples" / "pathfinders"


@pytest.fixture(scope="module")
def demonstration() -> Study:
    return open_study(DEMONSTRATION)


def problems(study: Study, name: str, text: str) -> list[Problem]:
    data: dict[str, Any] = tomllib.loads(text)
    file = f"synthesis/{name}.toml"
    changed = dataclasses.replace(study, synthesis={name: data}, files={**study.files, file: text.encode()})
    return list(check(changed, KeyChecker(changed)))


def written(name: str) -> str:
    return (DEMONSTRATION / "synthesis" / f"{name}.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_the_demonstrations_files_are_sound(demonstration: Study, name: str) -> None:
    assert problems(demonstration, name, written(name)) == []


REASON = 'reason = "Records of bodies and spending hold nothing on how children fare."'
SAID = "Professionals tell of single improvements close to families, such as one set of scales for every baby."


@pytest.mark.parametrize(
    ("name", "old", "new", "number"),
    [
        ("triangulation", 'label = "Children', 'lable = "Children', "J640"),
        ("triangulation", "asked = false", 'asked = "no"', "J640"),
        ("triangulation", 'label = "Children\'s outcomes improved because of the trusts"\n', "", "J641"),
        ("triangulation", 'strand = "survey"', 'strand = "surveys"', "J642"),
        ("triangulation", 'meaning = "same"', 'meaning = "alike"', "J642"),
        ("triangulation", "asked = false\n" + REASON, "asked = false", "J646"),
        ("triangulation", REASON, REASON + '\nsays = "Boards thrive."', "J645"),
        ("triangulation", f'says = "{SAID}"\n', "", "J645"),
        ("triangulation", 'first = "survey"\nsecond = "texts"', 'first = "survey"\nsecond = "impact"', "J641"),
        ("triangulation", 'keys = ["outcomes_improved.yes", "outcomes_improved.answered"]', "keys = []", "J641"),
        ("triangulation", '"improving_before"', '"improving_afterwards"', "J602"),
        ("triangulation", 'result = "impact.did"', 'result = "impact.dad"', "J601"),
        ("triangulation", "{impact.did:unclear}", "11", "J604"),
        ("theory-of-change", 'from = "boards"', 'from = "board"', "J644"),
        ("theory-of-change", 'from = "boards"\nto = "governance"', 'from = "governance"\nto = "governance"', "J649"),
        ("theory-of-change", 'assumptions = ["What is', 'strength = "weak"\nassumptions = ["What is', "J651"),
        ("theory-of-change", 'reason = "Managers say so; the estimates do not."\n', "", "J646"),
        ("theory-of-change", 'state = "weakened"\nreason =', 'state = "weakened"\nlabel =', "J640"),
        ("theory-of-change", 'stance = "contradicts"', 'stance = "against"', "J642"),
        ("realist", 'leads_to = "strain_shared"', 'leads_to = "strain"', "J644"),
        ("realist", 'mechanism_codes = ["whole_child"]', 'mechanism_codes = ["hole_child"]', "J306"),
        ("realist", "start = ", "begin = ", "J640"),
        ("realist", 'quote = "The', 'quote = "A', "J308"),
        ("statistics-by-theme", "site.{site}.procedure", "procedure.mean", "J652"),
        ("statistics-by-theme", "survey.level-scores : site.{site}.procedure", "survey.scores : {site}", "J652"),
        ("statistics-by-theme", "share = 0.75", "share = true", "J640"),
        ("case-ordered-display", 'outcome = "survey', 'result = "survey', "J641"),
        ("site-display", "at_least = 3.0\n", "", "J641"),
        ("site-display", 'id = "for_the_few"', 'id = "reached_frontline"', "J122"),
        ("process-tracing", "prior = [0.3, 0.5]", "prior = [0.5, 0.3]", "J643"),
        ("process-tracing", "sensitivity = [0.8, 0.95]", "sensitivity = [0.8, 1.0]", "J643"),
        ("process-tracing", 'by = "rater 1 and rater 2"', 'by = ""', "J641"),
        ("process-tracing", 'result = "impact.did"', 'result = "impact.did"\ndocument = "d001"', "J648"),
        ("confidence", 'finding = "f3"', 'finding = "f33"', "J644"),
        ("confidence", 'finding = "f3"', 'finding = "f7"', "J122"),
        ("confidence", 'explanation = "Eight trusts stand for thirty-five."\n', "", "J646"),
        ("confidence", 'overall = "low"', 'overall = "poor"', "J642"),
        ("pillar", 'reason = "Nobody in the interviews speaks of the questionnaire."\n', "", "J650"),
        ("pillar", 'rows = ["traditions"]', 'rows = ["tradition"]', "J650"),
        ("pillar", 'item = "too_small"', 'item = "small"', "J644"),
        ("threads", 'strand = "texts"', 'strand = "survey"', "J647"),
        ("threads", 'question = "What is it that they have seen?"\n', "", "J647"),
    ],
)
def test_every_mistake_has_its_number(demonstration: Study, name: str, old: str, new: str, number: str) -> None:
    text = written(name)
    assert old in text
    found = problems(demonstration, name, text.replace(old, new, 1))
    assert number in {problem.number for problem in found}
    assert all(problem.place.file == f"synthesis/{name}.toml" for problem in found)


def test_a_problem_stands_at_its_row(demonstration: Study) -> None:
    text = written("theory-of-change").replace('from = "boards"', 'from = "board"', 1)
    found = [one for one in problems(demonstration, "theory-of-change", text) if one.number == "J644"]
    row = next(n for n, line in enumerate(text.split("\n"), 1) if 'from = "board"' in line)
    assert [one.place.row for one in found] == [row - 1]  # the row on which the link begins
    assert "Did you mean `boards`?" in found[0].what


Path_ = tuple[str | int, ...]


def shapes(value: object, path: Path_ = (), seen: set[tuple[str, ...]] | None = None) -> Iterator[Path_]:
    """A path to one value of every kind of key."""
    seen = set() if seen is None else seen
    held = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in held:
        shape = tuple(str(part) for part in (*path, key) if isinstance(part, str))
        if isinstance(key, int) or shape not in seen:
            seen.add(shape)
            yield (*path, key)
        yield from shapes(inside, (*path, key), seen)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("wrong", [7, "x", {}, ["x"]])
def test_nothing_of_a_wrong_type_makes_the_checks_fail(demonstration: Study, name: str, wrong: object) -> None:
    whole = tomllib.loads(written(name))
    for path in shapes(whole):
        broken: Any = copy.deepcopy(whole)
        at = broken
        for part in path[:-1]:
            at = at[part]
        at[path[-1]] = wrong
        changed = dataclasses.replace(demonstration, synthesis={name: broken})
        keys = KeyChecker(changed)
        if not list(check(changed, keys)):
            with contextlib.suppress(NotComputable):  # what passes the checks can be analysed, or is refused in words
                ANALYSES[HOMES[name]](changed, {})


def test_a_passage_that_is_no_table_is_told(demonstration: Study) -> None:
    text = '[[thread]]\nid = "t"\nlabel = "T"\n[[thread.hop]]\nstrand = "texts"\nsays = "x"\nevidence = [{ passage = "x" }]\n'
    assert "J640" in {problem.number for problem in problems(demonstration, "threads", text)}


def test_a_document_of_official_files_is_known_once_they_are_attached() -> None:
    from joinedup.study.rules import document
    from tests.builders import make_study

    place = Place("findings.toml", 3)
    declared = make_study(files={"data.toml": b""})
    assert list(document(declared, "report-2013", place)) == []
    attached = dataclasses.replace(declared, settings={**declared.settings, "data": {"sha256": {}}})
    for study in (attached, make_study()):
        assert [problem.number for problem in document(study, "report-2013", place)] == ["J305"]
