"""A superlative of a release speaks of the sites and themes of which it may be told, and says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from joinedup.report.chapters.survey_quality import _furthest_apart
from joinedup.report.chapters.texts import _all_told, _lead, _widest
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Value
from joinedup.study.texts import Code
from tests.survey_sample import small_study


def result(id: str, values: dict[str, Value]) -> Result:
    return Result(id=id, title=id, values=values, inputs="", version="", methods="")


@pytest.mark.parametrize(
    ("first", "begins"), [(1.8, "Agencies differ most at"), ("c", "Of the 2 sites of which it is told,")]
)
def test_the_sites_that_differ_most_are_those_that_may_be_told(first: Value, begins: str) -> None:
    study = small_study()
    keys = [f"site.{key_part(site.id)}.agency_range" for site in study.programme_sites][:3]
    found = result("survey.aggregation", dict(zip(keys, (first, 1.0, 0.5), strict=True)))
    (sentence,) = _furthest_apart(study, found)
    assert sentence.startswith(begins)


@pytest.mark.parametrize(
    ("people", "begins"), [(9, "The most widely voiced theme is"), ("c", "The most widely voiced theme of")]
)
def test_the_theme_most_widely_voiced_is_one_that_may_be_told(people: Value, begins: str) -> None:
    study = small_study()
    study = replace(study, texts=replace(study.texts, codes=(Code("a", "A"), Code("b", "B"))))
    themes = result("texts.theme-matrix", {"a.people": people, "b.people": 7, "a.documents": 0, "b.documents": 0})
    sentence, *_ = _lead(_widest(study, themes), voiced=True, all_told=_all_told(study, themes))
    assert sentence.startswith(begins)
