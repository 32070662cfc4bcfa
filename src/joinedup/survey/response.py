"""Response: who was asked and who answered. The roster is the only denominator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value
from joinedup.study.survey import RosterEntry
from joinedup.survey.model import ANSWERED, NOT_ELIGIBLE, Sources, headline_wave, programme_roster, roster_source

REFERENCE = "AAPOR (2023), Standard Definitions: outcome codes and response rates."


@dataclass(frozen=True, slots=True)
class Response:
    """People asked (eligible) and people who answered (complete or partial)."""

    asked: int
    answered: int

    @property
    def rate(self) -> float | None:
        """answered / asked; None where nobody was asked."""
        return self.answered / self.asked if self.asked else None


def count(entries: Iterable[RosterEntry]) -> Response:
    """Count a part of a roster: eligible is everybody but the outcome "not eligible"."""
    outcomes = [entry.outcome for entry in entries]
    eligible = [outcome for outcome in outcomes if outcome != NOT_ELIGIBLE]
    return Response(len(eligible), sum(outcome in ANSWERED for outcome in eligible))


def by(entries: Iterable[RosterEntry], part: Callable[[RosterEntry], str]) -> Mapping[str, tuple[RosterEntry, ...]]:
    """The roster split by `part`, sorted by its name."""
    found: dict[str, list[RosterEntry]] = {}
    for entry in entries:
        found.setdefault(part(entry), []).append(entry)
    return {name: tuple(found[name]) for name in sorted(found)}


def sites_answered(entries: Iterable[RosterEntry]) -> int:
    """Sites with at least one answer."""
    return len({entry.site for entry in entries if entry.outcome in ANSWERED})


def response(study: Study) -> Result | None:
    """`survey.response`: who was asked and answered in the headline wave, programme sites only."""
    wave = headline_wave(study)
    roster = programme_roster(study, wave)
    if not roster:
        return None
    values = {**_headline(study, roster), **_agencies(roster), **_sites(roster), **_waves(study)}
    return make_result(
        "survey.response",
        values,
        _methods(study, wave, values),
        (study.survey.roster, study.sites, study.waves),
        tables=(_agency_table(roster, values), _site_table(study, roster, values), *_wave_table(study, values)),
        parameters={"wave": wave},
        sources=_sources(study, roster),
        references=(REFERENCE,),
    )


def _headline(study: Study, roster: tuple[RosterEntry, ...]) -> dict[str, Value]:
    people = count(roster)
    return {
        "programme_sites": len(study.programme_sites),
        "sites_asked": len({entry.site for entry in roster}),
        "sites_answered": sites_answered(roster),
        "people_asked": people.asked,
        "people_answered": people.answered,
        "rate": people.rate,
    }


def _agencies(roster: tuple[RosterEntry, ...]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for agency, entries in by(roster, lambda entry: entry.agency).items():
        people, key = count(entries), f"agency.{key_part(agency)}"
        values[f"{key}.asked"] = people.asked
        values[f"{key}.answered"] = people.answered
        values[f"{key}.rate"] = people.rate
        values[f"{key}.sites_asked"] = len({entry.site for entry in entries if entry.outcome != NOT_ELIGIBLE})
        values[f"{key}.sites_answered"] = sites_answered(entries)
    return values


def _sites(roster: tuple[RosterEntry, ...]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for site, entries in by(roster, lambda entry: entry.site).items():
        parts = {f"site.{key_part(site)}": entries}
        for agency, some in by(entries, lambda entry: entry.agency).items():
            parts[f"site.{key_part(site)}.{key_part(agency)}"] = some
        for key, some in parts.items():
            people = count(some)
            values[f"{key}.asked"], values[f"{key}.answered"] = people.asked, people.answered
        agencies = [count(some) for some in by(entries, lambda entry: entry.agency).values()]
        values[f"site.{key_part(site)}.agencies_asked"] = sum(part.asked > 0 for part in agencies)
        values[f"site.{key_part(site)}.agencies_answered"] = sum(part.answered > 0 for part in agencies)
    return values


def _rostered_waves(study: Study) -> list[str]:
    asked = {entry.wave for entry in study.survey.roster}
    return sorted(asked, key=lambda wave: (study.wave_order.get(wave, -1), wave))


def _waves(study: Study) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for wave in _rostered_waves(study):
        roster = programme_roster(study, wave)
        people, key = count(roster), f"wave.{key_part(wave)}"
        values[f"{key}.sites_answered"] = sites_answered(roster)
        values[f"{key}.asked"], values[f"{key}.answered"] = people.asked, people.answered
    return values


def _methods(study: Study, wave: str, values: Mapping[str, Value]) -> str:
    census = values["sites_answered"] == values["programme_sites"]
    label = next((w.label for w in study.waves if w.id == wave), wave)
    return (
        f"Response in wave {wave} ({label}), programme sites only. The denominator is the roster: everybody on it but "
        f"people found not eligible; an answer is a complete or partial response, so the rate is (complete + partial) "
        f"/ (roster - not eligible). {values['people_answered']} of {values['people_asked']} people answered; "
        f"{values['sites_answered']}/{values['programme_sites']} programme sites have at least one answer"
        + (" (a census of sites)." if census else ".")
    )


def _agency_table(roster: tuple[RosterEntry, ...], values: Mapping[str, Value]) -> Table:
    parts = [(agency, f"agency.{key_part(agency)}.") for agency in by(roster, lambda entry: entry.agency)]
    names = ("asked", "answered", "rate", "sites_asked", "sites_answered")
    keys = [("", *(prefix + name for name in names)) for _, prefix in parts]
    keys.append(("", "people_asked", "people_answered", "rate", "sites_asked", "sites_answered"))
    labels = [*(agency for agency, _ in parts), "All agencies"]
    rows = [(label, *(values[key] for key in row[1:])) for label, row in zip(labels, keys, strict=True)]
    headings = ("People asked", "People who answered", "Rate", "Sites asked", "Sites with an answer")
    return Table(
        "by_agency",
        "Response by agency",
        (("agency", "Agency"), *zip(names, headings, strict=True)),
        tuple(rows),
        f"Programme sites only. {values['sites_answered']}/{values['programme_sites']} sites answered.",
        tuple(keys),
    )


def _site_table(study: Study, roster: tuple[RosterEntry, ...], values: Mapping[str, Value]) -> Table:
    agencies = list(by(roster, lambda entry: entry.agency))
    rostered = {entry.site for entry in roster}
    rows: list[Row] = []
    keys: list[tuple[str, ...]] = []
    for site in study.programme_sites:
        if site.id in rostered:
            prefix = f"site.{key_part(site.id)}"
            parts = [prefix, *(f"{prefix}.{key_part(agency)}" for agency in agencies)]
            row = [f"{part}.{name}" for part in parts for name in ("asked", "answered")]
            keys.append(("", *(key if key in values else "" for key in row)))
            rows.append((site.name, *(values.get(key) for key in row)))
    columns = [("site", "Site"), ("asked", "All: asked"), ("answered", "All: answered")]
    for agency in agencies:
        columns += [(f"{key_part(agency)}_asked", f"{agency}: asked")]
        columns += [(f"{key_part(agency)}_answered", f"{agency}: answered")]
    note = "Counts of people by site and agency are small: for the study's team, not for print."
    return Table("by_site", "Response by site and agency", tuple(columns), tuple(rows), note, tuple(keys))


def _wave_table(study: Study, values: Mapping[str, Value]) -> tuple[Table, ...]:
    waves = _rostered_waves(study)
    if len(waves) < 2:
        return ()
    names = ("asked", "answered", "sites_answered")
    headings = ("People asked", "People who answered", "Sites with an answer")
    keys = tuple(("", *(f"wave.{key_part(wave)}.{name}" for name in names)) for wave in waves)
    labels = {wave.id: wave.label for wave in study.waves}
    rows = tuple((labels.get(w, w), *(values[key] for key in row[1:])) for w, row in zip(waves, keys, strict=True))
    columns = (("wave", "Wave"), *zip(names, headings, strict=True))
    return (Table("by_wave", "Response by wave", columns, rows, "Programme sites only.", keys),)


def _sources(study: Study, roster: tuple[RosterEntry, ...]) -> Sources:
    sources: Sources = {"": (roster_source(roster),)}
    for agency, entries in by(roster, lambda entry: entry.agency).items():
        sources[f"agency.{key_part(agency)}"] = (roster_source(entries),)
    for site, entries in by(roster, lambda entry: entry.site).items():
        sources[f"site.{key_part(site)}"] = (roster_source(entries),)
        for agency, some in by(entries, lambda entry: entry.agency).items():
            sources[f"site.{key_part(site)}.{key_part(agency)}"] = (roster_source(some),)
    for other in _rostered_waves(study):
        sources[f"wave.{key_part(other)}"] = (roster_source(programme_roster(study, other)),)
    return sources
