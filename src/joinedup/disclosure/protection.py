"""`protect`, `protect_release`, `audit_release`: from counts to tables that may leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from joinedup.disclosure.auditing import Published, Shown, audit_published
from joinedup.disclosure.deciding import Deciding, published
from joinedup.disclosure.layout import Layout, frame_of, laid_out
from joinedup.disclosure.model import DEFAULT_TOTAL, AuditedCell, Cell, CountTable, Totals
from joinedup.disclosure.profiles import PROFILES, Profile, profile_of, rounded_to, rounding_range
from joinedup.disclosure.protected import Protected
from joinedup.disclosure.register import Register, earlier
from joinedup.disclosure.status import KNOWN_ZERO, NOT_APPLICABLE_MARK, NOT_AVAILABLE_MARK, Status
from joinedup.study.problems import UsageError

if TYPE_CHECKING:
    import pandas as pd

    Table = Protected | CountTable | pd.DataFrame | pd.Series
    Tables = Table | Iterable[Table] | Mapping[str, Table]


def protect(
    table: pd.DataFrame | pd.Series | CountTable,
    profile: str | Profile = "children-la",
    totals: Totals = DEFAULT_TOTAL,
    *,
    register: Register | None = None,
) -> Protected:
    """A table of counts of persons as it may leave under `profile`.

    `table`: a frame of whole numbers from 0, with or without its margins, or a CountTable, which says more (then
    `totals` is not read). Totals must be totals of all persons. Above the profile's most cells the table is rounded
    instead, and `.reason` says so. Raises UsageError where the counts or totals can't be meant.
    """
    return protect_release([_counts(table, "table", totals)], profile, register=register)[0]


def protect_release(
    tables: Tables, profile: str | Profile = "children-la", *, register: Register | None = None
) -> tuple[Protected, ...]:
    """The tables of one release, protected together: a cell that stands in several is hidden in all of them or in none.

    `tables`: CountTables or frames, one or several, or by name. `register`: what earlier releases published: what they show can't be hidden any more, and is counted as known.
    """
    rule = profile_of(profile)
    layouts = [laid_out(_counts(table, name, DEFAULT_TOTAL)) for name, table in _named(tables)]
    cells = {cell for layout in layouts for row in layout.at for cell in row}
    reason = ""
    if rule.secondary and len(cells) > rule.most_cells:
        reason = (
            f"Rounded instead of suppressed: {len(cells):,} cells are more than the {rule.most_cells:,} for which "
            f"complementary suppression by the profile {rule.id} is worked out."
        )
        rule = replace(PROFILES["rounded"], least_feasible=rule.least_feasible)
    deciding = Deciding(layouts, rule, earlier(register))
    statuses = deciding.decide()
    return tuple(_protected(layout, statuses, deciding, reason) for layout in layouts)


def audit_release(
    tables: Tables,
    profile: str | Profile = "children-la",
    totals: Totals = DEFAULT_TOTAL,
    *,
    register: Register | None = None,
) -> list[AuditedCell]:
    """The disclosed cells of a release, each with its interval and a stop that says why; an empty list: none.

    Tables may come from `protect`, or as they would be printed: frames or CountTables with marks (then `profile` and
    `totals` say how to read them, and every hidden cell counts as one to protect). One table or several, or by name. All
    are attacked together, and together with what the `register` of earlier releases holds.
    """
    rule = profile_of(profile)
    read = [
        table.published if isinstance(table, Protected) else _as_printed(_counts(table, name, totals), rule)
        for name, table in _named(tables)
    ]
    return list(audit_published([*earlier(register), *read]).disclosed)


def _protected(layout: Layout, statuses: Mapping[Cell, Status], deciding: Deciding, reason: str) -> Protected:
    import pandas as pd

    frame = frame_of(layout.table.counts)
    found = [[statuses[cell] for cell in row] for row in layout.at]
    values = [[_printed(cell, statuses[cell], deciding) for cell in row] for row in layout.at]
    table = pd.DataFrame(values, index=frame.index, columns=frame.columns, dtype=object)
    status = pd.DataFrame(found, index=frame.index, columns=frame.columns, dtype=object)
    shown = published(layout, statuses, deciding)
    return Protected(layout.table.name, table, status, deciding.profile, shown, layout.table, reason)


def _printed(cell: Cell, status: Status, deciding: Deciding) -> int | str:
    if status.hidden:
        return deciding.profile.mark
    if status is Status.NOT_AVAILABLE:
        return NOT_AVAILABLE_MARK
    if status is Status.NOT_APPLICABLE:
        return NOT_APPLICABLE_MARK
    count = deciding.counts[cell]
    return rounded_to(count, deciding.base(cell)) if status is Status.ROUNDED else count


def _named(tables: object) -> list[tuple[str, Any]]:
    """The tables with their names, where they have none of their own."""
    import pandas as pd

    if isinstance(tables, Protected | CountTable | pd.DataFrame | pd.Series):
        return [("table", tables)]
    if isinstance(tables, Mapping):
        return [(str(name), table) for name, table in tables.items()]
    if isinstance(tables, str) or not isinstance(tables, Iterable):
        raise UsageError(f"Give the tables of the release as a list of frames or CountTables, not {tables!r}.")
    return [(f"table {at}", table) for at, table in enumerate(tables, 1)]


def _counts(table: Any, name: str, totals: Totals) -> CountTable:
    if isinstance(table, Protected):
        raise UsageError(
            f"Table {table.name!r} is protected already. Protect the tables of counts of a release together, from the start."
        )
    return table if isinstance(table, CountTable) else CountTable(frame_of(table), totals, name=name)


def _as_printed(table: CountTable, rule: Profile) -> Published:
    """What a printed table tells: a mark is any number that the rule hides, a rounded figure a range.

    Figures are taken to be rounded only if all of them can be: who reads 42 knows that it isn't rounded to 10.
    """
    layout = laid_out(table)
    shown: dict[Cell, Shown] = {cell: Shown(count, count) for cell, count in layout.counts.items()}
    above = layout.counts.keys() & layout.above
    for cells, base in ((above, rule.base_above), (layout.counts.keys() - above, rule.base)):
        if base > 1 and not any(layout.counts[cell] % base for cell in cells):
            shown |= {cell: Shown(*rounding_range(layout.counts[cell], base, rule)) for cell in cells}
    for cell, status in layout.marks.items():
        if status is Status.PRIMARY:
            shown[cell] = Shown(0, None, rule.mark) if rule.secondary else Shown(1, rule.threshold, rule.mark)
        elif status in KNOWN_ZERO:
            shown[cell] = Shown(0, 0)
    return Published(table.name, shown, layout.sums, rule)
