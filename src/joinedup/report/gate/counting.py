"""From results to the tables of counts that the gate protects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from joinedup.disclosure import CountTable
from joinedup.report.gate.persons import HAVING, PERSONS, Counted, Declared, Persons, Share, Summed, Told, Withheld
from joinedup.study.model import Study
from joinedup.study.registry import placeholders
from joinedup.study.result import Result

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[str, str]
"""A result and a key of its values."""
Labels = frozenset[tuple[str, str]]
"""A group of persons: (variable, label), without the variables that are summed over."""
Places = Mapping[Labels, tuple[object, object]]
"""Where each group stands in a table: its row's and its column's label."""
TOTAL, ANSWER = "Total", "answer"
_ALONE = "all"
"""The variable of the columns of a table that has none."""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(slots=True)
class Population:
    """Who is counted: each group with its count, and the values that print it."""

    name: str
    counts: dict[Labels, int] = field(default_factory=dict)
    keys: dict[Labels, list[Key]] = field(default_factory=dict)

    def add(self, at: Labels, count: int, key: Key) -> None:
        self.counts.setdefault(at, count)
        self.keys.setdefault(at, []).append(key)


@dataclass(frozen=True, slots=True)
class Derived:
    """A value that follows from counts: the share of `of` in `base`, what is told of the persons that `of` counts, or a
    sum over groups of `population`."""

    key: Key
    of: Key = ("", "")
    base: Key | None = None
    population: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """Every value of the results that counts persons, by population; what follows from such values; what never leaves."""

    populations: Mapping[str, Population]
    derived: tuple[Derived, ...]
    withheld: tuple[Key, ...]


def counts_of(study: Study, results: Mapping[str, Result]) -> Counts:
    """What the results say of persons."""
    populations: dict[str, Population] = {}
    derived: list[Derived] = []
    withheld: list[Key] = []
    wholes: dict[str, None] = {}
    allowed = placeholders(study)
    for id, declared in PERSONS.items():
        if id not in results:
            continue
        patterns = {pattern: _expression(pattern, allowed) for pattern in declared}
        for key, value in results[id].values.items():
            what, names = _matching(key, declared, patterns)
            if isinstance(what, Counted):
                if isinstance(value, int):
                    name = what.population.format(**names)
                    at = frozenset((v.format(**names), label.format(**names)) for v, label in what.at.items())
                    populations.setdefault(name, Population(name)).add(at, value, (id, key))
                    if what.total_of:
                        whole = what.total_of.format(**names)
                        populations.setdefault(whole, Population(whole)).add(frozenset(), value, (id, key))
                        wholes[whole] = None
            elif isinstance(what, Withheld):
                withheld.append((id, key))
            elif what is not None and value is not None:
                derived.append(_derived((id, key), what, names))
    for name in wholes:
        _check_total(populations[name])
    return Counts(populations, tuple(derived), tuple(withheld))


def _check_total(population: Population) -> None:
    """Take out the total where it is not that of the groups: some of the persons are at no site, or at two."""
    whole: Labels = frozenset()
    if sum(count for at, count in population.counts.items() if at) != population.counts[whole]:
        del population.counts[whole], population.keys[whole]


def _expression(pattern: str, allowed: Mapping[str, frozenset[str]]) -> re.Pattern[str]:
    """A pattern of keys as a regular expression with a group for each placeholder."""
    parts: list[str] = []
    for at, piece in enumerate(_PLACEHOLDER.split(pattern)):
        words = sorted(allowed.get(piece, ()), key=len, reverse=True)
        among = r"\d+" if piece == "n" else "|".join(map(re.escape, words)) or r"(?!)"
        name = f"{piece}_2" if any(part.startswith(f"(?P<{piece}>") for part in parts) else piece
        parts.append(f"(?P<{name}>{among})" if at % 2 else re.escape(piece))
    return re.compile("".join(parts))


def _matching(
    key: str, declared: Persons, patterns: Mapping[str, re.Pattern[str]]
) -> tuple[Declared | None, dict[str, str]]:
    for pattern, expression in patterns.items():
        if match := expression.fullmatch(key):
            return declared[pattern], match.groupdict()
    return None, {}


def _derived(key: Key, what: Share | Told | Summed, names: Mapping[str, str]) -> Derived:
    def full(pattern: str) -> Key:
        first, colon, rest = pattern.format(**names).partition(":")
        return (first, rest) if colon else (key[0], first)

    if isinstance(what, Summed):
        return Derived(key, population=what.population.format(**names))
    return Derived(key, full(what.of), full(what.base)) if isinstance(what, Share) else Derived(key, full(what.n))


def tables_of(population: Population) -> Iterator[tuple[CountTable, Places]]:
    """The tables of a population, one for each widest set of variables that are crossed."""
    crossed = {frozenset(variable for variable, _ in at) for at in population.counts}
    widest = [variables for variables in crossed if not any(variables < other for other in crossed)]
    for variables in sorted(widest, key=sorted):
        groups = {at: n for at, n in population.counts.items() if {v for v, _ in at} <= variables}
        yield _answers(population.name, groups) if variables == {ANSWER} else _table(population.name, variables, groups)


def _table(name: str, variables: frozenset[str], groups: Mapping[Labels, int]) -> tuple[CountTable, Places]:
    import pandas as pd

    down, *across = sorted(variables) or ["everybody"]
    labels = {v: [*sorted({dict(at)[v] for at in groups if v in dict(at)}), TOTAL] for v in (down, *across)}
    columns = _columns(across, labels)
    index = pd.Index(labels[down], name=down)
    frame = pd.DataFrame(float("nan"), index=index, columns=columns, dtype=object)
    places: dict[Labels, tuple[object, object]] = {}
    for at, count in groups.items():
        own = dict(at)
        told = tuple(own.get(v, TOTAL) for v in across)
        column: object = told if len(told) > 1 else told[0] if told else TOTAL
        places[at] = (own.get(down, TOTAL), column)
        frame.loc[places[at]] = count
    having: dict[str, Mapping[str, Sequence[str]]] = {
        v: {TOTAL: ("yes", "no")} for v in variables if v.split()[0] in HAVING
    }
    totals: dict[str, str | Mapping[str, Sequence[str]]] = {v: having.get(v, TOTAL) for v in variables}
    if not across:
        totals[_ALONE] = TOTAL
    return CountTable(frame, {down: TOTAL, **totals}, name=name, population=name), places


def _columns(across: list[str], labels: Mapping[str, list[str]]) -> pd.Index:
    import pandas as pd

    if len(across) > 1:
        return pd.MultiIndex.from_product([labels[v] for v in across], names=across)
    return pd.Index(labels[across[0]], name=across[0]) if across else pd.Index([TOTAL], name=_ALONE)


def _answers(name: str, groups: Mapping[Labels, int]) -> tuple[CountTable, Places]:
    """Who was asked a question, who of them answered, and what. Several answers a person don't add up."""
    import pandas as pd

    labels = {at: dict(at)[ANSWER] for at in groups}
    counts = {labels[at]: count for at, count in groups.items()}
    options = [label for label in counts if label not in ("asked", "answered")]
    totals: dict[str, Sequence[str]] = {}
    if "asked" in counts:
        totals["asked"] = ("answered", "not answered")
    if "answered" in counts and sum(counts[option] for option in options) == counts["answered"]:
        totals["answered"] = tuple(options)
    elif "answered" in counts:
        totals |= {f"answered, {option} or not": (option, f"not {option}") for option in options}
    frame = pd.DataFrame({TOTAL: pd.Series(counts, dtype=object)})
    frame.index.name, frame.columns.name = ANSWER, _ALONE
    places = {at: (label, TOTAL) for at, label in labels.items()}
    found: Mapping[str, str | Mapping[str, Sequence[str]]] = {ANSWER: totals, _ALONE: TOTAL}
    return CountTable(frame, found, name=name, population=name), places
