"""What several tables of the same persons tell together: all of them are margins of one table that nobody prints.

Sites by sex and sites by age tell no more than each of them, for some table of sites by sex by age fits whatever fits
both. With sex by age beside them that is no longer so: a count that each table leaves open can be the only one for
which the three are margins of one table. Variables go round in a circle where taking away, again and again, what one
table alone has, and tables that lie within others, leaves something (Graham 1979; Yu and Özsoyoğlu 1979).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod

from joinedup.disclosure.layout import Sum
from joinedup.disclosure.model import Cell

MOST_CELLS = 1_500
"""Cells of a joint table; of a larger one only its margins are attacked."""
Split = tuple[str | None, tuple[str, ...]]
"""A label of a variable (None: everybody) and the labels that add up to it."""


def joint_sums(tables: Iterable[Sequence[Sum]]) -> tuple[Sum, ...]:
    """The sums of the tables that nobody prints, of which the `tables` (their sums) are margins and more than that."""
    variables: dict[str, list[frozenset[str]]] = {}
    splits: dict[str, dict[str, dict[Split, None]]] = {}
    for sums in tables:
        named: dict[str, set[str]] = {}
        for total, parts in sums:
            variable, split = _split(total, parts)
            splits.setdefault(total.population, {}).setdefault(variable, {})[split] = None
            named.setdefault(total.population, set()).update(name for cell in (total, *parts) for name, _ in cell.at)
        for population, names in named.items():
            variables.setdefault(population, []).append(frozenset(names))
    return tuple(
        one
        for population, sets in variables.items()
        for one in _sums(population, sorted(_circle(sets)), splits[population])
    )


def _split(total: Cell, parts: Sequence[Cell]) -> tuple[str, Split]:
    """The variable along which a sum runs, the label of its total and those of its parts."""
    part, whole = dict(parts[0].at), dict(total.at)
    variable = next(name for name, label in part.items() if whole.get(name) != label)
    return variable, (whole.get(variable), tuple(dict(one.at)[variable] for one in parts))


def _circle(sets: Sequence[frozenset[str]]) -> frozenset[str]:
    """The variables that are left when what one set alone has, and sets within others, are taken away again and again."""
    left = list(dict.fromkeys(sets))
    while True:
        shared = {name for one in left for name in one if sum(name in other for other in left) > 1}
        cut = list(dict.fromkeys(one & shared for one in left))
        kept = [one for one in cut if not any(one < other for other in cut)]
        if kept == left:
            return frozenset().union(*kept) if len(kept) > 1 else frozenset()
        left = kept


def _sums(population: str, names: Sequence[str], splits: Mapping[str, Mapping[Split, None]]) -> Iterator[Sum]:
    labels: dict[str, list[str | None]] = {}
    for name in names:
        found = [label for total, parts in splits.get(name, {}) for label in (total, *parts)]
        if None not in found:
            return
        labels[name] = list(dict.fromkeys(found))
    if not names or prod(map(len, labels.values())) > MOST_CELLS:
        return
    for name in names:
        others = [other for other in names if other != name]
        for rest in product(*(labels[other] for other in others)):
            at = dict(zip(others, rest, strict=True))
            for total, parts in splits[name]:
                yield _cell(population, {**at, name: total}), tuple(_cell(population, {**at, name: p}) for p in parts)


def _cell(population: str, at: Mapping[str, str | None]) -> Cell:
    return Cell(population, tuple(sorted((name, label) for name, label in at.items() if label is not None)))
