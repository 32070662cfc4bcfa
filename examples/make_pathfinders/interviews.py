"""Transcripts of 107 interviews: a warm-up, six to eight themes in an order that a conversation takes, a closing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from bank import Bank, Spoken
from chance import stream
from people import Person

INTERVIEWER, RESPONDENT = "Interviewer", "Respondent"
FEWEST_WORDS = 640
THEMES = (
    "founding_reasons",
    "endorsement",
    "body_scope",
    "targeted_provision",
    "universal_provision",
    "whole_child",
    "sectoral_view",
    "professional_traditions",
    "keeping_safe_complex",
    "keeping_safe_demanding",
)
USUAL = {
    "founding_reasons": 0.5,
    "endorsement": 0.78,
    "body_scope": 0.45,
    "targeted_provision": 0.6,
    "universal_provision": 0.55,
    "whole_child": 0.6,
    "sectoral_view": 0.5,
    "professional_traditions": 0.55,
    "keeping_safe_complex": 0.55,
    "keeping_safe_demanding": 0.45,
}
LEANINGS: Mapping[str, Mapping[str, float]] = {
    "trust manager": {"founding_reasons": 0.95, "body_scope": 0.95, "keeping_safe_demanding": 0.2, "whole_child": 0.5},
    "social worker": {"keeping_safe_complex": 0.85, "keeping_safe_demanding": 0.85, "targeted_provision": 0.75, "body_scope": 0.2},
    "health visitor": {"whole_child": 0.78, "universal_provision": 0.8, "sectoral_view": 0.3, "body_scope": 0.2},
    "headteacher": {"sectoral_view": 0.75, "universal_provision": 0.7, "whole_child": 0.4, "endorsement": 0.6},
    "education manager": {"sectoral_view": 0.72, "body_scope": 0.8, "whole_child": 0.35, "keeping_safe_demanding": 0.15},
    "paediatrician": {"professional_traditions": 0.9, "sectoral_view": 0.65, "endorsement": 0.6, "universal_provision": 0.3},
    "voluntary worker": {"whole_child": 0.75, "universal_provision": 0.7, "body_scope": 0.6, "sectoral_view": 0.3},
    "police officer": {"keeping_safe_complex": 0.9, "targeted_provision": 0.8, "whole_child": 0.3, "universal_provision": 0.25},
}  # fmt: skip
FOLLOW_UPS = (
    "Could you give me an example?",
    "How did that go down with the others?",
    "And has it stayed like that?",
    "Say a little more about that, if you would.",
    "Is that how your colleagues see it?",
    "What made the difference, do you think?",
    "Does that happen often?",
    "What would you have wished for instead?",
    "What did you take from that?",
    "I have heard something like it elsewhere. How was it here?",
    "Let me stay with that for a moment. What happened next?",
    "Do you see it differently now?",
    "And on an ordinary day?",
)


@dataclass
class Transcript:
    """A transcript as it grows. `spans` are (start, end, code) in code points of `content`; `turns` (start, end)."""

    id: str
    person: Person
    date: str
    content: str = ""
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    turns: list[tuple[int, int]] = field(default_factory=list)

    def say(self, speaker: str, parts: list[Spoken]) -> None:
        """A turn of one or more utterances."""
        if self.content:
            self.content += "\n\n"
        start = len(self.content)
        self.content += f"{speaker}:"
        for part in parts:
            self.content += " "
            at = len(self.content)
            self.content += part.text
            self.spans += [(at + first, at + last, code) for first, last, code in part.spans if code in THEMES]
        self.turns.append((start, len(self.content)))

    @property
    def words(self) -> int:
        return len(self.content.split())


def transcripts(people: list[Person]) -> list[Transcript]:
    """One interview a person, January to May 2005."""
    bank, found = Bank(), []
    for number, person in enumerate(people, 1):
        rng = stream(f"interview-{person.id}")
        date = f"2005-{rng.randint(1, 5):02}-{rng.randint(3, 27):02}"
        found.append(_interview(bank, rng, Transcript(f"i{number:03}", person, date)))
    for transcript in found:
        transcript.content += "\n"
    return found


def _interview(bank: Bank, rng: Random, growing: Transcript) -> Transcript:
    taken: set[str] = set()
    chosen = _themes(rng, growing.person.profession)
    _exchange(bank, rng, growing, "opening", taken, 1)
    for theme in chosen:
        _exchange(bank, rng, growing, theme, taken, rng.choice((1, 1, 2)))
        if rng.random() < 0.45:
            _follow_up(bank, rng, growing, theme, taken)
    while growing.words < FEWEST_WORDS:
        _follow_up(bank, rng, growing, chosen[-1], taken)
    _exchange(bank, rng, growing, "closing", taken, 1)
    return growing


def _themes(rng: Random, profession: str) -> list[str]:
    """Six to eight themes, the likelier ones of the profession first drawn; in the order of a conversation."""
    chances = {**USUAL, **LEANINGS[profession]}
    weighed = sorted(THEMES, key=lambda theme: rng.random() - chances[theme])
    chosen = [theme for theme in weighed if rng.random() < chances[theme] + 0.1]
    for theme in weighed:
        if len(chosen) < 6 and theme not in chosen:
            chosen.append(theme)
    chosen = chosen[:8]
    opened = [theme for theme in THEMES if theme in chosen]
    middle = opened[1:-1]
    if rng.random() < 0.5:
        at = rng.randrange(len(middle) - 1)
        middle[at], middle[at + 1] = middle[at + 1], middle[at]
    return [opened[0], *middle, opened[-1]]


def _exchange(bank: Bank, rng: Random, growing: Transcript, theme: str, taken: set[str], count: int) -> None:
    parts = [bank.utterance(rng, theme, growing.person.profession, taken) for _ in range(count)]
    said = [part for part in parts if part is not None]
    if not said:
        raise SystemExit(f"{growing.id}: the bank has nothing left on {theme} for a {growing.person.profession}")
    growing.say(INTERVIEWER, [Spoken(bank.question(rng, theme), ())])
    growing.say(RESPONDENT, said)


def _follow_up(bank: Bank, rng: Random, growing: Transcript, theme: str, taken: set[str]) -> None:
    part = bank.utterance(rng, theme, growing.person.profession, taken)
    if part is None:
        raise SystemExit(f"{growing.id}: the bank has nothing left on {theme} for a {growing.person.profession}")
    prompt = rng.choice([text for text in FOLLOW_UPS if text not in growing.content])
    growing.say(INTERVIEWER, [Spoken(prompt, ())])
    growing.say(RESPONDENT, [part])
