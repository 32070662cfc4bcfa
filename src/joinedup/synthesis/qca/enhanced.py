"""What a solution may not rest on, and what should make a reader careful.

Enhanced Standard Analysis: Schneider and Wagemann (2013), Doing justice to logical remainders in QCA, Political
Research Quarterly 66:211-220. Skewed sets: Oana, Schneider and Thomann (2021), Qualitative comparative analysis
using R, section 2.3.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from joinedup.study.hints import did_you_mean, shown
from joinedup.synthesis.qca.fit import sufficiency
from joinedup.synthesis.qca.minimization import Solution, applicable_levels, covered_remainders, minimize
from joinedup.synthesis.qca.primes import FREE, Values
from joinedup.synthesis.qca.truthtable import POSITIVE, TruthTable

_LITERAL = re.compile(r"(~?)\s*([^\[\]~*+]+?)\s*(?:\[(\d+)\])?")
SKEWED = 0.8
"""A set with more than this share of the cases on one side of the crossover is skewed."""


@dataclass(frozen=True)
class Skew:
    """The share of cases with a membership above 0.5 in `name`; `skewed` where nearly all lie on one side."""

    name: str
    share: float
    skewed: bool


def contradictory_assumptions(table: TruthTable, negated: TruthTable) -> tuple[int, ...]:
    """The numbers of remainders that parsimonious models assume to bring about the outcome and its negation."""
    used = []
    for one in (table, negated):
        found = minimize(one, include="?")
        used.append({row for at in range(len(found.models)) for row in found.assumptions(at)})
    return tuple(sorted(used[0] & used[1]))


def untenable(
    table: TruthTable, necessary: Sequence[str] = (), impossible: Sequence[str] = (), negated: TruthTable | None = None
) -> tuple[int, ...]:
    """The numbers of remainders that no solution should use; hand them to `minimize` as `exclude`.

    `necessary`: terms held to be necessary for the outcome: a remainder outside one can't bring it about.
    `impossible`: terms, such as "PREGNANT*MALE", that nothing in the world fulfils. `negated`: the truth table of
    the negated outcome: remainders that both parsimonious solutions use are left out. Raises ValueError for a name
    or value that the table does not know.
    """
    found = set(contradictory_assumptions(table, negated)) if negated is not None else set()
    everything = (tuple(FREE for _ in table.members),)
    for text in necessary:
        inside = {row for term in text.split("+") for row in covered_remainders(table, (parse_term(table, term),))}
        found |= set(covered_remainders(table, everything)) - inside
    for text in impossible:
        found |= set(covered_remainders(table, (parse_term(table, text),)))
    return tuple(sorted(found))


def sufficient_for_both(table: TruthTable, negated: TruthTable) -> tuple[int, ...]:
    """The numbers of the rows that pass every cut-off for the outcome and for its negation: a cut-off of PRI ends it."""
    return tuple(sorted({row.number for row in table.with_output(POSITIVE)} & _positive(negated)))


def _positive(table: TruthTable) -> set[int]:
    return {row.number for row in table.with_output(POSITIVE)}


def also_sufficient_for_negation(solution: Solution, model: int = 0) -> tuple[str, ...]:
    """The terms of a model whose inclusion in the negated outcome reaches the cut-off too (simultaneous subsets)."""
    table = solution.table
    found = []
    for text in solution.models[model]:
        x = np.minimum.reduce([_literal(table, part) for part in text.split("*")])
        inclusion, _, _ = sufficiency(x, 1.0 - table.y)
        if inclusion is not None and inclusion >= table.inclusion - 1e-9:
            found.append(text)
    return tuple(found)


def skew(table: TruthTable) -> tuple[Skew, ...]:
    """Of the outcome and each fuzzy or crisp condition: how many cases are more in than out."""
    sets = [(table.outcome, table.y), *((m.name, m.values) for m in table.members if not m.discrete)]
    shares = [(name, float((values > 0.5).mean())) for name, values in sets]
    return tuple(Skew(name, share, max(share, 1 - share) > SKEWED) for name, share in shares)


def parse_term(table: TruthTable, text: str) -> Values:
    """A term such as `A*~B` or `A[2]*B[0]` as values, -1 where free."""
    values = [FREE] * len(table.members)
    for part in text.split("*"):
        at, value = _position(table, part)
        values[at] = value
    return tuple(values)


def _literal(table: TruthTable, text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    at, value = _position(table, text)
    return table.members[at].membership(value)


def _position(table: TruthTable, text: str) -> tuple[int, int]:
    found = _LITERAL.fullmatch(text.strip())
    if found is None or found[2] not in table.conditions:
        raise ValueError(f"{shown(text.strip())} names no condition.{did_you_mean(text.strip(), table.conditions)}")
    at = table.conditions.index(found[2])
    value = int(found[3]) if found[3] else int(not found[1])
    if value >= applicable_levels(table)[at]:
        raise ValueError(f"{found[2]} has no value {value}")
    return at, value
