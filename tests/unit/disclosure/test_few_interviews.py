"""Where few were interviewed, or answered, figures over all don't tell how many: interviews, turns, dissimilarity, effective numbers. SIMULATED."""

from __future__ import annotations

import pytest

from joinedup.disclosure import PROFILES
from joinedup.report.gate.values import Values, protected_values
from joinedup.study.model import Study
from joinedup.workflow.running import compute
from tests.hardening.test_neighbours import spread, study_of
from tests.unit.texts.small import code_quote, make_people, make_text, make_texts_study

CORPUS, TOGETHER = "texts.corpus", "texts.co-occurrence"


def interviewed(people: int, silent: int = 0) -> Study:
    """Each person gave one interview; all but the first `silent` speak of trust, and of money, in one turn."""
    texts = [make_text(f"i{n}", f"Ann: So?\nBea: We trust each other, says {n}.\n") for n in range(people)]
    return make_texts_study(
        texts,
        [
            code_quote(text, "We trust each other", code, "ann", phase="independent")
            for text in texts[silent:]
            for code in ("trust", "money")
        ],
        speakers={text.id: {"Ann": "", "Bea": f"p{n}"} for n, text in enumerate(texts)},
        people=make_people((f"p{n}", "w1", "s1", "nurse") for n in range(people)),
        assignments=[(text.id, "ann") for text in texts],
        plan={"coders": ["ann"], "phase": "independent"},
    )


def gated(study: Study) -> Values:
    return protected_values(study, compute(study)[0], PROFILES["children-la"])


@pytest.mark.parametrize(("people", "hidden"), [(4, True), (9, False)])
def test_interviews_are_hidden_where_the_people_interviewed_are(people: int, hidden: bool) -> None:
    told = gated(interviewed(people)).hidden
    assert ((CORPUS, "people") in told) == hidden
    assert {(CORPUS, key) in told for key in ("interviews", "texts", "kind.interview")} == {hidden}


@pytest.mark.parametrize(("silent", "hidden"), [(0, False), (16, True)])
def test_turns_with_a_code_are_hidden_where_who_says_it_is(silent: int, hidden: bool) -> None:
    told = gated(interviewed(20, silent)).hidden
    assert (("texts.theme-matrix", "trust.people") in told) == hidden
    assert ((TOGETHER, "trust.units") in told) == hidden


def test_the_dissimilarity_of_types_of_sites_is_hidden_where_a_type_is() -> None:
    """Of 45 and 45 asked 70 answered: 1/70 of dissimilarity would leave 36 or 34 of each type."""
    study = study_of(spread(5), "secure")
    told = protected_values(study, compute(study)[0], PROFILES["secure"])
    assert ("survey.nonresponse", "type.city.answered") in told.hidden
    assert ("survey.nonresponse", "type.dissimilarity") in told.hidden
    assert ("survey.nonresponse", "role.dissimilarity") not in told.hidden


def test_how_many_respondents_weights_are_worth_is_hidden_where_those_who_answered_are() -> None:
    """To one decimal it leaves four combinations of three hidden counts of the demonstration."""
    told = gated(study_of(spread(1), "children-la"))
    assert ("survey.nonresponse", "weights.effective_n") in told.hidden
    assert ("survey.nonresponse", "weights.deff") not in told.hidden
    assert round(float(str(told.changed["survey.nonresponse", "weights.deff"])), 1) == 1.0
