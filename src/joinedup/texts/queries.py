"""Queries over codings, by interval arithmetic on sorted spans.

What a query finds is a marked passage: a span of a text with the codes that one coder gave it in one phase. So `code:a
AND coder:ann` means a passage to which Ann gave a, and `code:a AND code:b` one to which the same coder gave both;
spans that merely share characters are found by OVERLAPS.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from joinedup.study.hints import did_you_mean, listed
from joinedup.study.model import Study
from joinedup.study.problems import UsageError
from joinedup.study.texts import Passage, Text
from joinedup.texts.matrix import descendants
from joinedup.texts.model import Corpus, Voice
from joinedup.texts.query_language import (
    NEAR,
    NEXT_TURN,
    SAME_TEXT,
    SAME_TURN,
    Both,
    Not,
    Query,
    Related,
    Term,
    parse,
    terms,
)
from joinedup.texts.spans import overlapped
from joinedup.texts.turns import units

Found = frozenset[int]
"""Marked passages by their number in `Queries.marked`."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A passage as one coder marked it in one phase, with the codes that it got there, sorted."""

    passage: Passage
    coder: str
    phase: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Queries:
    """A study's codings, ready to be asked. What a question needs is worked out when it is first asked."""

    study: Study

    @cached_property
    def corpus(self) -> Corpus:
        return Corpus(self.study)

    @cached_property
    def marked(self) -> tuple[Marked, ...]:
        """Every marked passage, by text (in the order of ids), start, end, coder and phase."""
        codes: dict[tuple[str, int, int, str, str], tuple[Passage, set[str]]] = {}
        for coding in self.study.texts.codings:
            span = coding.passage
            key = (span.text, span.start, span.end, coding.coder, coding.phase)
            codes.setdefault(key, (span, set()))[1].add(coding.code)
        return tuple(
            Marked(passage, key[3], key[4], tuple(sorted(given)))
            for key, (passage, given) in sorted(codes.items(), key=lambda item: item[0])
        )

    def find(self, query: str) -> tuple[Marked, ...]:
        """The marked passages that `query` holds for, in order. UsageError where it can't be read or names what is not there."""
        return tuple(self.marked[number] for number in sorted(self._found(parse(query))))

    def find_texts(self, query: str) -> tuple[Text, ...]:
        """The texts that `query` holds for, in the study's order: AND, OR and NOT compare whole texts.

        A term holds for a text if it holds for the text itself (site, wave, kind), a person who speaks in it, or one
        of its codings; so `NOT code:a` gives texts in which nobody gave a, also those that carry no coding at all.
        """
        found = self._texts(parse(query))
        return tuple(text for text in self.study.texts.texts if text.id in found)

    def voices_of(self, item: Marked) -> tuple[Voice, ...]:
        """Whose turns the passage lies in."""
        return self.corpus.voices_in(item.passage.text, item.passage.start, item.passage.end)

    @cached_property
    def _all(self) -> Found:
        return frozenset(range(len(self.marked)))

    def _found(self, query: Query) -> Found:
        if isinstance(query, Term):
            return self._term(query)
        if isinstance(query, Not):
            return self._all - self._found(query.of)
        if isinstance(query, Related):
            return self._related(query)
        left, right = self._found(query.left), self._found(query.right)
        return left & right if isinstance(query, Both) else left | right

    def _term(self, term: Term) -> Found:
        if term.field in ("code", "only"):
            wanted = self._codes(term)
            return frozenset(n for n, item in enumerate(self.marked) if not wanted.isdisjoint(item.codes))
        if term.field in ("coder", "phase"):
            value = _known(term, {getattr(item, term.field) for item in self.marked})
            return frozenset(n for n, item in enumerate(self.marked) if getattr(item, term.field) == value)
        if term.field in ("text", "kind", "site", "wave"):
            texts = self._texts_with(term)
            return frozenset(n for n, item in enumerate(self.marked) if item.passage.text in texts)
        test = self._speaking(term)
        return frozenset(n for n, item in enumerate(self.marked) if any(map(test, self.voices_of(item))))

    def _codes(self, term: Term) -> frozenset[str]:
        below = descendants(self.study.texts.codes)
        code = _known(term, below)
        return frozenset(below[code]) if term.field == "code" else frozenset([code])

    def _texts_with(self, term: Term) -> frozenset[str]:
        field = "id" if term.field == "text" else term.field
        declared: Mapping[str, Iterable[str]] = {
            "text": self.study.text_by_id,
            "kind": (kind.id for kind in self.study.kinds),
            "site": self.study.site_by_id,
            "wave": self.study.wave_order,
        }
        value = _known(term, set(declared[term.field]))
        return frozenset(text.id for text in self.study.texts.texts if getattr(text, field) == value)

    def _speaking(self, term: Term) -> Callable[[Voice], bool]:
        """Whether a voice is who the term asks for, with the profession that the person had in the text's wave."""
        declared = {getattr(person, "id" if term.field == "person" else term.field) for person in self.study.people}
        value = _known(term, declared - {""})
        return lambda voice: getattr(voice, term.field) == value

    def _related(self, query: Related) -> Found:
        left, right = self._found(query.left), self._found(query.right)
        spans = self._spans(query.relation, right)
        found = set()
        for number in left:
            starts, ends = spans.get(self.marked[number].passage.text, ((), ()))
            low, high = self._reach(query, number)
            others = bisect_left(starts, high) - bisect_right(ends, low) if high > low else 0
            itself = number in right and high > low and query.relation != NEXT_TURN
            if others > itself or (itself and self._twice(query, self.marked[number])):
                found.add(number)
        return frozenset(found)

    def _spans(self, relation: str, numbers: Found) -> Mapping[str, tuple[list[int], list[int]]]:
        """Text -> the sorted starts and the sorted ends of passages, in characters, units or the whole text.

        How many spans share a point with [low, high) is then the starts below `high` less the ends up to `low`.
        """
        found: dict[str, tuple[list[int], list[int]]] = {}
        for number in numbers:
            start, end = self._span(relation, number)
            if start < end:
                starts, ends = found.setdefault(self.marked[number].passage.text, ([], []))
                starts.append(start)
                ends.append(end)
        for starts, ends in found.values():
            starts.sort()
            ends.sort()
        return found

    def _span(self, relation: str, number: int) -> tuple[int, int]:
        passage = self.marked[number].passage
        if relation == SAME_TEXT:
            return 0, 1
        if relation in (SAME_TURN, NEXT_TURN):
            starts, ends = self._units.get(passage.text, ((), ()))
            at = overlapped(starts, ends, (passage.start, passage.end))
            return at.start, at.stop
        return passage.start, passage.end

    def _reach(self, query: Related, number: int) -> tuple[int, int]:
        """What another passage must share a point with to be related to this one."""
        start, end = self._span(query.relation, number)
        if query.relation == NEAR:
            return start - query.within - 1, end + query.within + 1
        return (end, end + 1) if query.relation == NEXT_TURN and start < end else (start, end)

    def _twice(self, query: Related, item: Marked) -> bool:
        """Whether the passage itself carries two codings, one for each side: no coding is related to itself."""
        codes = set(item.codes)
        left, right = (self._asked(side) & codes or codes for side in (query.left, query.right))
        return len(left | right) > 1

    def _asked(self, query: Query) -> set[str]:
        return {code for term in terms(query) if term.field in ("code", "only") for code in self._codes(term)}

    @cached_property
    def _units(self) -> Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]:
        """Text -> starts and ends of its units: people's turns, paragraphs where the kind of text has no speakers."""
        corpus = self.corpus
        wanted = {item.passage.text for item in self.marked}
        found = {}
        for text in self.study.texts.texts:
            if text.id in wanted:
                cut = units(text, corpus.labels.get(text.id, {}), corpus.has_speakers(text))
                found[text.id] = (tuple(unit.start for unit in cut), tuple(unit.end for unit in cut))
        return found

    def _texts(self, query: Query) -> frozenset[str]:
        if isinstance(query, Not):
            return frozenset(self.study.text_by_id) - self._texts(query.of)
        if isinstance(query, Related):
            return frozenset(self.marked[number].passage.text for number in self._found(query))
        if isinstance(query, Term):
            return self._texts_of(query)
        left, right = self._texts(query.left), self._texts(query.right)
        return left & right if isinstance(query, Both) else left | right

    def _texts_of(self, term: Term) -> frozenset[str]:
        if term.field in ("text", "kind", "site", "wave"):
            return self._texts_with(term)
        if term.field in ("person", "profession"):
            test = self._speaking(term)
            return frozenset(text for text, voices in self.corpus.voices.items() if any(map(test, voices)))
        return frozenset(self.marked[number].passage.text for number in self._term(term))


def _known(term: Term, among: Collection[str]) -> str:
    """The value as the study writes it (case aside); a value that the study lacks is a mistake, never an empty answer."""
    if term.value in among:
        return term.value
    same = [value for value in sorted(among) if value.casefold() == term.value.casefold()]
    if same:
        return same[0]
    name = "code" if term.field == "only" else term.field
    hint = did_you_mean(term.value, among) or f" There is {listed(sorted(filter(None, among)))}."
    raise UsageError(f"The study has no {name} {term.value!r}.{hint}")
