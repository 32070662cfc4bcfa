"""The values of the results as they may leave: counts of persons protected, and what follows from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from joinedup.disclosure import Cell, Profile, Protected, Register, Shown, protect_release
from joinedup.disclosure.layout import laid_out
from joinedup.disclosure.profiles import rounded_to, rounding_range
from joinedup.report.gate.copies import told_as_their_origin, withheld_cases
from joinedup.report.gate.counting import ANSWER, ASKED, OUTCOME, TOTAL, Counts, Derived, counts_of, tables_of
from joinedup.report.gate.means import protected_means
from joinedup.report.gate.persons import TOTALS
from joinedup.report.gate.population import Key, Population
from joinedup.report.gate.tables_as_told import as_told
from joinedup.study.model import Study
from joinedup.study.result import Result, Value


@dataclass(frozen=True)
class Values:
    """What the gate lets through. `changed` maps each value that may not leave as it is to what is shown instead: a mark
    or a rounded figure; `tables` are the protected tables behind it; `earlier` names the releases it was held against."""

    changed: Mapping[Key, Value]
    tables: tuple[Protected, ...]
    profile: Profile
    earlier: tuple[str, ...] = ()
    bare: frozenset[str] = frozenset()
    """Results in which the mean of some site is hidden: no figure draws it."""

    @cached_property
    def hidden(self) -> frozenset[Key]:
        """The values that a mark stands for."""
        return frozenset(key for key, shown in self.changed.items() if shown == self.profile.mark)


def protected_values(
    study: Study, results: Mapping[str, Result], profile: Profile, register: Register | None = None
) -> Values:
    """The results' values under `profile`, with what earlier releases showed (`register`) counted as known."""
    counts = counts_of(study, results)
    open_to_all = [one["people"] for one in study.settings.get("disclosure", {}).get("open", [])]
    changed: dict[Key, Value] = dict.fromkeys((*counts.withheld, *withheld_cases(study, results)), profile.mark)
    tables: list[Protected] = []
    guarded = {name: held for name, held in counts.populations.items() if not is_one_of(name, open_to_all)}
    told = {key for name in counts.populations.keys() - guarded.keys() for key in counts.populations[name].all_keys}
    several = len(study.programme_sites) > 1
    exact = {n for name in counts.populations.keys() - guarded.keys() for n in _totals(counts.populations[name])}
    for population in guarded.values():
        rule = replace(profile, base_above=profile.base) if exact & set(_totals(population)) else profile
        tables += _protect(population, rule, _about(population, register), changed, told, several)
    own = {key for key, shown in changed.items() if shown == profile.mark}
    for key, whole in counts.parts.items():
        if changed.get(whole) == profile.mark:
            changed[key] = profile.mark
    keys = {key for population in guarded.values() for key in population.all_keys if key not in told or key in changed}
    for one in counts.derived:
        if one.less or one.of in keys or one.of in changed or one.base in changed or one.population in guarded:
            shown = _derived(one, counts, results, changed, profile)
            changed |= {} if shown is None else {one.key: shown}
    changed |= protected_means(counts, results, changed, own, lambda name: is_one_of(name, open_to_all), profile)
    changed |= told_as_their_origin(study, results, changed, profile)
    earlier = sorted({table.name.partition(", ")[0] for table in register.published}) if register else ()
    bare = frozenset(one.key[0] for one in counts.means if changed.get(one.key) == profile.mark)
    return Values(changed, as_told(tables, counts, changed, profile), profile, tuple(earlier), bare)


def _about(population: Population, register: Register | None) -> Register:
    """What earlier releases showed of a population: others never hold the same persons."""
    held = register.published if register else ()
    return Register(tuple(one for one in held if any(cell.population == population.name for cell in one.shown)))


def is_one_of(population: str, names: Sequence[str]) -> bool:
    """Whether a population is named, or its name goes on from one of `names`."""
    return any(population == name or population.startswith(f"{name} ") for name in names)


