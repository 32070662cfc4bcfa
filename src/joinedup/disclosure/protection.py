"""`protect`, `protect_release`, `audit_release`: from counts to tables that may leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from joinedup.disclosure.auditing import Published, Shown, audit_published
from joinedup.disclosure.deciding import Deciding, published
from joinedup.disclosure.layout import Layout, frame_of, laid_out
from joinedup.disclosure.model import DEFAULT_TOTAL, AuditedCell, Cell, CountTable, Totals
from joinedup.disclosure.profiles import PROFILES, Profile, profile_of, rounded_to, rounding_range
from joinedup.disclosure.protected import Protected
from joinedup.disclosure.register import Register, earlier
from joinedup.disclosure.status import NOT_APPLICABLE_MARK, NOT_AVAILABLE_MARK, Status

if TYPE_CHECKING:
    import pandas as pd


def protect(
    table: pd.DataFrame | CountTable,
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
    counts = table if isinstance(table, CountTable) else CountTable(table, totals)
    return protect_release([counts], profile, register=register)[0]


def protect_release(
    tables: Iterable[CountTable], profile: str | Profile = "children-la", *, register: Register | None = None
) -> tuple[Protected, ...]:
    """The tables of one release, protected together: a cell that stands in several is hidden in all of them or in none.

    `register`: what earlier releases published: what they show can't be hidden any more, and is counted as known.
    """
    rule = profile_of(profile)
    layouts = [laid_out(table) for table in tables]
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
    tables: Iterable[Protected | CountTable | pd.DataFrame],
    profile: str | Profile = "children-la",
    totals: Totals = DEFAULT_TOTAL,
    *,
    register: Register | None = None,
) -> list[AuditedCell]:
    """The disclosed cells of a release, each with its interval and a stop that says why; an empty list: none.

    Tables may come from `protect`, or as they would be printed: frames or CountTables with marks (then `profile` and
    `totals` say how to read them, and every hidden cell counts as one to protect). All are attacked together, and
    together with what the `register` of earlier releases holds.
    """
    rule = profile_of(profile)
    read = [
        table.published if isinstance(table, Protected) else _as_printed(table, at, rule, totals)
        for at, table in enumerate(tables, 1)
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


def _as_printed(table: CountTable | pd.DataFrame, at: int, rule: Profile, totals: Totals) -> Published:
    """What a printed table tells: a mark is any number that the rule hides, a rounded figure a range."""
    counts = table if isinstance(table, CountTable) else CountTable(table, totals, name=f"table {at}")
    layout = laid_out(counts)
    shown: dict[Cell, Shown] = {}
    for cell, count in layout.counts.items():
        base = rule.base_above if cell in layout.above else rule.base
        shown[cell] = Shown(*rounding_range(count, base, rule)) if base > 1 else Shown(count, count)
    for cell, status in layout.marks.items():
        if status is Status.PRIMARY:
            shown[cell] = Shown(0, None, rule.mark) if rule.secondary else Shown(1, rule.threshold, rule.mark)
        elif status is Status.NOT_APPLICABLE:
            shown[cell] = Shown(0, 0)
    return Published(counts.name, shown, layout.sums, rule)
