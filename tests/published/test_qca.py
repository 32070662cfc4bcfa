"""QCA: every published case against the numbers of R QCA 3.23, properties against brute force, refusals.

The cases lie beside the checkout (Lipset crisp, fuzzy and multi-value; Krook; Cebotari and Vink): every model, every
fit, every simplifying assumption, the truth tables and the necessity of every condition, for outcome and negation.
"""

from __future__ import annotations

import csv
import itertools
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


# Properties, over small tables.

Observed = dict[tuple[int, ...], int]


@st.composite
def observed(draw: st.DrawFn) -> tuple[tuple[int, ...], Observed]:
    """Levels of two to four conditions, and some rows with their output; at least one of each."""
    levels = draw(st.lists(st.sampled_from([2, 2, 2, 3]), min_size=2, max_size=4))
    space = list(itertools.product(*map(range, levels)))
    rows = draw(st.lists(st.sampled_from(space), min_size=2, max_size=9, unique=True))
    outputs = draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    outputs[0], outputs[1] = True, False
    return tuple(levels), dict(zip(rows, map(int, outputs), strict=True))


def table_of(levels: tuple[int, ...], rows: Observed, order: list[int] | None = None) -> qca.TruthTable:
    names = [f"C{at}" for at in order or range(len(levels))]
    found = [{f"C{at}": value for at, value in enumerate(row)} | {"Y": output} for row, output in rows.items()]
    # One case outside the analysis would change the fits: the levels come from the rows alone.
    return qca.truth_table(found, "Y", names)


def covers(term: tuple[int, ...], row: tuple[int, ...]) -> bool:
    return all(value in (-1, theirs) for value, theirs in zip(term, row, strict=True))


def smallest_covers(
    levels: tuple[int, ...], on: list[tuple[int, ...]], off: list[tuple[int, ...]]
) -> set[frozenset[Any]]:
    """By trying everything: all terms, those that are prime, all covers by size."""
    terms = [t for t in itertools.product(*(range(-1, n) for n in levels)) if not any(covers(t, row) for row in off)]
    primes = [
        t for t in terms if not any(o != t and all(a in (-1, b) for a, b in zip(o, t, strict=True)) for o in terms)
    ]
    useful = [t for t in primes if any(covers(t, row) for row in on)]
    for size in itertools.count(1):
        found = {
            frozenset(chosen)
            for chosen in itertools.combinations(useful, size)
            if all(any(covers(t, row) for t in chosen) for row in on)
        }
        if found:
            return found
    raise AssertionError


@settings(max_examples=120, deadline=None)
@given(observed())
def test_models_are_the_smallest_covers_by_brute_force(drawn: tuple[tuple[int, ...], Observed]) -> None:
    _, rows = drawn
    table = table_of(*drawn)
    on = [row for row, output in rows.items() if output]
    negative = [row for row, output in rows.items() if not output]
    space = list(itertools.product(*map(range, table.levels)))
    for include, off in (("", [row for row in space if row not in on]), ("?", negative)):
        found = qca.minimize(table, include=include)
        assert {frozenset(model) for model in found.implicants} == smallest_covers(table.levels, on, off)
        assert not found.capped
    for model in qca.minimize(table, expectations={"C0": 1}).implicants:
        assert all(any(covers(term, row) for term in model) for row in on)
        assert not any(covers(term, row) for term in model for row in negative)


@settings(max_examples=60, deadline=None)
@given(observed(), st.randoms(use_true_random=False))
def test_the_order_of_cases_and_conditions_changes_nothing(
    drawn: tuple[tuple[int, ...], Observed], random: Any
) -> None:
    levels, rows = drawn
    order = list(range(len(levels)))
    random.shuffle(order)
    shuffled = list(rows.items())
    random.shuffle(shuffled)

    def models(table: qca.TruthTable, **arguments: Any) -> set[frozenset[frozenset[str]]]:
        found = qca.minimize(table, **arguments).models
        return {frozenset(frozenset(term.split("*")) for term in model) for model in found}

    for arguments in ({}, {"include": "?"}, {"expectations": {"C1": 1}}):
        before, after = table_of(levels, rows), table_of(levels, dict(shuffled), order)
        assert models(before, **arguments) == models(after, **arguments)


@settings(max_examples=60, deadline=None)
@given(observed())
def test_every_irredundant_cover_covers_and_has_no_spare_term(drawn: tuple[tuple[int, ...], Observed]) -> None:
    table = table_of(*drawn)
    on = [row.values for row in table.with_output("1")]
    smallest, all_of_them = qca.minimize(table, "?"), qca.minimize(table, "?", all_irredundant=True)
    assert {frozenset(m) for m in smallest.implicants} <= {frozenset(m) for m in all_of_them.implicants}
    for model in all_of_them.implicants:
        for spare in (None, *model):
            left = [term for term in model if term != spare]
            assert all(any(covers(term, row) for term in left) for row in on) == (spare is None)


