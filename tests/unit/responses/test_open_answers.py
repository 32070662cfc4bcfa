"""Open answers become texts with their respondent as the speaker."""

from __future__ import annotations

import hashlib

from joinedup.study.survey import Item
from joinedup.survey.open_answers import open_answer_speakers, open_answers
from tests.builders import make_study, make_survey

ANSWERS = {
    ("s1", "health", "p1"): {"remarks": "Two\r\nlines", "why": "-8"},
    ("s2", "school", "p2"): {"remarks": "", "why": "Cafe\u0301"},
}


def test_open_answers() -> None:
    study = make_study(survey=make_survey(ANSWERS, items=(Item("remarks", "text"), Item("why", "text"))))
    found = open_answers(study)
    assert [(text.id, text.site, text.wave, text.interview, text.row) for text in found] == [
        ("open-w2-p1-remarks", "s1", "w2", "w2-p1", 2),
        ("open-w2-p2-why", "s2", "w2", "w2-p2", 3),
    ]
    assert [text.content for text in found] == ["p1: Two\nlines\n", "p2: Caf\u00e9\n"]
    assert found[0].sha256 == hashlib.sha256(found[0].content.encode()).hexdigest()
    speakers = open_answer_speakers(found)
    assert [(one.text, one.speaker, one.person) for one in speakers] == [
        ("open-w2-p1-remarks", "p1", "p1"),
        ("open-w2-p2-why", "p2", "p2"),
    ]


def test_a_study_without_an_instrument_has_none() -> None:
    assert open_answers(make_study()) == ()
