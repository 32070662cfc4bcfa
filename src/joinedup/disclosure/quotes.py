"""Quotes that give their speaker away: what the attribution and the words name together fits too few people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from joinedup.disclosure.model import Stop
from joinedup.disclosure.profiles import Profile, profile_of
from joinedup.study.model import Study
from joinedup.study.site import Person

ATTRIBUTES = ("site", "agency", "profession", "role")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who a quote is said to come from; empty where it doesn't say. `place`: where the quote stands, for the stop."""

    site: str = ""
    agency: str = ""
    profession: str = ""
    role: str = ""
    place: str = ""

    def __str__(self) -> str:
        named = ((name, getattr(self, name)) for name in ATTRIBUTES)
        return ", ".join(f"{name} {value}" for name, value in named if value)


def named_in(words: str, study: Study, place: str = "") -> Attribution:
    """The site, agency, profession and role that `words` name (an attribution, or the quote itself), as whole words.

    A site is named by its id or its name. Of two that fit, the longer one counts.
    """
    found: dict[str, str] = {}
    sites = {name: site.id for site in study.sites for name in (site.id, site.name) if name}
    for attribute in ATTRIBUTES:
        labels = sites if attribute == "site" else {v: v for p in study.people if (v := getattr(p, attribute))}
        for label in sorted(labels, key=lambda label: (-len(label), label)):
            if _as_word(label).search(words):
                found[attribute] = labels[label]
                break
    return Attribution(**found, place=place)


@cache
def _as_word(label: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(label)}(?:s|es)?(?!\w)", re.IGNORECASE)


def quote_risks(
    quotes: Iterable[Attribution],
    people: Sequence[Person],
    profile: str | Profile = "children-la",
    *,
    least: int | None = None,
) -> list[Stop]:
    """The quotes whose attribution fits fewer than `least` people (default: the profile's smallest shown count).

    `people`: all rows of people.csv; whoever ever was of the profession at the site counts. An attribution that names
    nothing fits everybody. One that fits nobody is stopped as well: the speaker isn't among those who were counted.
    """
    rule = profile_of(profile)
    enough = rule.threshold + 1 if least is None else least
    found = []
    for quote in quotes:
        asked = {name: value for name in ATTRIBUTES if (value := getattr(quote, name))}
        if not asked:
            continue
        fitting = {p.id for p in people if all(getattr(p, name) == value for name, value in asked.items())}
        if len(fitting) < enough:
            found.append(_stop(quote, len(fitting), enough))
    return found


def _stop(quote: Attribution, n: int, enough: int) -> Stop:
    if n == 1:
        why = "Only one person fits that: the attribution is as good as a name."
    else:
        why = f"{n or 'No'} people of the study fit that, fewer than {enough}: colleagues can tell who spoke."
    few = sum(bool(getattr(quote, name)) for name in ATTRIBUTES) > 1
    remedy = "Name the profession or the site, never both" if few else "Name a broader group"
    return Stop(f"A quote is attributed to {quote}.", why, f"{remedy}, or leave the quote out.", quote.place)
