"""Confidence after GRADE-CERQual: a lowering needs its explanation, a verdict its person; nothing is computed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from joinedup.synthesis.confidence import COMPONENTS, NONE, Assessment, Component, lenient, unexplained

HIGH = Assessment("f1", dict.fromkeys(COMPONENTS, Component(NONE)), "high", "evaluator 1", "2006-02-01")


def with_(name: str, component: Component) -> Assessment:
    return replace(HIGH, components={**HIGH.components, name: component})


def test_a_whole_assessment_lacks_nothing() -> None:
    assert list(unexplained(HIGH)) == []


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_lowering_needs_an_explanation(name: str) -> None:
    assert [part for part, _ in unexplained(with_(name, Component("minor concerns")))] == [name]
    assert list(unexplained(with_(name, Component("minor concerns", "Few managers were asked.")))) == []
    assert [part for part, _ in unexplained(with_(name, Component("some concerns", "x")))] == [name]


def test_a_component_that_is_not_judged_is_told() -> None:
    rest = {name: part for name, part in HIGH.components.items() if name != "adequacy"}
    assert list(unexplained(replace(HIGH, components=rest))) == [("adequacy", "it is not judged")]


@pytest.mark.parametrize(("change", "part"), [({"overall": "low"}, "overall"), ({"by": ""}, "by"), ({"at": " "}, "at")])
def test_the_verdict_is_a_persons_with_a_reason(change: dict[str, str], part: str) -> None:
    assert [found for found, _ in unexplained(replace(HIGH, **change))] == [part]


def test_high_confidence_in_spite_of_a_serious_concern_is_told() -> None:
    assert lenient([with_("coherence", Component("serious concerns", "Two sites say the opposite."))]) == ("f1",)
    assert lenient([HIGH]) == ()
