"""What emerges from the texts: the words of each profession, when the codes had been heard, candidate themes."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.report.chapters.common import figures, methods, paragraph, section, tables
from joinedup.report.figures.texts_emergence import (
    professions_of,
    saturation_curve,
    telling_words,
    topics_by_profession,
)
from joinedup.report.model import Block, Heading, Text
from joinedup.report.prose import ref
from joinedup.report.quotes import quotes_of
from joinedup.study.model import Study
from joinedup.study.result import Result
from joinedup.texts.discourse_result import QUOTED_WORDS, word_code
from joinedup.texts.topics_result import QUOTES, topic_code

_DISCOURSE, _SATURATION, _TOPICS = "texts.discourse", "texts.saturation", "texts.topics"


def blocks(study: Study, results: Mapping[str, Result]) -> list[Block]:
    """Three parts of the chapter on texts; each empty without its result."""
    discourse, saturation, topics = (results.get(id) for id in (_DISCOURSE, _SATURATION, _TOPICS))
    return [
        *section(
            results,
            _DISCOURSE,
            "The words of each profession",
            paragraph(results, *_discourse(study, discourse)),
            figures(telling_words(study, discourse) if discourse else None),
            _in_context(study, results, discourse),
            tables(results, _DISCOURSE),
            methods(results, _DISCOURSE),
        ),
        *section(
            results,
            _SATURATION,
            "When the codes had been heard",
            paragraph(results, *_saturation(saturation)),
            figures(saturation_curve(study, saturation) if saturation else None),
            tables(results, _SATURATION),
            methods(results, _SATURATION),
        ),
        *section(
            results,
            _TOPICS,
            "Candidate themes, suggested by a model",
            paragraph(results, *_topics(topics)),
            tables(results, _TOPICS),
            figures(topics_by_profession(study, topics) if topics else None),
            _passages(results, topics),
            methods(results, _TOPICS),
        ),
    ]


def _discourse(study: Study, result: Result | None) -> tuple[str, ...]:
    if result is None or result.refused:
        return ()
    first = [
        f"{label} \u201c{ref(_DISCOURSE, f'{part}.1.word')}\u201d (z\u00a0{ref(_DISCOURSE, f'{part}.1.z', '.1f')})"
        for part, label in professions_of(study, result, "{}.1.word").items()
    ]
    return (
        f"Each of {ref(_DISCOURSE, 'professions')} professions is set against all others: which words does it use more "
        f"than they do? First come {'; '.join(first)}.",
        f"The prior weighs {ref(_DISCOURSE, 'prior_mass', '.0f')} words.",
    )


def _in_context(study: Study, results: Mapping[str, Result], result: Result | None) -> list[Block]:
    """Cleared quotes that hold the first words of each profession."""
    if result is None or result.refused:
        return []
    found: list[Block] = []
    names = {person.profession for person in study.people}
    for name in sorted(filter(None, names)):
        part = next((p for p, label in professions_of(study, result, "{}.1.word").items() if label == name), "")
        words = [result.values.get(f"{part}.{rank}.word") for rank in range(1, QUOTED_WORDS + 1)]
        for word in words[:1]:
            quotes = quotes_of(results, word_code(name, str(word)), 1)
            if quotes:
                found += [
                    Heading(4, (Text(f"{name[:1].upper()}{name[1:]}: \u201c{word}\u201d"),), f"word-{part}"),
                    *quotes,
                ]
    return found


def _saturation(result: Result | None) -> tuple[str, ...]:
    if result is None or result.refused:
        return ()
    reached = (
        f"Saturation is reached at {ref(_SATURATION, 'reached_at')} interviews: those before the run that brings no more "
        f"new codes than the threshold, and those in it. {ref(_SATURATION, 'orders.reached', '.0%')} of random orders of "
        f"the same interviews reach it too."
    )
    missed = "Saturation is not reached: the last runs of interviews still brought new codes."
    return (
        f"The first {ref(_SATURATION, 'base')} interviews held {ref(_SATURATION, 'base_codes')} of the {ref(_SATURATION, 'codes')} codes that occur "
        f"in {ref(_SATURATION, 'interviews')} interviews.",
        reached if result.values.get("reached_at") else missed,
    )


def _topics(result: Result | None) -> tuple[str, ...]:
    if result is None or result.refused:
        return ()
    return (
        f"A topic model of {ref(_TOPICS, 'turns')} turns suggests {ref(_TOPICS, 'k')} candidate themes; "
        f"{ref(_TOPICS, 'accepted')} of them have been accepted by a person.",
        "The others are suggested by a model, accepted by nobody.",
        f"Over {ref(_TOPICS, 'starts')} starts the least stable topic has a mean likeness of "
        f"{ref(_TOPICS, 'min_stability', '.2f')} (of one) to its partners.",
    )


def _passages(results: Mapping[str, Result], result: Result | None) -> list[Block]:
    """Cleared passages out of the turns that hold most of each topic."""
    topics = result.values.get("k") if result is not None else None
    found: list[Block] = []
    for at in range(1, (topics if isinstance(topics, int) else 0) + 1):
        quotes = quotes_of(results, topic_code(at), QUOTES)
        words = str(results[_TOPICS].values.get(f"topic.{at}.distinctive") or "").split(", ")[:5]
        if quotes:
            found += [Heading(4, (Text(f"Topic {at}: {', '.join(words)}"),), f"topic-{at}"), *quotes]
    return found
