"""The tables of a release as its values tell them: what is hidden there stands in no register either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from joinedup.disclosure import Cell, Profile, Protected, Shown
from joinedup.disclosure.layout import laid_out
from joinedup.report.gate.counting import TOTAL, Counts
from joinedup.report.gate.population import Key, Labels
from joinedup.study.result import Value


def as_told(
    tables: Sequence[Protected], counts: Counts, changed: Mapping[Key, Value], profile: Profile
) -> tuple[Protected, ...]:
    """`tables` with a mark for each count whose value is one in `changed`, for whatever reason: a count may be hidden since
    it would bound another one, which its own table doesn't know."""
    hidden = set(_hidden(counts, changed, profile))
    return tuple(_hiding(table, hidden, profile) for table in tables)


def _hidden(counts: Counts, changed: Mapping[Key, Value], profile: Profile) -> Iterator[tuple[str, Labels]]:
    for name, population in counts.populations.items():
        for group, keys in population.keys.items():
            if any(changed.get(key) == profile.mark for key in keys):
                yield name, group


def _hiding(protected: Protected, hidden: set[tuple[str, Labels]], profile: Profile) -> Protected:
    shown = dict(protected.published.shown)
    gone = [cell for cell, one in shown.items() if not one.mark and (cell.population, _group(cell)) in hidden]
    if not gone:
        return protected
    shown |= dict.fromkeys(gone, Shown(0, None, profile.mark))
    table = protected.table.copy()
    for i, row in enumerate(laid_out(protected.source).at):
        for j, cell in enumerate(row):
            if cell in gone:
                table.iat[i, j] = profile.mark
    return replace(protected, table=table, published=replace(protected.published, shown=shown))


def _group(cell: Cell) -> Labels:
    """The labels of a cell without those that are totals: so groups are told apart in counts."""
    return frozenset(pair for pair in cell.at if pair[1] != TOTAL)
