"""Who answered: counts from the roster alone, by agency, by site and by wave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.study.model import Survey
from joinedup.study.problems import NotComputable
from joinedup.study.registry import KeyChecker
from joinedup.study.survey import OUTCOMES
from joinedup.survey.response import count, response
from tests.builders import make_roster, make_sites, make_study

ROWS = (
    ("w1", "s1", "health", "officer", "p1", "complete"),
    ("w2", "s1", "health", "officer", "p1", "complete"),
    ("w2", "s1", "health", "officer", "p2", "not eligible"),
    ("w2", "s1", "education", "officer", "p3", "partial"),
    ("w2", "s2", "health", "officer", "p4", "refused"),
    ("w2", "s2", "education", "officer", "p5", "no contact"),
    ("w2", "s3", "health", "officer", "p6", "unknown"),
    ("w2", "s3", "health", "officer", "p7", "complete"),
    ("w2", "c1", "health", "officer", "p8", "complete"),
)
STUDY = make_study(sites=make_sites(3, 1), survey=Survey(roster=make_roster(ROWS)))


def test_counts_by_hand() -> None:
    found = response(STUDY)
    assert found is not None
    values = found.values
    assert (values["people_asked"], values["people_answered"], values["rate"]) == (6, 3, 0.5)
    assert (values["programme_sites"], values["sites_asked"], values["sites_answered"]) == (3, 3, 2)
    assert (values["agency.health.asked"], values["agency.health.answered"]) == (4, 2)
    assert (values["agency.health.sites_asked"], values["agency.health.sites_answered"]) == (3, 2)
    assert (values["site.s1.asked"], values["site.s1.answered"]) == (2, 2)
    assert (values["site.s2.education.asked"], values["site.s2.education.answered"]) == (1, 0)
    assert (values["wave.w1.asked"], values["wave.w1.sites_answered"]) == (1, 1)
    assert "2/3 programme sites" in found.methods
    assert all(KeyChecker(STUDY).knows(found.id, key) for key in values)


def test_the_grid_adds_up_to_the_agencies() -> None:
    found = response(STUDY)
    assert found is not None
    for agency in ("health", "education"):
        for what in ("asked", "answered"):
            grid = [
                v for key, v in found.values.items() if key.startswith("site.") and key.endswith(f"{agency}.{what}")
            ]
            assert sum(v for v in grid if isinstance(v, int)) == found.values[f"agency.{agency}.{what}"]


def test_sources_are_the_rows_of_the_roster() -> None:
    found = response(STUDY)
    assert found is not None
    assert found.sources_of("site.s2.asked")[0].rows == (6, 7)
    assert found.sources_of("site.s2.health.answered")[0].rows == (6,)
    assert found.sources_of("people_asked")[0].rows == (3, 4, 5, 6, 7, 8, 9)


def test_tables_name_the_keys_of_their_cells() -> None:
    found = response(STUDY)
    assert found is not None
    for table in found.tables:
        for row, keys in zip(table.rows, table.keys, strict=True):
            assert all(cell == found.values[key] for cell, key in zip(row, keys, strict=True) if key)


def test_the_printed_table_has_no_site() -> None:
    found = response(STUDY)
    assert found is not None
    assert [table.id for table in found.tables] == ["by_agency", "by_site", "by_wave"]
    assert not any(key.startswith("site.") for row in found.tables[0].keys for key in row)


def test_the_plan_names_the_wave() -> None:
    found = response(make_study(survey=STUDY.survey, plan={"survey": {"wave": "w1"}}))
    assert found is not None
    assert (found.parameters["wave"], found.values["people_asked"]) == ("w1", 1)


def test_a_wave_in_which_nobody_was_asked_is_refused() -> None:
    with pytest.raises(NotComputable, match="w3"):
        response(make_study(survey=STUDY.survey, plan={"survey": {"wave": "w3"}}))


def test_no_roster_no_result() -> None:
    assert response(make_study()) is None


def test_nobody_eligible_has_no_rate() -> None:
    found = response(make_study(survey=Survey(roster=make_roster([("w2", "s1", "a", "r", "p", "not eligible")]))))
    assert found is not None
    assert (found.values["people_asked"], found.values["rate"], found.values["sites_asked"]) == (0, None, 1)


@given(st.lists(st.sampled_from(OUTCOMES), max_size=30))
def test_answered_never_exceeds_asked(outcomes: list[str]) -> None:
    entries = make_roster([("w2", "s1", "a", "r", f"p{n}", outcome) for n, outcome in enumerate(outcomes)])
    found = count(entries)
    assert 0 <= found.answered <= found.asked == len(outcomes) - outcomes.count("not eligible")
    assert count(entries[::-1]) == found
    assert (found.rate is None) is (found.asked == 0)
