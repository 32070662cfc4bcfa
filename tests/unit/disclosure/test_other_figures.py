"""What is no count: means, extremes, sums, models, whole groups, promises to sites, and quotes."""

from __future__ import annotations

import pandas as pd
import pytest

from joinedup.disclosure import (
    Attribution,
    CountTable,
    dominance_risks,
    extreme_risks,
    mean_risks,
    model_risks,
    protect,
    quote_risks,
    site_risks,
    whole_group_risks,
)
from joinedup.study.site import Person


def test_means_of_few_persons() -> None:
    (stop,) = mean_risks({"nurses": 5, "teachers": 6, "police": 0})
    assert stop.place == "nurses"
    assert str(stop).startswith("nurses: The mean of nurses rests on 5 persons.")
    assert [found.place for found in mean_risks({"a": 7, "b": 8}, "nhs")] == ["a"]


def test_extremes_are_a_persons_own_value() -> None:
    assert [stop.place for stop in extreme_risks({"the maximum of age": 1, "the maximum of the scale": 12})] == [
        "the maximum of age"
    ]


def test_dominance_by_the_rules_of_secure_services() -> None:
    sums = {"by two": [60, 35, 5], "even": [10, 10, 10, 10], "by one": [100, 1, 9], "alone": [5], "nothing": [0, 0]}
    found = {stop.place: stop.why for stop in dominance_risks(sums)}
    assert sorted(found) == ["alone", "by one", "by two"]
    assert "make up 95% of it" in found["by two"]
    assert dominance_risks({"edge": [50, 40, 5, 5]}) == []
    (p,) = dominance_risks({"p": [60, 35, 5.9, 0, 20]}) or [None]  # type: ignore[list-item]
    assert p is None
    with pytest.raises(ValueError, match="0 or more"):
        dominance_risks({"x": [1, -1]})


def test_saturated_models() -> None:
    (stop,) = model_risks({"full": (20, 12), "small": (50, 4)})
    assert "8 degrees of freedom" in stop.what


def test_a_small_group_that_shares_one_answer() -> None:
    frame = pd.DataFrame({"yes": [8, 60, 12], "no": [0, 0, 9]}, index=["A", "B", "C"])
    frame["Total"] = frame.sum(axis=1)
    table = CountTable(frame.rename_axis("site").rename_axis("answer", axis=1), name="answers")
    (stop,) = whole_group_risks(table, "answer")
    assert stop.what == "All 8 of site = A have answer = yes."
    assert [found.what for found in whole_group_risks(protect(table), "answer")] == [stop.what]


def test_promises_to_sites() -> None:
    (stop,) = site_risks({"London": ["t1", "t2", "t2"], "North": ["t3", "t4", "t5"]}, 3)
    assert (stop.place, "2 sites" in stop.what) == ("London", True)


PEOPLE = [
    *(Person(f"n{i}", "w1", f"t{i % 2}", "health", "nurse") for i in range(12)),
    Person("p1", "w1", "t0", "education", "educational psychologist"),
    *(Person(f"e{i}", "w1", "t1", "education", "educational psychologist") for i in range(9)),
]


def test_a_role_that_one_person_holds_at_a_site() -> None:
    quotes = [
        Attribution(profession="educational psychologist", place="quote 1"),
        Attribution(site="t0", profession="educational psychologist", place="quote 2"),
        Attribution(site="t0", profession="nurse", place="quote 3"),
        Attribution(place="quote 4"),
        Attribution(site="t9", place="quote 5"),
    ]
    found = {stop.place: stop for stop in quote_risks(quotes, PEOPLE)}
    assert sorted(found) == ["quote 2", "quote 5"]
    assert "Only one person fits that" in found["quote 2"].why
    assert "never both" in found["quote 2"].what_to_do
    assert [stop.place for stop in quote_risks(quotes, PEOPLE, least=7)] == ["quote 2", "quote 3", "quote 5"]
