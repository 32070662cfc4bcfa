"""Agencies as both strands see them: who rates whom, who speaks of whom, and who could have."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Quote
from joinedup.synthesis.cooperation import Pair, rated_both_ways
from joinedup.synthesis.integration.agency_passages import Partner, Told, told_of
from joinedup.synthesis.integration.agency_ratings import Ratings, ratings_of
from joinedup.synthesis.integration.reading import Spoken, declared, tables
from joinedup.texts.model import Corpus
from joinedup.texts.quotes import choose_quotes

NAME = "cooperation"
SPEAKS, SILENT, NOT_ASKED = "speaks", "silent", "not asked"
_ENDS = (".", "!", "?")


@dataclass(frozen=True)
class Cooperation:
    """Both strands on the same agencies: `rating` are those who may speak, `rated` those that are asked about, in order."""

    ratings: Ratings
    told: Told
    partners: tuple[Partner, ...]
    rating: tuple[str, ...]
    rated: tuple[str, ...]
    at_least: float

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Every pair of an agency and another on which a strand could have spoken."""
        found = [(one, other) for one in self.rating for other in self.rated if one != other]
        return tuple(pair for pair in found if self.ratings.asked(pair) or pair[0] in self.told.interviewed)


def read(study: Study) -> Cooperation | None:
    """What both strands hold; None where synthesis/cooperation.toml is not there."""
    data = declared(study, NAME)
    if not data:
        return None
    agencies = tables(data, "agency")
    rated = tuple(str(one["agency"]) for one in agencies)
    items = {str(one["agency"]): str(one["item"]) for one in agencies if one.get("item")}
    partners = tuple(
        Partner(str(one["agency"]), tuple(one.get("names", ())), str(one.get("code", ""))) for one in agencies
    )
    ratings, told = ratings_of(study, items), told_of(Spoken(study), data.get("codes", ()), partners)
    others = sorted({*ratings.respondents, *told.interviewed} - set(rated))
    speaking = [one for one in (*others, *rated) if one in ratings.respondents or one in told.interviewed]
    return Cooperation(ratings, told, partners, tuple(speaking), rated, float(data.get("at_least", 0)))


def strands(found: Cooperation, pair: Pair) -> tuple[str, str]:
    """What survey and texts do on a pair: a strand is silent only where it could have spoken."""
    survey = SPEAKS if pair in found.ratings.cells else SILENT if found.ratings.asked(pair) else NOT_ASKED
    heard = pair[0] in found.told.interviewed
    return survey, SPEAKS if pair in found.told.people else SILENT if heard else NOT_ASKED


def dyads_in_order(found: Cooperation) -> list[Pair]:
    """The dyads that both sides rate, in the order in which the study names the agencies."""
    both = {frozenset(pair) for pair in rated_both_ways(found.ratings.cells)}
    return [pair for pair in combinations(found.rated, 2) if frozenset(pair) in both]


def pair_key(pair: Pair) -> str:
    return f"pair.{key_part(pair[0])}.{key_part(pair[1])}"


def quotes_by_pair(study: Study, found: Cooperation) -> list[tuple[Pair, Quote]]:
    """A cleared quote of each pair that has one: words that name the agency spoken of, whole sentences first."""
    corpus, used, chosen = Corpus(study), set[str](), list[tuple[Pair, Quote]]()
    for pair in found.pairs:
        partner = next(one for one in found.partners if one.agency == pair[1])
        quotes = [
            quote
            for coding in found.told.codings.get(pair, ())
            for quote in choose_quotes(corpus, coding.code, [coding])
            if partner.named_in(quote.passage.quote)
        ]
        if quotes:
            best = min(quotes, key=lambda one: (one.passage.quote in used, not one.passage.quote.endswith(_ENDS)))
            used.add(best.passage.quote)
            chosen.append((pair, best))
    return chosen
