"""Speakers' turns and the units over which coders are compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from joinedup.study.texts import Text

_LINE = re.compile(r"[^\n]*\S[^\n]*")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says until the next one speaks: [start, end) in code points, label included.

    `words` is where the words begin, after the label, its colon and blanks.
    """

    start: int
    end: int
    speaker: str
    words: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of agreement: a person's turn, or a paragraph (then `person` is empty); [start, end) in code points."""

    text: str
    start: int
    end: int
    person: str = ""


def turns(text: Text, speakers: frozenset[str]) -> tuple[Turn, ...]:
    """The turns of `text` in order; a turn begins on a line `LABEL: ` where LABEL is one of `speakers`.

    What stands before the first label belongs to nobody. A line `LABEL:` with nothing behind the colon begins a turn
    too; `LABEL:x` does not, nor does a label that is no declared speaker.
    """
    if not speakers:
        return ()
    labels = "|".join(re.escape(label) for label in sorted(speakers, key=lambda label: (-len(label), label)))
    found = list(re.finditer(rf"^({labels}):(?=\s|\Z)[ \t\u00a0]*", text.content, re.MULTILINE))
    ends = [*(match.start() for match in found[1:]), *([len(text.content)] if found else [])]
    return tuple(Turn(match.start(), end, match[1], match.end()) for match, end in zip(found, ends, strict=True))


def units(text: Text, people: Mapping[str, str], has_speakers: bool) -> tuple[Unit, ...]:
    """The units of agreement of `text`, in order.

    Where the kind of text has speakers: every turn of a speaker who is a person (`people` maps each label of the text
    to a person, empty for the interviewer, whose questions are nobody's evidence and are no units). Where it has
    none: every paragraph, that is every line that is not blank.
    """
    if not has_speakers:
        return tuple(Unit(text.id, match.start(), match.end()) for match in _LINE.finditer(text.content))
    found = ((turn, people.get(turn.speaker, "")) for turn in turns(text, frozenset(people)))
    return tuple(Unit(text.id, turn.start, turn.end, person) for turn, person in found if person)
