"""Values that the synthesis took over from other results: they are told as their origin is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from joinedup.disclosure import Profile
from joinedup.report.gate.means import coarse
from joinedup.report.gate.population import Key
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Value
from joinedup.synthesis.integration.reading import declared, measure_of, tables


@dataclass(frozen=True, slots=True)
class Copy:
    """A value made of those with the keys `of`: the value itself if it is `same`, else a figure worked out from them; over
    `several` of them it tells nothing of the digits of one."""

    key: Key
    of: tuple[Key, ...]
    same: bool = False
    several: bool = False


def told_as_their_origin(
    study: Study, results: Mapping[str, Result], changed: Mapping[Key, Value], profile: Profile
) -> dict[Key, Value]:
    """What is shown instead of each copy of a changed value, and of each figure worked out from some.

    Such a figure is hidden where one of its values is, and rounded like a mean where one of them is told coarsely.
    """
    shown: dict[Key, Value] = {}
    for one in _copies(study, results, profile):
        value = results[one.key[0]].values.get(one.key[1]) if one.key[0] in results else None
        moved = [changed[origin] for origin in one.of if origin in changed]
        if value is None or not moved:
            continue
        if profile.mark in moved:
            shown[one.key] = profile.mark
        elif not one.several:
            shown[one.key] = moved[0] if one.same else coarse(value, profile)
    return {key: told for key, told in shown.items() if told != results[key[0]].values[key[1]]}


def withheld_cases(study: Study, results: Mapping[str, Result]) -> Iterator[Key]:
    """The cells of a framework matrix whose cases are people: each tells of one person."""
    framework = results.get("texts.framework")
    if framework is None or framework.parameters.get("cases") != "person":
        return
    cases = {key_part(person.id) for person in study.people}
    yield from ((framework.id, key) for key in framework.values if key.partition(".")[0] in cases)


def _copies(study: Study, results: Mapping[str, Result], profile: Profile) -> Iterator[Copy]:
    for site in study.programme_sites:
        yield from _site_display(study, key_part(site.id))
        yield from _case_order(study, key_part(site.id))
        yield from _qca(study, key_part(site.id))
    yield from _robust(study)
    yield from _by_theme(study, results, profile)


def _site_display(study: Study, site: str) -> Iterator[Copy]:
    for construct in tables(declared(study, "site-display"), "construct"):
        prefix = f"{key_part(str(construct.get('id', '')))}.site.{site}"
        parts = {"statistic": "values", "low": "low", "high": "high", "n": "n"}
        found = {part: measure_of(str(construct[name]), site) for part, name in parts.items() if construct.get(name)}
        for part, origin in found.items():
            yield Copy(("synthesis.site-display", f"{prefix}.{part}"), (origin,), same=True)
        if "statistic" in found:
            yield Copy(("synthesis.site-display", f"{prefix}.fit"), (found["statistic"],))


def _case_order(study: Study, site: str) -> Iterator[Copy]:
    id, order = "synthesis.case-ordered-display", declared(study, "case-ordered-display")
    if order.get("outcome"):
        origin = (measure_of(str(order["outcome"]), site),)
        yield Copy((id, f"site.{site}.outcome"), origin, same=True)
        yield Copy((id, f"site.{site}.place"), origin)


def _qca(study: Study, site: str) -> Iterator[Copy]:
    id, origins = "synthesis.qca", {name: measure_of(pattern, site) for name, pattern in _sets(study).items()}
    for name, origin in origins.items():
        yield Copy((id, f"case.{site}.value.{name}"), (origin,), same=True)
        yield Copy((id, f"case.{site}.in.{name}"), (origin,))
    for part in ("row", "solution"):
        yield Copy((id, f"case.{site}.{part}"), tuple(origins.values()))


def _robust(study: Study) -> Iterator[Copy]:
    """How far an anchor may move: each end lies at the value of some site."""
    for name, pattern in _sets(study).items():
        origins = tuple(measure_of(pattern, site.id) for site in study.programme_sites)
        for anchor in ("out", "crossover", "in"):
            for end in ("low", "high"):
                yield Copy(("synthesis.qca", f"robust.{name}.{anchor}.{end}"), origins)


def _sets(study: Study) -> Mapping[str, str]:
    """The sets that are made of results, with the pattern of their values."""
    made = [one for one in tables(declared(study, "qca"), "set") if one.get("result") and one.get("key")]
    return {key_part(str(one.get("id", ""))): f"{one['result']}:{one['key']}" for one in made}


def _by_theme(study: Study, results: Mapping[str, Result], profile: Profile) -> Iterator[Copy]:
    """Means over the sites where a theme is spoken of, and where it isn't: they may be few."""
    id = "synthesis.statistics-by-theme"
    values = results[id].values if id in results else {}
    asked = declared(study, "statistics-by-theme")
    for measure in tables(asked, "measure"):
        origins = tuple(measure_of(str(measure.get("values", "")), site.id) for site in study.programme_sites)
        for code in asked.get("codes", ()):
            prefix = f"{key_part(str(measure.get('id', '')))}.{key_part(str(code))}"
            sides = [values.get(f"{prefix}.{side}") for side in ("present", "absent")]
            many = all(isinstance(sites, int) and sites > profile.small_group for sites in sides)
            for part in ("mean_present", "mean_absent", "difference"):
                yield Copy((id, f"{prefix}.{part}"), origins, several=many)
