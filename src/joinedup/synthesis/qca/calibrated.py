"""The sets of a study: each site's value, the membership that it gives, and the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Source
from joinedup.study.site import Site
from joinedup.synthesis.case_selection.declared import as_written
from joinedup.synthesis.qca.calibration import calibrate
from joinedup.synthesis.qca.declared import CATEGORIES, Declared, DeclaredSet

Raw = Mapping[str, tuple[float | str, tuple[Source, ...]]]
"""Of each site that has one: its value, and where it stands."""


@dataclass(frozen=True)
class CalibratedSet:
    """A set over the sites that are analysed: values as found, memberships, rows behind them, in their order."""

    declared: DeclaredSet
    values: tuple[float | str, ...]
    memberships: tuple[float, ...]
    sources: tuple[tuple[Source, ...], ...]


def calibrated(
    study: Study, results: Mapping[str, Result], analysis: Declared
) -> tuple[tuple[Site, ...], tuple[CalibratedSet, ...]]:
    """The programme sites with a value for every set, and the sets: the outcome first, then the conditions.

    Raises NotComputable where hardly a site has all values, or a value can't be calibrated.
    """
    sets = (analysis.outcome, *analysis.conditions)
    raw = {one.name: _raw(study, results, one) for one in sets}
    sites = tuple(s for s in study.programme_sites if not s.excluded and all(s.id in raw[one.name] for one in sets))
    if len(sites) < 4:
        raise NotComputable(f"{len(sites)} sites have a value for every set; a comparison of cases needs more.")
    return sites, tuple(_calibrated(one, raw[one.name], sites) for one in sets)


def _calibrated(one: DeclaredSet, raw: Raw, sites: tuple[Site, ...]) -> CalibratedSet:
    values = tuple(raw[site.id][0] for site in sites)
    if one.method == CATEGORIES:
        memberships = tuple(float(value in one.inside) for value in values)
    else:
        try:
            numbers = [float(value) for value in values]
            memberships = tuple(map(float, calibrate(numbers, one.anchors, one.method)))
        except ValueError as error:
            raise NotComputable(f"{one.label}: {error}.") from error
    return CalibratedSet(one, values, memberships, tuple(raw[site.id][1] for site in sites))


def _raw(study: Study, results: Mapping[str, Result], one: DeclaredSet) -> Raw:
    if one.source == "result":
        return _of_result(study, results, str(one.raw["result"]), str(one.raw["key"]))
    if one.source == "attribute":
        name = str(one.raw["attribute"])
        rows = {site.id: Source("sites.csv", (site.row,), (name,)) for site in study.programme_sites}
        return {s.id: (as_written(s, name), (rows[s.id],)) for s in study.programme_sites if as_written(s, name)}
    if one.source == "indicator":
        return _of_indicator(study, str(one.raw["indicator"]), str(one.raw["period"]))
    return _of_item(study, str(one.raw["item"]))


def _of_result(study: Study, results: Mapping[str, Result], id: str, key: str) -> Raw:
    result = results.get(id)
    if result is None or result.refused:
        raise NotComputable(f"{id} was not computed, and a set is made from it.")
    found: dict[str, tuple[float | str, tuple[Source, ...]]] = {}
    for site in study.programme_sites:
        here = key.replace("{site}", key_part(site.id))
        value = result.values.get(here)
        if value is not None:
            found[site.id] = (value, result.sources_of(here))
    return found


def _of_indicator(study: Study, indicator: str, at: str) -> Raw:
    from joinedup.indicators.panel import panel, sources

    cells = panel(study, indicator)
    cells = cells[(cells["period"] == at) & cells["value"].notna()]
    return {str(row["site"]): (float(row["value"]), sources(cells.loc[[index]])) for index, row in cells.iterrows()}


def _of_item(study: Study, item: str) -> Raw:
    """What each site's respondent of the plan's `site_role` answered in the headline wave."""
    from joinedup.survey.answers import chosen, common_answer
    from joinedup.survey.model import answers, headline_wave, respondents, responses_file

    wave, role = headline_wave(study), str(study.plan("survey").get("site_role", ""))
    people = tuple(person for person in respondents(study, wave) if person.entry.role == role) if wave else ()
    given: dict[str, list[frozenset[str]]] = {}
    rows: dict[str, list[int]] = {}
    for person, written in zip(people, answers(study, wave, item, people) if wave else (), strict=True):
        given.setdefault(person.entry.site, []).append(chosen(written, False))
        rows.setdefault(person.entry.site, []).append(person.row)
    agreed = {site: common_answer(said) for site, said in given.items()}
    return {
        site: (next(iter(answer)), (Source(responses_file(wave), tuple(rows[site]), (item,)),))
        for site, answer in agreed.items()
        if wave and answer
    }
