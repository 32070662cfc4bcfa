"""Every value of the registry that speaks of persons is declared to the gate, or listed here with the reason why not."""

import re

import pytest

from joinedup.report.gate.counting import _expression, _leave_out_smaller_total
from joinedup.report.gate.persons import PERSONS
from joinedup.report.gate.population import Population
from joinedup.study.kinds import KINDS

OF_PERSONS = re.compile(
    r"\b(people|persons?|speakers?|raters?|respondents?|interviewe[de]s?|participants?|coders?|who|nobody)\b",
    re.IGNORECASE,
)
A_SITE, A_RATE, A_TEST = (
    "counts sites",
    "a share over hundreds, not of a group",
    "a statistic of a model over all sites",
)
A_TEXT, A_CODER, A_TITLE = "counts passages or turns", "tells of the evaluation's own coders", "words, not a count"
_PARTS = [f"{of}.{what}" for of in ("panel", "cross_section") for what in ("change", "low", "high", "p", "sites")]
NOT_COUNTS_OF_PERSONS = {
    "survey.site-answers": {
        "{item}.answered": A_SITE,
        "{item}.differing": A_SITE,
    },
    "survey.nonresponse": {
        "{level}.unweighted": A_TEST,
        "{level}.weighted": A_TEST,
    },
    "survey.aggregation": {
        "sites": A_SITE,
        "{scale}.k": "a mean over all sites",
    },
    "survey.change": {f"{{level}}.{part}": A_TEST for part in _PARTS},
    "survey.sensitivity": {
        **{f"{{level}}_vs_{{level}}.{way}.estimate": A_TEST for way in ("complete_cases", "unweighted", "raked")},
        "{level}_vs_{level}.proportional_odds.rows": "counts scores over all sites",
    },
    "texts.agreement": {"*": A_CODER},
    "texts.corpus": {"documents": "texts that nobody speaks in", "professions": "counts professions"},
    "texts.theme-matrix": {"{code}.documents": "texts that nobody speaks in"},
    "texts.topics": {
        "turns": A_TEXT,
        "accepted": "counts topics",
        "topic.{n}.accepted": A_TITLE,
    },
    "synthesis.triangulation": {"*": "tells of the evaluation's own raters"},
    "synthesis.case-ordered-display": {"{code}.j": A_TEST},
    "synthesis.statistics-by-theme": {"share": "declared in study.toml"},
    "synthesis.site-display": {"statistic_alone": "counts cells"},
    "synthesis.confidence": {
        "findings": "counts findings",
        "unjudged": "counts findings",
        "{finding}.overall": A_TITLE,
    },
    "synthesis.emphasis": {"without_words": A_SITE},
}
"""Result id -> key (or "*": all of the result) -> why it is not a count of persons."""


def _speaking_of_persons() -> list[tuple[str, str]]:
    return [(kind.id, key) for kind in KINDS for key, what in kind.keys.items() if OF_PERSONS.search(what)]


@pytest.mark.parametrize(("result", "key"), _speaking_of_persons())
def test_a_value_that_speaks_of_persons_is_declared(result: str, key: str) -> None:
    excused = NOT_COUNTS_OF_PERSONS.get(result, {})
    told = key in PERSONS.get(result, {}) or key in excused or "*" in excused
    assert told, f"{result}:{key} speaks of persons; declare it in report/gate/persons.py"


def test_nothing_is_both_declared_and_excused() -> None:
    assert not [(id, key) for id, keys in NOT_COUNTS_OF_PERSONS.items() for key in keys if key in PERSONS.get(id, {})]


def test_every_declaration_is_of_a_key_of_the_registry() -> None:
    keys = {kind.id: set(kind.keys) for kind in KINDS}
    strange = [(id, key) for id, declared in PERSONS.items() for key in declared if key not in keys.get(id, ())]
    assert not strange


def test_the_second_placeholder_of_a_name_is_told_apart() -> None:
    expression = _expression("{code}.{code}.texts", {"code": frozenset({"a", "a_b"})})
    found = expression.fullmatch("a_b.a.texts")
    assert found and found.groupdict() == {"code": "a_b", "code_2": "a"}


@pytest.mark.parametrize(("total", "kept"), [(6, False), (7, True), (8, True)])
def test_a_total_of_fewer_persons_than_its_groups_is_no_total(total: int, kept: bool) -> None:
    population = Population("people at the sites")
    population.add(frozenset({("site", "a")}), 3, ("r", "a"))
    population.add(frozenset({("site", "b")}), 4, ("r", "b"))
    population.add(frozenset(), total, ("r", "all"))
    _leave_out_smaller_total(population)
    assert (frozenset() in population.counts) is kept
