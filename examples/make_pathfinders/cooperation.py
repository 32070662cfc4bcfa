"""How well agencies work together, as the people of each rate it in the second survey: the two sides don't always agree."""

from __future__ import annotations

from chance import normal, stream
from people import W2, Person

NOT_ASKED, NOT_APPLICABLE = "-10", "-9"
CHOICES = {"1": "Very badly", "2": "Badly", "3": "Neither well nor badly", "4": "Well", "5": "Very well"}
ASKED_ABOUT = {
    "coop_health": "health",
    "coop_education": "education",
    "coop_social": "social services",
    "coop_voluntary": "voluntary sector",
    "coop_youth": "youth offending",
}
LABELS = {item: f"How well do you and {agency} work together for children?" for item, agency in ASKED_ABOUT.items()}

MIDDLE = {
    "trust": {"health": 3.6, "education": 3.7, "social services": 4.0, "voluntary sector": 3.6, "youth offending": 3.3},
    "health": {"education": 3.4, "social services": 2.8, "voluntary sector": 3.1, "youth offending": 2.6},
    "education": {"health": 3.6, "social services": 2.7, "voluntary sector": 3.2, "youth offending": 3.0},
    "social services": {"health": 3.7, "education": 3.5, "voluntary sector": 3.6, "youth offending": 3.4},
    "voluntary sector": {"health": 2.9, "education": 3.1, "social services": 3.0, "youth offending": 3.0},
    "youth offending": {"health": 2.7, "education": 3.2, "social services": 3.5, "voluntary sector": 3.1},
}
"""What people of the first agency think on average of working with the second: social services think better of the
others than these do of social services."""
_NO_ANSWER = 0.06


def ratings(wave: str, person: Person, broke_off: bool) -> dict[str, str]:
    """A person's answers, by item: nobody rates their own agency, and the first survey did not ask."""
    if wave != W2:
        return dict.fromkeys(ASKED_ABOUT, NOT_ASKED)
    own, site = stream(f"cooperation-{person.id}"), normal(stream(f"cooperation-{person.site}"))
    mood = 0.45 * normal(own)
    found = {}
    for item, agency in ASKED_ABOUT.items():
        left_out = own.random() < _NO_ANSWER
        here = 0.3 * normal(stream(f"cooperation-{person.site}-{'-'.join(sorted((person.agency, agency)))}"))
        drawn = MIDDLE[person.agency].get(agency, 3.0) + 0.25 * site + here + mood + 0.6 * normal(own)
        rating = "" if left_out or broke_off else str(min(5, max(1, round(drawn))))
        found[item] = NOT_APPLICABLE if agency == person.agency else rating
    return found
