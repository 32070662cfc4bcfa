"""The printed pages as HTML: the language they name, words that stay words, what they refuse."""

from __future__ import annotations

import re

import pytest

from joinedup.adapters.render.printed import codebook_page, paper_page
from joinedup.study.model import Programme, Study, Survey
from joinedup.study.problems import UsageError
from joinedup.study.survey import Choice, Instrument, Item
from tests.builders import make_study

WORDS = {"English (en)": "Which?", "Français (fr)": "Lequel ?"}
LISTS = {"l": (Choice("a", {"English (en)": "One", "Français (fr)": "Un"}), Choice("b", {}))}
BODY = (
    Item("q", "select_one", "Which?", {"a": "One", "b": ""}, labels=WORDS, list_name="l"),
    Item("t", "text", "<i>Why</i> & how?", relevant="${q} = 'a'"),
)
FORM = Instrument("1", "A <form>", BODY, BODY, LISTS, ("Français (fr)", "English (en)"))


def study(instrument: Instrument | None = FORM, simulated: bool = False) -> Study:
    return make_study(survey=Survey(instrument), programme=Programme("P", simulated=simulated))


def text(html: str) -> str:
    """What a reader sees of the page's body."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<body>")[2]).split())


@pytest.mark.parametrize(
    ("language", "tag", "words"),
    [
        ("", "en", ("Which?", "One")),
        ("English (en)", "en", ("Which?", "One")),
        ("Français (fr)", "fr", ("Lequel ?", "Un")),
    ],
)
def test_a_form_names_the_language_that_it_speaks(language: str, tag: str, words: tuple[str, str]) -> None:
    page = paper_page(study(), language)
    assert f'<html lang="{tag}">' in page
    assert all(word in text(page) for word in words)
    assert f"Only if question 1 is “{words[1]}”." in text(page)


def test_an_option_without_words_shows_its_code() -> None:
    assert re.search(r'aria-hidden="true"></span><span>b</span></li>', paper_page(study()))


def test_words_stay_words_and_only_simulated_studies_say_so() -> None:
    for make in (paper_page, codebook_page):
        page = make(study())
        assert "A &lt;form&gt;" in page
        assert "&lt;i&gt;Why&lt;/i&gt; &amp; how?" in page
        assert "SIMULATED DATA" not in text(page)
        assert "SIMULATED DATA" in text(make(study(simulated=True)))
        assert make(study()) == page


def test_what_can_not_be_printed() -> None:
    with pytest.raises(UsageError, match="The form has no 'de'"):
        paper_page(study(), "de")
    for make in (paper_page, codebook_page):
        with pytest.raises(UsageError, match="no questionnaire"):
            make(study(None))
