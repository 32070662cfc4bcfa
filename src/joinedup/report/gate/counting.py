"""From results to the tables of counts that the gate protects."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from joinedup.disclosure import CountTable
from joinedup.report.gate.nesting import nest
from joinedup.report.gate.persons import (
    HAVING,
    OUTCOMES,
    PERSONS,
    Counted,
    Declared,
    Difference,
    Mean,
    Over,
    Share,
    Spread,
    Summed,
    Told,
    Withheld,
)
from joinedup.report.gate.population import Key, Labels, Population
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part, placeholders
from joinedup.study.result import Result
from joinedup.study.survey import NOT_RECORDED
from joinedup.survey.model import headline_wave

if TYPE_CHECKING:
    import pandas as pd

Places = Mapping[Labels, tuple[object, object]]
"""Where each group stands in a table: its row's and its column's label."""
Totals = Mapping[str, Sequence[str]]
TOTAL, OTHERS, ANSWER, OUTCOME = "Total", "all others", "answer", "outcome"
ASKED = ("asked", "answered")
"""Labels of answers and of outcomes that are totals of others."""
_TYPE = "type "
_ALONE = "all"
"""The variable of the columns of a table that has none."""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Derived:
    """A value that follows from counts: the share of `of` in `base`, what is told of the persons that `of` counts, a sum
    over groups of `population` (those of the variable `over`), or the share `of` without the share `less`."""

    key: Key
    of: Key = ("", "")
    base: Key | None = None
    population: str = ""
    less: Key | None = None
    over: str = ""


@dataclass(frozen=True, slots=True)
class MeanOf:
    """A mean of what some of `population` answered, whose number `n` counts; `group` names the means that it stands among."""

    key: Key
    population: str
    n: Key | None
    group: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpreadOf:
    """How far the persons whom `n` counts lie apart."""

    key: Key
    n: Key


@dataclass(frozen=True, slots=True)
class OverOf:
    """What sums up the values of `result` whose keys fit `of`; see `persons.Over`."""

    key: Key
    result: str
    of: re.Pattern[str]
    mean: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """Every value of the results that counts persons, by population; what follows from such values; means, spreads, what sums them up;
    what never leaves; the counts that would bound another, each with that other."""

    populations: dict[str, Population] = field(default_factory=dict)
    derived: list[Derived] = field(default_factory=list)
    means: list[MeanOf] = field(default_factory=list)
    spreads: list[SpreadOf] = field(default_factory=list)
    overs: list[OverOf] = field(default_factory=list)
    withheld: list[Key] = field(default_factory=list)
    parts: dict[Key, Key] = field(default_factory=dict)

    def population(self, name: str) -> Population:
        return self.populations.setdefault(name, Population(name))


def counts_of(study: Study, results: Mapping[str, Result]) -> Counts:
    """What the results say of persons."""
    counts = Counts()
    wholes: dict[str, None] = {}
    allowed, same = placeholders(study), _same_persons(study)
    for id, declared in PERSONS.items():
        if id not in results:
            continue
        patterns = {pattern: _expression(pattern, allowed) for pattern in declared}
        for key, value in results[id].values.items():
            pattern, names = _matching(key, patterns)
            what = declared.get(pattern)
            if isinstance(what, Counted):
                if isinstance(value, int):
                    wholes |= _count(counts, what, (id, key), value, names, same)
            elif isinstance(what, Withheld):
                counts.withheld.append((id, key))
            elif what is not None and value is not None:
                _follows(counts, what, (id, key), pattern, names, allowed)
    for name in wholes:
        _leave_out_smaller_total(counts.populations[name])
    nest(study, counts.populations)
    for population in list(counts.populations.values()):
        _group_sites(study, population, counts.populations)
    return counts


def _count(
    counts: Counts, what: Counted, key: Key, value: int, names: Mapping[str, str], same: Mapping[str, str]
) -> dict[str, None]:
    """Note a count of persons; returns the population that it is the total of."""
    name = what.population.format(**names)
    at = _labels((v.format(**names), label.format(**names)) for v, label in what.at.items())
    counts.population(same.get(name, name)).add(at, value, key)
    if what.outcome:
        counts.population(OUTCOMES).add(frozenset({(OUTCOME, what.outcome)}), value, key)
    if what.part_of:
        counts.parts[key] = _full(key[0], what.part_of, names)
    if not what.total_of:
        return {}
    whole = what.total_of.format(**names)
    counts.population(whole).add(frozenset(), value, key)
    return {whole: None}


def _follows(
    counts: Counts,
    what: Declared,
    key: Key,
    pattern: str,
    names: Mapping[str, str],
    allowed: Mapping[str, frozenset[str]],
) -> None:
    """Note a value that tells of persons without counting them."""
    if isinstance(what, Mean):
        n = _full(key[0], what.n, names) if what.n else None
        rest = (label for name, label in sorted(names.items()) if name != "site")
        counts.means.append(MeanOf(key, what.population, n, (key[0], pattern, *rest)))
    elif isinstance(what, Spread):
        counts.spreads.append(SpreadOf(key, _full(key[0], what.n, names)))
    elif isinstance(what, Over):
        result, of = _full(key[0], what.of, {**{name: f"{{{name}}}" for name in allowed}, **names})
        counts.overs.append(OverOf(key, result, _expression(of, allowed), what.mean))
    elif isinstance(what, Share | Difference | Told | Summed):
        counts.derived.append(_derived(key, what, names))


def _same_persons(study: Study) -> Mapping[str, str]:
    """Populations that are one: the roster of the wave of the headline results is the roster of the results."""
    try:
        return {f"people on the roster of {headline_wave(study)}": "people on the roster"}
    except NotComputable:
        return {}


def _labels(pairs: Iterable[tuple[str, str]]) -> Labels:
    """The labels of a group; a type of sites is a label of the variable of the sites, since their persons add up to its."""
    return frozenset(
        ("site", f"{_TYPE}{label}") if variable == "type" else (variable, label) for variable, label in pairs
    )


def _group_sites(study: Study, population: Population, populations: dict[str, Population]) -> None:
    """Say which sites make up each type; types whose sites' counts don't add up to theirs are a population of their own."""
    typed = {label for at in population.counts for v, label in at if v == "site" and label.startswith(_TYPE)}
    for group in sorted(typed):
        inside = [site for site in study.programme_sites if key_part(site.type or NOT_RECORDED) == group[len(_TYPE) :]]
        members = tuple(key_part(site.id) for site in inside)
        own = {at: n for at, n in population.counts.items() if ("site", group) in at}
        if all(_summed(population, at, members) == n for at, n in own.items()):
            population.sites_of[group] = members
            continue
        name = f"{population.name}, {group}"
        for at, n in own.items():
            del population.counts[at]
            for key in population.keys.pop(at):
                populations.setdefault(name, Population(name)).add(at, n, key)


def _summed(population: Population, at: Labels, members: Sequence[str]) -> int:
    rest = {pair for pair in at if pair[0] != "site"}
    return sum(population.counts.get(frozenset({*rest, ("site", member)}), 0) for member in members)


def _leave_out_smaller_total(population: Population) -> None:
    """Take out a total of fewer persons than its groups: some are at two sites. Who is at none is the rest of a larger one."""
    whole: Labels = frozenset()
    if sum(count for at, count in population.counts.items() if at) > population.counts[whole]:
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


def _matching(key: str, patterns: Mapping[str, re.Pattern[str]]) -> tuple[str, dict[str, str]]:
    """The pattern that `key` fits, and what its placeholders stand for."""
    for pattern, expression in patterns.items():
        if match := expression.fullmatch(key):
            return pattern, match.groupdict()
    return "", {}


def _full(result: str, pattern: str, names: Mapping[str, str]) -> Key:
    """The key that a declaration of `result` names, of the same result where it names no other."""
    first, colon, rest = pattern.format(**names).partition(":")
    return (first, rest) if colon else (result, first)


def _derived(key: Key, what: Share | Difference | Told | Summed, names: Mapping[str, str]) -> Derived:
    def full(pattern: str) -> Key:
        return _full(key[0], pattern, names)

    if isinstance(what, Summed):
        return Derived(key, population=what.population.format(**names), over=what.over.format(**names))
    if isinstance(what, Difference):
        return Derived(key, full(what.of), less=full(what.less))
    return Derived(key, full(what.of), full(what.base)) if isinstance(what, Share) else Derived(key, full(what.n))


def tables_of(population: Population) -> Iterator[tuple[CountTable, Places]]:
    """The tables of a population, one for each widest set of variables that are crossed."""
    crossed = {frozenset(variable for variable, _ in at) for at in population.counts}
    widest = [variables for variables in crossed if not any(variables < other for other in crossed)]
    for variables in sorted(widest, key=sorted):
        groups = {at: n for at, n in population.counts.items() if {v for v, _ in at} <= variables}
        if variables == {ANSWER}:
            yield _listed(population.name, ANSWER, groups, _answers)
        elif variables == {OUTCOME}:
            yield _listed(population.name, OUTCOME, groups, _outcomes)
        else:
            yield _table(population, variables, groups)


def _table(
    population: Population, variables: frozenset[str], groups: Mapping[Labels, int]
) -> tuple[CountTable, Places]:
    import pandas as pd

    name = population.name

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
    having = {v: {TOTAL: ("yes", "no")} for v in variables if v.split()[0] in HAVING}
    totals: dict[str, str | Totals] = {v: having.get(v) or _all_of(v, labels[v], groups) for v in variables}
    if not across:
        totals[_ALONE] = TOTAL
    if "site" in variables and population.sites_of:
        plain = tuple(label for label in labels["site"] if label != TOTAL and label not in population.sites_of)
        totals["site"] = {**_all_of("site", [*plain, TOTAL], groups), **population.sites_of}
    return CountTable(frame, {down: TOTAL, **totals}, name=name, population=name), places


def _all_of(variable: str, labels: Sequence[str], groups: Mapping[Labels, int]) -> Totals:
    """The parts of a variable's total: its labels, and those who have none of them where the total counts more."""
    plain = tuple(label for label in labels if label != TOTAL)
    counted = [groups.get(frozenset({(variable, label)})) for label in plain]
    told = [count for count in counted if count is not None]
    more = len(told) == len(plain) and sum(told) < groups.get(frozenset(), 0)
    return {TOTAL: (*plain, OTHERS) if more else plain}


