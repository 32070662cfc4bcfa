"""QCA beside R QCA 3.23 on small made-up data: "-" where a condition does not apply, multi-value, fuzzy; cut-offs.

Models and fits by truthTable() and minimize() of R QCA 3.23. Where the two depart on purpose, the test says why.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from joinedup.synthesis import qca


@dataclass(frozen=True)
class Typed:
    """`cases`: the values of the conditions and then of Y, a case each; `models`: of R, with the solution's fit."""

    cases: str
    outcome: str
    inclusion: float
    expectations: dict[str, int | list[int]]
    conservative: list[str]
    parsimonious: list[str]
    intermediate: list[str]
    fits: dict[str, tuple[float, float, float]]
    pri: float = 0.0
    contradiction: float | None = None

    def table(self) -> qca.TruthTable:
        rows = [dict(zip("ABCDE"[: case.count(":")], case.split(":"), strict=False)) for case in self.cases.split()]
        names = list(rows[0])
        for row, case in zip(rows, self.cases.split(), strict=True):
            row["Y"] = case.split(":")[-1]
        cuts = {"inclusion": self.inclusion, "pri": self.pri, "contradiction": self.contradiction}
        return qca.truth_table(rows, self.outcome, names, **cuts)  # type: ignore[arg-type]


TYPED = [
    Typed(
        "0:1:0:0:1 1:1:0:1:1 0:0:0:1:0 0:1:0:1:0 1:0:1:-:0 1:1:0:1:1",
        "Y",
        0.7,
        {"A": 0, "B": 1, "C": 0, "D": 0},
        ["A*B*~C*D + ~A*B*~C*~D"],
        ["A*B + ~D", "A*~C + ~D", "A*D + ~D"],
        ["A*B*~C + B*~C*~D", "A*B*~C*D + ~A*B*~C*~D"],
        {"A*D + ~D": (1, 1, 1)},
    ),
    Typed(
        "1:1:0:1:1 0:0:1:-:1 0:0:0:0:0 1:0:0:0:1 0:0:0:1:1 1:0:1:0:1 0:1:1:-:0 1:1:0:0:1",
        "Y",
        0.75,
        {"A": 1, "B": 1, "C": 0, "D": 0},
        ["A*~B*~D + A*B*~C + ~A*~B*C + ~A*~B*~C*D"],
        ["A + D + ~B*C", "A + D + ~B"],
        ["A*~C + ~B*C + ~B*D", "A*~C + ~B*C + ~C*D", "A*~D + ~B*C + ~C*D", "~B + A*~C"],
        {"A + D + ~B": (6 / 7, 6 / 7, 1), "~B + A*~C": (6 / 7, 6 / 7, 1)},
    ),
    Typed(
        "0.2:0.3:0.1:0.05:0.15:0.95 0.1:0.3:0.3:0:0.55:0.35 0.55:0.25:0.4:0.8:0.55:0.45 0:0:0.2:0.6:0.7:0.2 "
        "1:0.15:0.2:0.95:0.45:0.65 0.6:1:0.25:0.35:0.85:0.6",
        "Y",
        0.7,
        {"A": 1, "C": 1, "D": 0, "E": 0},
        ["A*B*~C*~D*E + A*~B*~C*D*~E + ~A*~B*~C*~D*~E"],
        ["B + ~E", "A*~D + ~E"],
        ["A*~B*~E + A*B*~D + ~B*~D*~E"],
        {
            "A*B*~C*~D*E + A*~B*~C*D*~E + ~A*~B*~C*~D*~E": (0.9344262295, 0.84, 0.890625),
            "B + ~E": (0.8333333333, 0.6666666667, 0.9375),
            "A*~D + ~E": (0.9375, 0.8571428571, 0.9375),
            "A*~B*~E + A*B*~D + ~B*~D*~E": (0.9344262295, 0.84, 0.890625),
        },
        pri=0.6,
        contradiction=0.4,
    ),
    Typed(
        "1:2:1:1:1 2:0:1:0:0 1:0:1:1:1 0:1:0:0:0 2:0:1:0:0 0:0:1:1:1 0:1:1:1:1 2:1:0:1:2 1:0:1:0:2 0:0:0:0:0",
        "~Y[1]",
        1.0,
        {"A": [0, 2], "B": [0, 2], "C": [0], "D": [1]},
        ["A[0]*B[0]*C[0]*D[0] + A[1]*B[0]*C[1]*D[0] + A[2]*B[1]*C[0]*D[1] + A[2]*B[0]*C[1]*D[0] + A[0]*B[1]*C[0]*D[0]"],
        ["A[2] + D[0]", "C[0] + D[0]"],
        [
            "B[0]*D[0] + A[0]*C[0]*D[0] + A[2]*C[0]*D[1]",
            "A[0]*C[0] + B[0]*D[0] + A[2]*C[0]*D[1]",
        ],
        {"A[2] + D[0]": (1, 1, 1)},
    ),
]


