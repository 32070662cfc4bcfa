"""The bank of utterances and questions, and how their slots are filled."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

FOLDER = Path(__file__).parent / "bank"
FILES = ("integration", "children")
MOST_INTERVIEWS = 4
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Utterance:
    """What a professional may say: its theme is the first coder's code; `also` holds (code, quote) within it."""

    id: str
    theme: str
    professions: tuple[str, ...]
    text: str
    also: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Spoken:
    """An utterance with its slots filled: text and spans (start, end, code) within it."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


class Bank:
    """All utterances and questions; it counts what has been said, so that nothing is said too often."""

    def __init__(self) -> None:
        tables = [tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")) for name in FILES]
        slots = tomllib.loads((FOLDER / "slots.toml").read_text(encoding="utf-8"))
        self._slots: Mapping[str, Mapping[str, list[str]]] = slots["slots"]
        self._utterances: dict[str, list[Utterance]] = {}
        self._questions: dict[str, list[str]] = {}
        for table in tables:
            for row in table["utterance"]:
                self._utterances.setdefault(row["theme"], []).append(_utterance(row))
            for row in table["question"]:
                self._questions.setdefault(row["theme"], []).append(row["text"])
        self._uses: Counter[str] = Counter()
        self._said: Counter[str] = Counter()

    def question(self, rng: Random, theme: str) -> str:
        """A question on the theme, one of those asked least so far."""
        return self._least(rng, self._questions[theme])

    def utterance(self, rng: Random, theme: str, profession: str, taken: set[str]) -> Spoken | None:
        """Something on the theme that this profession may say and that is not in `taken`; None where all is said.

        What has been used least comes first; among equals, what only this profession says.
        """
        key = profession.replace(" ", "_")
        fit = [
            u for u in self._utterances[theme] if u.id not in taken and (key in u.professions or "any" in u.professions)
        ]
        fit = rng.sample(fit, len(fit))
        for found in sorted(fit, key=lambda u: self._uses[u.id] + ("any" in u.professions)):
            for _ in range(5):
                spoken = self._filled(rng, found, key)
                if self._said[spoken.text] < MOST_INTERVIEWS:
                    self._uses[found.id] += 1
                    self._said[spoken.text] += 1
                    taken.add(found.id)
                    return spoken
        return None

    def fill(self, rng: Random, text: str, profession: str = "any") -> str:
        """`text` with its slots filled."""
        return _SLOT.sub(lambda match: self._word(rng, match[1], profession), text)

    def _least(self, rng: Random, texts: list[str]) -> str:
        found = min(rng.sample(texts, len(texts)), key=lambda text: self._uses[text])
        self._uses[found] += 1
        return found

    def _word(self, rng: Random, slot: str, profession: str) -> str:
        words = self._slots[slot]
        return rng.choice(words.get(profession, words["any"]))

    def _filled(self, rng: Random, utterance: Utterance, profession: str) -> Spoken:
        """Fills piece by piece between the ends of the quotes, so that their places in the filled text are known."""
        cuts = {0, len(utterance.text)}
        for _, quote in utterance.also:
            cuts |= {utterance.text.index(quote), utterance.text.index(quote) + len(quote)}
        order = sorted(cuts)
        at, text = {0: 0}, ""
        for start, end in pairwise(order):
            text += self.fill(rng, utterance.text[start:end], profession)
            at[end] = len(text)
        spans = [(0, len(text), utterance.theme)]
        for code, quote in utterance.also:
            start = utterance.text.index(quote)
            spans.append((at[start], at[start + len(quote)], code))
        return Spoken(text, tuple(spans))


def _utterance(row: Mapping[str, Any]) -> Utterance:
    also = tuple((piece["code"], piece["quote"]) for piece in row.get("also", ()))
    return Utterance(row["id"], row["theme"], tuple(row["professions"]), row["text"], also)
