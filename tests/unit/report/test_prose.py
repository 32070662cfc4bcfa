"""Sentences: every number is a reference, a sentence without its value is not said, marks and p values read well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.report.model import Cite, Emph, Text, ValueRef
from joinedup.report.numbers import column, decimals
from joinedup.report.prose import and_list, inlines, plain, ref, say, show_p
from joinedup.study.analysis import make_result

RESULTS = {"survey.response": make_result("survey.response", {"sites_asked": 35, "rate": 0.714, "none": None}, "", ())}


def test_a_template_becomes_words_references_and_citations() -> None:
    parts = inlines(RESULTS, "Of {survey.response:sites_asked} sites, *all* [@key2004] at {survey.response:rate|.0%}.")
    assert parts == (
        Text("Of "),
        ValueRef("survey.response", "sites_asked", "35"),
        Text(" sites, "),
        Emph((Text("all"),)),
        Text(" "),
        Cite("key2004"),
        Text(" at "),
        ValueRef("survey.response", "rate", "71%"),
        Text("."),
    )


def test_a_missing_value_is_a_dash_and_no_link() -> None:
    assert plain(inlines(RESULTS, "{survey.response:gone} and {texts.corpus:texts}")) == "– and –"
    assert not any(isinstance(part, ValueRef) for part in inlines(RESULTS, "{texts.corpus:texts}"))


def test_a_sentence_without_its_value_is_not_said() -> None:
    sentences = ("{survey.response:sites_asked} asked.", "{survey.response:none} none.", "{texts.corpus:texts} texts.")
    assert plain(say(RESULTS, *sentences)) == "35 asked."


@given(st.text(alphabet=st.characters(exclude_characters="*[{"), max_size=60))
def test_words_without_markup_stay_as_they_are(text: str) -> None:
    assert plain(inlines({}, text)) == text


def test_ref_writes_what_inlines_reads() -> None:
    assert plain(inlines(RESULTS, ref("survey.response", "rate", ".1%"))) == "71.4%"


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0004, "<0.001"), (0.04, "0.040"), (1.0, "1.000"), (None, "–"), ("c", "c")]
)
def test_p_values(value: float | str | None, shown: str) -> None:
    assert show_p(value) == shown


def test_a_column_has_the_same_decimals_all_down() -> None:
    assert column("mean", [4.2, 3.123, None, "c", 0.5]) == ["4.20", "3.12", "–", "c", "0.50"]
    assert column("sites", [35, 1200]) == ["35", "1,200"]
    assert column("like_these.p", [0.00001, 0.2]) == ["<0.001", "0.200"]
    assert column("share", [0.625, 1, "c"]) == ["62%", "100%", "c"]
    assert column("rate", [62.5, 1.25]) == ["62.5", "1.2"]
    assert decimals([]) == 0


def test_and_list() -> None:
    assert [and_list(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
