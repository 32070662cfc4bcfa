"""A release that differs from an earlier one in a few persons is stopped: the two together tell what these said. SIMULATED."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pyarrow as pa
import pytest

from joinedup.disclosure import PROFILES, Register
from joinedup.report.gate.changed_records import records_of, stops_of_changes
from joinedup.study.model import Study
from joinedup.study.survey import COMPLETE
from joinedup.workflow.release_ledger import LEDGER, read_register
from joinedup.workflow.releasing import ReleaseRefused, gate, release_part
from tests.survey_sample import small_study
from tests.unit.texts.small import make_people, make_text, make_texts_study

PROFILE = PROFILES["children-la"]
FILE = "survey/responses-w2.csv"


def without(study: Study, people: set[str]) -> Study:
    """The study as if `people` had refused in its second wave."""
    table = study.survey.responses["w2"]
    kept = table.filter(pa.array([person not in people for person in table.column("person").to_pylist()]))
    roster = tuple(
        dataclasses.replace(row, outcome="refused") if row.wave == "w2" and row.person in people else row
        for row in study.survey.roster
    )
    survey = dataclasses.replace(study.survey, roster=roster, responses={**study.survey.responses, "w2": kept})
    return dataclasses.replace(study, survey=survey)


def answered(study: Study) -> list[str]:
    return [row.person for row in study.survey.roster if row.wave == "w2" and row.outcome == COMPLETE]


def told(before: Study, after: Study) -> list[str]:
    register = Register(records=(("2026-01", records_of(before)),))
    return [str(stop) for stop in stops_of_changes(records_of(after), register, PROFILE)]


@pytest.mark.parametrize(("gone", "stopped"), [(0, False), (1, True), (5, True), (6, False)])
def test_a_few_answers_fewer_or_more_are_a_stop(gone: int, stopped: bool) -> None:
    study = small_study()
    other = without(study, set(answered(study)[:gone]))
    for before, after in ((study, other), (other, study)):
        found = told(before, after)
        assert bool(found) == stopped
        assert all(line.startswith(f"{FILE}: What {gone} person") and "2026-01" in line for line in found)


def test_one_corrected_answer_is_a_stop_though_every_count_of_people_stays() -> None:
    study = small_study()
    table = study.survey.responses["w2"]
    at = table.column_names.index("governance_1")
    given = table.column("governance_1").to_pylist()
    moved = table.set_column(at, "governance_1", [["5" if given[0] != "5" else "4", *given[1:]]])
    survey = dataclasses.replace(study.survey, responses={**study.survey.responses, "w2": moved})
    assert len(told(study, dataclasses.replace(study, survey=survey))) == 1


def test_an_interview_that_is_gone_is_a_stop_and_a_new_plan_is_none() -> None:
    talks = [make_text(f"i{n}", f"Ann: So?\nBea: Yes, {n}.\n") for n in range(1, 9)]
    plan = make_text("d1", "The plan.\n", kind="plan")
    people = make_people((f"p{n}", "w1", "s1", "nurse") for n in range(1, 9))
    speakers = {f"i{n}": {"Ann": "", "Bea": f"p{n}"} for n in range(1, 9)}
    study = make_texts_study(talks, people=people, speakers=speakers)
    fewer = make_texts_study(talks[1:], people=people, speakers={k: v for k, v in speakers.items() if k != "i1"})
    (line,) = told(study, fewer)
    assert line.startswith("texts/texts.csv: What 1 person said")
    assert not told(study, make_texts_study([*talks, plan], people=people, speakers=speakers))


def test_the_ledger_keeps_digests_and_the_next_release_is_held_against_them(tmp_path: Path) -> None:
    folder, out = tmp_path / "study", tmp_path / "out"
    folder.mkdir()
    study = small_study()
    release_part(study, folder, "html", out)
    entry = json.loads((folder / LEDGER).read_text("utf-8"))
    assert len(entry["records"][FILE]) == len(answered(study))
    assert not [person for person in answered(study) if person in json.dumps(entry["records"])]
    assert "records" not in json.loads((out / "register.json").read_text("utf-8"))
    with pytest.raises(ReleaseRefused, match="What 1 person said"):
        gate(without(study, {answered(study)[0]}), read_register(folder))
    gate(study, read_register(folder))
