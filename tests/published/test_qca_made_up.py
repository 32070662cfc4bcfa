"""QCA beside R QCA 3.23 on a dozen made-up data sets: crisp, fuzzy and multi-value, every cut-off, supersets.

Numbers were drawn at random, and truthTable(), minimize() and superSubset() of R QCA 3.23 run on them; both stand in
tests/data/qca/made_up.json. They are some of 290 such data sets that were compared.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from joinedup.synthesis import qca

CASES = json.loads((Path(__file__).parents[1] / "data" / "qca" / "made_up.json").read_text(encoding="utf-8"))


def table_of(case: dict[str, Any]) -> qca.TruthTable:
    conditions = [name for name in case["data"] if name != "Y"]
    cuts = {name: case[name] for name in ("inclusion", "pri", "frequency")}
    return qca.truth_table(case["data"], case["outcome"], conditions, **cuts)


def models(solution: qca.Solution) -> list[str]:
    return sorted(" + ".join(sorted(model)) for model in solution.models)


@pytest.mark.parametrize("case", CASES, ids=[f"{case['kind']} {at}" for at, case in enumerate(CASES)])
def test_rows_models_and_pairs_of_r_qca(case: dict[str, Any]) -> None:
    table = table_of(case)
    rows = {str(row.number): row for row in table.rows if row.output != "?"}
    assert set(rows) == set(case["rows"])
    for number, (output, n, inclusion) in case["rows"].items():
        assert (rows[number].output, rows[number].n) == (output, n)
        assert rows[number].inclusion == pytest.approx(inclusion, abs=1e-8)
    assert models(qca.minimize(table)) == case["conservative"]
    assert models(qca.minimize(table, include="?")) == case["parsimonious"]
    found = qca.minimize(table, include="?", expectations=case["expectations"])
    names = [" + ".join(sorted(model)) for model in found.models]
    assert {pair: sorted(names[at] for at in own) for pair, own in found.pairs.items()} == case["intermediate"]


@pytest.mark.parametrize("case", CASES, ids=[f"{case['kind']} {at}" for at, case in enumerate(CASES)])
def test_supersets_of_r_qca(case: dict[str, Any]) -> None:
    conditions = [name for name in case["data"] if name != "Y"]
    necessity = qca.necessity(case["data"], case["outcome"], conditions)
    found = {" + ".join(sorted(fit.term.split(" + "))): fit for fit in necessity.supersets(case["necessity"])}
    assert set(found) == set(case["supersets"])
    for term, numbers in case["supersets"].items():
        assert [found[term].inclusion, found[term].ron, found[term].coverage] == pytest.approx(numbers, abs=1e-8)
