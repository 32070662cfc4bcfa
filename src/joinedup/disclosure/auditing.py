"""The audit of a release: every table of it, and every earlier release, against one attacker who holds them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from joinedup.disclosure.attack import Attack, Contradiction, System, Whole, system_of
from joinedup.disclosure.joint import joint_sums
from joinedup.disclosure.layout import Sum
from joinedup.disclosure.model import Audit, AuditedCell, Cell, Stop
from joinedup.disclosure.nearby import near_values
from joinedup.disclosure.profiles import Profile

MOST_INTERVALS = 2_000
"""In a larger system a cell that is proven open is reported with what is proven, not with its whole interval."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one published cell tells: whole numbers from `low` to `high` (None: no bound). `mark`: shown instead."""

    low: int
    high: int | None
    mark: str = ""

    @property
    def exact(self) -> bool:
        return self.low == self.high and not self.mark


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """What one table publishes: its cells, its sums, and the cells that must not become known.

    `sensitive` are the primary cells; None where the team's counts aren't at hand: then every hidden cell is one.
    `earlier`: it stands in the register; `apart`: the names of earlier tables that are known to count other persons.
    """

    name: str
    shown: Mapping[Cell, Shown]
    sums: tuple[Sum, ...]
    profile: Profile
    sensitive: frozenset[Cell] | None = None
    earlier: bool = False
    apart: frozenset[str] = frozenset()


def audit_published(tables: Sequence[Published], every: bool = False) -> Audit:
    """Audit tables together. With `every`, also the cells that are safe come back, with their intervals."""
    versions, found = _versions(tables)
    for version in versions:
        found.extend(_audit_together(version, every))
    return Audit(tuple(dict.fromkeys(found)))


def _versions(tables: Sequence[Published]) -> tuple[list[list[Published]], list[AuditedCell]]:
    """Groups of tables that agree on every cell they share, and what the disagreements give away.

    Two values of one cell count different persons: their difference is a group of its own. An earlier release that
    agrees is held together with what is released now, the newest first; of one that doesn't only the differences count.
    """
    groups: list[list[Published]] = []
    found: list[AuditedCell] = []
    for table in (table for table in tables if not table.earlier):
        clashes = [[clash for other in group for clash in _clashes(other, table)] for group in groups]
        found.extend(clash for group in clashes for clash in group if clash.disclosed)
        home = next((group for group, apart in zip(groups, clashes, strict=True) if not apart), None)
        if home is None:
            groups.append([table])
        else:
            home.append(table)
    for table in reversed([table for table in tables if table.earlier]):
        for group in groups:
            apart = [clash for other in group if not other.earlier for clash in _clashes(table, other)]
            found.extend(clash for clash in apart if clash.disclosed)
            known = any(table.name in other.apart for other in group)
            if not apart and not known and not any(_clashes(other, table) for other in group):
                group.append(table)
    return groups, found


def _clashes(one: Published, other: Published) -> list[AuditedCell]:
    found = []
    for cell, shown in other.shown.items():
        before = one.shown.get(cell)
        if before is None or not (before.exact and shown.exact) or before.low == shown.low:
            continue
        apart = abs(before.low - shown.low)
        found.append(_clash(one, other, cell, apart))
    return found


def _clash(one: Published, other: Published, cell: Cell, apart: int) -> AuditedCell:
    small = apart <= max(one.profile.threshold, other.profile.threshold)
    kind = "register" if one.earlier else "two values"
    if one.earlier and not small:
        return AuditedCell(cell, other.name, apart, apart, 1, kind)
    before = f"the earlier release {one.name!r}" if one.earlier else f"table {one.name!r}"
    persons = "1 person" if apart == 1 else f"{apart} persons"
    stop = Stop(
        f"The count of {cell} differs by {persons} from that in {before}.",
        f"Who subtracts the two counts has the {persons} who are in one of them only."
        if small
        else "The same group can't have two sizes: either a total leaves out suppressed persons, or two groups share a name.",
        "Take totals from all persons, never from what is left after suppression; hide this cell; or wait until more "
        "persons have changed."
        if small
        else "Take totals from all persons, or give the two tables different populations.",
        other.name,
    )
    return AuditedCell(cell, other.name, apart, apart, 1, kind, stop)


def _audit_together(tables: Sequence[Published], every: bool) -> list[AuditedCell]:
    sums = [s for table in tables for s in table.sums]
    joint = joint_sums(table.sums for table in tables)
    shown = known_of(tables)
    for attacked in ([*sums, *joint], sums) if joint else (sums,):
        system = system_of(attacked, (cell for t in tables for cell in t.shown))
        try:
            attack = Attack(system.matrix, *bounds_of(system, shown))
            return _Auditing(tables, system, attack, shown).run(every)
        except Contradiction:
            continue
    return _contradicting(tables, every)


def _contradicting(tables: Sequence[Published], every: bool) -> list[AuditedCell]:
    """The audit of tables that can't all be true: without what was released earlier, or a stop that says so."""
    now = [table for table in tables if not table.earlier]
    return _audit_together(now, every) if len(now) < len(tables) else [_contradiction(tables)]


def known_of(tables: Iterable[Published]) -> dict[Cell, Shown]:
    """What all `tables` together tell of each cell."""
    known: dict[Cell, Shown] = {}
    for table in tables:
        for cell, shown in table.shown.items():
            before = known.get(cell)
            if before is None:
                known[cell] = shown
                continue
            highs = [high for high in (before.high, shown.high) if high is not None]
            mark = before.mark and shown.mark
            known[cell] = Shown(max(before.low, shown.low), min(highs) if highs else None, mark)
    return known


