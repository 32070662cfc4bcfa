"""What the interviews say of co-operation: people of one agency who speak of working with another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from joinedup.study.texts import Coding, Passage
from joinedup.synthesis.cooperation import Pair
from joinedup.synthesis.integration.emphasis import stretches
from joinedup.synthesis.integration.reading import Spoken
from joinedup.texts.matrix import descendants
from joinedup.texts.model import Voice


@dataclass(frozen=True)
class Told:
    """`people`: pair -> people of the first agency who speak of the second; `passages`: pair -> what they say.

    `interviewed`: agency -> its people who speak in a text. `codings`: pair -> the codings behind its passages.
    """

    people: Mapping[Pair, frozenset[str]]
    passages: Mapping[Pair, Sequence[Passage]]
    interviewed: Mapping[str, frozenset[str]]
    codings: Mapping[Pair, Sequence[Coding]]


@dataclass(frozen=True)
class Partner:
    """How an agency is known in words: the names that speakers give it, and the code of passages about it."""

    agency: str
    names: tuple[str, ...]
    code: str

    def named_in(self, words: str) -> bool:
        """Whether one of the names stands in `words`, as whole words, whatever their case."""
        return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.IGNORECASE) for name in self.names)


def told_of(spoken: Spoken, codes: Iterable[str], partners: Sequence[Partner]) -> Told:
    """Passages of `codes` (and of the codes below them) in which a person speaks of another agency.

    A passage speaks of an agency that it names, or whose code shares a character with it. It counts for each person
    whose turn it lies in, and only by what stands in that turn. Overlapping passages count as one.
    """
    people: dict[Pair, set[str]] = {}
    passages: dict[Pair, list[Passage]] = {}
    marked = {partner.agency: stretches(spoken.passages(partner.code)) for partner in partners if partner.code}
    held = stretches(passage for code in codes for passage in spoken.passages(code))
    for passage in held:
        for voice in spoken.corpus.voices_in(passage.text, passage.start, passage.end):
            first = agency_of(spoken, voice, passage.text)
            part = _within(spoken, passage, voice)
            for partner in partners:
                about = partner.named_in(part.quote) or _meets(part, marked.get(partner.agency, ()))
                if first and first != partner.agency and about:
                    pair = (first, partner.agency)
                    people.setdefault(pair, set()).add(voice.person)
                    passages.setdefault(pair, []).append(part)
    reported = _reported(spoken, codes)
    return Told(
        {pair: frozenset(found) for pair, found in people.items()},
        passages,
        _interviewed(spoken),
        {pair: [one for one in reported if _meets(one.passage, found)] for pair, found in passages.items()},
    )


def agency_of(spoken: Spoken, voice: Voice, text: str) -> str:
    """The agency that a speaker belonged to in the text's wave; empty where people.csv has none."""
    study = spoken.corpus.study
    who = study.person_at(voice.person, study.text_by_id[text].wave)
    return who.agency if who else ""


def _interviewed(spoken: Spoken) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for text, voices in spoken.corpus.voices.items():
        for voice in voices:
            found.setdefault(agency_of(spoken, voice, text), set()).add(voice.person)
    return {agency: frozenset(found[agency]) for agency in sorted(found) if agency}


def _within(spoken: Spoken, passage: Passage, voice: Voice) -> Passage:
    """The part of a passage that one person says."""
    start, end = max(passage.start, voice.turn.words), min(passage.end, voice.turn.end)
    content = spoken.corpus.study.text_by_id[passage.text].content
    return Passage(passage.text, start, end, content[start:end])


def _meets(passage: Passage, others: Iterable[Passage]) -> bool:
    return any(one.text == passage.text and one.start < passage.end and passage.start < one.end for one in others)


def _reported(spoken: Spoken, codes: Iterable[str]) -> list[Coding]:
    below = descendants(spoken.corpus.study.texts.codes)
    wanted = {id for code in codes for id in below.get(code, ())}
    return [coding for coding in spoken.corpus.reported if coding.code in wanted]
