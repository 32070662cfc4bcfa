"""Replies to the questionnaire: who answers, what the sites say of themselves, and scores that fall from level to level."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random

from chance import normal, shuffled, stream
from cooperation import ratings
from files import write_csv
from people import W1, W2, Cast, Person
from places import Place
from questionnaire import LEVEL_ITEMS, REVERSED, SITE_ITEMS, VERSION, item_names

TARGETS = {
    W1: {"governance": 3.6, "strategy": 3.45, "procedure": 2.7, "frontline": 2.5},
    W2: {"governance": 3.9, "strategy": 3.8, "procedure": 3.2, "frontline": 2.9},
}
"""Mean over sites at which a level is to come out, in points."""

AGENCY_EFFECT = {
    "trust": 0.3,
    "health": -0.35,
    "education": 0.0,
    "social services": 0.15,
    "voluntary sector": -0.05,
    "youth offending": -0.3,
}
OUTCOMES = (("complete", 0.78), ("partial", 0.05), ("refused", 0.05), ("no contact", 0.08), ("unknown", 0.02))
RELUCTANCE = {"health": 0.12, "youth offending": 0.1, "education": -0.04, "social services": -0.06}
ANSWERED = ("complete", "partial")
NOT_ASKED, DONT_KNOW = "-10", "-8"
Answers = dict[str, str]


def outcomes(wave: str, asked: list[Person]) -> dict[str, str]:
    """What became of everybody on the roster. Every trust manager completes; health answers least."""
    rng = stream(f"outcomes-{wave}")
    found = {}
    for person in asked:
        chance = rng.random() + RELUCTANCE.get(person.agency, 0.0)
        total, outcome = 0.0, "not eligible"
        for name, share in OUTCOMES:
            total += share
            if chance < total:
                outcome = name
                break
        found[person.id] = "complete" if person.profession == "trust manager" else outcome
    return found


def site_answers(wave: str, places: list[Place]) -> dict[str, Answers]:
    """What each trust says of itself: exactly as many sites give an option as declared."""
    found: dict[str, Answers] = {place.id: {} for place in places}
    for item in SITE_ITEMS:
        counts = item.w1 if wave == W1 else item.w2
        if counts is None:
            given = [NOT_ASKED] * len(places)
        elif item.name == "priority":
            given = [place.priority for place in places]
        elif item.name == "integration_kind":
            given = ["formal" if place.model.startswith("joint") else "informal" for place in places]
        else:
            given = _ranked(item.name, counts, places)
        for place, answer in zip(places, given, strict=True):
            found[place.id][item.name] = answer
    _pooling_is_nested(found)
    return found


LEANING = {"moving_to_pooled": -30, "pooled_all": -20, "joint_commissioning": -30, "information_system": 22}
"""How many places earlier in an item's order a trust with formal management stands: two ways of working show in more
than one answer."""


def _ranked(item: str, counts: Mapping[str, int], places: list[Place]) -> list[str]:
    """Sites in an order of their own for each item, the same in both waves, so that a yes rarely turns into a no."""
    drawn = shuffled(stream(f"item-{item}"), range(len(places)))
    lean = [LEANING.get(item, 0) if place.model.startswith("joint") else 0 for place in places]
    order = sorted(range(len(places)), key=lambda site: drawn.index(site) + lean[site])
    options = [option for option, count in counts.items() for _ in range(count)]
    return [option for _, option in sorted(zip(order, options, strict=True))]


def _pooling_is_nested(found: dict[str, Answers]) -> None:
    """A trust that pools for all services is also moving to pooled budgets: answers are swapped until it is so."""
    for answers in found.values():
        if answers["pooled_all"] == "yes" and answers["moving_to_pooled"] == "no":
            other = next(a for a in found.values() if a["moving_to_pooled"] == "yes" and a["pooled_all"] == "no")
            other["pooled_all"], answers["pooled_all"] = "yes", "no"


def level_answers(wave: str, asked: list[Person], answered: list[str]) -> dict[str, Answers]:
    """Everybody's answers to the items of the levels, settled so that the sites' means meet the targets."""
    middle = dict(TARGETS[wave])
    for _ in range(8):
        found = {p.id: _one(wave, p, middle) for p in asked if p.id in answered}
        for level, mean in _means(asked, found).items():
            middle[level] += TARGETS[wave][level] - mean
    return {p.id: _one(wave, p, middle) for p in asked if p.id in answered}


def _one(wave: str, person: Person, middle: Mapping[str, float]) -> Answers:
    site, own = stream(f"site-{person.site}"), stream(f"answers-{wave}-{person.id}")
    common, disposition = 0.28 * normal(site), 0.38 * normal(own)
    found = {}
    for level, items in LEVEL_ITEMS.items():
        place_effect = 0.22 * normal(site)
        level_effect = 0.25 * normal(own)
        centre = middle[level] + common + place_effect + AGENCY_EFFECT[person.agency] + disposition + level_effect
        for name in items:
            score = min(5, max(1, round(centre + 0.12 * normal(stream(f"item-{name}")) + 0.62 * normal(own))))
            found[name] = str(6 - score if name in REVERSED else score)
    return found


def _means(asked: list[Person], found: Mapping[str, Answers]) -> dict[str, float]:
    """Mean over sites of the mean over agencies, as the analysis counts them."""
    means = {}
    for level, items in LEVEL_ITEMS.items():
        sites: dict[str, dict[str, list[float]]] = {}
        for person in asked:
            if person.id in found:
                keyed = [6 - int(v) if n in REVERSED else int(v) for n, v in found[person.id].items() if n in items]
                sites.setdefault(person.site, {}).setdefault(person.agency, []).append(sum(keyed) / len(keyed))
        by_site = [sum(sum(s) / len(s) for s in agencies.values()) / len(agencies) for agencies in sites.values()]
        means[level] = sum(by_site) / len(by_site)
    return means


def write_replies(folder: Path, found: Cast, places: list[Place]) -> None:
    """survey/roster.csv and the responses of both waves."""
    trusts = [place for place in places if place.trust]
    roster = []
    for wave in (W1, W2):
        asked = sorted(found.asked[wave], key=lambda p: (p.site, p.id))
        became = outcomes(wave, asked)
        roster += [(wave, p.site, p.agency, p.role, p.id, became[p.id]) for p in asked]
        answered = [p.id for p in asked if became[p.id] in ANSWERED]
        levels = level_answers(wave, asked, answered)
        of_sites = site_answers(wave, trusts)
        rng = stream(f"gaps-{wave}")
        rows = []
        for person in (p for p in asked if p.id in levels):
            given = {**of_sites[person.site], **levels[person.id]}
            if person.profession != "trust manager":
                given |= dict.fromkeys(of_sites[person.site], NOT_ASKED)
            _leave_gaps(rng, person, given, became[person.id])
            given |= ratings(wave, person, broke_off=became[person.id] == "partial")
            rows.append((f"{wave}-{person.id}", person.id, wave, VERSION, *(given[name] for name in item_names())))
        write_csv(
            folder / "survey" / f"responses-{wave}.csv",
            ("response", "person", "wave", "instrument_version", *item_names()),
            rows,
        )
    write_csv(folder / "survey" / "roster.csv", ("wave", "site", "agency", "role", "person", "outcome"), roster)


def _leave_gaps(rng: Random, person: Person, given: Answers, outcome: str) -> None:
    """A few items of a level are left empty or answered with don't know; who broke off has no frontline items."""
    names = [name for items in LEVEL_ITEMS.values() for name in items]
    for name in names:
        chance = rng.random()
        if person.profession != "trust manager" and chance < 0.025:
            given[name] = "" if chance < 0.015 else DONT_KNOW
    if outcome == "partial":
        given |= dict.fromkeys(LEVEL_ITEMS["frontline"], "")
