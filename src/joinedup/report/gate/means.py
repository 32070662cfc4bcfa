"""Means of what few persons answered, how far they lie apart, and what sums up either over sites: hidden or coarse."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from joinedup.disclosure import Profile
from joinedup.report.gate.counting import Counts, MeanOf, OverOf
from joinedup.report.gate.population import Key
from joinedup.study.result import Result, Value

Open = Callable[[str], bool]
"""Whether counts of a population are declared to give nobody away."""
_ANSWERS = "survey/responses-"


def protected_means(
    counts: Counts,
    results: Mapping[str, Result],
    changed: Mapping[Key, Value],
    own: Collection[Key],
    open_: Open,
    profile: Profile,
) -> dict[Key, Value]:
    """What is shown instead of each mean, spread, and what sums up either.

    `changed` are the counts as they are shown, `own` those that their own table hides. A mean is hidden where its count
    is, or where 1 to the profile's threshold answered; where a single one of several is hidden, so is the one that rests
    on the fewest answers: the mean of all would give the one away. All others are rounded to the profile's decimals.
    A spread is told of more persons than the profile's small group only, and a mean over so many sites with all digits.
    """
    hidden = {one.key for one in counts.means if not open_(one.population) and _is_small(one, results, own, profile)}
    hidden |= set(_companions(counts.means, results, hidden))
    hidden |= {one.key for one in counts.spreads if _is_told_of_few(one.n, results, changed, profile)}

    def told(key: Key) -> Value:
        return profile.mark if key in hidden else coarse(results[key[0]].values[key[1]], profile)

    keys = [*(one.key for one in counts.means), *(one.key for one in counts.spreads)]
    shown = {key: told(key) for key in keys}
    for one in counts.overs:
        summed = _summed(one, results)
        moved = [found for key in summed if (found := shown.get(key, changed.get(key))) is not None]
        if moved and profile.mark in moved and not one.mean:
            shown[one.key] = profile.mark
        elif moved and (not one.mean or len(summed) <= profile.small_group):
            shown[one.key] = told(one.key)
    return shown


def coarse(value: Value, profile: Profile) -> Value:
    """A mean of few, as it is told; never a minus before a zero."""
    return round(value, profile.mean_decimals) + 0.0 if isinstance(value, float) else value


def _is_small(one: MeanOf, results: Mapping[str, Result], own: Collection[Key], profile: Profile) -> bool:
    return one.n in own or 1 <= _answers(one, results) <= profile.threshold


def _is_told_of_few(n: Key, results: Mapping[str, Result], changed: Mapping[Key, Value], profile: Profile) -> bool:
    count = changed.get(n, results[n[0]].values.get(n[1]) if n[0] in results else None)
    return not isinstance(count, int) or count <= profile.small_group


def _answers(one: MeanOf, results: Mapping[str, Result]) -> int:
    """How many answered, in the wave in which fewest did; 0 where the result doesn't say."""
    sources = results[one.key[0]].sources_of(one.key[1])
    return min((len(source.rows) for source in sources if source.file.startswith(_ANSWERS)), default=0)


def _companions(means: Collection[MeanOf], results: Mapping[str, Result], hidden: Collection[Key]) -> Iterator[Key]:
    """For each group of means of which one alone is hidden: the other that rests on the fewest answers."""
    groups: dict[tuple[str, ...], list[MeanOf]] = {}
    for one in means:
        groups.setdefault(one.group, []).append(one)
    for group in groups.values():
        left = [one for one in group if one.key not in hidden]
        if left and len(group) - len(left) == 1:
            yield min(left, key=lambda one: (_answers(one, results), one.key)).key


def _summed(one: OverOf, results: Mapping[str, Result]) -> list[Key]:
    values = results[one.result].values if one.result in results else {}
    return [(one.result, key) for key in values if one.of.fullmatch(key)]
