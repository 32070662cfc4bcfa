"""Process tracing: posteriors by hand, the four tests from their definition, dependence, what flips the verdict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.problems import NotComputable
from joinedup.synthesis.process_tracing import Trace, classify, counted, flips, required_prior, update, verdict

CHANCE = st.floats(0.01, 0.99)


@st.composite
def ranges(draw: st.DrawFn) -> tuple[float, float]:
    low, high = sorted((draw(CHANCE), draw(CHANCE)))
    return low, high


def point(id: str, sensitivity: float, type_one: float, **more: object) -> Trace:
    return Trace(id, (sensitivity, sensitivity), (type_one, type_one), **more)  # type: ignore[arg-type]


def test_posterior_by_hand() -> None:
    # Odds 1 x (.9 / .1) = 9: 9/10. A range: odds 1/3 x .8/.2 = 4/3 -> 4/7; odds 1 x .9/.1 = 9 -> 9/10.
    assert update((0.5, 0.5), [point("a", 0.9, 0.1)]) == pytest.approx((0.9, 0.9))
    assert update((0.25, 0.5), [Trace("a", (0.8, 0.9), (0.1, 0.2))]) == pytest.approx((4 / 7, 0.9))


def test_evidence_that_was_looked_for_and_not_found() -> None:
    # Odds 1 x (1 - .9) / (1 - .2) = 1/8: a failed hoop.
    assert update((0.5, 0.5), [point("a", 0.9, 0.2, found=False)]) == pytest.approx((1 / 9, 1 / 9))


@pytest.mark.parametrize(
    ("sensitivity", "type_one", "test"),
    [(0.95, 0.5, "hoop"), (0.3, 0.05, "smoking gun"), (0.95, 0.05, "doubly decisive"), (0.6, 0.4, "straw in the wind")],
)
def test_each_class_from_its_definition(sensitivity: float, type_one: float, test: str) -> None:
    assert classify(sensitivity, type_one) == test
    assert point("a", sensitivity, type_one).test == test


def test_a_range_is_classed_by_its_cautious_ends() -> None:
    assert Trace("a", (0.5, 0.99), (0.01, 0.05)).test == "smoking gun"
    assert Trace("a", (0.95, 0.99), (0.01, 0.3)).test == "hoop"


def test_dependent_pieces_are_multiplied_once() -> None:
    strong, weak = point("a", 0.9, 0.1, group="g"), point("b", 0.6, 0.3, group="g")
    assert counted([strong, weak]) == (weak,)
    assert update((0.5, 0.5), [strong, weak]) == pytest.approx((2 / 3, 2 / 3))
    assert update((0.5, 0.5), [strong, point("b", 0.6, 0.3)]) == pytest.approx((18 / 19, 18 / 19))


def test_what_single_change_flips_the_verdict() -> None:
    pieces = [point("a", 0.9, 0.1), point("b", 0.6, 0.5)]
    assert verdict(update((0.3, 0.3), pieces)) == "more likely than not"
    assert flips((0.3, 0.3), pieces) == {
        "a left out": "less likely than not",
        "a not found": "less likely than not",
    }


def test_the_prior_that_is_needed() -> None:
    assert required_prior([point("a", 0.9, 0.1)]) == pytest.approx(0.1)
    with pytest.raises(NotComputable):
        required_prior([])


@pytest.mark.parametrize("bad", [(0.0, 0.5), (0.5, 1.0), (0.6, 0.4)])
def test_certainty_and_turned_ranges_are_refused(bad: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="range of probabilities"):
        Trace("a", bad, (0.1, 0.2))
    with pytest.raises(ValueError, match="range of probabilities"):
        update(bad, [])


@given(prior=ranges(), held=st.lists(st.tuples(ranges(), ranges(), st.booleans()), max_size=5))
def test_the_posterior_is_a_range_and_order_does_not_matter(
    prior: tuple[float, float], held: list[tuple[tuple[float, float], tuple[float, float], bool]]
) -> None:
    pieces = [Trace(str(at), *both, found=found) for at, (*both, found) in enumerate(held)]
    low, high = update(prior, pieces)
    assert 0 <= low <= high + 1e-12 <= 1 + 2e-12
    assert update(prior, pieces[::-1]) == pytest.approx((low, high))
