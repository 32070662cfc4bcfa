"""Builders of small studies for unit tests: sites, a survey, partnership bodies. All data are SIMULATED."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from joinedup.study.model import Partnership, Study, Survey
from joinedup.study.partnership import Body, Member, Provision, Remit
from joinedup.study.site import COMPARISON, PROGRAMME, Level, Person, Site, Wave
from joinedup.study.survey import COMPLETE, OUTCOMES, Instrument, Item, RosterEntry, Scale

LEVELS = (Level("governance", "Governance"), Level("frontline", "Frontline"))
WAVES = (Wave("w1", "First wave", "2004-01", "2004-07"), Wave("w2", "Second wave", "2005-09", "2006-01"))


def make_sites(programme: int = 3, comparison: int = 0) -> tuple[Site, ...]:
    """Programme sites s1, s2, ... (adopted 2003-07), then comparison sites c1, c2, ..."""
    treated = [Site(f"s{n}", f"Site {n}", "North", role=PROGRAMME, adopted="2003-07") for n in range(1, programme + 1)]
    others = [Site(f"c{n}", f"Comparison {n}", "South", role=COMPARISON) for n in range(1, comparison + 1)]
    return tuple(
        Site(s.id, s.name, s.region, role=s.role, adopted=s.adopted, row=row)
        for row, s in enumerate(treated + others, 2)
    )


def make_roster(rows: Iterable[Sequence[str]]) -> tuple[RosterEntry, ...]:
    """Roster of rows (wave, site, agency, role, person[, outcome]); the outcome is complete where none is given."""
    entries = []
    for number, row in enumerate(rows, 2):
        wave, site, agency, role, person, outcome = (*row, COMPLETE)[:6]
        entries.append(RosterEntry(wave, site, agency, role, person, outcome, row=number))
    return tuple(entries)


def make_responses(wave: str, answers: Mapping[str, Mapping[str, str]], version: str = "1") -> pa.Table:
    """The response table of a wave from person -> item -> answer as written; what is not given is empty."""
    items = list(dict.fromkeys(item for given in answers.values() for item in given))
    columns: dict[str, Any] = {
        "response": [f"{wave}-{person}" for person in answers],
        "person": list(answers),
        "wave": [wave] * len(answers),
        "instrument_version": [version] * len(answers),
    }
    columns |= {item: [given.get(item, "") for given in answers.values()] for item in items}
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return table.append_column("_row", pa.array(range(2, 2 + len(answers)), pa.int32()))


def make_scales(levels: Iterable[str] = ("governance", "frontline"), items: int = 2) -> tuple[Scale, ...]:
    """One scale a level, with items <level>_1, <level>_2, ... answered 1 to 5, none of them reversed."""
    return tuple(
        Scale(f"{level}_scale", level.title(), level, tuple(f"{level}_{n}" for n in range(1, items + 1)))
        for level in levels
    )


def make_instrument(scales: Iterable[Scale] = (), items: Iterable[Item] = (), version: str = "1") -> Instrument:
    """An instrument with an item of 1 to 5 for each item of `scales`, then `items`."""
    names = dict.fromkeys(name for scale in scales for name in scale.items)
    agreement = {str(n): f"Point {n}" for n in range(1, 6)}
    found = [Item(name, "select_one", name.replace("_", " "), agreement, row) for row, name in enumerate(names, 2)]
    return Instrument(version, "Survey of partners", (*found, *items))


def make_survey(
    answers: Mapping[tuple[str, str, str], Mapping[str, str]],
    *,
    wave: str = "w2",
    levels: Iterable[str] = ("governance", "frontline"),
    items: Iterable[Item] = (),
    roles: Mapping[str, str] | None = None,
    absent: Iterable[tuple[str, str, str, str]] = (),
) -> Survey:
    """A survey of one wave from (site, agency, person) -> item -> answer as written.

    Everybody in `answers` has the outcome complete; `absent` adds (site, agency, person, outcome) to the roster.
    `roles` maps a person to a role (default: officer).
    """
    scales = make_scales(levels)
    rows = [(wave, site, agency, (roles or {}).get(who, "officer"), who, COMPLETE) for site, agency, who in answers]
    rows += [(wave, site, agency, "officer", who, outcome) for site, agency, who, outcome in absent]
    responses = make_responses(wave, {who: given for (_, _, who), given in answers.items()})
    return Survey(make_instrument(scales, items), scales, make_roster(rows), {wave: responses})


def level_answers(governance: float, frontline: float) -> dict[str, str]:
    """Answers of one person to the scales of `make_scales`: the same answer to both items of a level."""
    given = {"governance": governance, "frontline": frontline}
    return {f"{level}_{n}": f"{answer:g}" for level, answer in given.items() for n in (1, 2)}


def make_partnership(
    bodies: Mapping[tuple[str, str], tuple[Iterable[str], Iterable[str]]], provision: Iterable[Provision] = ()
) -> Partnership:
    """Bodies from (site, body) -> (member agencies, remits); the document behind a body is d-<body>, page 1."""
    members = [(body, agency) for (_, body), (agencies, _) in bodies.items() for agency in agencies]
    remits = [(body, remit) for (_, body), (_, tasks) in bodies.items() for remit in tasks]
    return Partnership(
        tuple(
            Body(body, site, f"Body {body}", "board", f"d-{body}", "1", row=row)
            for row, (site, body) in enumerate(bodies, 2)
        ),
        tuple(Member(body, agency, row=row) for row, (body, agency) in enumerate(members, 2)),
        tuple(Remit(body, remit, row=row) for row, (body, remit) in enumerate(remits, 2)),
        tuple(provision),
    )


def make_provision(rows: Iterable[tuple[str, str, str, float | str]]) -> tuple[Provision, ...]:
    """Provision from rows (site, tier, period, spend in pounds or a status mark)."""
    return tuple(
        Provision(site, "service", tier, period, None, spend, row=number)
        if isinstance(spend, str)
        else Provision(site, "service", tier, period, float(spend), row=number)
        for number, (site, tier, period, spend) in enumerate(rows, 2)
    )


def people_of(roster: Iterable[RosterEntry]) -> tuple[Person, ...]:
    """The people of a roster, each with the agency for a profession."""
    found = {entry.person: entry for entry in roster}
    return tuple(
        Person(entry.person, entry.wave, entry.site, entry.agency, entry.agency, entry.role, row=row)
        for row, entry in enumerate(found.values(), 2)
    )


def make_study(**parts: Any) -> Study:
    """A study of three programme sites, two levels and two waves; any field of Study may be given instead.

    People are those of the survey's roster unless they are given. `plan` is shorthand for settings["plan"].
    """
    plan = parts.pop("plan", None)
    survey = parts.get("survey", Survey())
    assert all(entry.outcome in OUTCOMES for entry in survey.roster)
    given: dict[str, Any] = {
        "id": "small",
        "title": "A small study (SIMULATED)",
        "levels": LEVELS,
        "waves": WAVES,
        "sites": make_sites(),
        "people": people_of(survey.roster),
        **parts,
    }
    if plan is not None:
        given["settings"] = {**given.get("settings", {}), "plan": plan}
    return Study(**given)
