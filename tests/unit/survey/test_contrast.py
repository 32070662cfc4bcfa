"""Contrasts of levels: both readings, pairs in the study's order, invariances, refusals."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.study.site import Level
from joinedup.survey.contrast import contrast, contrast_result
from tests.builders import LEVELS, level_answers, make_sites, make_study, make_survey

PAIR = "governance_vs_frontline"


def study_of(scores: Sequence[tuple[float, float]], sites: int, **parts: object) -> Study:
    """One rater at each site with these scores for governance and frontline."""
    answers = {(f"s{n}", "health", f"p{n}"): level_answers(a, b) for n, (a, b) in enumerate(scores, 1)}
    return make_study(sites=make_sites(sites), survey=make_survey(answers), plan={"survey": {"wave": "w2"}}, **parts)


FOUR = ((4, 2), (5, 3), (3, 3), (4, 1))


def test_a_census_of_sites() -> None:
    study = study_of(FOUR, 4)
    found = contrast_result(study)
    assert found is not None
    values = found.values
    assert (values["sites"], values["sites_asked"], values["programme_sites"]) == (4, 4, 4)
    assert (values["governance"], values["frontline"]) == (4, 2.25)
    assert (values[f"{PAIR}.estimate"], values[f"{PAIR}.sites_ahead"]) == (1.75, 3)
    assert values[f"{PAIR}.these.low"] == values[f"{PAIR}.these.high"] == 1.75
    assert values[f"{PAIR}.these.p"] is None
    assert "4/4 programme sites" in found.methods and "census" in found.methods
    assert all(KeyChecker(study).knows(found.id, key) for key in values)


def test_sites_like_these_by_hand() -> None:
    """Differences 2 2 0 3: s^2 = 4.75/3, se = sqrt(4.75/12), t(.975, 3) = 3.182446305."""
    found = contrast_result(study_of(FOUR, 4))
    assert found is not None
    half = 3.182446305 * (4.75 / 12) ** 0.5
    assert found.values[f"{PAIR}.like_these.low"] == pytest.approx(1.75 - half, abs=1e-8)
    assert found.values[f"{PAIR}.like_these.high"] == pytest.approx(1.75 + half, abs=1e-8)


def test_sites_that_did_not_answer_bring_sampling_error_back() -> None:
    found = contrast_result(study_of(FOUR, 5))
    assert found is not None
    half = 3.182446305 * (4.75 / 12 * (1 - 4 / 5)) ** 0.5
    assert found.values[f"{PAIR}.these.low"] == pytest.approx(1.75 - half, abs=1e-8)
    p = found.values[f"{PAIR}.these.p"]
    assert isinstance(p, float) and 0 < p < 0.05
    assert "census" not in found.methods and "sqrt((1 - 4/5) s^2 / 4)" in found.methods


def test_a_site_without_a_score_at_every_level_is_left_out_and_named() -> None:
    answers = {(f"s{n}", "h", f"p{n}"): level_answers(a, b) for n, (a, b) in enumerate(FOUR, 1)}
    answers["s5", "h", "p5"] = {"governance_1": "1", "governance_2": "1"}
    found = contrast_result(make_study(sites=make_sites(5), survey=make_survey(answers)))
    assert found is not None
    assert (found.values["sites"], found.values["governance"]) == (4, 4)
    assert found.caveats == ("Without a score at every level, so left out: Site 5.",)
    assert found.sources_of("governance")[0].rows == (2, 3, 4, 5)


def test_the_same_difference_everywhere_has_no_test() -> None:
    found = contrast_result(study_of([(4, 2), (5, 3), (3, 1)], 9))
    assert found is not None
    assert found.values[f"{PAIR}.like_these.p"] is None
    assert "there is no test" in found.caveats[0]


def test_pairs_come_once_in_the_order_of_the_study() -> None:
    found = contrast_result(study_of(FOUR, 4, levels=LEVELS[::-1]))
    assert found is not None
    assert found.values["frontline_vs_governance.estimate"] == -1.75
    assert f"{PAIR}.estimate" not in found.values


def test_tables_name_the_keys_of_their_cells() -> None:
    found = contrast_result(study_of(FOUR, 5))
    assert found is not None
    for table in found.tables:
        for row, keys in zip(table.rows, table.keys, strict=True):
            assert len(row) == len(table.columns)
            assert all(cell == found.values[key] for cell, key in zip(row, keys, strict=True) if key)


def test_refusals() -> None:
    with pytest.raises(NotComputable, match="at least 3 sites"):
        contrast_result(study_of(FOUR[:2], 2))
    with pytest.raises(NotComputable, match="Only one level"):
        contrast_result(study_of(FOUR, 4, levels=(Level("governance", "Governance"),)))


points = st.integers(8, 40).map(lambda n: n / 8)
scores = st.lists(st.tuples(points, points), min_size=3, max_size=35)


@given(scores, st.integers(0, 5))
def test_turning_a_pair_round_turns_the_signs(pairs: list[tuple[float, float]], unseen: int) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    here, there = (contrast(a, b, len(pairs) + unseen) for a, b in ((first, second), (second, first)))
    assert here.estimate == -there.estimate
    for a, b in ((here.these, there.these), (here.like_these, there.like_these)):
        assert (a.low, a.high, a.se, a.p) == (-b.high, -b.low, b.se, b.p)
    assert here.ahead + there.ahead == sum(a != b for a, b in pairs)


@given(scores, st.integers(-3, 3))
def test_adding_points_to_a_level_moves_the_estimate_by_them(pairs: list[tuple[float, float]], more: int) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    before, after = contrast(first, second, 40), contrast([a + more for a in first], second, 40)
    assert after.estimate - before.estimate == pytest.approx(more, abs=1e-12)
    assert after.like_these.low - before.like_these.low == pytest.approx(more, abs=1e-9)


@given(scores, st.integers(1, 5))
def test_these_sites_are_never_less_certain_than_sites_like_these(
    pairs: list[tuple[float, float]], unseen: int
) -> None:
    found = contrast([a for a, _ in pairs], [b for _, b in pairs], len(pairs) + unseen)
    assert found.these.se <= found.like_these.se
    assert found.like_these.low <= found.these.low <= found.estimate <= found.these.high <= found.like_these.high


@given(scores.flatmap(lambda pairs: st.tuples(st.just(pairs), st.permutations(pairs))))
def test_the_order_of_sites_changes_nothing(
    given_: tuple[list[tuple[float, float]], list[tuple[float, float]]],
) -> None:
    here, there = (contrast([a for a, _ in pairs], [b for _, b in pairs], 40) for pairs in given_)
    assert here == there
