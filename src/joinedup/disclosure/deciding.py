"""Which cells of a release are shown, rounded or hidden: primary by the rule, secondary by what the audit asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from joinedup.disclosure.attack import Attack, Bounds, Contradiction, System, Whole, system_of
from joinedup.disclosure.auditing import Published, Shown, audit_published
from joinedup.disclosure.joint import joint_sums
from joinedup.disclosure.layout import Layout
from joinedup.disclosure.model import Cell
from joinedup.disclosure.profiles import Profile, rounded_to, rounding_range
from joinedup.disclosure.status import KNOWN_ZERO, Status
from joinedup.disclosure.suppression import Pattern, Suppression
from joinedup.study.problems import UsageError

MOST_ROUNDS = 5


def counts_of(layouts: Sequence[Layout]) -> dict[Cell, int]:
    """Every counted cell of the tables; raises UsageError where two tables count the same group differently."""
    found: dict[Cell, int] = {}
    homes: dict[Cell, str] = {}
    for layout in layouts:
        for cell, count in layout.counts.items():
            if found.setdefault(cell, count) != count:
                raise UsageError(
                    f"{cell} counts {found[cell]} persons in table {homes[cell]!r} and {count} in {layout.table.name!r}. "
                    f"Take totals from all persons, or give the tables different populations if they count others."
                )
            homes.setdefault(cell, layout.table.name)
    return found


class Deciding:
    """The decisions for all cells of one release; a cell has one status, in however many tables it stands."""

    def __init__(self, layouts: Sequence[Layout], profile: Profile, register: Sequence[Published]) -> None:
        self.layouts, self.profile = layouts, profile
        self.counts = counts_of(layouts)
        self.marks = {
            cell: mark for layout in layouts for cell, mark in layout.marks.items() if cell not in self.counts
        }
        self.above = frozenset().union(*(layout.above for layout in layouts))
        self.structural = frozenset().union(*(layout.structural for layout in layouts))
        self._refuse_broken_sums()
        self.apart = frozenset(table.name for table in register if self._differs(table))
        self.earlier = [table for table in register if table.name not in self.apart]
        self.near = {cell for table in register for cell in self._nearly(table)}
        self.statuses = {cell: self._first_status(cell) for cell in (*self.counts, *self.marks)}

    def decide(self) -> Mapping[Cell, Status]:
        """The status of every cell of the tables."""
        if not self.profile.secondary:
            return self.statuses
        system, truth = self._system()
        sensitive = {cell for cell, status in self.statuses.items() if status is Status.PRIMARY}
        for _ in range(MOST_ROUNDS):
            hidden = Suppression(self._pattern(system, truth, sensitive)).run()
            found = {**self.statuses, **{system.cells[at]: Status.SECONDARY for at in sorted(hidden)}}
            open_cells = audit_published(
                [*self.earlier, *(as_printed(at, found, self) for at in self.layouts)]
            ).disclosed
            new = {cell.cell for cell in open_cells if cell.cell in system.number} - sensitive
            if not new:
                break
            sensitive |= new
        return found

    def _system(self) -> tuple[System, Whole]:
        """All sums of the release, of what was released before, and of the tables that both are margins of; with the
        counts of all cells, whole numbers that fit where nobody counted."""
        tables = [*(found.sums for found in self.layouts), *(table.sums for table in self.earlier)]
        sums = [one for table in tables for one in table]
        cells = (*self.statuses, *(cell for table in self.earlier for cell in table.shown))
        joint = joint_sums(tables)
        for told in ([*sums, *joint], sums) if joint else (sums,):
            system = system_of(told, cells)
            try:
                return system, self._truth(system)
            except Contradiction:
                continue
        raise UsageError(
            "The totals of the tables don't agree with their parts. Take totals from all persons, and say in `totals` "
            "which labels add up to which."
        )

    def _differs(self, table: Published) -> list[Cell]:
        found = []
        for cell, shown in table.shown.items():
            count = self.counts.get(cell)
            if count is not None and not (shown.low <= count and (shown.high is None or count <= shown.high)):
                found.append(cell)
        return found

    def _nearly(self, table: Published) -> list[Cell]:
        """Cells that an earlier release shows with a few persons more or less: the difference would give them away."""
        return [
            cell
            for cell in self._differs(table)
            if table.shown[cell].exact and abs(self.counts[cell] - table.shown[cell].low) <= self.profile.threshold
        ]

    def _first_status(self, cell: Cell) -> Status:
        if cell not in self.counts:
            return self.marks[cell]
        count = self.counts[cell]
        if cell in self.structural:
            return Status.STRUCTURAL_ZERO
        if 1 <= count <= self.profile.threshold or cell in self.near:
            return Status.PRIMARY
        return Status.ROUNDED if self.base(cell) > 1 and count else Status.OK

    def base(self, cell: Cell) -> int:
        """What the count of a cell is rounded to."""
        return self.profile.base_above if cell in self.above else self.profile.base

    def shown(self, cell: Cell, status: Status) -> Shown | None:
        """What the release tells of a cell of this status; None: nothing."""
        profile = self.profile
        if status is Status.NOT_AVAILABLE:
            return None
        if status in KNOWN_ZERO:
            return Shown(0, 0)
        if status.hidden:
            return Shown(0, None, profile.mark) if profile.secondary else Shown(1, profile.threshold, profile.mark)
        count = self.counts[cell]
        if status is Status.ROUNDED:
            return Shown(*rounding_range(rounded_to(count, self.base(cell)), self.base(cell), profile))
        return Shown(count, count)

    def _truth(self, system: System) -> Whole:
        low, high = np.zeros(len(system.cells)), np.full(len(system.cells), np.inf)
        for table in self.earlier:
            for cell, shown in table.shown.items():
                low[system.number[cell]] = shown.low
                high[system.number[cell]] = np.inf if shown.high is None else shown.high
        for cell, status in self.statuses.items():
            if cell in self.counts or status in KNOWN_ZERO:
                low[system.number[cell]] = high[system.number[cell]] = self.counts.get(cell, 0)
        return Attack(system.matrix, low, high).point()

    def _refuse_broken_sums(self) -> None:
        for layout in self.layouts:
            for total, parts in layout.sums:
                if total in self.counts and all(part in self.counts for part in parts):
                    found = sum(self.counts[part] for part in parts)
                    if found != self.counts[total]:
                        raise UsageError(
                            f"Table {layout.table.name!r}: {total} counts {self.counts[total]} persons, its parts "
                            f"{found}. Take totals from all persons, and say in `totals` which labels add up to which."
                        )

    def _pattern(self, system: System, truth: Whole, sensitive: set[Cell]) -> Pattern:
        size = len(system.cells)
        low, high = np.zeros(size), np.full(size, np.inf)
        hidden_low, hidden_high = np.zeros(size), np.full(size, np.inf)
        for cell, status in self.statuses.items():
            shown = self.shown(cell, status)
            if shown is not None:
                _narrow(low, high, system.number[cell], shown)
            if shown is not None and status in KNOWN_ZERO:
                _narrow(hidden_low, hidden_high, system.number[cell], shown)
        for table in self.earlier:
            for cell, shown in table.shown.items():
                _narrow(low, high, system.number[cell], shown)
                _narrow(hidden_low, hidden_high, system.number[cell], shown)
        cells = np.array(sorted(system.number[cell] for cell in sensitive), dtype=np.int64)
        cells = cells[low[cells] < high[cells]]
        profile = self.profile
        return Pattern(
            system, truth, low, high, hidden_low, hidden_high, cells, profile.threshold, profile.least_feasible
        )


def _narrow(low: Bounds, high: Bounds, at: int, shown: Shown) -> None:
    low[at] = max(low[at], shown.low)
    if shown.high is not None:
        high[at] = min(high[at], shown.high)


def published(layout: Layout, statuses: Mapping[Cell, Status], deciding: Deciding) -> Published:
    """What the table of this layout tells an attacker once its cells have these statuses."""
    cells = dict.fromkeys([*(cell for row in layout.at for cell in row), *layout.absent])
    found = {cell: deciding.shown(cell, statuses[cell]) for cell in cells}
    shown = {cell: what for cell, what in found.items() if what is not None}
    primary = frozenset(cell for cell in cells if statuses[cell] is Status.PRIMARY)
    return Published(layout.table.name, shown, layout.sums, deciding.profile, primary, apart=deciding.apart)


def as_printed(layout: Layout, statuses: Mapping[Cell, Status], deciding: Deciding) -> Published:
    """The same for who sees only the marks: every hidden cell could be the small one."""
    return replace(published(layout, statuses, deciding), sensitive=None)
