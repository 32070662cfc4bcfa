"""The triangulation protocol: the four combinations, silence only where the strand was asked, two raters."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.problems import NotComputable
from joinedup.synthesis.triangulation import (
    CODES,
    DIFFERENT,
    SAME,
    Rating,
    Voice,
    compare,
    convergence,
    rater_agreement,
    tally,
)


def rating(by: str = "a", *elements: str) -> Rating:
    return Rating(by, *(elements or (SAME, SAME, SAME, SAME)))


def test_the_four_combinations_give_the_codes() -> None:
    # Farmer et al. 2006, table of convergence codes: both elements, one of them, none of them.
    found = {(a, b): convergence(a, b) for a, b in product((True, False), repeat=2)}
    assert found == {
        (True, True): "agreement",
        (True, False): "partial agreement",
        (False, True): "partial agreement",
        (False, False): "dissonance",
    }


@pytest.mark.parametrize(
    ("elements", "code", "reach"),
    [
        ((SAME, SAME, DIFFERENT, DIFFERENT), "agreement", "dissonance"),
        ((SAME, DIFFERENT, SAME, SAME), "partial agreement", "agreement"),
        ((DIFFERENT, DIFFERENT, DIFFERENT, SAME), "dissonance", "partial agreement"),
    ],
)
def test_what_is_said_and_how_far_are_two_codes(elements: tuple[str, ...], code: str, reach: str) -> None:
    found = compare(Voice("survey", True, True), Voice("impact", True, True), [rating("a", *elements)])
    assert (found.code, found.reach) == (code, reach)


@given(covers=st.booleans(), other=st.booleans(), asked=st.booleans())
def test_silence_only_where_the_strand_was_asked(covers: bool, other: bool, asked: bool) -> None:
    found = compare(Voice("survey", asked, asked and covers), Voice("texts", True, other), [rating()])
    if not asked:
        assert found.code == "not asked"
    else:
        assert (found.code == "silence") == (covers != other)


def test_raters_who_differ_leave_the_pair_unsettled_until_they_settle_it() -> None:
    voices = Voice("survey", True, True), Voice("impact", True, True)
    two = [rating("a"), rating("b", DIFFERENT, DIFFERENT, SAME, SAME)]
    assert compare(*voices, two).code == "not settled"
    assert compare(*voices, two).differed
    settled = compare(*voices, [*two, rating("both", SAME, DIFFERENT, SAME, SAME)], settled="both")
    assert settled.code == "partial agreement"
    assert settled.differed


def test_two_strands_that_speak_need_a_rating() -> None:
    with pytest.raises(NotComputable, match="nobody has compared"):
        compare(Voice("survey", True, True), Voice("impact", True, True))


def test_agreement_of_two_raters_by_hand() -> None:
    # 4 pairs; they differ in one: percent .75. Marginals: a has A 2, D 2; b has A 3, D 1: expected .5, kappa .5.
    first = {"1": "agreement", "2": "agreement", "3": "dissonance", "4": "dissonance"}
    second = first | {"3": "agreement"}
    found = rater_agreement(first, second)
    assert (found.pairs, found.percent) == (4, 0.75)
    assert found.kappa == pytest.approx(0.5)


def test_one_rater_has_no_agreement() -> None:
    with pytest.raises(NotComputable, match="one rater"):
        rater_agreement({"1": "agreement"}, {})


def test_raters_who_never_vary_have_no_kappa() -> None:
    found = rater_agreement({"1": "agreement", "2": "agreement"}, {"1": "agreement", "2": "agreement"})
    assert (found.percent, found.kappa) == (1.0, None)


def test_the_tally_names_every_code() -> None:
    found = tally([compare(Voice("survey", True, True), Voice("texts", True, False))])
    assert found["silence"] == sum(found.values()) == 1
    assert set(CODES) <= set(found)
