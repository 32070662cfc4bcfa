"""Margins that nobody declared: taken for one more category, they would solve what they should protect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from joinedup.disclosure.hierarchy import Variable, spoken_of
from joinedup.disclosure.model import CountTable
from joinedup.study.problems import UsageError

if TYPE_CHECKING:
    import numpy.typing as npt

    Figures = npt.NDArray[np.float64]
    Keys = Sequence[Sequence[Mapping[str, str]]]

NAMES = frozenset({"all", "total", "totals", "sum", "overall", "grand total", "everybody", "everyone"})
"""What totals are called, in lower case: `pandas.crosstab` says All."""
ODDS_AT_THE_END = 20.0
ODDS_ELSEWHERE = 1_000.0
"""How unlikely it must be that figures agree by chance: little where totals stand, in the first or last place; more
elsewhere, and the more the more places there are."""


def refuse_undeclared(
    table: CountTable, variables: Sequence[Variable], keys: Keys, values: npt.NDArray[np.object_]
) -> None:
    """Raise UsageError where a variable has no totals, and one of its labels is the sum of others wherever it stands.

    A variable whose totals are told by name is taken at its word.
    """
    told = spoken_of((variable.name for variable in variables), table.totals)
    for variable in variables:
        if variable.parts or variable.name in told or len(variable.labels) < 3:
            continue
        figures = _figures(variable, keys, values)
        for at, parts in _sums(figures, variable.labels):
            whole = len(parts) + 1 == len(variable.labels)
            label = variable.labels[at]
            raise UsageError(
                f"Table {table.name!r}: {label!r} of {variable.name} is the sum of "
                f"{'all others' if whole else ', '.join(variable.labels[part] for part in parts)}, but `totals` doesn't "
                f"say that it is a total. Name it in `totals`, by variable: {{{variable.name!r}: {label!r}}}; an undeclared "
                f"total gives hidden counts away. If they add up by chance, say {{{variable.name!r}: None}}."
            )


def _figures(variable: Variable, keys: Keys, values: npt.NDArray[np.object_]) -> Figures:
    """The figures by the variable's labels (columns) and whatever else varies (rows); NaN where there is none."""
    number = {label: at for at, label in enumerate(variable.labels)}
    lines: dict[tuple[tuple[str, str], ...], int] = {}
    found = []
    for i, row in enumerate(keys):
        for j, labels in enumerate(row):
            rest = tuple(sorted(pair for pair in labels.items() if pair[0] != variable.name))
            found.append((lines.setdefault(rest, len(lines)), number[labels[variable.name]], values[i, j]))
    figures = np.full((len(lines), len(number)), np.nan)
    for line, at, value in found:
        if isinstance(value, int | float | np.integer | np.floating):
            figures[line, at] = value
    return figures


def _sums(figures: Figures, labels: Sequence[str]) -> Iterator[tuple[int, range | list[int]]]:
    """Each label that is the sum of all others, or of two or more that stand next to it, with its parts."""
    size = len(labels)
    every = figures.sum(axis=1)
    for at in sorted(range(size), key=lambda at: at not in (0, size - 1)):
        if _agree(figures[:, [at]], (every - figures[:, at])[:, None], _odds(labels[at], at, size))[0]:
            yield at, [part for part in range(size) if part != at]
    before = np.concatenate([np.zeros((len(figures), 1)), np.cumsum(np.nan_to_num(figures), axis=1)], axis=1)
    gaps = np.concatenate([np.zeros((len(figures), 1)), np.cumsum(np.isnan(figures), axis=1)], axis=1)
    for width in range(2, size - 1):
        runs = before[:, width:] - before[:, :-width]
        runs[gaps[:, width:] > gaps[:, :-width]] = np.nan
        odds = ODDS_ELSEWHERE * size
        for start in np.flatnonzero(_agree(figures[:, :-width], runs[:, 1:], odds)):
            yield int(start), range(int(start) + 1, int(start) + 1 + width)
        for start in np.flatnonzero(_agree(figures[:, width:], runs[:, :-1], odds)):
            yield int(start) + width, range(int(start), int(start) + width)


def _odds(label: str, at: int, size: int) -> float:
    if label.strip().casefold() in NAMES:
        return 1.0
    return ODDS_AT_THE_END if at in (0, size - 1) else ODDS_ELSEWHERE * size


def _agree(totals: Figures, sums: Figures, odds: float) -> npt.NDArray[np.bool_]:
    """Which columns are the sums wherever both are known, and so often that chance can't explain it."""
    known = ~np.isnan(totals) & ~np.isnan(sums)
    never_apart = ((totals == sums) | ~known).all(axis=0)
    evidence = np.where(known, np.log1p(np.nan_to_num(totals)), 0.0).sum(axis=0)
    agree: npt.NDArray[np.bool_] = never_apart & (evidence > 0) & (evidence >= np.log(odds))
    return agree
