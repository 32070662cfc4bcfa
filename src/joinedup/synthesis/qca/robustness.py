"""How far cut-offs and anchors can move before the solution changes, and what is common to several solutions.

Oana and Schneider (2024), A robustness test protocol for applied QCA, Sociological Methods and Research 53:57-88.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from joinedup.synthesis.qca.calibration import calibrate
from joinedup.synthesis.qca.cases import Condition, Floats
from joinedup.synthesis.qca.fit import ratio, sufficiency
from joinedup.synthesis.qca.minimization import Expectations, minimize
from joinedup.synthesis.qca.primes import Values
from joinedup.synthesis.qca.truthtable import TruthTable, recut, with_members

Models = frozenset[frozenset[Values]]
_STEPS, _HALVINGS = 12, 6


@dataclass(frozen=True)
class Range:
    """From `low` to `high` (both included) the models stay as they are at `at`.

    `low_open`, `high_open`: nothing changed up to the end of what was tried.
    """

    low: float
    at: float
    high: float
    low_open: bool
    high_open: bool


@dataclass(frozen=True)
class CoreFit:
    """The robust core (in the initial and in every test solution) against the initial solution.

    `inclusion`, `coverage`: of the core. `rf_cov`: coverage of the core over that of the initial solution; `rf_cons`:
    inclusion of the initial solution over that of the core; `rf_sc_min`, `rf_sc_max`: how far the initial solution is
    the same set as the intersection and as the union of the test solutions. 1 is robust.
    """

    inclusion: float | None
    coverage: float | None
    rf_cov: float | None
    rf_cons: float | None
    rf_sc_min: float | None
    rf_sc_max: float | None


class Solver:
    """The models of a truth table at other cut-offs or memberships; the same outputs are solved once."""

    def __init__(
        self, include: str = "", expectations: Expectations | None = None, exclude: Collection[int] = ()
    ) -> None:
        self._include, self._expectations, self._exclude = include, expectations, exclude
        self._known: dict[tuple[tuple[Values, str], ...], Models] = {}

    def __call__(self, table: TruthTable) -> Models:
        """The models as sets of terms; empty where there is nothing to minimise."""
        outputs = tuple((row.values, row.output) for row in table.rows)
        if outputs not in self._known:
            try:
                found = minimize(table, self._include, self._expectations, exclude=self._exclude).implicants
            except ValueError:
                found = []
            self._known[outputs] = frozenset(map(frozenset, found))
        return self._known[outputs]


def inclusion_range(table: TruthTable, solve: Solver) -> Range:
    """The cut-offs of inclusion that leave the models unchanged: exact, for they change at inclusions of rows only."""
    steps = {row.inclusion for row in table.rows}
    return _cut_range(table.inclusion, steps, lambda cut: solve(recut(table, inclusion=cut)))


def pri_range(table: TruthTable, solve: Solver) -> Range:
    """The cut-offs of PRI that leave the models unchanged: exact, as for inclusion."""
    steps = {row.pri or 0.0 for row in table.rows}
    return _cut_range(table.pri, steps, lambda cut: solve(recut(table, pri=cut)))


def _cut_range(at: float, steps: set[float], models: Callable[[float], Models]) -> Range:
    """At a cut-off of `step` the rows with that value just pass; the models are constant between two steps."""
    here = models(at)
    below = next((step for step in sorted(steps | {0.0}, reverse=True) if step <= at and models(step) != here), None)
    unchanged_above = [
        *itertools.takewhile(lambda step: models(step) == here, sorted(s for s in steps | {1.0} if s >= at))
    ]
    high = unchanged_above[-1] if unchanged_above else at
    low = 0.0 if below is None else min(at, float(np.nextafter(below, 1)))
    return Range(low, at, high, below is None, high == 1.0)


def frequency_range(table: TruthTable, solve: Solver) -> Range:
    """The cut-offs of frequency that leave the models unchanged."""
    here, largest = solve(table), max(row.n for row in table.rows)
    low = high = table.frequency
    while low > 1 and solve(recut(table, frequency=low - 1)) == here:
        low -= 1
    while high < largest and solve(recut(table, frequency=high + 1)) == here:
        high += 1
    return Range(low, table.frequency, high, low == 1, high == largest)


def anchor_range(
    table: TruthTable, name: str, values: Sequence[float], anchors: Sequence[float], which: int, solve: Solver
) -> Range:
    """How far anchor `which` of the directly calibrated condition `name` can move, the others in place.

    It is moved towards the next anchor, or to the end of the values (or as far as the crossover lies from it, where
    that is further) in 12 steps; the step in which the models change is halved six times. A change that is undone
    within a step is not seen. A crossover on the value of a case counts as a change.
    """
    at, here = table.conditions.index(name), solve(table)

    def unchanged(point: float) -> bool:
        moved = [*anchors[:which], point, *anchors[which + 1 :]]
        member = Condition(name, calibrate(values, moved), False, False)
        if (member.values == 0.5).any():
            return False
        return solve(with_members(table, [*table.members[:at], member, *table.members[at + 1 :]])) == here

    ends = _ends(values, anchors, which)
    (low, low_open), (high, high_open) = (_walk(anchors[which], end, unchanged) for end in ends)
    return Range(low, anchors[which], high, low_open, high_open)


def _ends(values: Sequence[float], anchors: Sequence[float], which: int) -> tuple[float, float]:
    """How far an anchor is moved, down and up."""
    order = sorted(anchors)
    at = order.index(anchors[which])
    reach = order[-1] - order[0]
    below = order[at - 1] if at else min(min(values), order[0] - reach)
    above = order[at + 1] if at + 1 < len(order) else max(max(values), order[-1] + reach)
    return below, above


def _walk(start: float, end: float, unchanged: Callable[[float], bool]) -> tuple[float, bool]:
    """The last point on the way to `end` that is known to be unchanged, and whether nothing changed."""
    last = start
    for step in range(1, _STEPS + 1):
        # An anchor can't lie on its neighbour: the last step stops short of it.
        point = start + (end - start) * min(step / _STEPS, 0.999)
        if not unchanged(point):
            changed = point
            for _ in range(_HALVINGS):
                middle = (last + changed) / 2
                last, changed = (middle, changed) if unchanged(middle) else (last, middle)
            return last, False
        last = point
    return last, True


def core_fit(initial: Floats, tests: Sequence[Floats], y: Floats) -> CoreFit:
    """The fit of the robust core: memberships in the initial solution, in the test solutions, and in the outcome."""
    least = np.minimum.reduce(list(tests))
    most = np.maximum.reduce(list(tests))
    core = np.minimum(initial, least)
    inclusion, _, coverage = sufficiency(core, y)
    whole_inclusion, _, whole_coverage = sufficiency(initial, y)
    return CoreFit(
        inclusion,
        coverage,
        ratio(coverage or 0.0, whole_coverage or 0.0),
        ratio(whole_inclusion or 0.0, inclusion or 0.0),
        ratio(float(np.minimum(initial, least).sum()), float(np.maximum(initial, least).sum())),
        ratio(float(np.minimum(initial, most).sum()), float(np.maximum(initial, most).sum())),
    )