def _columns(across: list[str], labels: Mapping[str, list[str]]) -> pd.Index:
    import pandas as pd

    if len(across) > 1:
        return pd.MultiIndex.from_product([labels[v] for v in across], names=across)
    return pd.Index(labels[across[0]], name=across[0]) if across else pd.Index([TOTAL], name=_ALONE)


def _listed(
    name: str, variable: str, groups: Mapping[Labels, int], sums: Callable[[Mapping[str, int]], Totals]
) -> tuple[CountTable, Places]:
    """A table of one variable whose labels are no plain list: `sums` says which of them add up to which."""
    import pandas as pd

    labels = {at: dict(at).get(variable, TOTAL) for at in groups}
    counts = {labels[at]: count for at, count in groups.items()}
    frame = pd.DataFrame({TOTAL: pd.Series(counts, dtype=object)})
    frame.index.name, frame.columns.name = variable, _ALONE
    places = {at: (label, TOTAL) for at, label in labels.items()}
    found: Mapping[str, str | Totals] = {variable: sums(counts), _ALONE: TOTAL}
    return CountTable(frame, found, name=name, population=name), places


def _answers(counts: Mapping[str, int]) -> Totals:
    """Who was asked a question, who of them answered, and what. Several answers a person don't add up."""
    options = [label for label in counts if label not in ASKED]
    totals: dict[str, Sequence[str]] = {}
    if "asked" in counts:
        totals["asked"] = ("answered", "not answered")
    if "answered" in counts and sum(counts[option] for option in options) == counts["answered"]:
        totals["answered"] = tuple(options)
    elif "answered" in counts:
        totals |= {f"answered, {option} or not": (option, f"not {option}") for option in options}
    return totals


def _outcomes(counts: Mapping[str, int]) -> Totals:
    """What became of everybody on the roster: not eligible or asked; of those, answered or not; in whole or in part."""
    answered = tuple(label for label in ("complete", "partial") if label in counts)
    above = ("not_eligible", "asked", "answered", TOTAL)
    asked = ("answered", *(label for label in counts if label not in (*above, *answered)))
    told = {"answered": answered, "asked": asked, TOTAL: ("asked", "not_eligible")}
    return {
        total: tuple(part for part in parts if part in counts)
        for total, parts in told.items()
        if total in counts and sum(counts.get(part, 0) for part in parts) == counts[total]
    }
