"""The truth table: which combinations of conditions are there, and how consistently the outcome goes with each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from joinedup.synthesis.qca.cases import Condition, Floats, columns_of, condition, outcome_membership, outcome_of
from joinedup.synthesis.qca.fit import sufficiency

if TYPE_CHECKING:
    import pandas as pd

_TOLERANCE = 1e-9
"""An inclusion that misses the cut-off by less is rounding."""

POSITIVE, NEGATIVE, CONTRADICTORY, REMAINDER = "1", "0", "C", "?"


@dataclass(frozen=True)
class Row:
    """A combination of conditions that was observed.

    `number` counts the rows of the full table from 1, the first condition slowest. `output`: 1, 0, C (contradictory)
    or ? (fewer cases than the cut-off). `cases`: with a membership above 0.5; `deviant`: of these, those with a
    membership in the outcome below 0.5.
    """

    number: int
    values: tuple[int, ...]
    output: str
    n: int
    inclusion: float
    pri: float | None
    cases: tuple[str, ...]
    deviant: tuple[str, ...]


@dataclass(frozen=True)
class TruthTable:
    """The observed rows, and the memberships they were made from. Rows that are not listed were not observed."""

    outcome: str
    cases: tuple[str, ...]
    members: tuple[Condition, ...]
    y: Floats
    rows: tuple[Row, ...]
    inclusion: float
    pri: float
    frequency: int
    contradiction: float | None

    @property
    def conditions(self) -> tuple[str, ...]:
        return tuple(member.name for member in self.members)

    @property
    def levels(self) -> tuple[int, ...]:
        return tuple(member.levels for member in self.members)

    @cached_property
    def multivalue(self) -> bool:
        return any(member.multivalue for member in self.members)

    def with_output(self, *outputs: str) -> tuple[Row, ...]:
        """The rows with one of `outputs`."""
        return tuple(row for row in self.rows if row.output in outputs)

    def literal(self, at: int, value: int) -> str:
        """`A`, `~A`, or with brackets where some condition has more than two values."""
        name = self.members[at].name
        if self.multivalue:
            return f"{name}[{value}]"
        return name if value == 1 else f"~{name}"

    def frame(self) -> pd.DataFrame:
        """The rows as a frame: conditions, OUT, n, inclusion, pri, cases; indexed by the rows' numbers."""
        import pandas as pd

        found: dict[str, list[Any]] = {}
        for at, member in enumerate(self.members):
            dash = member.levels - 1 if member.irrelevant else -1
            found[member.name] = ["-" if row.values[at] == dash else row.values[at] for row in self.rows]
        found["OUT"] = [row.output for row in self.rows]
        found |= {name: [getattr(row, name) for row in self.rows] for name in ("n", "inclusion", "pri")}
        found["cases"] = [",".join(row.cases) for row in self.rows]
        return pd.DataFrame(found, index=[row.number for row in self.rows])


def truth_table(
    data: Any,
    outcome: str,
    conditions: Sequence[str],
    inclusion: float = 1.0,
    pri: float = 0.0,
    frequency: int = 1,
    contradiction: float | None = None,
) -> TruthTable:
    """The truth table of `outcome` over `conditions`.

    `data`: a frame, a mapping of columns or rows; memberships in [0, 1], or the values 0, 1, 2, ... of a multi-value
    condition, or "-" where a condition does not apply to a case. A case belongs to the row in which its membership is
    above 0.5. A row's output is 1 where its inclusion reaches `inclusion` and its PRI `pri`; between `contradiction`
    and `inclusion` it is "C"; with fewer cases than `frequency` it is a remainder. `~Y` is the negated outcome,
    `Y[2]` one value of a multi-value outcome.
    Raises ValueError for unknown names, values that are no membership, and a membership of exactly 0.5 in a condition.
    """
    names = list(conditions)
    column = outcome_of(outcome)[0]
    _check_arguments(column, names, inclusion, pri, frequency, contradiction)
    cases, columns = columns_of(data, [*names, column])
    members = tuple(condition(name, columns[name], cases) for name in names)
    for member in members:
        _refuse_half(member, cases)
    y = outcome_membership(outcome, columns[column], cases)
    empty = TruthTable(outcome, cases, members, y, (), inclusion, pri, frequency, contradiction)
    return with_members(empty, members)


