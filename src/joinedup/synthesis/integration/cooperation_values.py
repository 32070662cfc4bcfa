"""The values of `synthesis.cooperation`: over all, by agency, by pair, by dyad."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.study.registry import key_part
from joinedup.study.result import Value
from joinedup.synthesis.cooperation import dyads_of
from joinedup.synthesis.integration.agencies_side_by_side import (
    NOT_ASKED,
    SILENT,
    SPEAKS,
    Cooperation,
    dyads_in_order,
    pair_key,
    strands,
)
from joinedup.synthesis.integration.agency_ratings import interval, mean

_WORDS = (("silent", SILENT), ("not_asked", NOT_ASKED))


def values_of(found: Cooperation) -> dict[str, Value]:
    """All values; None where a strand has none."""
    return {**_overall(found), **_agencies(found), **_pairs(found), **_dyads(found)}


def _estimate(by_site: Mapping[str, float], names: tuple[str, str, str]) -> dict[str, Value]:
    """The mean over sites and its interval under `names`."""
    whole = interval(by_site)
    told = (mean(by_site.values()) if by_site else None, whole.low if whole else None, whole.high if whole else None)
    return dict(zip(names, told, strict=True))


def _overall(found: Cooperation) -> dict[str, Value]:
    ratings, means = found.ratings, found.ratings.means()
    across = ratings.over(found.pairs)
    dyads = dyads_of(means, ratings.lowest, found.at_least)
    heard = [strands(found, pair) for pair in found.pairs]
    speakers = frozenset[str]().union(*found.told.people.values())
    return {
        "agencies": len({*found.rating, *found.rated}),
        "pairs": len(found.pairs),
        "rated": len(means),
        "raters": len(ratings.people(found.pairs)),
        "sites": len(across),
        **_estimate(across, ("strength", "strength_low", "strength_high")),
        "at_least": found.at_least if means else None,
        "ties": sum(value >= found.at_least for value in means.values()) if means else None,
        "density": sum(value >= found.at_least for value in means.values()) / len(means) if means else None,
        "dyads": dyads.dyads,
        "mutual": dyads.mutual,
        "one_sided": dyads.one_sided,
        "neither": dyads.neither,
        "reciprocity": dyads.reciprocity,
        "speakers": len(speakers),
        "spoken": len(found.told.people),
        "both": heard.count((SPEAKS, SPEAKS)),
        **{f"survey_{word}": [one for one, _ in heard].count(said) for word, said in _WORDS},
        **{f"texts_{word}": [other for _, other in heard].count(said) for word, said in _WORDS},
    }


def _agencies(found: Cooperation) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for agency in dict.fromkeys((*found.rated, *found.rating)):
        key = f"agency.{key_part(agency)}"
        given = [pair for pair in found.ratings.cells if pair[0] == agency]
        received = [pair for pair in found.ratings.cells if pair[1] == agency]
        values[f"{key}.raters"] = len(found.ratings.people(given))
        values[f"{key}.rated_by"] = len(found.ratings.people(received))
        values[f"{key}.interviewed"] = len(found.told.interviewed.get(agency, ()))
        for way, pairs in (("given", given), ("received", received)):
            names = (f"{key}.{way}", f"{key}.{way}_low", f"{key}.{way}_high")
            values |= _estimate(found.ratings.over(pairs), names)
    return values


def _pairs(found: Cooperation) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for pair in found.pairs:
        by_site = found.ratings.site_means(pair)
        interviewed = len(found.told.interviewed.get(pair[0], ()))
        people = len(found.told.people.get(pair, ())) if interviewed else None
        survey, texts = strands(found, pair)
        told: dict[str, Value] = {
            **_estimate(by_site, ("mean", "low", "high")),
            "raters": len(found.ratings.raters.get(pair, ())),
            "sites": len(by_site),
            "people": people,
            "passages": len(found.told.passages.get(pair, ())) if interviewed else None,
            "share": people / interviewed if people is not None else None,
            "survey": survey,
            "texts": texts,
        }
        values |= {f"{pair_key(pair)}.{part}": value for part, value in told.items()}
    return values


def _dyads(found: Cooperation) -> dict[str, Value]:
    """Of each dyad the mean over sites of the first side's rating less the second's, at sites where both rate."""
    values: dict[str, Value] = {}
    for first, second in dyads_in_order(found):
        here, there = (found.ratings.site_means(pair) for pair in ((first, second), (second, first)))
        gaps = {site: here[site] - there[site] for site in here if site in there}
        key = f"dyad.{key_part(first)}.{key_part(second)}"
        sides = (len(found.ratings.raters[pair]) for pair in ((first, second), (second, first)))
        values |= {f"{key}.raters": min(sides), f"{key}.sites": len(gaps)}
        values |= _estimate(gaps, (f"{key}.difference", f"{key}.low", f"{key}.high"))
    return values
