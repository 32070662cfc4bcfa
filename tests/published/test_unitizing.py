"""Alpha for unitized text: Krippendorff's worked example, offsets of joined texts, properties, refusals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.problems import NotComputable
from joinedup.texts.agreement import unitizing_alpha, unitizing_alpha_of_texts
from joinedup.texts.agreement.unitizing import binary_alpha

# Krippendorff, K. (2019), Content Analysis, 4th ed., figure 12.11: three coders, a continuum of length 60.
FIGURE = {
    "Alex": [(0, 7, 1), (7, 13, 2), (30, 32, 5), (32, 37, 6), (37, 44, 6), (44, 60, 7)],
    "Paul": [(0, 7, 1), (7, 13, 3), (13, 21, 5), (32, 44, 6)],
    "Suzan": [(0, 7, 1), (7, 13, 4), (13, 21, 5), (32, 37, 6), (37, 41, 6), (41, 44, 6)],
}


def test_krippendorff_2019_figure_12_11() -> None:
    """The book prints .510, .413 and .724; its own equations give .5100, .4136 and .7283 on its own figure, so the
    tolerance is .005, and the digits of the equations are held beside it."""
    found = unitizing_alpha(FIGURE, 60)
    assert found.u == pytest.approx(0.510, abs=0.005)
    assert found.binary == pytest.approx(0.413, abs=0.005)
    assert found.cu == pytest.approx(0.724, abs=0.005)
    assert (found.u, found.binary, found.cu) == (
        pytest.approx(0.5100, abs=5e-5),
        pytest.approx(0.4136, abs=5e-5),
        pytest.approx(0.7283, abs=5e-5),
    )
    assert {code: found.by_code[code] for code in (1, 5, 6)} == {code: pytest.approx(1) for code in (1, 5, 6)}
    assert {code: found.by_code[code] for code in (2, 3, 4)} == {code: pytest.approx(0) for code in (2, 3, 4)}
    assert found.by_code[7] is None  # nobody else has a unit there
    assert (found.coverage[1], found.coverage[7]) == (1, 0)
    assert (found.coders, found.length) == (3, 60)


def test_two_texts_in_which_the_coders_never_agree_do_not_score_one() -> None:
    """The case of inception-project/inception#2219: the same offsets in two texts, one text each. Joined, the second
    text's offsets follow the first's, and nothing is shared."""
    found = unitizing_alpha({"a": [(0, 20, "x")], "b": [(20, 40, "x")]}, 40)
    assert found.u is not None
    assert found.u < 0
    assert found.binary == found.u


def test_nothing_to_agree_on_is_none_and_not_one() -> None:
    empty = unitizing_alpha({"a": [], "b": []}, 100)
    assert (empty.u, empty.binary, empty.cu, dict(empty.by_code)) == (None, None, None, {})
    assert unitizing_alpha({"a": [], "b": []}, 0).u is None
    apart = unitizing_alpha({"a": [(0, 5, "x")], "b": [(5, 10, "y")]}, 20)
    assert apart.cu is None
    assert apart.by_code == {"x": None, "y": None}


def test_empty_units_count_for_nothing_and_overlaps_of_one_code_are_one() -> None:
    plain = unitizing_alpha({"a": [(0, 10, "x")], "b": [(5, 12, "x")]}, 30)
    assert unitizing_alpha({"a": [(0, 6, "x"), (4, 10, "x"), (20, 20, "y")], "b": [(5, 12, "x")]}, 30) == plain


def test_refusals() -> None:
    with pytest.raises(NotComputable, match="One coder"):
        unitizing_alpha({"a": [(0, 1, "x")]}, 10)
    with pytest.raises(NotComputable, match="one code at a time"):
        unitizing_alpha({"a": [(0, 5, "x"), (3, 8, "y")], "b": []}, 10)
    for span in ((0, 11), (-1, 3), (5, 4)):
        with pytest.raises(ValueError, match="no span"):
            unitizing_alpha({"a": [(*span, "x")], "b": []}, 10)


@st.composite
def unitizations(draw: st.DrawFn) -> dict[str, list[tuple[int, int, str]]]:
    found = {}
    for coder in "abc"[: draw(st.integers(2, 3))]:
        cuts = sorted(draw(st.sets(st.integers(0, 30), max_size=8)))
        spans = list(zip(cuts[::2], cuts[1::2], strict=False))
        found[coder] = [(start, end, draw(st.sampled_from("xyz"))) for start, end in spans]
    return found


@given(unitizations(), st.integers(0, 40))
def test_never_above_one_and_the_order_of_coders_changes_nothing(
    units: dict[str, list[tuple[int, int, str]]], more: int
) -> None:
    found = unitizing_alpha(units, 30 + more)
    turned = unitizing_alpha(dict(reversed(units.items())), 30 + more)
    for one, other in ((found.u, turned.u), (found.binary, turned.binary), (found.cu, turned.cu)):
        assert (one is None) == (other is None)
        assert one is None or (one == pytest.approx(other, abs=1e-9) and one <= 1 + 1e-12)


@given(unitizations())
def test_full_agreement_is_one_wherever_something_varies(units: dict[str, list[tuple[int, int, str]]]) -> None:
    found = unitizing_alpha({"a": units["a"], "b": units["a"]}, 40)
    assert found.u == (pytest.approx(1) if units["a"] else None)


@given(unitizations())
def test_observed_coincidences_equal_a_loop_over_characters(units: dict[str, list[tuple[int, int, str]]]) -> None:
    """Binary alpha of two coders from four lengths and squares of unit lengths, as the result of a study computes it."""
    two = {coder: [(s, e, "x") for s, e, _ in units[coder]] for coder in ("a", "b")}
    marks = {coder: {at for s, e, _ in spans for at in range(s, e)} for coder, spans in two.items()}
    both, either = len(marks["a"] & marks["b"]), len(marks["a"] | marks["b"])
    counts = (both, len(marks["a"]) - both, len(marks["b"]) - both, 40 - either)
    own = sum((e - s) ** 2 for spans in two.values() for s, e, _ in spans)
    expected = unitizing_alpha(two, 40).binary
    assert binary_alpha(counts, own) == (None if expected is None else pytest.approx(expected, abs=1e-9))


@given(unitizations(), unitizations())
def test_texts_added_are_texts_joined(
    one: dict[str, list[tuple[int, int, str]]], two: dict[str, list[tuple[int, int, str]]]
) -> None:
    pair = [{coder: units[coder] for coder in ("a", "b")} for units in (one, two)]
    joined = {c: [*pair[0][c], *((s + 35, e + 35, code) for s, e, code in pair[1][c])] for c in ("a", "b")}
    added, whole = unitizing_alpha_of_texts([(units, 35) for units in pair]), unitizing_alpha(joined, 70)
    for name in ("u", "binary", "cu"):
        expected = getattr(whole, name)
        assert getattr(added, name) == (None if expected is None else pytest.approx(expected, abs=1e-9))
    assert added.ci == {"u": None, "binary": None, "cu": None}  # two texts are too few to resample


def test_intervals_over_texts_hold_the_estimate_and_are_the_same_twice() -> None:
    texts = [
        ({"a": [(n, n + 9, "x"), (20, 25, "y")], "b": [(n % 4, n + 8, "x"), (19, 25, "xy"[n % 2])]}, 60)
        for n in range(12)
    ]
    found = unitizing_alpha_of_texts(texts, seed=3)
    for name in ("u", "binary", "cu"):
        ends = found.ci[name]
        assert ends is not None
        assert ends[0] < getattr(found, name) < ends[1]
    assert unitizing_alpha_of_texts(texts, seed=3) == found
    assert unitizing_alpha_of_texts(texts, seed=4).ci != found.ci
    alike = [({"a": [(0, 5, "x")], "b": [(0, 5, "x")]}, 9)] * 12
    assert unitizing_alpha_of_texts(alike).ci["u"] == (1, 1)
    with pytest.raises(ValueError, match="same coders"):
        unitizing_alpha_of_texts([*texts, ({"a": [], "c": []}, 9)])
