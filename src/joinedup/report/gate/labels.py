"""Counts that stand in the labels of a table: how many people were interviewed of a profession, how many texts a site has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from joinedup.report.gate.population import Key
from joinedup.study.result import Result, Value

_THEMES, _PEOPLE = "texts.theme-matrix", "texts.corpus"
_OF_PEOPLE = re.compile(r" \(of [\d,]+\)$")
_OF_TEXTS = re.compile(r" \([\d,]+\)$")


def without_counts(result: Result, changed: Mapping[Key, Value]) -> Result:
    """`result` without the counts behind its professions where any count of people interviewed may not leave, and without
    those behind its sites where anybody was: less the public texts of a site, which are listed, they are its interviews."""
    if result.id != _THEMES or not any(key.endswith(".people") for key in result.values):
        return result
    people = any(id == _PEOPLE for id, _ in changed)

    def told(table_id: str, label: str) -> str:
        if table_id == "by_site":
            return _OF_TEXTS.sub("", label.replace("Site (its texts)", "Site"))
        return _OF_PEOPLE.sub("", label) if people else label

    return replace(
        result,
        tables=tuple(
            replace(
                one,
                columns=tuple((name, told(one.id, label)) for name, label in one.columns),
                rows=tuple((told(one.id, str(row[0])), *row[1:]) for row in one.rows),
            )
            for one in result.tables
        ),
    )
