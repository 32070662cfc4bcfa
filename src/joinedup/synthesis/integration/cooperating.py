"""`synthesis.cooperation`: agency by agency, how the survey rates working together beside who speaks of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from joinedup.study.analysis import make_result
from joinedup.study.model import Study
from joinedup.study.problems import NotComputable
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Row, Source, Table, Value, merged
from joinedup.survey.model import response_source
from joinedup.synthesis.cooperation import Pair
from joinedup.synthesis.integration.agencies_side_by_side import (
    NAME,
    Cooperation,
    dyads_in_order,
    pair_key,
    quotes_by_pair,
    read,
)
from joinedup.synthesis.integration.agency_ratings import LEAST_SITES
from joinedup.synthesis.integration.cooperation_values import values_of
from joinedup.synthesis.integration.literature import SQUARTINI, WASSERMAN
from joinedup.synthesis.integration.reading import Declared, Results, declared, named_codes
from joinedup.texts.corpus import CODINGS_FILE


def cooperation_result(study: Study, results: Results) -> Result | None:  # noqa: ARG001
    """The Result `synthesis.cooperation`; None where the study declares none.

    Raises NotComputable where neither strand says anything of a pair of agencies.
    """
    found = read(study)
    if found is None:
        return None
    if not found.ratings.cells and not found.told.people:
        raise NotComputable("nobody rates another agency, and nobody interviewed speaks of one in the passages named")
    values = values_of(found)
    quotes = [quote for _, quote in quotes_by_pair(study, found)]
    table = study.survey.responses.get(found.ratings.wave)
    return make_result(
        "synthesis.cooperation",
        values,
        _methods(study, declared(study, NAME), found, values),
        (declared(study, NAME), study.people, table, study.survey.roster, study.texts.texts, study.texts.codings),
        tables=_tables(found, values),
        parameters={"wave": found.ratings.wave, "least_sites": LEAST_SITES, "at_least": found.at_least},
        quotes=tuple(dict.fromkeys(quotes)),
        sources=_sources(found),
        caveats=_caveats(found, values),
        references=(WASSERMAN, SQUARTINI),
    )


def _methods(study: Study, data: Declared, found: Cooperation, values: Mapping[str, Value]) -> str:
    parts = []
    if found.ratings.cells:
        parts.append(
            f"In wave {found.ratings.wave}, {values['raters']} people of {values['sites']} sites rated how their agency works "
            f"with others, from {found.ratings.lowest:g} to {found.ratings.highest:g}; nobody's rating of their own agency "
            f"counts. The rating of a pair is the mean over sites of the sites' mean ratings, with a 95% t interval over "
            f"sites given at least {LEAST_SITES} of them; strength is the mean over sites of the mean over the site's pairs. "
            f"A pair is a tie from {found.at_least:g} on; density is the share of rated pairs that are ties. Where both "
            f"sides of a dyad rate, reciprocity is the sum of the smaller weights, twice, over the sum of all weights, a "
            f"weight being the rating less {found.ratings.lowest:g}; the difference of a dyad is taken within sites where "
            f"both sides rate."
        )
    if data.get("codes"):
        parts.append(
            f"In the interviews, passages coded {named_codes(study, data['codes'])} (or with a code below) speak of an agency that "
            f"they name or whose own code meets them; overlapping passages count as one, and a passage counts for the "
            f"agency of the person whose turn it lies in. The share is of the agency's people who were interviewed. A "
            f"strand is silent on a pair only where people of the first agency answered an item on the second, or were "
            f"interviewed."
        )
    return " ".join(parts)


def _caveats(found: Cooperation, values: Mapping[str, Value]) -> tuple[str, ...]:
    told = ["To speak of another agency is neither praise nor blame: read the passages before the share."]
    if not found.told.people:
        told = []
    few = [pair for pair in found.ratings.cells if values.get(f"{pair_key(pair)}.low") is None]
    if few:
        pairs = "1 pair is" if len(few) == 1 else f"{len(few)} pairs are"
        told.append(f"{pairs} rated at fewer than {LEAST_SITES} sites and without an interval.")
    return tuple(told)


_SURVEY = ("mean", "low", "high", "raters", "sites")
_TEXTS = ("share", "survey", "texts")
_DYAD = ("difference", "low", "high", "sites")
_AGENCY = (
    *("given", "given_low", "given_high"),
    *("received", "received_low", "received_high"),
    *("raters", "rated_by", "interviewed"),
)
_ENDS = (("from", "People of"), ("of", "On working with"))
_SIDES = (("first", "One side"), ("second", "The other"))
_PAIR_HEADS = (
    "Rating",
    "Low",
    "High",
    "Raters",
    "Sites",
    "Speak of it",
    "Interviewed",
    "Share",
    "Survey",
    "Interviews",
)
_DYAD_HEADS = ("Rating of the one less that of the other", "Low", "High", "Sites")
_AGENCY_HEADS = ("Given", "Low", "High", "Received", "Low", "High", "Raters", "Rated by", "Interviewed")
_Line = tuple[tuple[str, ...], tuple[str, ...]]
"""What a line of a table begins with, and the keys of its values."""


def _tables(found: Cooperation, values: Mapping[str, Value]) -> tuple[Table, ...]:
    pairs = [(pair, _pair_keys(pair)) for pair in found.pairs]
    dyads = [
        (pair, tuple(f"dyad.{key_part(pair[0])}.{key_part(pair[1])}.{part}" for part in _DYAD))
        for pair in dyads_in_order(found)
    ]
    agencies = [
        ((agency,), tuple(f"agency.{key_part(agency)}.{part}" for part in _AGENCY))
        for agency in dict.fromkeys((*found.rated, *found.rating))
    ]
    agency = (("agency", "Agency"),)
    tables = (
        _table("agencies", "Ratings given and received, by agency", agency, agencies, _AGENCY_HEADS, values),
        _table("dyads", "Do both sides say the same?", _SIDES, dyads, _DYAD_HEADS, values),
        _table("pairs", "Who rates whom, and who speaks of whom", _ENDS, pairs, _PAIR_HEADS, values),
    )
    return tuple(table for table in tables if table.rows)


def _pair_keys(pair: Pair) -> tuple[str, ...]:
    key = pair_key(pair)
    spoken = (f"{key}.people", f"agency.{key_part(pair[0])}.interviewed")
    return (*(f"{key}.{part}" for part in _SURVEY), *spoken, *(f"{key}.{part}" for part in _TEXTS))


def _table(
    id: str,
    title: str,
    names: tuple[tuple[str, str], ...],
    lines: Sequence[_Line],
    heads: tuple[str, ...],
    values: Mapping[str, Value],
) -> Table:
    """A table of lines that begin with names and go on with values."""
    rows: tuple[Row, ...] = tuple((*first, *(values[key] for key in keys)) for first, keys in lines)
    parts = [key.rpartition(".")[2] for key in lines[0][1]] if lines else []
    columns = (*names, *zip(parts, heads, strict=False))
    return Table(id, title, columns, rows, "", tuple((*("" for _ in names), *keys) for _, keys in lines))


def _sources(found: Cooperation) -> dict[str, tuple[Source, ...]]:
    rows = {pair: _rows(found, [pair]) for pair in found.pairs}
    sources = {pair_key(pair): behind for pair, behind in rows.items() if behind}
    for agency in dict.fromkeys((*found.rated, *found.rating)):
        behind = _rows(found, [pair for pair in found.pairs if agency in pair])
        sources |= {f"agency.{key_part(agency)}": behind} if behind else {}
    for pair in dyads_in_order(found):
        sources[f"dyad.{key_part(pair[0])}.{key_part(pair[1])}"] = _rows(found, [pair, pair[::-1]])
    return sources


def _rows(found: Cooperation, pairs: list[Pair]) -> tuple[Source, ...]:
    """The answers and the codings behind pairs of agencies."""
    behind: list[Source] = []
    for pair in pairs:
        raters = found.ratings.raters.get(pair, ())
        if raters:
            behind.append(response_source(found.ratings.wave, raters, [found.ratings.items[pair[1]]]))
        rows = tuple(sorted(coding.row for coding in found.told.codings.get(pair, ())))
        if rows:
            behind.append(Source(CODINGS_FILE, rows, ("text", "start", "end", "code")))
    return merged(behind)
