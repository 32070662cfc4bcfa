"""The language of expectations, as a table of examples, and its refusals."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.expect import ExpectError, NoValue, parse, references, show

VALUES = {"governance": 3.9, "frontline": 2.9, "a_vs_b.these.low": -0.5, "sites": 35, "none": None, "fit": "discord"}


@pytest.mark.parametrize(
    ("expression", "truth"),
    [
        ("governance > frontline", True),
        ("governance - frontline >= 1", True),
        ("governance < frontline or sites == 35", True),
        ("governance < frontline and sites == 35", False),
        ("not governance < frontline", True),
        ("not not governance < frontline", False),
        ("a_vs_b.these.low < 0", True),
        ("a_vs_b.these.low == -0.5", True),
        ("-a_vs_b.these.low * 2 == 1", True),
        ("sites / 5 - 1 * 2 == 5", True),
        ("sites / (5 - 1) != 5", True),
        ("sites - 5 - 5 == 25", True),
        ("1 < 2 or 1 > 2 and 1 > 2", True),
        ("(1 < 2 or 1 > 2) and 1 > 2", False),
    ],
)
def test_it_means_what_it_says(expression: str, truth: bool) -> None:
    assert parse(f"survey.level-contrast : {expression}").holds(VALUES) is truth


@pytest.mark.parametrize(
    "text",
    [
        "governance > frontline",
        "survey.response :",
        "survey.response : governance",
        "survey.response : governance + 1",
        "survey.response : 1 < 2 < 3",
        "survey.response : (1 < 2",
        "survey.response : 1 < ",
        "survey.response : 1 < 2 2",
        "survey.response : __import__('os').system('x') == 0",
        "survey.response : governance[0] > 1",
        "survey.response : 1 < 2; 3",
        "survey.response : " + "(" * 500 + "1 < 2" + ")" * 500,
    ],
)
def test_it_refuses_what_it_does_not_know(text: str) -> None:
    with pytest.raises(ExpectError):
        parse(text)


@pytest.mark.parametrize("expression", ["none > 1", "unknown > 1", "fit > 1", "1 / (sites - 35) > 1"])
def test_a_missing_number_is_said(expression: str) -> None:
    with pytest.raises(NoValue):
        parse(f"survey.response : {expression}").holds(VALUES)


def test_keys_are_listed_once_and_even_where_they_do_not_decide() -> None:
    expectation = parse("survey.response : sites == 35 or governance > frontline and sites > 1")
    assert expectation.keys == ("sites", "governance", "frontline")


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0.001, 1e6))
def test_arithmetic_is_arithmetic(a: float, b: float, c: float) -> None:
    values = {"a": a, "b": b, "c": c}
    assert parse("x.y : (a + b) / c - a * b <= (a + b) / c - a * b").holds(values)
    assert parse("x.y : a < b").holds(values) is (a < b)


@given(st.text(max_size=60))
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    try:
        expectation = parse(f"survey.response : {text}")
    except ExpectError:
        return
    with contextlib.suppress(NoValue):
        assert expectation.holds(VALUES) in (True, False)


def test_references_of_a_sentence() -> None:
    found = references(
        "Of {survey.response:sites_asked} sites {survey.level-contrast:a_vs_b.these.low|.2f} points {no}."
    )
    assert [(r.result, r.key, r.format) for r in found] == [
        ("survey.response", "sites_asked", ""),
        ("survey.level-contrast", "a_vs_b.these.low", ".2f"),
    ]


@pytest.mark.parametrize(
    ("value", "format_", "shown"),
    [
        (35, "", "35"),
        (83632, "", "83,632"),
        (2.0, "", "2"),
        (0.12345, "", "0.123"),
        (-0.5, ".2f", "−0.50"),
        (1234.56, "", "1,235"),
        (None, ".2f", "–"),
        ("discord", "", "discord"),
        (0.657, ".0%", "66%"),
    ],
)
def test_how_a_value_is_shown(value: float | int | str | None, format_: str, shown: str) -> None:
    assert show(value, format_) == shown
