"""Who was asked and who was interviewed: pseudonyms only."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from chance import shuffled, stream
from files import write_csv
from places import Place

W1, INTERVIEWS, W2 = "w1", "i05", "w2"
WAVES = (W1, INTERVIEWS, W2)
PROFESSIONS = {
    "trust": ("trust manager",),
    "health": ("health visitor", "paediatrician", "health commissioner"),
    "education": ("headteacher", "education manager"),
    "social services": ("social worker", "social services manager"),
    "voluntary sector": ("voluntary worker",),
    "youth offending": ("police officer", "youth justice worker"),
}
ROLES = {
    "trust manager": "trust manager",
    "health commissioner": "commissioner",
    "education manager": "manager",
    "social services manager": "manager",
}
INTERVIEWED = {
    "trust manager": 8,
    "social worker": 21,
    "health visitor": 17,
    "headteacher": 16,
    "voluntary worker": 13,
    "education manager": 12,
    "paediatrician": 11,
    "police officer": 9,
}  # 107 people
AGENCY = {profession: agency for agency, found in PROFESSIONS.items() for profession in found}


@dataclass(frozen=True)
class Person:
    """A person at a site, from a wave on."""

    id: str
    wave: str
    site: str
    profession: str

    @property
    def agency(self) -> str:
        return AGENCY[self.profession]

    @property
    def role(self) -> str:
        return ROLES.get(self.profession, "practitioner")


@dataclass
class Cast:
    """Everybody: `asked` is the roster of each survey wave, `interviewed` the people of 2005 in the order of interviews."""

    people: list[Person] = field(default_factory=list)
    asked: dict[str, list[Person]] = field(default_factory=dict)
    interviewed: list[Person] = field(default_factory=list)

    def add(self, wave: str, site: str, profession: str) -> Person:
        """A person who was not there before."""
        person = Person(f"p{len(self.people) + 1:03}", wave, site, profession)
        self.people.append(person)
        return person


def cast(places: list[Place]) -> Cast:
    """The people of the study, wave by wave."""
    found = Cast()
    trusts = [place for place in places if place.trust]
    found.asked[W1] = [person for place in trusts for person in _first_roster(found, place)]
    found.interviewed = _interviewed(found, [place for place in trusts if place.case])
    found.asked[W2] = _second_roster(found)
    return found


def _first_roster(found: Cast, place: Place) -> list[Person]:
    rng = stream(f"roster-{place.id}")
    agencies = ["health", "education", "social services", "health", "education", "social services"][
        : rng.choice((5, 6))
    ]
    agencies += shuffled(rng, ["voluntary sector", "youth offending"])[: rng.choice((0, 1, 1, 2))]
    roster = [found.add(W1, place.id, "trust manager")]
    roster += [found.add(W1, place.id, rng.choice(PROFESSIONS[agency])) for agency in sorted(agencies)]
    return roster


def _interviewed(found: Cast, cases: list[Place]) -> list[Person]:
    """Dealt to the case sites in turn; who was on a site's roster is interviewed before a newcomer."""
    rng = stream("interviewed")
    others = [profession for profession, count in INTERVIEWED.items() for _ in range(count)]
    free = {person.id: person for person in found.asked[W1]}
    chosen: list[Person] = []
    for index, profession in enumerate(others):
        site = cases[index % len(cases)].id
        known = [p for p in free.values() if p.site == site and p.profession == profession]
        chosen.append(free.pop(known[0].id) if known else found.add(INTERVIEWS, site, profession))
    by_site = {place.id: shuffled(rng, [p for p in chosen if p.site == place.id]) for place in cases}
    return [person for place in cases for person in by_site[place.id]]


def _second_roster(found: Cast) -> list[Person]:
    """Two and a half years on: trust managers stay, about a third of the others have moved on."""
    rng = stream("second roster")
    kept = []
    for person in found.asked[W1]:
        stays = person.profession == "trust manager" or rng.random() < 0.68
        kept.append(person if stays else found.add(W2, person.site, rng.choice(PROFESSIONS[person.agency])))
    return kept


def write_people(folder: Path, found: Cast) -> None:
    """people.csv."""
    columns = ("person", "from_wave", "site", "agency", "profession", "role")
    write_csv(
        folder / "people.csv", columns, [(p.id, p.wave, p.site, p.agency, p.profession, p.role) for p in found.people]
    )