def bounds_of(system: System, shown: Mapping[Cell, Shown]) -> tuple[np.ndarray, np.ndarray]:
    """What is known of each cell of the system before any sum is used; a cell that isn't shown is 0 or more."""
    low, high = np.zeros(len(system.cells)), np.full(len(system.cells), np.inf)
    for cell, known in shown.items():
        low[system.number[cell]] = known.low
        high[system.number[cell]] = np.inf if known.high is None else known.high
    return low, high


class _Auditing:
    """One attack on tables that agree with each other."""

    def __init__(
        self, tables: Sequence[Published], system: System, attack: Attack, shown: Mapping[Cell, Shown]
    ) -> None:
        self.tables, self.system, self.attack, self.shown = tables, system, attack, shown
        self.homes = {cell: table for table in reversed(tables) for cell in table.shown}
        self.fallback = tables[0]
        self.enough = max(table.profile.least_feasible for table in tables)
        self.threshold = max(table.profile.threshold for table in tables)
        self._point: Whole | None = None

    def run(self, every: bool) -> list[AuditedCell]:
        sensitive, unknown = self._targets()
        if not sensitive and not unknown:
            self.attack.point()
            return []
        open_counts = self._witnessed(sensitive + unknown)
        found = []
        for cell in sensitive + unknown:
            number = self.system.number[cell]
            proven = open_counts.get(number, set())
            if len(proven) >= self.enough and (not every or len(self.system.cells) > MOST_INTERVALS):
                if every and cell in self._reported:
                    found.append(self._audited(cell, min(proven), max(proven), self.enough, False))
                continue
            low, high, count = self.attack.feasible(number, self.enough)
            small = low <= self.threshold and (high is None or high >= 1)
            disclosed = count < self.enough and (cell in self._primary or small)
            if disclosed or (every and cell in self._reported):
                found.append(self._audited(cell, low, high, count, disclosed))
        return found

    def _targets(self) -> tuple[list[Cell], list[Cell]]:
        """The primary cells, and whatever else isn't shown and could be small: hidden at the source, or only implied."""
        self._primary = {cell for table in self.tables for cell in table.sensitive or ()}
        hidden = {cell for table in self.tables if table.sensitive is None for cell, s in table.shown.items() if s.mark}
        harmless = {cell for table in self.tables if table.sensitive is not None for cell in table.shown}
        told = {cell for table in self.tables for total, parts in table.sums for cell in (total, *parts)}
        self._reported = self._primary | hidden
        implied = [cell for cell in self.system.cells if cell in told and cell not in self.shown]
        unknown = [*(cell for cell in self.system.cells if cell in hidden - harmless), *implied]
        return [cell for cell in self.system.cells if cell in self._primary], unknown

    def _witnessed(self, targets: Sequence[Cell]) -> dict[int, set[int]]:
        """Different values that each target can take: a quick proof for most cells.

        First near one table that fits; then, where targets are left, in a few whole-numbered points of their part.
        """
        wanted = np.array([self.system.number[cell] for cell in targets], dtype=np.int64)
        ends = near_values(self.system, *bounds_of(self.system, self.shown), wanted)
        values = {
            int(cell): set(range(first, last + 1))
            for cell, first, last in zip(wanted, *(map(int, end) for end in ends), strict=True)
        }
        left = np.array([cell for cell, found in values.items() if len(found) < self.enough], dtype=np.int64)
        draw = np.random.default_rng(1)
        for cells in self.attack.parts():
            inside = np.isin(cells, left)
            if inside.any():
                for point in self._points(cells, inside, draw):
                    for cell, value in zip(cells[inside], point[inside], strict=True):
                        values[int(cell)].add(int(value))
        return values

    def _points(self, cells: Whole, inside: npt.NDArray[np.bool_], draw: np.random.Generator) -> Iterator[Whole]:
        """Points of a part that are far apart in the cells `inside`: all low, all high, and some of each."""
        for turn in range(6):
            mixed = np.where(draw.random(len(cells)) < 0.5, -1.0, 1.0)
            signs = mixed if turn > 1 else np.full(len(cells), 1.0 - 2 * turn)
            point = self.attack.solve(int(cells[0]), 1, signs * inside)
            if point is None:
                raise Contradiction
            yield point

    def _audited(self, cell: Cell, low: int, high: int | None, count: int, disclosed: bool) -> AuditedCell:
        home = self.homes.get(cell, self.fallback)
        audited = AuditedCell(cell, home.name, low, high, count, "interval")
        return replace(audited, stop=self._stop(audited)) if disclosed else audited

    def _stop(self, cell: AuditedCell) -> Stop:
        if cell.low == cell.high:
            can = f"It can be worked out: it is {cell.low}"
        else:
            can = f"It can only be one of {cell.feasible} numbers from {cell.low} to {cell.high}"
        from_where = "the sums" if len(self.tables) == 1 else "the sums of the tables taken together"
        earlier = sorted({table.name for table in self.tables if table.earlier})
        if earlier:
            from_where = f"the sums and what was released before ({', '.join(earlier)})"
        hidden = "is hidden" if cell.cell in self.shown else "isn't shown"
        return Stop(
            f"The count of {cell.cell} {hidden}, but not protected.",
            f"{can}, by {from_where}.",
            "Protect all tables of the release together, so that further cells are hidden; or merge categories.",
            cell.table,
        )


def _contradiction(tables: Sequence[Published]) -> AuditedCell:
    names = ", ".join(table.name for table in tables)
    stop = Stop(
        "The published totals don't agree with their parts.",
        "A total that leaves out hidden persons gives them away where the true one is known.",
        "Take every total from all persons, and say in `totals` which labels add up to which, and in `profile` by which "
        "rule the counts were hidden.",
        names,
    )
    return AuditedCell(Cell("", ()), names, 0, 0, 0, "two values", stop)
