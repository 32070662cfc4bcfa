"""What an attacker can work out: whole numbers within published bounds that satisfy every published sum.

The attacker knows every published cell, which cells add up to which, and the rule. Bounds come from linear programs
(HiGHS, dual simplex); each is confirmed by a whole-numbered solution that is checked in integer arithmetic, found by
mixed-integer programming where the linear program's is not whole. Nothing rests on the solver's word alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from joinedup.disclosure.layout import Sum
from joinedup.disclosure.model import Cell

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Whole = npt.NDArray[np.int64]
Bounds = npt.NDArray[np.float64]
SECONDS = 2.0
"""Most time for one mixed-integer program; what is not proven by then counts as not protected."""


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """Cells as variables, sums as equations: `matrix` @ x = 0, a row a sum, with 1 for the total and -1 for its parts."""

    cells: tuple[Cell, ...]
    number: Mapping[Cell, int]
    matrix: csr_array


def system_of(sums: Iterable[Sum], cells: Iterable[Cell]) -> System:
    """The system of all `sums` and `cells`, each sum once, whatever number of tables shows it."""
    from scipy.sparse import csr_array

    unique = list(dict.fromkeys(sums))
    all_cells = tuple(dict.fromkeys([*cells, *(c for total, parts in unique for c in (total, *parts))]))
    number = {cell: at for at, cell in enumerate(all_cells)}
    rows, columns, signs = [], [], []
    for row, (total, parts) in enumerate(unique):
        for cell, sign in ((total, 1), *((part, -1) for part in parts)):
            rows.append(row)
            columns.append(number[cell])
            signs.append(sign)
    matrix = csr_array((signs, (rows, columns)), shape=(len(unique), len(all_cells)), dtype=np.int64)
    return System(all_cells, number, matrix)


@dataclass(slots=True, eq=False)
class _Part:
    """One connected part of what is open: its variables, equations and bounds."""

    variables: Whole
    matrix: csr_array
    right: Whole
    low: Bounds
    high: Bounds


class Contradiction(Exception):
    """What was published can't all be true of the same persons."""


class Attack:
    """The whole-numbered points of `low` <= x <= `high` with `matrix` @ x = 0.

    `low`, `high`: one number a cell; equal where the cell is known exactly, infinity where nothing bounds it.
    Raises Contradiction where published cells alone break a sum.
    """

    def __init__(self, matrix: csr_array, low: Bounds, high: Bounds) -> None:
        self.known = np.where(low == high, low, 0).astype(np.int64)
        self.roof = float(self.known.sum() + np.where(np.isfinite(high), high, 0).sum() + 1_000)
        self._low, self._high = low, np.minimum(high, self.roof + 1_000)
        self._split(matrix, np.flatnonzero(low < high))

    def _split(self, matrix: csr_array, open_cells: Whole) -> None:
        from scipy.sparse import block_array
        from scipy.sparse.csgraph import connected_components

        right = -(matrix @ self.known)
        some = matrix[:, open_cells]
        used = np.diff(some.indptr) > 0
        if right[~used].any():
            raise Contradiction
        some, right = some[used], right[used]
        graph = block_array([[None, abs(some)], [abs(some.T), None]]) if some.shape[0] else None
        of = connected_components(graph, directed=False)[1] if graph is not None else np.arange(len(open_cells))
        rows, columns = of[: some.shape[0]], of[some.shape[0] :]
        self.part_of = np.full(len(self.known), -1)
        self.part_of[open_cells] = columns
        self.at = np.zeros(len(self.known), dtype=np.int64)
        self._parts: dict[int, _Part] = {}
        for part in np.unique(columns):
            inside = np.flatnonzero(columns == part)
            cells = open_cells[inside]
            self.at[cells] = np.arange(len(cells))
            chosen = some[np.flatnonzero(rows == part)][:, inside]
            self._parts[int(part)] = _Part(cells, chosen, right[rows == part], self._low[cells], self._high[cells])

    def parts(self) -> Iterable[Whole]:
        """The open cells, one array for each part that hangs together."""
        return (part.variables for part in self._parts.values())

    def solve(self, cell: int, sense: int, objective: Bounds | None = None, fixed: int | None = None) -> Whole | None:
        """A whole-numbered point of the cell's part with the cell (or `objective` over the part) least (`sense` 1) or
        greatest (-1); with the cell `fixed` where given. The values of the part's variables; None where there is none.
        """
        part = self._parts[int(self.part_of[cell])]
        cost = np.zeros(len(part.variables))
        cost[self.at[cell]] = sense
        low, high = part.low, part.high
        if fixed is not None:
            low, high = low.copy(), high.copy()
            low[self.at[cell]] = high[self.at[cell]] = fixed
        return whole_point(cost if objective is None else objective, part.matrix, part.right, low, high)

    def variables(self, cell: int) -> Whole:
        """The cells of the part in which `cell` is open, in the order of the points of `solve`."""
        return self._parts[int(self.part_of[cell])].variables

    def interval(self, cell: int) -> tuple[int, int | None]:
        """The least and the greatest whole number that `cell` can be; None: no bound. Raises Contradiction."""
        if self.part_of[cell] < 0:
            return int(self.known[cell]), int(self.known[cell])
        least, greatest = self.solve(cell, 1), self.solve(cell, -1)
        if least is None or greatest is None:
            raise Contradiction
        high = int(greatest[self.at[cell]])
        return int(least[self.at[cell]]), None if high >= self.roof else high

    def feasible(self, cell: int, enough: int) -> tuple[int, int | None, int]:
        """The interval of `cell`, and how many whole numbers it can be, counted up to `enough`."""
        low, high = self.interval(cell)
        if self.part_of[cell] < 0:
            return low, high, 1
        top = low + 10 * enough if high is None else high
        count = 1 + (top > low)
        for between in range(low + 1, top):
            if count >= enough or between > low + 10 * enough:
                break
            count += self.solve(cell, 1, fixed=between) is not None
        return low, high, min(count, enough)

    def point(self) -> Whole:
        """Any whole-numbered point for all cells. Raises Contradiction where there is none."""
        found = self.known.copy()
        for cells in self.parts():
            solved = self.solve(int(cells[0]), 1, np.zeros(len(cells)))
            if solved is None:
                raise Contradiction
            found[cells] = solved
        return found


