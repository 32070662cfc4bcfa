"""Is the frame sound: sites, people, waves, questions, the analysis plan, the report's sentences, references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from joinedup.study.dates import first_day
from joinedup.study.hints import did_you_mean, shown
from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem
from joinedup.study.registry import STRANDS, KeyChecker, key_part
from joinedup.study.rules import dated, identifier, is_date, known, once, period, place_in, sentence
from joinedup.study.site import COMPARISON, PROGRAMME

STUDY = "study.toml"
LAYOUT = "sites.hexjson"
_CITED = re.compile(r"(?<![\w.])@([A-Za-z][\w:-]*)")
_ENTRY = re.compile(r"^\s*@(\w+)\s*\{\s*([^\s,}]+)", re.MULTILINE)


def check_core(study: Study) -> Iterator[Problem]:
    """Every problem of what the strands share."""
    yield from _declared(study)
    yield from _waves(study)
    yield from _questions(study)
    yield from _sites(study)
    yield from _layout(study)
    yield from _people(study)
    yield from _plan(study)
    yield from _report(study)
    yield from _references(study)


def _declared(study: Study) -> Iterator[Problem]:
    yield from identifier(study.id, place_in(study, STUDY, "id"))
    lists: dict[str, Iterable[Any]] = {
        "question": study.questions,
        "level": study.levels,
        "wave": study.waves,
        "kind": study.kinds,
    }
    for name, items in lists.items():
        keys = [((item.id,), place_in(study, STUDY, f"{name}.{n}", "id")) for n, item in enumerate(items, start=1)]
        for key, place in keys:
            yield from identifier(key[0], place)
        yield from once(keys)
    yield from dated(study.programme.started, place_in(study, STUDY, "programme", "started"))


def _waves(study: Study) -> Iterator[Problem]:
    last = ""
    for number, wave in enumerate(study.waves, start=1):
        for column, value in (("start", wave.start), ("end", wave.end)):
            yield from dated(value, place_in(study, STUDY, f"wave.{number}", column))
        if is_date(wave.start) and is_date(wave.end) and first_day(wave.end) < first_day(wave.start):
            what = f"Wave {shown(wave.id)} ends ({wave.end}) before it starts ({wave.start})."
            yield Problem("J111", place_in(study, STUDY, f"wave.{number}", "end"), what, "Correct the dates.")
        if is_date(wave.start):
            if last and first_day(wave.start) < first_day(last):
                what = f"Wave {shown(wave.id)} starts ({wave.start}) before the wave above it ({last})."
                place = place_in(study, STUDY, f"wave.{number}", "start")
                yield Problem("J112", place, what, "Declare the waves in order of time.")
            last = wave.start


def _questions(study: Study) -> Iterator[Problem]:
    for number, question in enumerate(study.questions, start=1):
        for strand in question.strands:
            if strand not in STRANDS:
                place = place_in(study, STUDY, f"question.{number}", "strands")
                what = f"{shown(strand)} is no strand.{did_you_mean(strand, STRANDS)}"
                yield Problem("J607", place, what, f"The strands are {', '.join(STRANDS)}.")


def _sites(study: Study) -> Iterator[Problem]:
    yield from once(((site.id,), Place("sites.csv", site.row, "site")) for site in study.sites)
    parts: dict[str, str] = {}
    for site in study.sites:
        yield from identifier(site.id, Place("sites.csv", site.row, "site"))
        yield from dated(site.adopted, Place("sites.csv", site.row, "adopted"))
        if site.role not in (PROGRAMME, COMPARISON):
            what = f"{shown(site.role)} is no role of a site.{did_you_mean(site.role, (PROGRAMME, COMPARISON))}"
            remedy = f"Write {PROGRAMME} or {COMPARISON}."
            yield Problem("J113", Place("sites.csv", site.row, "role"), what, remedy)
        other = parts.setdefault(key_part(site.id), site.id)
        if other != site.id:
            what = f"{shown(site.id)} and {shown(other)} differ only in case or signs; results can't tell them apart."
            yield Problem("J114", Place("sites.csv", site.row, "site"), what, "Rename one of them.")


def _people(study: Study) -> Iterator[Problem]:
    file = "people.csv"
    yield from once(((p.id, p.from_wave), Place(file, p.row, "person")) for p in study.people)
    for person in study.people:
        yield from identifier(person.id, Place(file, person.row, "person"))
        if person.from_wave:
            yield from known("wave", person.from_wave, study.wave_order, Place(file, person.row, "from_wave"))
        if person.site:
            yield from known("site", person.site, study.site_by_id, Place(file, person.row, "site"))


def _layout(study: Study) -> Iterator[Problem]:
    taken: dict[tuple[int, int], str] = {}
    for cell in study.layout.hexes:
        place = Place(LAYOUT, 0, cell.site)
        yield from known("site", cell.site, study.site_by_id, place)
        other = taken.setdefault((cell.q, cell.r), cell.site)
        if other != cell.site:
            what = f"The cell q {cell.q}, r {cell.r} is that of {shown(other)}, too."
            yield Problem("J118", place, what, "Give every site a cell of its own.")


def _plan(study: Study) -> Iterator[Problem]:
    indicators = study.indicator_by_id
    yield from _plan_known(study, "survey", "wave", "wave", study.wave_order)
    yield from _plan_known(study, "partnership", "deprivation", "indicator", indicators)
    for section, keys in (("indicators", ("balance", "headline_total", "map")), ("impact", ("outcomes", "log"))):
        for key in keys:
            yield from _plan_known(study, section, key, "indicator", indicators)
    yield from _plan_items(study)
    yield from _plan_topics(study)
    nearest = study.plan("indicators").get("neighbours")
    if isinstance(nearest, int) and nearest < 1:
        what = f"`neighbours` is {nearest}."
        place = place_in(study, STUDY, "plan.indicators", "neighbours")
        yield Problem("J116", place, what, "Write 1 or more, or leave it out for all.")
    yield from _plan_costs(study)
    plan = study.plan("impact")
    for value in _texts(plan.get("periods")):
        yield from period(value, place_in(study, STUDY, "plan.impact", "periods"))
    for key, least in (("lag_months", 0), ("draws", 1), ("seed", 0)):
        number = plan.get(key)
        if isinstance(number, int) and number < least:
            what = f"`{key}` is {number}."
            yield Problem("J116", place_in(study, STUDY, "plan.impact", key), what, f"Write {least} or more.")
    strata = plan.get("strata", "")
    attributes = {"region", "type", "model", *(name for site in study.sites for name in site.extra)}
    if isinstance(strata, str) and strata and strata not in attributes:
        what = f"{shown(strata)} is no attribute of the sites.{did_you_mean(strata, attributes)}"
        place = place_in(study, STUDY, "plan.impact", "strata")
        yield Problem("J115", place, what, "Name a column of sites.csv.")


def _plan_costs(study: Study) -> Iterator[Problem]:
    asked = study.plan("impact").get("costs")
    if not isinstance(asked, Mapping):
        return
    for key in ("effects", "costs"):
        for value in _texts(asked.get(key)):
            yield from known(
                "indicator", value, study.indicator_by_id, place_in(study, STUDY, "plan.impact.costs", key)
            )
    numbers = asked.get("thresholds")
    given = [("thresholds", number, 0) for number in numbers] if isinstance(numbers, list) else []
    for key, number, least in (*given, ("draws", asked.get("draws", 1), 1)):
        if isinstance(number, int) and number < least:
            what = f"`{key}` has {number}."
            yield Problem("J116", place_in(study, STUDY, "plan.impact.costs", key), what, f"Write {least} or more.")


def _plan_known(study: Study, section: str, key: str, kind: str, among: Any) -> Iterator[Problem]:
    for value in _texts(study.plan(section).get(key)):
        yield from known(kind, value, among, place_in(study, STUDY, f"plan.{section}", key))


def _plan_topics(study: Study) -> Iterator[Problem]:
    asked = study.plan("texts").get("topics")
    if not isinstance(asked, Mapping):
        return
    place = place_in(study, STUDY, "plan.texts", "topics")
    for key, least, otherwise in (("k", 2, 0), ("starts", 1, 1)):
        number = asked.get(key, otherwise)
        if isinstance(number, int) and number < least:
            what = f"`{key}` of `topics` is {number}." if key in asked else f"`topics` has no `{key}`."
            yield Problem("J116", place, what, f"Write {least} or more.")


def _plan_items(study: Study) -> Iterator[Problem]:
    instrument = study.survey.instrument
    items = {item.name for item in instrument.items} if instrument else None
    for key in ("site_items", "typology"):
        place = place_in(study, STUDY, "plan.survey", key)
        for value in _texts(study.plan("survey").get(key)):
            if items is not None and value not in items:
                what = f"{shown(value)} is no item of the questionnaire.{did_you_mean(value, items)}"
                yield Problem("J115", place, what, "Name items of survey/instrument.xlsx.")
    role = study.plan("survey").get("site_role", "")
    roles = {entry.role for entry in study.survey.roster}
    if isinstance(role, str) and role and roles and role not in roles:
        what = f"{shown(role)} is nobody's role on the roster.{did_you_mean(role, roles)}"
        place = place_in(study, STUDY, "plan.survey", "site_role")
        yield Problem("J115", place, what, "Name a role of survey/roster.csv.")


def _texts(value: object) -> list[str]:
    found = [value] if isinstance(value, str) else value
    return [item for item in found if isinstance(item, str) and item] if isinstance(found, list) else []


def _report_texts(study: Study) -> Iterator[tuple[str, str]]:
    report = study.settings.get("report", {})
    if isinstance(report, dict):
        for key in ("summary", "limits"):
            for text in _texts(report.get(key)):
                yield key, text


def _report(study: Study) -> Iterator[Problem]:
    keys = KeyChecker(study)
    for key, text in _report_texts(study):
        yield from sentence(text, keys, place_in(study, STUDY, "report", key), typed=key == "summary")


def _references(study: Study) -> Iterator[Problem]:
    entries: list[tuple[tuple[str, ...], Place]] = []
    for match in _ENTRY.finditer(study.references):
        if match[1].lower() not in ("comment", "string", "preamble"):
            row = study.references.count("\n", 0, match.start(2)) + 1
            entries.append(((match[2],), Place("references.bib", row, "")))
    yield from once(entries)
    names = {key[0] for key, _ in entries}
    cited = [(text, place_in(study, STUDY, "report", key)) for key, text in _report_texts(study)]
    for number, claim in enumerate(study.claims, start=1):
        cited += [(text, place_in(study, "findings.toml", f"finding.{number}")) for text in (claim.claim, claim.limits)]
    for text, place in cited:
        for match in _CITED.finditer(text):
            name = match[1].rstrip(":-")
            if name not in names:
                what = f"`@{name}` is cited, but references.bib does not have it.{did_you_mean(name, names)}"
                yield Problem("J117", place, what, "Add the entry or correct the key.")
