"""What the sites said of themselves: answers of the one person at each site who speaks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Table, Value
from joinedup.study.survey import Item
from joinedup.survey.model import (
    MISSING_CODES,
    Respondent,
    Sources,
    answers,
    headline_wave,
    programme_roster,
    respondents,
    response_source,
    responses_file,
    roster_source,
)

MULTIPLE = "select_multiple"
SINGLE = "select_one"


def chosen(answer: str, multiple: bool) -> frozenset[str]:
    """The options that an answer holds: several, separated by spaces, where `multiple`; none where it is missing."""
    parts = answer.split() if multiple else [answer.strip()]
    return frozenset(part for part in parts if part and part not in MISSING_CODES)


def common_answer(given: Iterable[frozenset[str]]) -> frozenset[str] | None:
    """A site's answer: what all who answered for it said; empty where nobody did; None where they differ."""
    said = {options for options in given if options}
    return None if len(said) > 1 else next(iter(said), frozenset())


def option_counts(site_answers: Iterable[frozenset[str]], options: Sequence[str]) -> dict[str, int]:
    """How many sites gave each option; 0 is a count."""
    found = list(site_answers)
    return {option: sum(option in answer for answer in found) for option in options}


@dataclass(frozen=True, slots=True)
class ItemAnswers:
    """One item: each site's answer, the sites whose respondents differ, and the people who answered."""

    item: Item
    options: Mapping[str, str]
    by_site: Mapping[str, frozenset[str]]
    differing: tuple[str, ...]
    people: tuple[Respondent, ...]


def site_answers(study: Study) -> Result | None:
    """`survey.site-answers`: sites per option of each of the plan's site items, in the headline wave."""
    plan, wave = study.plan("survey"), headline_wave(study)
    names, role = tuple(plan.get("site_items", ())), str(plan.get("site_role", ""))
    if not names or not wave:
        return None
    if not role:
        raise NotComputable("study.toml names no [plan.survey] site_role, so nobody speaks for a site.")
    people = tuple(person for person in respondents(study, wave) if person.entry.role == role)
    if not people:
        raise NotComputable(f"Nobody with the role {role!r} at a programme site answered in wave {wave}.")
    items = [_item_answers(study, wave, _select_item(study, name), people) for name in names]
    sites = len({entry.site for entry in programme_roster(study, wave)})
    values: dict[str, Value] = {"sites": sites, "programme_sites": len(study.programme_sites)}
    values["respondents"] = len(people)
    for item in items:
        values |= _item_values(item)
    return make_result(
        "survey.site-answers",
        values,
        _methods(wave, role, values),
        (plan, study.survey.instrument, study.survey.roster, study.survey.responses[wave], study.sites),
        tables=(_table(items, values),),
        parameters={"wave": wave, "site_role": role, "site_items": ", ".join(names)},
        sources=_sources(wave, items, people),
        caveats=_caveats(study, items),
    )


def _select_item(study: Study, name: str) -> Item:
    instrument = study.survey.instrument
    item = instrument.item(name) if instrument else None
    if item is None or item.kind not in (SINGLE, MULTIPLE):
        raise NotComputable(f"[plan.survey] site_items: {name} is no select_one or select_multiple of the instrument.")
    return item


def _item_answers(study: Study, wave: str, item: Item, people: Sequence[Respondent]) -> ItemAnswers:
    options = {code: label for code, label in item.options.items() if code not in MISSING_CODES}
    said: dict[str, list[frozenset[str]]] = {}
    answered = []
    for person, written in zip(people, answers(study, wave, item.name, people), strict=True):
        given = chosen(written, item.kind == MULTIPLE)
        if not given <= options.keys():
            unknown = ", ".join(sorted(given - options.keys()))
            raise NotComputable(f"{responses_file(wave)}:{person.row}:{item.name}: {unknown} is no option of the item.")
        if given:
            said.setdefault(person.entry.site, []).append(given)
            answered.append(person)
    agreed = {site: answer for site, given in said.items() if (answer := common_answer(given)) is not None}
    return ItemAnswers(item, options, agreed, tuple(site for site in said if site not in agreed), tuple(answered))


def _item_values(found: ItemAnswers) -> dict[str, Value]:
    key, answered = key_part(found.item.name), len(found.by_site)
    values: dict[str, Value] = {f"{key}.answered": answered, f"{key}.differing": len(found.differing)}
    for option, count in option_counts(found.by_site.values(), list(found.options)).items():
        values[f"{key}.{key_part(option)}"] = count
        values[f"{key}.{key_part(option)}.share"] = count / answered if answered else None
    return values


def _methods(wave: str, role: str, values: Mapping[str, Value]) -> str:
    return (
        f"Each site is described by its respondent with the role '{role}' in wave {wave}: {values['respondents']} "
        f"respondents, {values['sites']} programme sites asked of {values['programme_sites']}. Counts are of sites; "
        f"shares are of the sites that answered the item. Missing answers of any kind are left out. Where two "
        f"respondents of a site differ, the site has no answer to that item and is counted as differing. Where several "
        f"options may be chosen the shares need not add up to 1."
    )


def _caveats(study: Study, items: Iterable[ItemAnswers]) -> tuple[str, ...]:
    return tuple(
        f"{found.item.label or found.item.name}: the respondents differ, so no answer is counted for "
        f"{', '.join(study.site_by_id[site].name for site in found.differing)}."
        for found in items
        if found.differing
    )


def _table(items: Iterable[ItemAnswers], values: Mapping[str, Value]) -> Table:
    rows: list[Row] = []
    keys: list[tuple[str, ...]] = []
    for found in items:
        key = key_part(found.item.name)
        for option, label in found.options.items():
            count = f"{key}.{key_part(option)}"
            keys.append(("", "", count, f"{key}.answered", f"{count}.share"))
            rows.append((found.item.label or found.item.name, label or option, *(values[k] for k in keys[-1][2:])))
    headings = ("Question", "Answer", "Sites", "Sites that answered", "Share")
    columns = tuple(zip(("item", "option", "sites", "answered", "share"), headings, strict=True))
    note = f"One respondent speaks for a site; {values['sites']} programme sites were asked."
    return Table("answers", "What the sites said of themselves", columns, tuple(rows), note, tuple(keys))


def _sources(wave: str, items: Sequence[ItemAnswers], people: Sequence[Respondent]) -> Sources:
    """Behind an item and behind each of its options: the rows that answered it, in its column."""
    everything = response_source(wave, people, [found.item.name for found in items])
    sources: Sources = {"": (everything, roster_source(person.entry for person in people))}
    for found in items:
        key, column = key_part(found.item.name), [found.item.name]
        sources[key] = (response_source(wave, found.people, column),)
        for option in found.options:
            sites = {site for site, answer in found.by_site.items() if option in answer}
            rows = [person for person in found.people if person.entry.site in sites]
            sources[f"{key}.{key_part(option)}"] = (response_source(wave, rows, column),)
    return sources
