"""What may still give somebody away when all names are gone: a profession or role that only one person at a site has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from joinedup.study.model import Study
from joinedup.study.result import Table


@dataclass(frozen=True, slots=True)
class Risk:
    """A person who alone at a site has an `attribute` with this `value`, and the texts in which the person speaks."""

    site: str
    attribute: str
    value: str
    person: str
    texts: tuple[str, ...]


def residual_risks(study: Study) -> tuple[Risk, ...]:
    """Every person whose profession, agency or role nobody else of people.csv has at the site, sorted by site.

    All rows of a person count: whoever once was the only nurse of a site may be known by it.
    """
    texts: dict[str, set[str]] = {}
    for speaker in study.texts.speakers:
        texts.setdefault(speaker.person, set()).add(speaker.text)
    found = []
    for attribute in ("profession", "agency", "role"):
        people: dict[tuple[str, str], set[str]] = {}
        for person in study.people:
            value = getattr(person, attribute)
            if value and person.site:
                people.setdefault((person.site, value), set()).add(person.id)
        for (site, value), alone in people.items():
            if len(alone) == 1:
                (person_id,) = alone
                found.append(Risk(site, attribute, value, person_id, tuple(sorted(texts.get(person_id, ())))))
    return tuple(sorted(found, key=lambda risk: (risk.site, risk.person, risk.attribute)))


def risk_table(risks: Iterable[Risk]) -> Table:
    """One row a risk; those who speak in texts matter most and stand where their site stands."""
    columns = tuple((name, name.title()) for name in ("site", "attribute", "value", "person", "texts"))
    return Table("risks", "Residual risks", columns, tuple(_rows(risks)))


def _rows(risks: Iterable[Risk]) -> Iterator[tuple[str, ...]]:
    for risk in risks:
        yield risk.site, risk.attribute, risk.value, risk.person, " ".join(risk.texts)
