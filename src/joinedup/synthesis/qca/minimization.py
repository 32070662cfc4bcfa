"""The three solutions of a truth table, with every tied model.

Conservative: no remainder. Parsimonious: every remainder that helps. Intermediate: those remainders that a directional
expectation makes easy (Ragin and Sonnett 2005, Between complexity and parsimony), for each pair of a conservative and
a parsimonious model.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from joinedup.study.hints import did_you_mean, shown
from joinedup.synthesis.qca.cases import Floats
from joinedup.synthesis.qca.covers import Cover
from joinedup.synthesis.qca.fit import Fit, sufficiency
from joinedup.synthesis.qca.primes import FREE, Primes, Values, merged_primes, transversal_primes, written_primes
from joinedup.synthesis.qca.truthtable import CONTRADICTORY, NEGATIVE, POSITIVE, REMAINDER, TruthTable

Expectations = Mapping[str, int | Sequence[int]]
_MOST_ROWS = 1 << 20
_MOST_PAIRS = 400

CONSERVATIVE, PARSIMONIOUS, INTERMEDIATE = "conservative", "parsimonious", "intermediate"


@dataclass(frozen=True)
class Solution:
    """All tied models of a truth table.

    `models[i]`: its terms, in R QCA's notation; `terms[i]`: the fit of each, in the same order; `solution[i]`: of the
    model as a whole. `pairs` (intermediate): C1P2 -> the models from the first conservative and second parsimonious
    model. `primes`: how many prime implicants there are. `capped`: empty, or what is not shown and why.
    `notes`: what a reader of the models must know. `implicants[i]`: the terms as values, -1 where free.
    """

    kind: str
    table: TruthTable
    models: list[list[str]]
    terms: list[list[Fit]]
    solution: list[Fit]
    implicants: list[tuple[Values, ...]]
    primes: int
    pairs: dict[str, list[int]] = field(default_factory=dict)
    capped: str = ""
    notes: tuple[str, ...] = ()

    def membership(self, model: int = 0) -> Floats:
        """Of every case in a model: the largest of its memberships in the terms."""
        return largest([membership(self.table, term) for term in self.implicants[model]])

    def assumptions(self, model: int = 0) -> tuple[int, ...]:
        """The simplifying assumptions of a model: the numbers of the remainders that it covers."""
        return covered_remainders(self.table, self.implicants[model])


def minimize(
    table: TruthTable,
    include: str = "",
    expectations: Expectations | None = None,
    all_irredundant: bool = False,
    exclude: Collection[int] = (),
) -> Solution:
    """The models of `table` with the fewest prime implicants, all of them.

    `include`: "" (conservative), "?" (with remainders: parsimonious), "C" (contradictory rows may be used like
    remainders) or both. `expectations`, such as {"A": 1, "B": [1, 2]}, ask for the intermediate solution: a literal
    of the conservative solution stays where it agrees, or where nothing is expected. They refer to the outcome as it
    is given and are never turned for `~Y`. `all_irredundant`: also covers with more terms, of which none can go.
    `exclude`: the numbers of remainders that may not be used (Enhanced Standard Analysis, see `untenable`).
    Raises ValueError where no row is positive, or every row that may count is.
    """
    unknown = set(include) - {"?", "C", ",", " "}
    if unknown:
        raise ValueError(f'include is {shown(include)}; it is "", "?", "C" or "?C"')
    expected = _expected(table, expectations)
    _refuse_nothing_to_explain(table, include)
    conservative = _conservative(table, "C" in include, all_irredundant)
    if "?" not in include and expected is None:
        return conservative
    parsimonious = _parsimonious(table, "C" in include, all_irredundant, exclude)
    if expected is None:
        return parsimonious
    return _intermediate(table, conservative, parsimonious, expected, all_irredundant, exclude)


def membership(table: TruthTable, term: Values) -> Floats:
    """Of every case in a term: the smallest of its memberships in the literals."""
    literals = [member.membership(value) for member, value in zip(table.members, term, strict=True) if value != FREE]
    if not literals:
        return np.ones(len(table.cases))
    return np.asarray(np.minimum.reduce(literals), dtype=np.float64)


def largest(memberships: Sequence[Floats]) -> Floats:
    """The union of sets: of each case the largest of its memberships."""
    return np.asarray(np.maximum.reduce(memberships), dtype=np.float64)


def covered_remainders(table: TruthTable, terms: Iterable[Values]) -> tuple[int, ...]:
    """The numbers of the rows that are not observed (or below the frequency cut-off) and that `terms` cover."""
    space = full_space(table)
    inside = np.zeros(len(space), dtype=bool)
    for term in terms:
        inside |= covered(space, term)
    numbers = _numbers(table, space[inside])
    observed = {row.number for row in table.rows if row.output != REMAINDER}
    return tuple(int(number) for number in np.sort(numbers) if int(number) not in observed)


def full_space(table: TruthTable) -> npt.NDArray[np.int8]:
    """Every combination of values, the first condition slowest; "-" is no combination that could be."""
    counts = applicable_levels(table)
    size = int(np.prod(counts, dtype=object))
    if size > _MOST_ROWS:
        raise ValueError(f"{size:,} combinations of conditions are too many to go through; choose fewer conditions")
    return np.indices(counts, dtype=np.int8).reshape(len(counts), -1).T


def applicable_levels(table: TruthTable) -> Values:
    """The number of values of each condition without "-"."""
    return tuple(member.levels - int(member.irrelevant) for member in table.members)


def covered(space: npt.NDArray[np.int8], term: Values) -> npt.NDArray[np.bool_]:
    """Which rows of `space` a term covers."""
    inside = np.ones(len(space), dtype=bool)
    for position, value in enumerate(term):
        if value != FREE:
            inside &= space[:, position] == value
    return inside


def _numbers(table: TruthTable, rows: npt.NDArray[np.int8]) -> npt.NDArray[np.int64]:
    levels = table.levels
    weights = np.array([int(np.prod(levels[at + 1 :], dtype=object)) for at in range(len(levels))], dtype=np.int64)
    return 1 + rows.astype(np.int64) @ weights


def _refuse_nothing_to_explain(table: TruthTable, include: str) -> None:
    if not table.with_output(POSITIVE):
        best = max((row.inclusion for row in table.rows if row.output != REMAINDER), default=0.0)
        raise ValueError(
            f"no row of the truth table is sufficient for {table.outcome} at an inclusion of {table.inclusion:g} and a "
            f"PRI of {table.pri:g}: the highest inclusion is {best:.3f}. There is nothing to minimise."
        )
    usable = {POSITIVE, *("C" * ("C" in include))}
    if "?" in include and all(row.output in {*usable, REMAINDER} for row in table.rows):
        raise ValueError(f"every observed row is sufficient for {table.outcome}: no condition makes a difference")


def _conservative(table: TruthTable, contradictory: bool, all_irredundant: bool) -> Solution:
    positives = [_without_dash(table, row.values) for row in table.with_output(POSITIVE)]
    on = [*positives]
    if contradictory:
        on += [_without_dash(table, row.values) for row in table.with_output(CONTRADICTORY)]
    primes = merged_primes(on, positives, applicable_levels(table))
    return _solved(CONSERVATIVE, table, primes, len(positives), all_irredundant)


def _parsimonious(table: TruthTable, contradictory: bool, all_irredundant: bool, exclude: Collection[int]) -> Solution:
    helpful = (POSITIVE, REMAINDER, CONTRADICTORY) if contradictory else (POSITIVE, REMAINDER)
    off = [row.values for row in table.rows if row.output not in helpful]
    off += [values_of(table, number) for number in sorted(exclude)]
    positives = [row.values for row in table.with_output(POSITIVE)]
    primes = transversal_primes(positives, np.array(off, dtype=np.int8).reshape(len(off), -1), table.levels)
    if any(member.irrelevant for member in table.members):
        primes = _told_apart(table, primes, positives)
    return _solved(PARSIMONIOUS, table, primes, len(positives), all_irredundant)


def _told_apart(table: TruthTable, primes: Primes, positives: Sequence[Values]) -> Primes:
    """`primes`; where two are written alike, because "-" is not written, all of them by what is written (as in R)."""
    written = {_without_dash(table, primes.values(at)) for at in range(len(primes))}
    if len(written) == len(primes):
        return primes
    return written_primes(written, [_without_dash(table, row) for row in positives], table.levels)


def _intermediate(
    table: TruthTable,
    conservative: Solution,
    parsimonious: Solution,
    expected: Mapping[int, frozenset[int]],
    all_irredundant: bool,
    exclude: Collection[int],
) -> Solution:
    space, barred = full_space(table), [values_of(table, number) for number in exclude]
    found: dict[frozenset[Values], int] = {}
    models: list[tuple[Values, ...]] = []
    pairs: dict[str, list[int]] = {}
    capped = [conservative.capped, parsimonious.capped]
    solved: dict[frozenset[Values], Solution] = {}
    every = itertools.product(enumerate(conservative.implicants, 1), enumerate(parsimonious.implicants, 1))
    for (c, wide), (p, narrow) in itertools.islice(every, _MOST_PAIRS):
        easy = frozenset(_easy_terms(table, wide, narrow, expected))
        if easy not in solved:
            solved[easy] = _with_easy(table, space, easy, barred, all_irredundant)
            capped.append(solved[easy].capped)
        for model in solved[easy].implicants:
            if frozenset(model) not in found:
                found[frozenset(model)] = len(models)
                models.append(model)
            pairs.setdefault(f"C{c}P{p}", []).append(found[frozenset(model)])
    count = len(conservative.models) * len(parsimonious.models)
    if count > _MOST_PAIRS:
        capped.append(
            f"Of {count:,} pairs of a conservative and a parsimonious model, the first {_MOST_PAIRS} were used."
        )
    told = " ".join(dict.fromkeys(filter(None, capped)))
    primes = max(part.primes for part in solved.values())
    return _described(INTERMEDIATE, table, models, primes, told, pairs)


def _easy_terms(
    table: TruthTable,
    conservative: Iterable[Values],
    parsimonious: Iterable[Values],
    expected: Mapping[int, frozenset[int]],
) -> Iterable[Values]:
    """A parsimonious prime with those literals of a conservative prime inside it that expectations do not remove."""
    for c, p in itertools.product(conservative, parsimonious):
        short = _without_dash(table, p)
        if all(wide in (FREE, narrow) for narrow, wide in zip(c, short, strict=True)):
            yield tuple(
                value if wide == FREE and (at not in expected or value in expected[at]) else wide
                for at, (value, wide) in enumerate(zip(c, short, strict=True))
            )


def _with_easy(
    table: TruthTable,
    space: npt.NDArray[np.int8],
    easy: frozenset[Values],
    barred: Sequence[Values],
    all_irredundant: bool,
) -> Solution:
    positives = [_without_dash(table, row.values) for row in table.with_output(POSITIVE)]
    on = np.zeros(len(space), dtype=bool)
    for term in sorted(easy):
        on |= covered(space, term)
    for row in barred:
        on &= ~covered(space, row)
    if any(member.irrelevant for member in table.members):
        easy_rows = {tuple(row) for row in space[on].tolist()}
        primes = merged_primes(easy_rows.union(positives), positives, applicable_levels(table))
        return _solved(INTERMEDIATE, table, primes, len(positives), all_irredundant)
    for row in positives:
        on |= covered(space, row)
    primes = transversal_primes(positives, space[~on], applicable_levels(table))
    return _solved(INTERMEDIATE, table, primes, len(positives), all_irredundant)


def _without_dash(table: TruthTable, values: Values) -> Values:
    """`values` with FREE in place of "-": the condition does not apply to the cases of the row."""
    return tuple(
        FREE if member.irrelevant and value == member.levels - 1 else value
        for member, value in zip(table.members, values, strict=True)
    )


def values_of(table: TruthTable, number: int) -> Values:
    """The values of the row with a number. Raises ValueError for a number that no row has."""
    left, found = number - 1, []
    for count in reversed(table.levels):
        left, value = divmod(left, count)
        found.append(value)
    if left or number < 1:
        raise ValueError(f"{number} is no row of this truth table")
    return tuple(reversed(found))


def _solved(kind: str, table: TruthTable, primes: Primes, rows: int, all_irredundant: bool) -> Solution:
    cover = Cover(primes.coverage, rows)
    chosen, capped = cover.irredundant() if all_irredundant else cover.fewest()
    known = {at: primes.values(at) for model in chosen for at in model}
    models = [tuple(sorted((known[at] for at in model), key=_order)) for model in chosen]
    models.sort(key=lambda model: (len(model), [_order(term) for term in model]))
    return _described(kind, table, models, len(primes), capped, {})


def _order(term: Values) -> tuple[int, list[tuple[int, int]]]:
    literals = [(at, value) for at, value in enumerate(term) if value != FREE]
    return len(literals), literals


def _described(
    kind: str,
    table: TruthTable,
    models: list[tuple[Values, ...]],
    primes: int,
    capped: str,
    pairs: dict[str, list[int]],
) -> Solution:
    shown_models = [tuple(_without_dash(table, term) for term in model) for model in models]
    written = {term: written_term(table, term) for model in shown_models for term in model}
    members = {term: membership(table, term) for term in written}
    terms = [[_fit(table, model, term, written, members) for term in model] for model in shown_models]
    whole = [
        _whole(table, " + ".join(written[t] for t in model), [members[t] for t in model]) for model in shown_models
    ]
    names = [[written[term] for term in model] for model in shown_models]
    return Solution(
        kind, table, names, terms, whole, shown_models, primes, pairs, capped, tuple(_dashed(table, shown_models, kind))
    )


def _dashed(table: TruthTable, models: list[tuple[Values, ...]], kind: str) -> Iterable[str]:
    """What a reader must know where a condition need not apply: a "-" that is not written leaves a term wider."""
    dashed = [at for at, member in enumerate(table.members) if member.irrelevant]
    for term in sorted({term for model in models for term in model}) if dashed else ():
        wider = [
            str(row.number)
            for row in table.with_output(NEGATIVE)
            if all(value in (FREE, theirs) for value, theirs in zip(term, row.values, strict=True))
        ]
        if wider:
            names = " or ".join(table.members[at].name for at in dashed if term[at] == FREE)
            yield (
                f"{written_term(table, term)} was found among cases to which {names} does not apply; as it is written "
                f"it also covers rows without the outcome ({', '.join(wider)}), which its inclusion shows."
            )
    if kind != CONSERVATIVE and dashed and dashed[0] < len(table.members) - 1:
        yield (
            'R QCA 3.23 may show other models: where "-" stands before the last condition, it can take two '
            "combinations for one, and a model of its may leave a row with the outcome out."
        )


def written_term(table: TruthTable, term: Values) -> str:
    """A term in R QCA's notation; 1 where no condition is left."""
    return "*".join(table.literal(at, value) for at, value in enumerate(term) if value != FREE) or "1"


