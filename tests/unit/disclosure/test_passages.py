"""Passages, texts and codes that may leave outside a report, and why others may not. All data SIMULATED."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.adapters.exchange.studies import codebook_of
from joinedup.disclosure.profiles import profile_of
from joinedup.report.gate.barred import Barred
from joinedup.report.gate.passages import Leaving, leaving_codes, leaving_texts
from joinedup.study.exchanged import SetMember
from joinedup.study.model import Study
from joinedup.study.texts import Code, Passage
from joinedup.study.withdrawals import Withdrawal
from joinedup.texts.withdrawn import without_withdrawn
from tests.unit.texts.small import PLAN, code_quote, make_people, make_text, make_texts_study

TALK = "Q: Well?\nAnna: We meet and\n decide.\nBen: I ring 020 7946 0018.\n"
RULES = profile_of("children-la")


def study_of(nurses: int = 12, *quotes: str, **parts: object) -> Study:
    """A talk of two nurses and a plan; `quotes` of the talk are cleared."""
    talk, plan = make_text("t1", TALK), make_text("d1", "Ring 020 7946 0018 for the plan.", PLAN, row=3)
    codings = [code_quote(talk, quote, "trust", cleared=True) for quote in quotes]
    codings.append(code_quote(plan, "Ring 020 7946 0018", "trust"))
    given = {
        "speakers": {"t1": {"Q": "", "Anna": "p1", "Ben": "p2"}},
        "people": make_people([(f"p{n}", "", f"s{n % 3 + 1}", "nurse") for n in range(1, nurses + 1)]),
        **parts,
    }
    return make_texts_study((talk, plan), codings, **given)  # type: ignore[arg-type]


def judged(study: Study, *passages: Passage) -> Leaving:
    return Leaving(study, RULES, [*(coding.passage for coding in study.texts.codings), *passages])


@pytest.mark.parametrize(
    ("quote", "why"),
    [
        ("We meet and\n decide.", ""),
        ("decide.\nBen: I ring", "one person"),
        ("Anna: We meet", "one person"),
        ("Well?", "one person"),
        ("I ring 020 7946 0018.", "looks like"),
    ],
)
def test_a_passage_leaves_that_is_one_persons_and_names_nobody(quote: str, why: str) -> None:
    study = study_of(12, quote)
    passage = study.texts.codings[0].passage
    leaving = judged(study)
    assert (why in leaving.why_not(passage), leaving.quote(passage) is None) == (True, bool(why))


def test_what_somebody_said_leaves_without_its_text_and_a_public_text_with_it() -> None:
    study = study_of(12, "We meet and\n decide.")
    said, public = (judged(study).quote(coding.passage) for coding in study.texts.codings)
    assert said is not None
    assert public is not None
    assert (said.attribution, said.source, said.place) == ("Nurse", "", "")
    assert public.source == "d1:0-18", "a number in a text that its own authors published is no secret"


@given(st.integers(min_value=2, max_value=12))
def test_a_quote_leaves_where_as_many_fit_as_the_profile_shows(nurses: int) -> None:
    study = study_of(nurses, "We meet and\n decide.")
    assert (judged(study).quote(study.texts.codings[0].passage) is not None) == (nurses > RULES.threshold)


def test_words_that_are_not_those_of_the_text_or_were_withdrawn_stay() -> None:
    study = study_of(12, "We meet and\n decide.")
    other = Passage("t1", 15, 22, "We mate")
    assert "no longer those of its text" in judged(study, other).why_not(other)
    gone = replace(study, withdrawals=(Withdrawal("p1", "", "A", "2006-01-01", "letter"),))
    left = without_withdrawn(gone)
    cited = study.texts.codings[0].passage
    assert judged(left, cited).quote(cited) is None


def test_rows_are_of_public_texts_that_have_words() -> None:
    study = study_of()
    texts, held = leaving_texts(study)
    assert ([text.id for text in texts], sum(held.values())) == (["d1"], 1)
    blank = without_withdrawn(replace(study, withdrawals=(Withdrawal("", "d1", "A", "2006-01-01", "letter"),)))
    assert "It was withdrawn." in leaving_texts(blank)[1]


def test_an_example_stays_where_its_words_may_leave_however_its_lines_are_broken() -> None:
    codes = (
        Code("trust", "Trust", example="“We meet and decide.”"),
        Code("money", "Money", example="I ring 020 7946 0018."),
        Code("plan", "Plan", example="for the plan"),
        Code("made-up", "Made up", example="Nobody said this."),
    )
    study = study_of(12, "We meet and\n decide.", codes=codes)
    told, held = leaving_codes(study, judged(study))
    assert [bool(code.example) for code in told] == [True, False, True, False]
    assert sum(held.values()) == 2


def test_a_codebook_of_anonymous_sites_names_none() -> None:
    codes = (
        Code("a", "As in Site 1"),
        Code("b", "Below", parent="a"),
        Code("c", "C", "Site 2 does.", keywords=("Site 2", "c")),
    )
    settings = {"disclosure": {"sites": "anonymous"}}
    study = study_of(12, codes=codes, settings=settings)
    sets = (SetMember("Of Site 3", "code:b"), SetMember("s", "code:a"), SetMember("s", "code:b", "Told by Anna."))
    study = replace(study, settings=settings, texts=replace(study.texts, codings=(), sets=sets))
    told, held = leaving_codes(study, judged(study))
    assert [(code.id, code.definition, code.keywords) for code in told] == [("b", "", ()), ("c", "", ("c",))]
    assert sum(held.values()) == 2
    book = codebook_of(study, told)
    assert [(one.name, one.codes, one.description) for one in book.sets] == [("s", ("b",), "")]


def test_without_a_promise_and_names_nothing_is_barred() -> None:
    barred = Barred(study_of())
    assert (barred.why("Site 1 decides."), barred.site_in("Site 1"), barred.promised) == ("", "", False)
    assert barred.names_person("as p1 said")
    assert not barred.names_person("as p100 said")
    assert barred.without_persons("p1 and p12.") == "[person] and [person]."