def whole_point(cost: Bounds, matrix: csr_array, right: Whole, low: Bounds, high: Bounds) -> Whole | None:
    """The whole-numbered x with `matrix` @ x = `right`, `low` <= x <= `high` and least `cost` @ x; None: there is none."""
    relaxed = _solved(cost, matrix, right, low, high, whole=False)
    if relaxed is None:
        return None
    point = _checked(relaxed, cost, matrix, right, low, high)
    if point is None and (found := _solved(cost, matrix, right, low, high, whole=True)) is not None:
        point = _checked(found, cost, matrix, right, low, high)
    return point


def frugal_point(cost: Bounds, matrix: csr_array, right: Whole, low: Bounds, high: Bounds) -> Whole | None:
    """As `whole_point`, but where no cheapest point is whole, first one that moves only what the cheapest one moves.

    In the time that there is, a program over all columns often ends with a point that moves nearly everything.
    """
    relaxed = _solved(cost, matrix, right, low, high, whole=False)
    if relaxed is None:
        return None
    point = _checked(relaxed, cost, matrix, right, low, high)
    if point is None:
        narrow = np.where((cost > 0) & (relaxed < 1e-6), low, high)
        found = _solved(cost, matrix, right, low, narrow, whole=True)
        point = None if found is None else _checked(found, cost, matrix, right, low, high)
    return whole_point(cost, matrix, right, low, high) if point is None else point


def _solved(
    cost: Bounds, matrix: csr_array, right: Whole, low: Bounds, high: Bounds, *, whole: bool
) -> npt.NDArray[np.float64] | None:
    from scipy.optimize import Bounds as Box
    from scipy.optimize import LinearConstraint, milp

    rules: Sequence[Any] = [LinearConstraint(matrix, right, right)] if matrix.shape[0] else []
    more: dict[str, Any] = {"integrality": np.ones(len(cost)), "options": {"time_limit": SECONDS}} if whole else {}
    found: npt.NDArray[np.float64] | None = milp(cost, bounds=Box(low, high), constraints=rules, **more).x
    return found


def _checked(
    found: npt.NDArray[np.float64], cost: Bounds, matrix: csr_array, right: Whole, low: Bounds, high: Bounds
) -> Whole | None:
    """The point that `found` is but for rounding, if it is one."""
    point: Whole = np.rint(found).astype(np.int64)
    inside = bool((point >= low).all() and (point <= high).all())
    fits = inside and not (matrix @ point - right).any() and abs(cost @ (point - found)) < 1e-4
    return point if fits else None