def _fit(
    table: TruthTable,
    model: tuple[Values, ...],
    term: Values,
    written: Mapping[Values, str],
    members: Mapping[Values, Floats],
) -> Fit:
    x = members[term]
    inclusion, pri, coverage = sufficiency(x, table.y)
    others = [members[other] for other in model if other != term]
    unique = None
    if others:
        rest = largest(others)
        gained = np.minimum(np.maximum(rest, x), table.y).sum() - np.minimum(rest, table.y).sum()
        unique = float(gained / table.y.sum())
    return Fit(written[term], inclusion, pri, coverage, unique, _inside(table, x))


def _whole(table: TruthTable, text: str, members: list[Floats]) -> Fit:
    x = largest(members)
    inclusion, pri, coverage = sufficiency(x, table.y)
    return Fit(text, inclusion, pri, coverage, None, _inside(table, x))


def _inside(table: TruthTable, x: Floats) -> tuple[str, ...]:
    return tuple(case for case, value in zip(table.cases, x, strict=True) if value > 0.5)


def _expected(table: TruthTable, expectations: Expectations | None) -> Mapping[int, frozenset[int]] | None:
    if expectations is None:
        return None
    found = {}
    for name, values in expectations.items():
        if name not in table.conditions:
            raise ValueError(f"{shown(name)} is no condition.{did_you_mean(name, table.conditions)}")
        at = table.conditions.index(name)
        wanted = frozenset([values] if isinstance(values, int | np.integer) else values)
        outside = sorted(wanted - set(range(applicable_levels(table)[at])))
        if outside:
            raise ValueError(
                f"{name} has no value {outside[0]}: its values are 0 to {applicable_levels(table)[at] - 1}"
            )
        found[at] = wanted
    return found
