"""How each item of a checklist is answered: by record, by the author's text, or not. Computed, never typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from joinedup.report.checklists.facts import FACTS
from joinedup.report.checklists.items import Checklist, Item
from joinedup.report.model import Inlines, Text
from joinedup.report.prose import inlines
from joinedup.study.model import Study
from joinedup.study.result import Result

RECORD, AUTHOR, MISSING = "record", "author", "missing"
_CITED = re.compile(r"\{([a-z-]+\.[a-z-]+):([^}|]+)")


@dataclass(frozen=True, slots=True)
class Answer:
    """An item and its `state` (record, author, missing).

    `places` are ids of results, of their methods (`methods-<result>`) or of sections, or the author's words.
    """

    item: Item
    state: str
    told: Inlines = ()
    places: tuple[str, ...] = ()


def answers(study: Study, results: Mapping[str, Result], asked: Checklist) -> tuple[Answer, ...]:
    """An answer to every item of `asked`. What the author wrote stands behind what is on record."""
    written = {(one["checklist"], one["item"]): one for one in study.settings.get("report", {}).get("checklist", ())}
    found = []
    for item in asked.items:
        told, places = _on_record(study, results, item)
        state = RECORD if told else MISSING
        author = written.get((asked.id, item.number))
        if author is not None:
            state = state if told else AUTHOR
            told.append((Text(author["text"]),))
            places += [author["place"]] if author.get("place") else []
        joined = tuple(part for number, parts in enumerate(told) for part in ((Text(" "),) if number else ()) + parts)
        found.append(Answer(item, state, joined, tuple(dict.fromkeys(places))))
    return tuple(found)


def _on_record(study: Study, results: Mapping[str, Result], item: Item) -> tuple[list[Inlines], list[str]]:
    told: list[Inlines] = []
    places: list[str] = []
    for name in item.facts:
        says, section = FACTS[name]
        if words := says(study):
            told.append((Text(words),))
            places += [section] if section else []
    for sentence in item.record:
        cited = _CITED.findall(sentence)
        if all(id in results and results[id].values.get(key) is not None for id, key in cited):
            told.append(inlines(results, sentence))
            places += [id for id, _ in cited]
    if computed := _computed(results, item.results):
        told.append((Text(f"{_titles(computed)}."),))
        places += [one.id for one in computed]
    if explained := [one for one in _computed(results, item.methods) if one.methods]:
        told.append((Text(f"Estimand, estimator and sample are printed for: {_titles(explained)}."),))
        places += [f"methods-{one.id}" for one in explained]
    return told, places


def _computed(results: Mapping[str, Result], ids: Sequence[str]) -> list[Result]:
    return [results[id] for id in ids if id in results and not results[id].refused]


def _titles(computed: Sequence[Result]) -> str:
    return "; ".join(one.title for one in computed)
