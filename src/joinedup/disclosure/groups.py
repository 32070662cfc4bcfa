"""Groups whose members all share one value: nobody is counted out, and still something is known of everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from joinedup.disclosure.layout import laid_out
from joinedup.disclosure.model import Cell, CountTable, Stop
from joinedup.disclosure.profiles import Profile, profile_of

if TYPE_CHECKING:
    from joinedup.disclosure.protected import Protected


def whole_group_risks(table: CountTable | Protected, of: str, profile: str | Profile = "children-la") -> list[Stop]:
    """Cells of 0 % and 100 % in small groups: where all of a group give one answer of the variable `of`.

    Of a protected table only what it shows is read, so a hidden 100 % is no risk; `profile` is then its own. Groups
    larger than the profile's `small_group` are left alone: that all of 60 say yes is a finding.
    """
    protected = None if isinstance(table, CountTable) else table
    source = table if isinstance(table, CountTable) else table.source
    rule = profile_of(profile) if protected is None else protected.profile
    layout = laid_out(source)
    shown = set(layout.counts) if protected is None else {c for c, s in protected.published.shown.items() if not s.mark}
    variable = next((found for found in layout.variables if found.name == of), None)
    if variable is None:
        names = ", ".join(found.name for found in layout.variables)
        raise ValueError(f"the table has no variable {of!r}; it has {names}")
    found = []
    for cell, group in _pairs(list(layout.counts), of):
        size = layout.counts.get(group)
        answer = dict(cell.at)[of]
        if cell in shown and size and answer not in variable.parts and layout.counts[cell] == size <= rule.small_group:
            found.append(_stop(cell, group, size, of, source.name))
    return found


def _pairs(cells: list[Cell], of: str) -> Iterator[tuple[Cell, Cell]]:
    for cell in cells:
        if any(variable == of for variable, _ in cell.at):
            yield cell, Cell(cell.population, tuple(pair for pair in cell.at if pair[0] != of))


def _stop(cell: Cell, group: Cell, size: int, of: str, table: str) -> Stop:
    return Stop(
        f"All {size} of {group} have {of} = {dict(cell.at)[of]}.",
        "Who knows that somebody belongs to the group knows the answer, without any small count.",
        "Merge the group with another, or leave its row out.",
        table,
    )
