"""Scores: keying, missing items, equal weight for agencies, and what is refused."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.model import Study, Survey
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.study.site import Level
from joinedup.study.survey import Scale
from joinedup.survey.scores import equal_agency_mean, level_scores, reverse_keyed, scale_scores, scores_result
from tests.builders import level_answers, make_responses, make_sites, make_study, make_survey

NAN = math.nan


def study_of(survey: Survey, **parts: object) -> Study:
    return make_study(survey=survey, plan={"survey": {"wave": "w2"}}, **parts)


def test_reverse_keying_by_hand() -> None:
    found = reverse_keyed(np.array([[1.0, 1.0], [2.0, NAN]]), [False, True], 1, 5)
    assert np.array_equal(found, np.array([[1.0, 5.0], [2.0, NAN]]), equal_nan=True)


def test_half_of_the_items_are_enough_and_less_is_not() -> None:
    answers = np.array([[1, 2, 3, 4], [1, 2, NAN, NAN], [5, NAN, NAN, NAN], [NAN] * 4], dtype=float)
    assert np.array_equal(scale_scores(answers), [2.5, 1.5, NAN, NAN], equal_nan=True)


def test_agencies_count_alike() -> None:
    """Three of health at 1 and one of education at 5 make 3, not 2."""
    assert equal_agency_mean([1, 1, 1, 5, NAN], ["h", "h", "h", "e", "p"]) == 3
    assert equal_agency_mean([NAN], ["h"]) is None


ANSWERS = {
    ("s1", "health", "p1"): level_answers(4, 2),
    ("s1", "health", "p2"): level_answers(2, 2),
    ("s1", "education", "p3"): level_answers(5, 3),
    ("s2", "health", "p4"): level_answers(3, 3) | {"frontline_1": "-8", "frontline_2": "-7"},
    ("s2", "health", "p5"): {"governance_1": "5", "governance_2": "-10"},
}
STUDY = study_of(make_survey(ANSWERS))


def test_site_scores_by_hand() -> None:
    found = scores_result(STUDY)
    assert found is not None
    values = found.values
    assert (values["site.s1.governance"], values["site.s1.frontline"], values["site.s1.raters"]) == (4, 2.5, 3)
    assert (values["site.s2.governance"], values["site.s2.raters"]) == (4, 2)
    assert "site.s2.frontline" not in values
    assert (values["sites"], values["governance.sites"], values["frontline.sites"]) == (1, 2, 1)
    assert (values["governance.mean"], values["governance.sd"], values["frontline.sd"]) == (4, 0, None)
    assert "1/3 programme sites" in found.methods
    assert all(KeyChecker(STUDY).knows(found.id, key) for key in values)


def test_sources_lead_to_rows_and_columns() -> None:
    found = scores_result(STUDY)
    assert found is not None
    (source,) = found.sources_of("site.s1.frontline")
    assert (source.rows, source.columns) == ((2, 3, 4), ("frontline_1", "frontline_2"))
    assert found.sources_of("frontline.mean")[0].rows == (2, 3, 4)
    assert found.sources_of("site.s2.raters")[0].rows == (5, 6)


def test_tables_name_the_keys_of_their_cells() -> None:
    found = scores_result(STUDY)
    assert found is not None
    for row, keys in zip(found.tables[0].rows, found.tables[0].keys, strict=True):
        assert all(cell == found.values[key] for cell, key in zip(row, keys, strict=True) if key)


def test_a_reversed_item_counts_from_the_other_end() -> None:
    survey = make_survey({("s1", "h", "p1"): {"governance_1": "5", "governance_2": "1"}}, levels=["governance"])
    scale = replace(survey.scales[0], reverse=("governance_2",))
    found = level_scores(study_of(replace(survey, scales=(scale,))))
    assert found is not None
    assert found.sites["s1"]["governance"] == 5


def test_a_level_with_two_scales_weighs_the_scales_alike() -> None:
    scales = (Scale("a", "A", "governance", ("a1", "a2", "a3")), Scale("b", "B", "governance", ("b1",)))
    answers = {("s1", "h", "p1"): {"a1": "1", "a2": "1", "a3": "1", "b1": "5"}}
    found = level_scores(study_of(replace(make_survey(answers), scales=scales)))
    assert found is not None
    assert found.sites["s1"]["governance"] == 3


def test_comparison_sites_and_people_off_the_roster_do_not_count() -> None:
    survey = make_survey({("s1", "h", "p1"): level_answers(4, 2), ("c1", "h", "p2"): level_answers(1, 1)})
    stranger = make_responses("w2", {"p1": level_answers(4, 2), "p2": level_answers(1, 1), "p9": level_answers(1, 1)})
    found = level_scores(study_of(replace(survey, responses={"w2": stranger}), sites=make_sites(3, 1)))
    assert found is not None
    assert found.sites == {"s1": {"governance": 4, "frontline": 2}}


def test_an_unmeasured_level_is_said() -> None:
    levels = (*STUDY.levels, Level("strategy", "Strategy"))
    found = scores_result(study_of(STUDY.survey, levels=levels))
    assert found is not None
    assert "No scale measures: Strategy." in found.caveats


def test_no_scales_no_result() -> None:
    assert scores_result(study_of(replace(STUDY.survey, scales=()))) is None
    assert scores_result(make_study()) is None


def test_refusals() -> None:
    survey = make_survey({("s1", "h", "p1"): level_answers(4, 2)})
    wide = (survey.scales[0], replace(survey.scales[1], high=7.0))
    twice = replace(survey, roster=survey.roster * 2)
    cases = {
        "different ranges": replace(survey, scales=wide),
        "p1: more than one row in survey/roster.csv": twice,
        "no column nowhere": replace(survey, scales=(replace(survey.scales[0], items=("nowhere",)),)),
        "responses-w2.csv:2:governance_1: '9'": make_survey({("s1", "h", "p1"): level_answers(9, 2)}),
        "No person of a programme site": replace(survey, responses={}),
    }
    for told, unsound in cases.items():
        with pytest.raises(NotComputable, match=told):
            scores_result(study_of(unsound))
    words = make_survey({("s1", "h", "p1"): level_answers(4, 2) | {"frontline_1": "often"}})
    with pytest.raises(NotComputable, match="'often' is no answer from 1 to 5"):
        scores_result(study_of(words))


people = st.lists(
    st.tuples(st.sampled_from(["s1", "s2", "s3"]), st.sampled_from("hep"), st.sampled_from(["1", "2", "5", "", "-8"])),
    min_size=1,
    max_size=20,
)


@given(people, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[tuple[str, str, str]], random: object) -> None:
    answers = {(s, a, f"p{n}"): level_answers(3, 2) | {"frontline_2": x} for n, (s, a, x) in enumerate(rows)}
    keys = list(answers)
    random.shuffle(keys)  # type: ignore[attr-defined]
    first = scores_result(study_of(make_survey(answers)))
    second = scores_result(study_of(make_survey({key: answers[key] for key in keys})))
    assert first is not None and second is not None
    assert first.values == second.values
    assert first.tables == second.tables


@given(st.lists(st.tuples(st.floats(1, 5), st.sampled_from("hep")), min_size=1, max_size=30))
def test_a_site_scores_within_its_people(rows: list[tuple[float, str]]) -> None:
    scores = [score for score, _ in rows]
    found = equal_agency_mean(scores, [agency for _, agency in rows])
    assert found is not None
    assert min(scores) - 1e-12 <= found <= max(scores) + 1e-12