def test_many_tied_models_are_capped_and_said() -> None:
    random = np.random.default_rng(20030711)
    rows = [dict(zip("ABCDEFGHIJKL", map(int, values), strict=True)) for values in random.integers(0, 2, (40, 12))]
    for row, y in zip(rows, random.integers(0, 2, 40), strict=True):
        row["Y"] = int(y)
    found = qca.minimize(qca.truth_table(rows, "Y", list("ABCDEFGHIJKL")), include="?")
    assert len(found.models) == 1000
    assert found.capped.startswith("There are more than 1,000 models of ")


GOOD: dict[str, list[Any]] = {"case": ["leeds", "york"], "A": [0.9, 0.2], "B": [0.7, 0.6], "Y": [1, 0]}


def test_a_membership_of_a_half_names_its_case() -> None:
    with pytest.raises(ValueError, match=r"B of york is exactly 0\.5"):
        qca.truth_table(GOOD | {"B": [0.7, 0.5]}, "Y", ["A", "B"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"A": [0.9, 1.4]}, r"A of case york is 1\.4: a membership lies in \[0, 1\]"),
        ({"A": [0.9, -0.1]}, r"A of case york is -0\.1"),
        ({"A": [0.9, math.nan]}, r"A of case york is missing"),
        ({"A": [0.9, "high"]}, r"A of case york is .high."),
        ({"Y": [1, "-"]}, "an outcome applies to every case"),
        ({"Y": [2, 0]}, r"name the one to explain, such as Y\[2\]"),
        ({"case": ["york", "york"]}, "stands in the data more than once"),
        ({"A": [0.9]}, "not equally long"),
    ],
)
def test_data_that_are_refused(change: dict[str, list[Any]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        qca.truth_table(GOOD | change, "Y", ["A", "B"])


@pytest.mark.parametrize(
    ("outcome", "conditions", "cuts", "said"),
    [
        ("Y", ["A", "b"], {}, "no column"),
        ("Z", ["A"], {}, "no column"),
        ("Y", [], {}, "no conditions"),
        ("Y", ["A", "A"], {}, "A stands twice"),
        ("Y", ["A", "Y"], {}, "Y stands twice"),
        ("Y[3]", ["A"], {}, "Y has no value 3"),
        ("~~Y", ["A"], {}, "is no outcome"),
        ("Y", ["A"], {"inclusion": 80}, "cut-off inclusion is 80"),
        ("Y", ["A"], {"frequency": 0}, "at least one case"),
        ("Y", ["A"], {"inclusion": 0.8, "contradiction": 0.9}, "above the cut-off inclusion"),
    ],
)
def test_questions_that_are_refused(outcome: str, conditions: list[str], cuts: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        qca.truth_table(GOOD, outcome, conditions, **cuts)  # type: ignore[arg-type]


def test_minimising_nothing_or_with_unknown_names_is_refused() -> None:
    table = qca.truth_table(GOOD | {"Y": [0, 0]}, "Y", ["A", "B"])
    with pytest.raises(ValueError, match="There is nothing to minimise"):
        qca.minimize(table)
    with pytest.raises(ValueError, match="no condition makes a difference"):
        qca.minimize(qca.truth_table(GOOD, "~Y", ["B"], inclusion=0.4), include="?")
    table = qca.truth_table(GOOD, "Y", ["A", "B"], inclusion=0.8)
    with pytest.raises(ValueError, match="is no condition"):
        qca.minimize(table, include="?", expectations={"a": 1})
    with pytest.raises(ValueError, match="A has no value 2"):
        qca.minimize(table, include="?", expectations={"A": [1, 2]})
    with pytest.raises(ValueError, match="include is"):
        qca.minimize(table, include="remainders")


def test_contradictory_rows_and_multi_value_outcomes() -> None:
    data = {"A": [0, 0, 1, 1, 2], "Y": [1, 0, 2, 2, 1]}
    table = qca.truth_table(data, "Y[1]", ["A"], inclusion=1, contradiction=0.4)
    assert [row.output for row in table.rows] == ["C", "0", "1"]
    assert table.rows[0].deviant == ("2",)
    assert qca.minimize(table).models == [["A[2]"]]
    assert qca.truth_table(data, "~Y[2]", ["A"]).y.tolist() == [1, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("anchors", "method", "said"),
    [
        ([1, 3], "direct", "three anchors"),
        ([1, 9, 3], "direct", "neither rise nor fall"),
        ([3, 1], "multi-value", "rise"),
        ([1, 2], "crisp", "one threshold"),
        ([1, math.inf, 2], "direct", "finite"),
        ([1], "tfr", "no anchors"),
        ([1], "ranks", "no method"),
    ],
)
def test_anchors_that_are_refused(anchors: list[float], method: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        qca.calibrate([1, 2, 3], anchors, method)


def test_necessary_unions_are_told_without_parts_that_suffice() -> None:
    data = {"A": [1, 1, 0, 0], "B": [0, 0, 1, 0], "C": [1, 1, 1, 0], "Y": [1, 1, 1, 0]}
    found = {fit.term: fit for fit in qca.necessity(data, "Y", ["A", "B", "C"]).supersets(inclusion=1, ron=0.5)}
    assert set(found) == {"C", "A + B"}
    assert found["A + B"]["coverage"] == 1
