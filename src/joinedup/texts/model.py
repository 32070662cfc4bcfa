"""The corpus as the analyses of this strand read it: who speaks where, who they are, which codings count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from joinedup.study.model import Study
from joinedup.study.texts import Coding, Text
from joinedup.texts.adjudication import adjudicated
from joinedup.texts.anchors import Anchors
from joinedup.texts.spans import overlapped
from joinedup.texts.turns import Turn, turns


@dataclass(frozen=True, slots=True)
class Voice:
    """A person speaking in a text, with the profession and site that they had in the text's wave."""

    person: str
    profession: str
    site: str
    turn: Turn


@dataclass(frozen=True)
class Corpus:
    """A study's texts with their speakers resolved. A person without a row in people.csv has no profession."""

    study: Study

    @cached_property
    def speaking_kinds(self) -> frozenset[str]:
        return frozenset(kind.id for kind in self.study.kinds if kind.speakers)

    @cached_property
    def public_kinds(self) -> frozenset[str]:
        return frozenset(kind.id for kind in self.study.kinds if kind.public)

    @cached_property
    def kind_labels(self) -> Mapping[str, str]:
        return {kind.id: kind.label or kind.id for kind in self.study.kinds}

    def has_speakers(self, text: Text) -> bool:
        return text.kind in self.speaking_kinds

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Text -> speaker's label -> person (empty for the interviewer)."""
        found: dict[str, dict[str, str]] = {}
        for row in self.study.texts.speakers:
            found.setdefault(row.text, {})[row.speaker] = row.person
        return found

    @cached_property
    def anchors(self) -> Anchors:
        return Anchors(self.study)

    @cached_property
    def interviewed(self) -> Mapping[str, frozenset[str]]:
        """Person -> the professions that they had in the waves of the texts in which they speak."""
        found: dict[str, set[str]] = {}
        for row in self.study.texts.speakers:
            text = self.study.text_by_id.get(row.text)
            if row.person and text is not None and self.has_speakers(text):
                found.setdefault(row.person, set()).add(self.profession(row.person, text.wave))
        return {person: frozenset(filter(None, found[person])) for person in sorted(found)}

    @cached_property
    def by_profession(self) -> Mapping[str, frozenset[str]]:
        """Profession -> the people of it who were interviewed, sorted by profession."""
        found: dict[str, set[str]] = {}
        for person, professions in self.interviewed.items():
            for profession in professions:
                found.setdefault(profession, set()).add(person)
        return {profession: frozenset(found[profession]) for profession in sorted(found)}

    def profession(self, person: str, wave: str) -> str:
        who = self.study.person_at(person, wave)
        return who.profession if who else ""

    @cached_property
    def voices(self) -> Mapping[str, tuple[Voice, ...]]:
        """Text -> the turns of people in it (the interviewer's are left out), in order."""
        return {text.id: self._voices(text) for text in self.study.texts.texts if self.has_speakers(text)}

    def _voices(self, text: Text) -> tuple[Voice, ...]:
        people = self.labels.get(text.id, {})
        found = []
        for turn in turns(text, frozenset(people)):
            person = people[turn.speaker]
            if person:
                who = self.study.person_at(person, text.wave)
                found.append(Voice(person, who.profession if who else "", who.site if who else "", turn))
        return tuple(found)

    def voices_in(self, text: str, start: int, end: int) -> tuple[Voice, ...]:
        """Whose turns the span lies in: a span that runs over several turns lies in each of them."""
        voices = self.voices.get(text, ())
        starts, ends = self._bounds.get(text, ((), ()))
        at = overlapped(starts, ends, (start, end))
        return voices[at.start : at.stop]

    @cached_property
    def _bounds(self) -> Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]:
        return {
            text: (tuple(v.turn.start for v in voices), tuple(v.turn.end for v in voices))
            for text, voices in self.voices.items()
        }

    @cached_property
    def planned_coders(self) -> tuple[str, ...]:
        """The coders that the plan names."""
        return tuple(map(str, self.study.plan("texts").get("coders", ())))

    @cached_property
    def reported(self) -> tuple[Coding, ...]:
        """The codings that are reported: those of the plan's first coder (all where it names none), as adjudicated."""
        study, coders = self.study, self.planned_coders
        codings = tuple(coding for coding in study.texts.codings if not coders or coding.coder == coders[0])
        return adjudicated(codings, study.texts.decisions, study.text_by_id)