def recut(
    table: TruthTable, inclusion: float | None = None, frequency: int | None = None, pri: float | None = None
) -> TruthTable:
    """`table` at other cut-offs."""
    cuts = replace(table, inclusion=table.inclusion if inclusion is None else inclusion)
    cuts = replace(cuts, pri=table.pri if pri is None else pri)
    cuts = replace(cuts, frequency=table.frequency if frequency is None else frequency)
    rows = tuple(replace(row, output=_output(cuts, row.n, row.inclusion, row.pri)) for row in table.rows)
    return replace(cuts, rows=rows)


def with_members(table: TruthTable, members: Sequence[Condition]) -> TruthTable:
    """`table` with other memberships in its conditions."""
    changed = replace(table, members=tuple(members), rows=())
    return replace(changed, rows=_rows(changed))


def _rows(table: TruthTable) -> tuple[Row, ...]:
    corners = [tuple(corner) for corner in np.stack([member.corner() for member in table.members], axis=1).tolist()]
    inside: dict[tuple[int, ...], list[int]] = {}
    for case, corner in enumerate(corners):
        inside.setdefault(corner, []).append(case)
    found = []
    for values in sorted(inside):
        x = np.minimum.reduce([member.membership(value) for member, value in zip(table.members, values, strict=True)])
        consistent, proportional, _ = sufficiency(x, table.y)
        assert consistent is not None  # at least one case has a membership above 0.5
        n = len(inside[values])
        names = tuple(table.cases[at] for at in inside[values])
        deviant = tuple(table.cases[at] for at in inside[values] if table.y[at] < 0.5)
        output = _output(table, n, consistent, proportional)
        number = row_number(table.levels, values)
        found.append(Row(number, values, output, n, consistent, proportional, names, deviant))
    return tuple(found)


def row_number(levels: Sequence[int], values: Sequence[int]) -> int:
    """The number of a row of the full table, from 1; the first condition changes slowest."""
    number = 0
    for count, value in zip(levels, values, strict=True):
        number = number * count + value
    return number + 1


def _output(table: TruthTable, n: int, inclusion: float, pri: float | None) -> str:
    if n < table.frequency:
        return REMAINDER
    if inclusion >= table.inclusion - _TOLERANCE:
        return POSITIVE if (pri or 0.0) >= table.pri - _TOLERANCE else NEGATIVE
    lower = table.contradiction
    return CONTRADICTORY if lower is not None and inclusion >= lower - _TOLERANCE else NEGATIVE


def _refuse_half(member: Condition, cases: Sequence[str]) -> None:
    halves = [case for case, value in zip(cases, member.values, strict=True) if value == 0.5]
    if halves:
        raise ValueError(
            f"{member.name} of {', '.join(halves)} is exactly 0.5: neither in nor out of the set, so the case belongs "
            "to no row. Move the crossover to where the evidence puts the case on one side."
        )


def _check_arguments(
    outcome: str, conditions: list[str], inclusion: float, pri: float, frequency: int, contradiction: float | None
) -> None:
    if not conditions:
        raise ValueError("there are no conditions")
    twice = next((name for name in conditions if conditions.count(name) > 1), None)
    if twice or outcome in conditions:
        raise ValueError(f"{twice or outcome} stands twice among the conditions and the outcome")
    for name, cut in (("inclusion", inclusion), ("pri", pri), ("contradiction", contradiction)):
        if cut is not None and not 0 <= cut <= 1:
            raise ValueError(f"the cut-off {name} is {cut:g}; it lies in [0, 1]")
    if contradiction is not None and contradiction > inclusion:
        raise ValueError(f"the cut-off contradiction, {contradiction:g}, is above the cut-off inclusion, {inclusion:g}")
    if frequency < 1:
        raise ValueError(f"the cut-off frequency is {frequency}; a row needs at least one case")
