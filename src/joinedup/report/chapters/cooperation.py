"""The part on co-operation between agencies: the survey beside the interviews."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters.common import figures, methods, paragraph, section, tables
from joinedup.report.figures.cooperation import cooperation_map
from joinedup.report.model import Block, Folded, Paragraph, Strong, Text
from joinedup.report.prose import ref
from joinedup.report.quotes import quote_block
from joinedup.study.model import Study
from joinedup.study.result import Quote, Result
from joinedup.synthesis.integration.agencies_side_by_side import quotes_by_pair, read

_RESULT = "synthesis.cooperation"


def cooperation(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """The part; empty where the study does not ask for it."""
    result = results.get(_RESULT)
    return section(
        results,
        _RESULT,
        "Who works well with whom",
        paragraph(
            results,
            f"{ref(_RESULT, 'raters')} people at {ref(_RESULT, 'sites')} sites rate how they work with other agencies: "
            f"{ref(_RESULT, 'strength', '.2f')} on average over sites (95% interval {ref(_RESULT, 'strength_low', '.2f')} to "
            f"{ref(_RESULT, 'strength_high', '.2f')}). {ref(_RESULT, 'ties')} of {ref(_RESULT, 'rated')} pairs reach "
            f"{ref(_RESULT, 'at_least', '.1f')}.",
            f"Of {ref(_RESULT, 'dyads')} dyads that rate each other {ref(_RESULT, 'mutual')} reach it from both sides and "
            f"{ref(_RESULT, 'one_sided')} from one side only; reciprocity is {ref(_RESULT, 'reciprocity', '.2f')}, where 1 "
            "means that both sides rate alike.",
            f"People interviewed speak of working with the other agency in {ref(_RESULT, 'spoken')} pairs; in "
            f"{ref(_RESULT, 'texts_silent')} they could have and do not.",
        ),
        figures(cooperation_map(result) if result and not result.refused else None),
        tables(results, _RESULT),
        _quotes(study, results),
        methods(results, _RESULT),
    )


def _quotes(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """A cleared quote of each agency, on the agency of which most of its people speak; only what the result offers."""
    found, result = read(study), results.get(_RESULT)
    if found is None or result is None or not result.quotes:
        return []
    offered = {quote.passage for quote in result.quotes}
    chosen: dict[str, tuple[str, Quote]] = {}
    pairs = [(pair, quote) for pair, quote in quotes_by_pair(study, found) if quote.passage in offered]
    for (one, other), quote in sorted(pairs, key=lambda item: -len(found.told.people[item[0]])):
        chosen.setdefault(one, (other, quote))
    blocks: list[Block] = []
    for one in found.rating:
        if one in chosen:
            heading = Strong((Text(f"{one[:1].upper()}{one[1:]}, on working with {chosen[one][0]}"),))
            blocks += [Paragraph((heading,)), quote_block(chosen[one][1])]
    return [Folded((Text("In their words: who works with whom"),), tuple(blocks), kind="data")] if blocks else []
