"""What goes into the gate and what comes out: tables of counts, cells, stops."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Parts = Mapping[str, Sequence[str]]
"""A hierarchy of one variable: total -> its parts; a part may be a total itself (several levels)."""
Totals = str | int | float | Parts | Mapping[str, str | Parts | None] | None
"""Which labels are totals: one label ("Total": wherever it stands, of all others there); a hierarchy, for the variable
that holds its labels; or variable -> label, hierarchy or None. None: no label is a total."""

DEFAULT_TOTAL = "Total"


@dataclass(frozen=True, slots=True)
class Stop:
    """Why something may not leave: what it is, why it gives persons away, what to do, and where it stands."""

    what: str
    why: str
    what_to_do: str
    place: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.what} {self.why} {self.what_to_do}"


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A group of persons, told by its labels: the same in every table of every release.

    `at` holds (variable, label) in order of the variables; a variable that is summed over is left out. Cells of
    different `population` (who or what is counted) never refer to the same persons.
    """

    population: str
    at: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        labels = ", ".join(f"{variable} = {label}" for variable, label in self.at) or "everybody"
        return f"{labels} ({self.population})" if self.population else labels


@dataclass(frozen=True, slots=True, eq=False)
class CountTable:
    """A table of a release: counts of persons, before or after protection.

    `counts`: a frame (or series) whose axes bear the names of their variables; several levels are several variables.
    Its cells are whole numbers, or marks: `c` `*` `low` suppressed, `z` not applicable, `x` `:` or NaN not available.
    `totals`: which labels are totals. A hierarchy may name totals and parts that the table doesn't show: what follows
    from the shown ones is audited too ("35 sites, 34 shown"). A total of everything in a variable is the same cell
    as in a table without that variable. `population`: who is counted, where tables of one release differ in it.
    `structural`: (row label, column label) of zeros that everybody knows must be zero; a label of None stands for all.
    `unit`: the variable that tells authorities apart: its totals are above the authority; so is the whole table where
    `above` is true.
    """

    counts: pd.DataFrame
    totals: Totals = DEFAULT_TOTAL
    name: str = "table"
    population: str = ""
    structural: Collection[tuple[object, object]] = ()
    unit: str = "site"
    above: bool = False


@dataclass(frozen=True, slots=True)
class AuditedCell:
    """What an attacker can work out about one cell that should stay hidden.

    `low` and `high` bound the whole numbers that fit everything published (`high` None: no bound; of a safe cell among
    more than 2,000 the bounds proven, the interval may be wider); `feasible` says how
    many of them were found, counted up to the number that the profile asks for. `kind`: `interval`, `two values` (the
    same group published with two values; the interval is their difference), or `register` (so against an earlier
    release). `stop` says it in words where it is disclosed.
    """

    cell: Cell
    table: str
    low: int
    high: int | None
    feasible: int
    kind: str = "interval"
    stop: Stop | None = None

    @property
    def disclosed(self) -> bool:
        return self.stop is not None


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit of one table or release: every sensitive cell with its interval."""

    cells: tuple[AuditedCell, ...]

    @property
    def disclosed(self) -> tuple[AuditedCell, ...]:
        return tuple(cell for cell in self.cells if cell.disclosed)

    @property
    def stops(self) -> tuple[Stop, ...]:
        return tuple(cell.stop for cell in self.cells if cell.stop is not None)

    @property
    def safe(self) -> bool:
        return not self.disclosed
