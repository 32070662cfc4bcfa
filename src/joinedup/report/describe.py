"""What a key means, in words: the registry's description with the names that the study gave."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from joinedup.study.kinds.integration import PLACES
from joinedup.study.model import Study
from joinedup.study.registry import KIND_BY_ID, key_part, placeholders
from joinedup.study.survey import OUTCOMES
from joinedup.study.wording import one_of_a_kind

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"\bn\b(?!-)")
"""The n of a description: the number in the key takes its place."""


class Describer:
    """Describes the keys of results of one study."""

    def __init__(self, study: Study) -> None:
        self._allowed = placeholders(study)
        self._labels = dict(_labels(study))
        self._patterns: dict[str, list[tuple[re.Pattern[str], list[str], str]]] = {}

    def describe(self, result: str, key: str) -> str:
        """The description of `key`, with the names of what its parts stand for; empty where it is not registered."""
        for pattern, names, text in self._patterns_of(result):
            match = pattern.fullmatch(key)
            if match:
                stands = list(zip(names, match.groups(), strict=True))
                counted = [part for name, part in stands if name == "n"]
                if len(counted) == 1 and _NUMBER.search(text):
                    text = one_of_a_kind(_NUMBER.sub(counted[0], text))
                    stands = [(name, part) for name, part in stands if name != "n"]
                parts = [self.label(name, part).removesuffix(".") for name, part in stands]
                return f"{text} ({'; '.join(parts)})" if parts else text
        return ""

    def label(self, kind: str, part: str) -> str:
        """The study's name for the part of a key: ("site", "ashford") -> "Ashford"."""
        return f"n = {part}" if kind == "n" else self._labels.get((kind, part), part)

    def _patterns_of(self, result: str) -> list[tuple[re.Pattern[str], list[str], str]]:
        if result not in self._patterns:
            kind = KIND_BY_ID.get(result)
            self._patterns[result] = [self._compiled(key, text) for key, text in (kind.keys if kind else {}).items()]
        return self._patterns[result]

    def _compiled(self, key: str, text: str) -> tuple[re.Pattern[str], list[str], str]:
        pieces = _PLACEHOLDER.split(key)
        expression = "".join(
            re.escape(piece) if index % 2 == 0 else f"({self._choices(piece)})" for index, piece in enumerate(pieces)
        )
        return re.compile(expression), pieces[1::2], text

    def _choices(self, name: str) -> str:
        if name == "n":
            return r"\d+"
        words = sorted(self._allowed.get(name, ()), key=lambda word: (-len(word), word))
        return "|".join(map(re.escape, words)) if words else r"(?!)"


def _labels(study: Study) -> Iterator[tuple[tuple[str, str], str]]:
    named: Mapping[str, list[tuple[str, str]]] = {
        "site": [(site.id, site.name) for site in study.sites],
        "level": [(level.id, level.label) for level in study.levels],
        "wave": [(wave.id, wave.label) for wave in study.waves],
        "kind": [(kind.id, kind.label) for kind in study.kinds],
        "code": [(code.id, code.label) for code in study.texts.codes],
        "indicator": [(one.id, one.label) for one in study.indicators.indicators],
        "profession": [(person.profession, person.profession) for person in study.people],
        "scale": [(scale.id, scale.label) for scale in study.survey.scales],
        "outcome": [(outcome, outcome) for outcome in OUTCOMES],
        "category": [(name, name) for e in study.survey.roster for name in (e.agency, e.role)]
        + [(site.type, site.type) for site in study.sites],
        "agency": [(entry.agency, entry.agency) for entry in study.survey.roster],
    }
    for kind, pairs in named.items():
        for id, label in pairs:
            yield (kind, key_part(id)), label or id
    for kind, one in _declared(study):
        told = one.get("label") or one.get("claim") or one.get("proposition")
        yield (kind, key_part(str(one.get("id", "")))), str(told or one.get("id", ""))
    items = study.survey.instrument.items if study.survey.instrument else ()
    for item in items:
        yield ("item", key_part(item.name)), item.label or item.name
    options = [(key_part(option), label) for item in items for option, label in item.options.items()]
    for part, label in options:
        if all(other == label for same, other in options if same == part):
            yield ("option", part), label or part


def _declared(study: Study) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What the files of synthesis/ declare, by the placeholder that stands for it."""
    for kind, (file, array) in {**PLACES, "row": ("joint-display", "row")}.items():
        for one in study.synthesis.get(file, {}).get(array, ()):
            yield kind, one
            if kind == "explanation":
                yield from (("piece", piece) for piece in one.get("piece", ()))