@pytest.mark.parametrize("typed", TYPED)
def test_models_and_fits_of_r_qca(typed: Typed) -> None:
    table = typed.table()
    found = {
        "conservative": qca.minimize(table),
        "parsimonious": qca.minimize(table, include="?"),
        "intermediate": qca.minimize(table, include="?", expectations=typed.expectations),
    }
    for kind, solution in found.items():
        published = {frozenset(text.split(" + ")): text for text in getattr(typed, kind)}
        assert {frozenset(model) for model in solution.models} == set(published)
        for model, fit in zip(solution.models, solution.solution, strict=True):
            numbers = typed.fits.get(published[frozenset(model)])
            if numbers is not None:
                assert (fit.inclusion, fit.pri, fit.coverage) == pytest.approx(numbers, abs=1e-9)


def test_terms_written_alike_are_charted_by_what_is_written() -> None:
    found = qca.minimize(TYPED[1].table(), include="?")
    assert any(note.startswith("~B was found among cases to which D does not apply") for note in found.notes)
    assert not any("R QCA" in note for note in found.notes)  # "-" stands in the last condition alone


def test_every_row_is_covered_where_a_dash_stands_before_the_last_condition() -> None:
    # R QCA 3.23 also shows A*B*~E + A*~B*~C + ~A*B here, which leaves out the row -:0:0:0:1 with the outcome ~Y.
    rows = (
        "1:1:0:0:0:0 -:0:0:0:1:0 1:1:0:0:1:1 -:0:1:0:0:1 0:1:0:0:1:0 1:0:0:0:1:0 -:1:1:0:0:1 1:0:1:0:0:1 "
        "0:0:0:0:0:1 0:0:-:1:0:1"
    )
    table = Typed(rows, "~Y", 0.8, {}, [], [], [], {}).table()
    found = qca.minimize(table, include="?")
    assert {" + ".join(sorted(model)) for model in found.models} == {
        "A*B*~E + ~A*B + ~B*E",
        "A*B*~E + ~A*E + ~B*E",
        "A*~C*~E + ~A*B + ~B*E",
        "A*~C*~E + ~A*E + ~B*E",
        "B*~C*~E + ~A*B + ~B*E",
        "B*~C*~E + ~A*E + ~B*E",
    }
    positive = {case for row in table.with_output("1") for case in row.cases}
    for at in range(len(found.models)):
        assert positive <= set(found.solution[at].cases)
    assert any(note.startswith("R QCA 3.23 may show other models") for note in found.notes)


def test_rows_that_miss_the_cut_off_by_rounding_are_sufficient() -> None:
    # R QCA 3.23 marks such a row "C" when a cut-off for contradictions is given.
    data = {"A": [0.6, 0.7, 0.8], "Y": [0.1, 0.7, 0.8]}
    reached = (0.1 + 0.7 + 0.8) / (0.6 + 0.7 + 0.8)
    table = qca.truth_table(data, "Y", ["A"], inclusion=reached + 1e-12, contradiction=0.5)
    assert [row.output for row in table.rows] == ["1"]


def test_the_frequency_cut_off_moves_no_contradiction_to_another_row() -> None:
    # R QCA 3.23 marks A*B "C" here: the rows below the frequency cut-off shift its marks by one.
    data = {"A": [0, 0, 0, 1, 1, 1, 1], "B": [0, 1, 1, 0, 0, 1, 1], "Y": [0, 0, 1, 0, 0, 1, 1]}
    table = qca.truth_table(data, "Y", ["A", "B"], frequency=2, contradiction=0.4)
    assert [(row.values, row.output) for row in table.rows] == [
        ((0, 0), "?"),
        ((0, 1), "C"),
        ((1, 0), "0"),
        ((1, 1), "1"),
    ]
