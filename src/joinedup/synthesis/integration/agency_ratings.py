"""What the survey says of co-operation: who rates working with which agency, by site."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from joinedup.study.inference import MeanInterval, mean_interval
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.survey.model import Respondent, answers, headline_wave, respondents
from joinedup.synthesis.cooperation import Pair

LEAST_SITES = 3
"""Fewer sites give a mean and no interval."""


@dataclass(frozen=True)
class Ratings:
    """Answers to the items on co-operation in one wave.

    `cells`: pair -> site -> the ratings there. `raters`: pair -> who gives them. `respondents`: agency -> its people who
    answered in the wave. `items`: agency -> the item that asks of it. `lowest`, `highest`: the ends of the items' scale.
    """

    wave: str = ""
    cells: Mapping[Pair, Mapping[str, Sequence[float]]] = field(default_factory=dict)
    raters: Mapping[Pair, Sequence[Respondent]] = field(default_factory=dict)
    respondents: Mapping[str, int] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    lowest: float = 0.0
    highest: float = 0.0

    def site_means(self, pair: Pair) -> dict[str, float]:
        """The mean rating at each site that has one."""
        return {site: mean(given) for site, given in self.cells.get(pair, {}).items()}

    def means(self) -> dict[Pair, float]:
        """The mean over sites of the sites' means, of every pair that is rated."""
        return {pair: mean(self.site_means(pair).values()) for pair in self.cells}

    def over(self, pairs: Iterable[Pair]) -> dict[str, float]:
        """Of every site the mean of its cells among `pairs`, so that each pair counts alike."""
        found: dict[str, list[float]] = {}
        for pair in pairs:
            for site, value in self.site_means(pair).items():
                found.setdefault(site, []).append(value)
        return {site: mean(cells) for site, cells in found.items()}

    def people(self, pairs: Iterable[Pair]) -> tuple[Respondent, ...]:
        """Who gives a rating of any of `pairs`, each once."""
        found = {person.index: person for pair in pairs for person in self.raters.get(pair, ())}
        return tuple(found[index] for index in sorted(found))

    def asked(self, pair: Pair) -> bool:
        """Whether the survey could have spoken: people of the first agency answered, and an item asks of the second."""
        return pair[1] in self.items and bool(self.respondents.get(pair[0]))


def mean(values: Iterable[float]) -> float:
    """The mean; the order changes nothing, not even the last digit."""
    found = list(values)
    return math.fsum(found) / len(found)


def interval(by_site: Mapping[str, float]) -> MeanInterval | None:
    """The mean over sites with its 95% t interval; None for fewer than LEAST_SITES."""
    return mean_interval(list(by_site.values())) if len(by_site) >= LEAST_SITES else None


def ratings_of(study: Study, items: Mapping[str, str]) -> Ratings:
    """The ratings in the headline wave, people of programme sites; what people say of their own agency is left out.

    Raises NotComputable for an answer that is no number on the items' scale.
    """
    wave = headline_wave(study)
    people = respondents(study, wave) if wave else ()
    if not items or not people:
        return Ratings()
    lowest, highest = scale_of(study, items.values())
    cells: dict[Pair, dict[str, list[float]]] = {}
    raters: dict[Pair, list[Respondent]] = {}
    for rated, item in items.items():
        for person, answer in zip(people, answers(study, wave, item, people), strict=True):
            if answer and person.entry.agency != rated:
                pair, value = (person.entry.agency, rated), _number(answer, item, lowest, highest)
                cells.setdefault(pair, {}).setdefault(person.entry.site, []).append(value)
                raters.setdefault(pair, []).append(person)
    asked: dict[str, int] = {}
    for person in people:
        asked[person.entry.agency] = asked.get(person.entry.agency, 0) + 1
    return Ratings(wave, cells, raters, asked, items, lowest, highest)


def scale_of(study: Study, items: Iterable[str]) -> tuple[float, float]:
    """The lowest and the highest option that the items share; (nan, nan) where they have no numbers in common."""
    instrument = study.survey.instrument
    found = [instrument.item(item) if instrument else None for item in items]
    ranges = {_ends(item.options) if item else None for item in found}
    only = ranges.pop() if len(ranges) == 1 else None
    return only or (math.nan, math.nan)


def _ends(options: Iterable[str]) -> tuple[float, float] | None:
    numbers = []
    for option in options:
        try:
            numbers.append(float(option))
        except ValueError:
            return None
    rated = [number for number in numbers if number >= 0]  # the codes of missing answers are below 0
    return (min(rated), max(rated)) if len(rated) > 1 else None


def _number(answer: str, item: str, lowest: float, highest: float) -> float:
    try:
        value = float(answer)
    except ValueError:
        value = math.nan
    if not lowest <= value <= highest:
        raise NotComputable(f"{item}: {answer!r} is no answer from {lowest:g} to {highest:g}.")
    return value
