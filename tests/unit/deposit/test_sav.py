"""The .sav of a deposit: cell for cell, label for label and missing code for missing code what the CSV says. SIMULATED."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from joinedup.study.model import Study
from joinedup.study.survey import Item
from tests.unit.deposit.readers import written
from tests.unit.deposit.sav import sav_differences
from tests.unit.deposit.test_ddi import full
from tests.unit.deposit.test_deposit import deposit, surveyed

LONG = "Wie oft? " * 40


def asked(study: Study, items: list[tuple[Item, str]]) -> Study:
    """`study` with these questions too, each with one answer from all."""
    assert study.survey.instrument
    instrument = dataclasses.replace(
        study.survey.instrument, items=(*study.survey.instrument.items, *(item for item, _ in items))
    )
    responses = dict(study.survey.responses)
    for wave, table in responses.items():
        for item, answer in items:
            given = [answer if at % 7 else "" for at in range(table.num_rows)]
            table = table.append_column(item.name, [given])
        responses[wave] = table
    return dataclasses.replace(
        study, survey=dataclasses.replace(study.survey, instrument=instrument, responses=responses)
    )


def strange() -> Study:
    """Words, decimals, reserved and long names, long labels, and several answers to one question."""
    items = [
        (Item("all", "text", "In your words?"), "Ja – ‘gut’, 100 % =1+1"),
        (Item("hours", "decimal", "Hours a week?"), "37.25"),
        (Item("9_lives", "integer", LONG), "-12"),
        (Item("x" * 70, "text", "A long name?"), "one"),
        (Item("x" * 69 + "y", "text", "Another?"), "other"),
    ]
    clear = [{"item": item.name, "reason": "read by two people"} for item, _ in items]
    return asked(surveyed(clear=clear), items)


@pytest.mark.parametrize("study", [full, surveyed, strange])
def test_the_sav_says_what_the_csv_says(study: object, tmp_path: Path) -> None:
    assert callable(study)
    folder = written(deposit(study()), tmp_path)
    with (folder / "data" / "survey.csv").open(encoding="utf-8") as file:
        names = file.readline().rstrip("\n").split(",")
    assert study is not strange or {"all", "hours", "9_lives", "x" * 70} <= set(names)
    assert sav_differences(folder) == []


def test_a_cell_a_label_or_a_missing_code_that_differs_is_noticed(tmp_path: Path) -> None:
    folder = written(deposit(full()), tmp_path / "deposit")
    path = folder / "data" / "survey.sav"
    frame, meta = pyreadstat.read_sav(str(path), user_missing=True)
    kept: dict[str, Any] = {
        "column_labels": meta.column_labels,
        "variable_value_labels": meta.variable_value_labels,
        "missing_ranges": meta.missing_ranges,
    }
    other = frame.copy()
    other.loc[3, "governance_2"] = 5 if frame.loc[3, "governance_2"] != 5 else 4
    labels = {**kept["variable_value_labels"], "wave": {1.0: "First wave", 2.0: "Third wave"}}
    for changed, more in (
        (other, kept),
        (frame, {**kept, "variable_value_labels": labels}),
        (frame, {**kept, "missing_ranges": {}}),
        (frame, {**kept, "column_labels": ["?", *meta.column_labels[1:]]}),
    ):
        again = Path(shutil.copytree(folder, tmp_path / "again", dirs_exist_ok=True))
        pyreadstat.write_sav(changed, str(again / "data" / "survey.sav"), **more)
        assert sav_differences(again)