def _protect(
    population: Population,
    profile: Profile,
    register: Register | None,
    changed: dict[Key, Value],
    told: Collection[Key],
    several: bool,
) -> tuple[Protected, ...]:
    """The tables of a population, protected against an attacker who knows its totals to the last person.

    The totals of a survey stand in many places (who answered, who has a score): that one of them is rounded hides nothing.
    So a total that counts an open population, too (`told`), is not rounded. With `several` sites everybody who was asked,
    answered or interviewed is a total above the authority, in whichever table it stands.
    """
    laid = list(tables_of(population))
    exact = replace(profile, base_above=profile.base)
    found = protect_release([table for table, _ in laid], exact, register=register)
    above = {cell for table, _ in laid for cell in laid_out(table).above}
    if several and is_one_of(population.name, TOTALS):
        above |= {cell for table, _ in laid for row in laid_out(table).at for cell in row if _is_total(cell.at)}
    tables = tuple(_rounded(protected, above, profile) for protected in found)
    for (_, places), protected in zip(laid, tables, strict=True):
        for group, place in places.items():
            shown = cast(Value, protected.table.at[place])
            if shown != population.counts[group]:
                keys = population.keys[group]
                if shown == profile.mark or not any(key in told for key in keys):
                    changed.update({key: shown for key in keys if changed.get(key) != profile.mark})
    return tables


def _is_total(labels: Iterable[tuple[str, str]]) -> bool:
    """Whether labels tell nobody apart: of all, those who were asked, those who answered."""
    return all(
        label == TOTAL or variable.split()[0] == "answered" or (variable in (ANSWER, OUTCOME) and label in ASKED)
        for variable, label in labels
    )


def _totals(population: Population) -> Iterator[int]:
    """How many everybody is: where an open population tells it exactly, its rounding elsewhere would tell nobody less."""
    if is_one_of(population.name, TOTALS):
        yield from (count for at, count in population.counts.items() if _is_total(at))


def _rounded(protected: Protected, above: Collection[Cell], profile: Profile) -> Protected:
    """The table with its totals above the authority rounded as the profile says, and telling no more than that."""
    base = profile.base_above
    if base == protected.profile.base_above:
        return protected
    table, shown = protected.table.copy(), dict(protected.published.shown)
    for i, row in enumerate(laid_out(protected.source).at):
        for j, cell in enumerate(row):
            count = table.iat[i, j]
            if cell in above and isinstance(count, int) and count:
                table.iat[i, j] = rounded_to(count, base)
                shown[cell] = Shown(*rounding_range(rounded_to(count, base), base, profile))
    told = replace(protected.published, shown=shown, profile=profile)
    return replace(protected, table=table, profile=profile, published=told)


def _derived(
    one: Derived, counts: Counts, results: Mapping[str, Result], changed: Mapping[Key, Value], profile: Profile
) -> Value:
    """What is shown instead of a value that follows from counts; None where it may be shown as it is."""
    if one.population:
        keys: Iterable[Key] = counts.populations[one.population].all_keys
        if one.over:  # in the result itself: in its population a type of sites is a label of the sites
            id = one.key[0]
            keys = ((id, key) for key in results[id].values if key.startswith(f"{one.over}."))
        return profile.mark if any(changed.get(key) == profile.mark for key in keys) else None
    if one.less:
        return _difference(one.of, one.less, results, changed, profile)
    of, base = (_count(key, results, changed) if key else None for key in (one.of, one.base))
    if of == profile.mark or base == profile.mark:
        return profile.mark
    if profile.base == 1:  # rounded is only what stands above the authority: a share is that of the persons
        of, base = (_count(key, results, {}) if key else None for key in (one.of, one.base))
    if not isinstance(of, int) or not isinstance(base, int):
        return None
    if profile.secondary and 1 <= base - of <= profile.threshold:
        return profile.mark
    exact = one.of not in changed and one.base not in changed
    return None if exact or not base else min(1.0, round(of / base, profile.decimals + 2))


def _difference(
    of: Key, less: Key, results: Mapping[str, Result], changed: Mapping[Key, Value], profile: Profile
) -> Value:
    """One share less another, as both are shown; None where neither has changed."""
    if of not in changed and less not in changed:
        return None
    shares = [_count(key, results, changed) for key in (of, less)]
    if not all(isinstance(share, int | float) for share in shares):
        return profile.mark
    after, before = (float(cast(float, share)) for share in shares)
    return round(after - before, profile.decimals + 2)


def _count(key: Key, results: Mapping[str, Result], changed: Mapping[Key, Value]) -> Value:
    result = results.get(key[0])
    return changed.get(key, result.values.get(key[1]) if result else None)
