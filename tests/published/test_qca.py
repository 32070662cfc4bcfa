"""QCA: every published case against the numbers of R QCA 3.23.

The cases lie beside the checkout (Lipset crisp, fuzzy and multi-value; Krook; Cebotari and Vink): every model, every
fit, every simplifying assumption, the truth tables and the necessity of every condition, for outcome and negation.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from joinedup.synthesis import qca

CASES = ["lipset_crisp_LC", "lipset_fuzzy_LF", "lipset_multivalue_LM", "krook_women", "cebotari_vink_CVF"]
NAMES = {"inclS": "inclusion", "PRI": "pri", "covS": "coverage", "covU": "unique"}
NO_COLUMN = ("row", "OUT", "n", "incl", "PRI", "cases")


@dataclass(frozen=True)
class Case:
    folder: Path
    expected: dict[str, Any]
    rows: list[dict[str, str]]
    conditions: list[str]

    def table(self, outcome: str) -> qca.TruthTable:
        cuts = {"inclusion": self.expected["incl_cut"], "frequency": self.expected["n_cut"]}
        return qca.truth_table(self.rows, outcome, self.conditions, **cuts)

    def published_rows(self, outcome: str) -> list[dict[str, str]]:
        return read(self.folder / f"truthtable_{'neg' if outcome.startswith('~') else 'pos'}.csv")

    @property
    def expectations(self) -> dict[str, int]:
        return {name.lstrip("~"): int(not name.startswith("~")) for name in self.expected["dir_exp"]}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, shared: Path) -> Case:
    folder = shared / "acceptance" / "qca" / request.param
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    header = read(folder / "truthtable_pos.csv")[0]
    return Case(folder, expected, read(folder / "data.csv"), [name for name in header if name not in NO_COLUMN])


def assert_same(found: qca.Solution, published: list[dict[str, Any]]) -> None:
    """The same set of models, and of each the same fits to 1e-6."""
    by_terms = {frozenset(model): at for at, model in enumerate(found.models)}
    assert len(by_terms) == len(found.models)
    assert set(by_terms) == {frozenset(model["terms"]) for model in published}
    for model in published:
        at = by_terms[frozenset(model["terms"])]
        terms = {fit.term: fit for fit in found.terms[at]}
        for row in model["per_term"]:
            for name, ours in NAMES.items():
                if isinstance(row.get(name), int | float):
                    assert terms[row["term"]][ours] == pytest.approx(row[name], abs=1e-6)
        for name in ("inclS", "PRI", "covS"):
            assert found.solution[at][NAMES[name]] == pytest.approx(model["overall"][name], abs=1e-6)


@pytest.mark.shared
def test_truth_tables_of_r_qca(case: Case) -> None:
    for outcome in case.expected["analyses"]:
        published = {row["row"]: row for row in case.published_rows(outcome)}
        found = case.table(outcome).rows
        assert [str(row.number) for row in found] == list(published)
        for row in found:
            theirs = published[str(row.number)]
            assert (row.output, str(row.n), ",".join(row.cases)) == (theirs["OUT"], theirs["n"], theirs["cases"])
            assert row.inclusion == pytest.approx(float(theirs["incl"]), abs=1e-9)
            assert row.pri == pytest.approx(float(theirs["PRI"]), abs=1e-9)


@pytest.mark.shared
def test_solutions_of_r_qca(case: Case) -> None:
    for outcome, published in case.expected["analyses"].items():
        table = case.table(outcome)
        assert_same(qca.minimize(table), published["conservative"])
        parsimonious = qca.minimize(table, include="?")
        assert_same(parsimonious, published["parsimonious"])
        used = {tuple(map(int, rows)) for rows in published["simplifying_assumptions"].values()}
        assert {parsimonious.assumptions(at) for at in range(len(parsimonious.models))} == used
        if "intermediate" in published:
            found = qca.minimize(table, include="?", expectations=case.expectations)
            models = {frozenset(m["terms"]): m for pair in published["intermediate"].values() for m in pair}
            assert_same(found, list(models.values()))
            pairs = {
                pair: {frozenset(m["terms"]) for m in models} for pair, models in published["intermediate"].items()
            }
            assert {pair: {frozenset(found.models[i]) for i in at} for pair, at in found.pairs.items()} == pairs


def necessity_tables(text: str) -> Iterator[tuple[str, dict[str, list[float]]]]:
    for part in re.split(r"^## Outcome ", text, flags=re.M)[1:]:
        rows = re.findall(r"^\| (\S+) \| (\d\S*) \| (\S+) \| (\S+) \|$", part, flags=re.M)
        yield part.split("\n")[0], {row[0]: [float(number) for number in row[1:]] for row in rows}


@pytest.mark.shared
def test_necessity_from_the_definition(case: Case) -> None:
    tables = dict(necessity_tables((case.folder / "EXPECTED.md").read_text(encoding="utf-8")))
    assert list(tables) == list(case.expected["analyses"])
    for outcome, published in tables.items():
        names = list(dict.fromkeys(re.sub(r"~|\[.*", "", term) for term in published))
        found = qca.necessity(case.rows, outcome, names)
        assert set(found) == set(published)
        for term, numbers in published.items():
            assert [found[term].inclusion, found[term].ron, found[term].coverage] == pytest.approx(numbers, abs=1e-6)


@pytest.mark.shared
def test_crisp_lipset_has_one_smallest_and_two_irredundant_covers(shared: Path) -> None:
    rows = read(shared / "acceptance" / "qca" / "lipset_crisp_LC" / "data.csv")
    table = qca.truth_table(rows, "SURV", ["DEV", "URB", "LIT", "IND", "STB"])
    assert qca.minimize(table, include="?").models == [["DEV*STB"]]
    assert len(qca.minimize(table, include="?", all_irredundant=True).models) == 2


# Ragin, C. and Strand, S. (2008), Using QCA to study causal order, Sociological Methods and Research 36:431-441: which
# came first, E or A, does not apply where one of them is absent. Models and fits by R QCA 3.23.
STRAND = [
    ("11111", 1, 2), ("11101", 1, 1), ("11110", 1, 2), ("110-1", 1, 1), ("101-1", 0, 2), ("100-1", 0, 3),
    ("100-0", 0, 1), ("01101", 1, 1), ("010-0", 0, 1), ("000-0", 0, 3),
]  # fmt: skip


def strand(outcome: str) -> qca.TruthTable:
    names = ["P", "E", "A", "EBA", "S"]
    rows = [dict(zip(names, values, strict=True)) | {"REC": rec} for values, rec, n in STRAND for _ in range(n)]
    return qca.truth_table(rows, outcome, names)


def test_temporal_conditions_that_do_not_apply() -> None:
    table = strand("REC")
    assert [row.number for row in table.rows] == [5, 17, 20, 29, 30, 36, 42, 44, 45, 46]
    found = qca.minimize(table)
    assert [set(model) for model in found.models] == [{"P*E*S", "P*E*A*EBA", "E*A*~EBA*S"}]
    fits = {fit.term: (fit.inclusion, fit.coverage, fit.unique) for fit in found.terms[0]}
    assert fits["P*E*A*EBA"] == pytest.approx((1, 4 / 7, 2 / 7))
    assert fits["E*A*~EBA*S"] == pytest.approx((1, 2 / 7, 1 / 7))
    published = ["~EBA P*E", "EBA E*S", "~P*A P*E", "~P*S P*E", "P*E E*A", "P*E E*S", "E*A E*S", "E*S A*~S"]
    parsimonious = qca.minimize(table, include="?")
    assert {frozenset(m) for m in parsimonious.models} == {frozenset(text.split()) for text in published}
    both = qca.minimize(table, include="?", expectations=dict.fromkeys(table.conditions, 1))
    assert {frozenset(m) for m in both.models} == {
        frozenset(("P*E*S", "P*E*A*EBA", "E*A*~EBA*S")),
        frozenset(("P*E*S", "E*A*S", "P*E*A*EBA")),
    }


def test_temporal_conditions_of_the_negation() -> None:
    table = strand("~REC")
    found = qca.minimize(table)
    common = ["~P*~A*~S", "P*~E*S"]
    assert {frozenset(m) for m in found.models} == {frozenset((*common, last)) for last in ("P*~E*~A", "~E*~A*~S")}
    parsimonious = qca.minimize(table, include="?")
    seconds = ["~P*~A", "~P*~S", "~P", "~A*~S", "~S"]
    assert {frozenset(m) for m in parsimonious.models} == {frozenset(("~E", second)) for second in seconds}
    inclusion = {fit.term: fit.inclusion for model in parsimonious.terms for fit in model}
    assert inclusion["~P"] == pytest.approx(0.8)  # found where EBA does not apply, it also covers a row with REC
    assert any("~P was found among cases to which EBA does not apply" in note for note in parsimonious.notes)
    both = qca.minimize(table, include="?", expectations=dict.fromkeys(table.conditions, 1))
    assert len(both.models) == 9
    assert frozenset(("~P", "~E")) in {frozenset(model) for model in both.models}


# By calibrate() of R QCA 3.23.
RAW = [120, 2720, 8690, 17600, 36010, 28590, 1150, 20740, 5300, 9200, 13000, 640]
CALIBRATED = [
    ("direct", [2500, 10000, 25000], 1e-9, [0.02025664801, 0.05426572783, 0.37418713823, 0.81635564759]),
    ("direct", [25000, 10000, 2500], 1e-9, [0.97974335199, 0.94573427217, 0.62581286177, 0.18364435241]),
    ("direct", [500, 3000, 8000, 13000, 20000, 30000], 1e-9, [0, 0.444, 1, 0.6714285714]),
    ("indirect", [2500, 5000, 10000, 20000, 30000], 1e-6, [0, 0.174555, 0.453391, 0.627373, 0.966942, 0.893346]),
    ("indirect", [2500, 9000, 20000], 1e-6, [0, 0.262558, 0.470742, 0.815959]),
    ("multi-value", [2500, 10000], 0, [0, 1, 1, 2, 2, 2, 0, 2, 1, 1, 2, 0]),
    ("crisp", [10000], 0, [0, 0, 0, 1]),
]


@pytest.mark.parametrize(("method", "anchors", "tolerance", "published"), CALIBRATED)
def test_calibration_of_r_qca(method: str, anchors: list[float], tolerance: float, published: list[float]) -> None:
    found = qca.calibrate(RAW, anchors, method)
    assert found[: len(published)] == pytest.approx(published, abs=tolerance)


def test_the_anchors_of_the_direct_method_are_what_they_say() -> None:
    assert qca.calibrate([1, 3, 9], [1, 3, 9]) == pytest.approx([0.05, 0.5, 0.95], abs=1e-12)
    assert qca.calibrate([1, 2, 2, 4], [], "tfr") == pytest.approx([0, 2 / 3, 2 / 3, 1])
