"""Contrast of word use and texts.discourse: properties, dispersion, what is shown and what is not."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.texts.discourse import contrast, dispersion, informative_prior
from joinedup.texts.discourse_result import discourse_result
from joinedup.texts.words import words
from tests.unit.texts.small import code_quote, make_people, make_text, make_texts_study

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 50), min_size=2).filter(lambda c: any(c.values()))


def test_log_odds_by_hand() -> None:
    found = contrast({"tea": 3, "milk": 1}, {"tea": 1, "milk": 3}, 1.0)
    assert list(found["word"]) == ["tea", "milk"]
    assert found["log_odds"][0] == pytest.approx(math.log(4 / 2) - math.log(2 / 4))
    assert found["z"][0] == pytest.approx(math.log(4) / math.sqrt(1 / 4 + 1 / 2))
    assert (found["count_a"][0], found["count_b"][0]) == (3, 1)
    assert found.attrs["prior_mass"] == 2


@given(COUNTS, COUNTS, st.floats(0.01, 5))
def test_groups_exchanged_change_the_sign_alone(a: dict[str, int], b: dict[str, int], prior: float) -> None:
    assume(len({w for c in (a, b) for w, n in c.items() if n}) > 1)
    one, other = contrast(a, b, prior), contrast(b, a, prior)
    there = dict(zip(other["word"], other["z"], strict=True))
    assert all(z == pytest.approx(-there[word]) for word, z in zip(one["word"], one["z"], strict=True))


@given(COUNTS)
def test_a_group_does_not_differ_from_itself(a: dict[str, int]) -> None:
    assume(sum(n > 0 for n in a.values()) > 1)
    assert contrast(a, a)["z"].abs().max() == 0


def test_an_informative_prior_has_its_mass_and_draws_to_no_difference() -> None:
    a, b = Counter(the=90, cab=10), Counter(the=70, cab=30)
    prior = informative_prior(a + b, 100)
    assert sum(prior.values()) == pytest.approx(100)
    weak, strong = contrast(a, b), contrast(a, b, prior)
    assert strong["log_odds"].abs().max() < weak["log_odds"].abs().max()


@pytest.mark.parametrize(
    ("a", "b", "prior"),
    [({}, {"x": 1}, 0.01), ({"x": 1, "y": 1}, {"x": 1}, 0.0), ({"x": 1, "y": 1}, {"x": 1}, {"x": 1.0}),
     ({"x": -1, "y": 1}, {"x": 1}, 1.0), ({"x": 1}, {"x": 2}, 1.0)],
)  # fmt: skip
def test_what_cannot_be_contrasted_is_refused(a: dict[str, int], b: dict[str, int], prior: float) -> None:
    with pytest.raises(ValueError, match=r"contrast|prior|no time"):
        contrast(a, b, prior)


def test_dispersion_by_hand() -> None:
    even = [Counter(x=1, y=9), Counter(x=1, y=9)]
    assert dispersion("x", even) == 0
    assert dispersion("x", [Counter(x=2, y=8), Counter(y=10)]) == pytest.approx(0.5)
    assert dispersion("z", even) is None


def test_words_keep_letters_with_signs_and_apostrophes() -> None:
    assert words("Don\u2019t ask Zo\u00eb's caf\u00e9 at 10!") == ["don't", "ask", "zo\u00eb's", "caf\u00e9", "at"]


def _study(speakers: int = 3) -> Study:
    """Nurses who say ward, teachers who say school; one of them alone says Xanthippe. SIMULATED."""
    texts, labels, people = [], {}, []
    for job, word in (("nurse", "ward"), ("teacher", "school")):
        for n in range(speakers):
            id = f"{job}{n}"
            odd = " Xanthippe Xanthippe Xanthippe Xanthippe." if n == 0 else ""
            said = f"I: Tell me of the zoo zoo zoo.\nR: The {word} is where our {word} day begins and the work ends.{odd}\n"
            texts.append(make_text(id, said))
            labels[id] = {"I": "", "R": f"p-{id}"}
            people.append((f"p-{id}", "w1", "s1", job))
    quote = "The ward is where our ward day begins and the work ends."
    codings = [code_quote(texts[0], quote, "trust", cleared=True), code_quote(texts[1], quote, "trust")]
    return make_texts_study(texts, codings, speakers=labels, people=make_people(people))


def test_a_professions_words_come_first_and_a_name_that_one_says_does_not_show() -> None:
    study = _study()
    found = discourse_result(study)
    assert found is not None
    assert (found.values["nurse.1.word"], found.values["teacher.1.word"]) == ("ward", "school")
    shown = {value for key, value in found.values.items() if key.endswith(".word")}
    assert "xanthippe" not in shown
    assert "zoo" not in shown  # the interviewer's words are nobody's
    assert found.values["nurse.1.people"] == 3
    assert found.values["prior_mass"] == 500
    checker = KeyChecker(study)
    assert [key for key in found.values if not checker.knows("texts.discourse", key)] == []


def test_quotes_are_cleared_and_hold_the_word() -> None:
    found = discourse_result(_study())
    assert found is not None
    assert [quote.passage.text for quote in found.quotes] == ["nurse0"]
    assert "ward" in found.quotes[0].passage.quote
    assert found.quotes[0].attribution == "nurse"


def test_too_few_speakers_are_refused_and_no_speaker_is_nothing() -> None:
    with pytest.raises(NotComputable, match="two professions of at least 3 people"):
        discourse_result(_study(2))
    assert discourse_result(make_texts_study([])) is None
