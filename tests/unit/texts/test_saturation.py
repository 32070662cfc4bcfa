"""Code saturation and texts.saturation: properties, orders, refusals, the study's order of interviews."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.texts.saturation import order_bootstrap, saturation
from joinedup.texts.saturation_result import saturation_result
from tests.unit.texts.small import code_quote, make_text, make_texts_study

INTERVIEWS = st.lists(st.sets(st.sampled_from("abcdefghij")), min_size=6, max_size=14)


@given(INTERVIEWS)
def test_the_curve_counts_every_code_once(interviews: list[set[str]]) -> None:
    interviews[0] = {*interviews[0], "a"}
    found = saturation(interviews)
    assert found.curve[-1] == len(set().union(*interviews)) == sum(found.new)
    assert len(found.ratios) == (len(interviews) - 4) // 2
    assert found.base_codes == len(set().union(*interviews[:4]))


@given(INTERVIEWS)
def test_orders_end_alike_and_hold_the_mean_in_their_band(interviews: list[set[str]]) -> None:
    found = order_bootstrap(interviews, draws=50)
    total = len(set().union(*interviews))
    assert (found.mean[-1], found.low[-1], found.high[-1]) == (total, total, total)
    assert all(
        low <= mean <= high or low == high for low, mean, high in zip(found.low, found.mean, found.high, strict=True)
    )
    assert 0 <= found.reached <= 1


def test_orders_of_equal_interviews_all_say_what_the_order_given_says() -> None:
    found = order_bootstrap([{"a", "b"}] * 8, draws=20)
    assert (found.reached, found.median, found.earliest, found.latest) == (1, 4, 4, 4)
    assert found.mean == (2,) * 8
    assert order_bootstrap([{"a"}, {"b"}, {"c"}] * 4, seed=1) == order_bootstrap([{"a"}, {"b"}, {"c"}] * 4, seed=1)


def test_a_threshold_met_exactly_counts_and_leftovers_are_no_run() -> None:
    interviews = [{f"c{n}" for n in range(at * 5, at * 5 + 5)} for at in range(4)] + [{"new"}, set(), {"late"}]
    found = saturation(interviews, threshold=0.05)
    assert (found.ratios, found.reached_at) == ((1 / 20,), "4+2")


def test_refusals() -> None:
    with pytest.raises(NotComputable, match="5 interviews are fewer"):
        saturation([{"a"}] * 5)
    with pytest.raises(NotComputable, match="no base"):
        saturation([set()] * 6)
    with pytest.raises(ValueError, match="at least one interview"):
        saturation([{"a"}] * 6, base=0)


def _study() -> Study:
    said = {"t1": "a", "t2": "b", "t3": "", "t4": "a", "t5": "c", "t6": ""}
    texts = [
        replace(make_text(id, f"R: {word or 'x'}."), date=f"2004-0{7 - n}")
        for n, (id, word) in enumerate(said.items(), 1)
    ]
    codings = [code_quote(text, f"R: {said[text.id]}.", said[text.id], row=2) for text in texts if said[text.id]]
    speakers = {text.id: {"R": "p1"} for text in texts}
    return make_texts_study(texts, codings, speakers=speakers, codes=("a", "b", "c"))


def test_interviews_stand_in_the_order_of_their_dates() -> None:
    study = _study()  # t6 was held first, t1 last
    found = saturation_result(study)
    assert found is not None
    assert [found.values[f"after.{n}.codes"] for n in range(1, 7)] == [0, 1, 2, 2, 3, 3]
    assert (found.values["base_codes"], found.values["run.1.ratio"], found.values["reached_at"]) == (2, 0.5, None)
    assert "not reached" in found.methods
    checker = KeyChecker(study)
    assert [key for key in found.values if not checker.knows("texts.saturation", key)] == []
    assert saturation_result(make_texts_study([])) is None
