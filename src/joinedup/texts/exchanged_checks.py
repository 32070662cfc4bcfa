"""Are the cases, variables and sets that came with projects sound: what they speak of is there."""

from __future__ import annotations

from collections.abc import Iterator

from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem
from joinedup.study.rules import known

CASES, VARIABLES, SETS = "texts/cases.csv", "texts/variables.csv", "texts/sets.csv"


def check_exchanged(study: Study) -> Iterator[Problem]:
    """Unknown texts and codes of texts/cases.csv, texts/variables.csv and texts/sets.csv."""
    for case in study.texts.cases:
        if case.text:
            yield from known("text", case.text, study.text_by_id, Place(CASES, case.row, "text"))
    for value in study.texts.variables:
        kind, _, id = value.on.partition(":")
        if kind == "text":
            yield from known("text", id, study.text_by_id, Place(VARIABLES, value.row, "on"))
    for one in study.texts.sets:
        kind, _, id = one.member.partition(":")
        among = {"text": study.text_by_id, "code": study.code_by_id}.get(kind)
        if among is not None:
            yield from known(kind, id, among, Place(SETS, one.row, "member"))
