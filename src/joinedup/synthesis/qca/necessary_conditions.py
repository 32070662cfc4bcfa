"""Which conditions, and which unions of them, are necessary for an outcome.

Schneider and Wagemann (2012), chapter 9: a necessary condition is only worth telling where it is not trivial, which
the relevance of necessity (RoN) measures.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from joinedup.synthesis.qca.cases import Floats, columns_of, condition, outcome_membership, outcome_of
from joinedup.synthesis.qca.fit import _Items, necessary


@dataclass(frozen=True)
class NecessityFit(_Items):
    """How well `term` is necessary. `ron`: relevance of necessity, near 0 for a condition that (nearly) all cases have."""

    term: str
    inclusion: float | None
    ron: float | None
    coverage: float | None


class Necessity(Mapping[str, NecessityFit]):
    """The fit of each condition and of its negation, of each value of a multi-value one, by its notation."""

    def __init__(self, sets: Mapping[str, Floats], owners: Mapping[str, str], y: Floats) -> None:
        self._sets, self._owners, self._y = sets, owners, y
        self._fits = {term: NecessityFit(term, *necessary(x, y)) for term, x in sets.items()}

    def __getitem__(self, term: str) -> NecessityFit:
        return self._fits[term]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fits)

    def __len__(self) -> int:
        return len(self._fits)

    def supersets(
        self, inclusion: float = 0.9, ron: float = 0.0, coverage: float = 0.0, most: int = 3
    ) -> list[NecessityFit]:
        """Conjunctions and unions of up to `most` literals that are necessary at these cut-offs.

        A conjunction is told with all its parts; a union only where none of its parts (or a union of some of them)
        passes the cut-off of inclusion, for then the shorter one says more.
        """
        found, enough = [], list[frozenset[str]]()
        for size in range(1, most + 1):
            for terms in self._combinations(size):
                joined = NecessityFit(
                    "*".join(terms), *necessary(np.minimum.reduce([self._sets[t] for t in terms]), self._y)
                )
                if _passes(joined, inclusion, ron, coverage):
                    found.append(joined)
        for size in range(1, most + 1):
            for terms in self._combinations(size):
                if any(part <= frozenset(terms) for part in enough):
                    continue
                union = NecessityFit(
                    " + ".join(terms), *necessary(np.maximum.reduce([self._sets[t] for t in terms]), self._y)
                )
                if (union.inclusion or 0.0) >= inclusion - 1e-9:
                    enough.append(frozenset(terms))
                    if size > 1 and _passes(union, inclusion, ron, coverage):
                        found.append(union)
        return found

    def _combinations(self, size: int) -> Iterator[tuple[str, ...]]:
        for terms in itertools.combinations(self._sets, size):
            if len({self._owners[term] for term in terms}) == size:
                yield terms


def necessity(data: Any, outcome: str, conditions: Sequence[str]) -> Necessity:
    """Inclusion, relevance (RoN) and coverage of each condition as necessary for `outcome`.

    `data` and `outcome` as for `truth_table`; a membership of 0.5 does no harm here. The result maps `A`, `~A`, or
    `A[0]`, `A[1]`, ... where some condition has more than two values, to its fit; `.supersets()` looks for
    conjunctions and unions. Raises ValueError for unknown names and values that are no membership.
    """
    column = outcome_of(outcome)[0]
    cases, columns = columns_of(data, [*conditions, column])
    members = [condition(name, columns[name], cases) for name in conditions]
    y = outcome_membership(outcome, columns[column], cases)
    brackets = any(member.multivalue for member in members)
    sets: dict[str, Floats] = {}
    owners: dict[str, str] = {}
    for member in members:
        values = range(member.levels - int(member.irrelevant)) if brackets else (1, 0)
        for value in values:
            plain = member.name if value == 1 else f"~{member.name}"
            term = f"{member.name}[{value}]" if brackets else plain
            sets[term], owners[term] = member.membership(value), member.name
    return Necessity(sets, owners, y)


def _passes(fit: NecessityFit, inclusion: float, ron: float, coverage: float) -> bool:
    cuts = ((fit.inclusion, inclusion), (fit.ron, ron), (fit.coverage, coverage))
    return all((value or 0.0) >= cut - 1e-9 for value, cut in cuts)
