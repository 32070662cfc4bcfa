"""Quotes that a report may show: cleared, short, spread over professions and sites, named by one of them alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from joinedup.study.result import Quote
from joinedup.study.texts import Coding, Passage, Text
from joinedup.texts.model import Corpus, Voice
from joinedup.texts.passages import passage_of
from joinedup.texts.sentences import sentences, wrapped
from joinedup.texts.spans import Span

MOST_WORDS = 60
FEWEST_WORDS = 6
QUOTES_A_CODE = 3
_SENTENCE = re.compile(r"[\"'\u2018\u201c(]*[^\W\d_a-z].*[.!?\u2026][\"'\u2019\u201d)]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Candidate:
    quote: Quote
    source: str
    profession: str
    site: str

    @property
    def whole(self) -> bool:
        """Whether it reads as a sentence: some words, a capital letter first, a sign of the end last."""
        words = self.quote.passage.quote
        return len(words.split()) >= FEWEST_WORDS and _SENTENCE.fullmatch(words) is not None


class _Earlier:
    """What the themes before this one quote."""

    def __init__(self, quotes: tuple[Quote, ...]) -> None:
        self.passages = frozenset(quote.passage for quote in quotes)
        self.attributions = Counter(quote.attribution for quote in quotes)
        self.texts = Counter(quote.passage.text for quote in quotes)


def choose_quotes(
    corpus: Corpus, code: str, codings: Iterable[Coding], earlier: Iterable[Quote] = ()
) -> tuple[Quote, ...]:
    """Up to three quotes from `codings` for `code`, the same ones at every run.

    Only cleared codings and texts of a public kind are quoted. Each choice takes whole sentences before snatches,
    what no `earlier` theme quotes, then the candidate whose profession, site and speaker (or text) the theme quotes
    least so far, whose profession or site, then text, earlier themes quote least; a coding of the very code before
    one of a code below it; then the order of texts and offsets.
    """
    pool: dict[Passage, tuple[tuple[bool, str, int], _Candidate]] = {}
    for coding in codings:
        found = _candidate(corpus, code, coding)
        if found is not None:
            passage = found.quote.passage
            order = (coding.code != code, passage.text, passage.start)
            pool[passage] = min(pool.get(passage, (order, found)), (order, found), key=lambda pair: pair[0])
    left = [found for _, found in sorted(pool.values(), key=lambda pair: (pair[0], pair[1].quote.passage.end))]
    chosen: list[_Candidate] = []
    others = _Earlier(tuple(earlier))
    while left and len(chosen) < QUOTES_A_CODE:
        best = _least_used(left, chosen, others)
        chosen.append(best)
        left = [c for c in left if c is not best and not _overlap(c, best)]
    return tuple(candidate.quote for candidate in chosen)


def _least_used(left: list[_Candidate], chosen: list[_Candidate], earlier: _Earlier) -> _Candidate:
    professions = Counter(c.profession for c in chosen)
    sites = Counter(c.site for c in chosen)
    sources = Counter(c.source for c in chosen)
    return min(
        left,
        key=lambda c: (
            not c.whole,
            c.quote.passage in earlier.passages,
            professions[c.profession],
            sites[c.site],
            sources[c.source],
            earlier.attributions[c.quote.attribution],
            earlier.texts[c.quote.passage.text],
        ),
    )


def _overlap(a: _Candidate, b: _Candidate) -> bool:
    one, other = a.quote.passage, b.quote.passage
    return one.text == other.text and one.start < other.end and other.start < one.end


def _candidate(corpus: Corpus, code: str, coding: Coding) -> _Candidate | None:
    text = corpus.study.text_by_id.get(coding.passage.text)
    if text is None or not (coding.cleared or text.kind in corpus.public_kinds):
        return None
    passage = coding.passage
    if text.content[passage.start : passage.end] != passage.quote:
        return None
    voices = corpus.voices_in(text.id, passage.start, passage.end)
    if corpus.has_speakers(text) and not voices:
        return None
    voice = voices[0] if voices else None
    span = trim(text, _within(passage.start, passage.end, voice))
    if span is None:
        return None
    place = corpus.anchors.printed(text.id, *span)
    quote = Quote(passage_of(text, *span), code, attribution(corpus, text, voice), place)
    site = text.site or (voice.site if voice else "")
    return _Candidate(quote, voice.person if voice else text.id, voice.profession if voice else "", site)


def _within(start: int, end: int, voice: Voice | None) -> Span:
    """The part of a passage that one person says: never a label, never the words of a second speaker."""
    if voice is None:
        return start, end
    return max(start, voice.turn.words), min(end, voice.turn.end)


def trim(text: Text, span: Span) -> Span | None:
    """`span` without blanks around it; if longer than 60 words, its first whole sentences up to 60 words.

    A first sentence that is itself longer is cut between words. None where nothing is left.
    """
    start, end = span
    found = list(re.finditer(r"\S+", text.content[start:end]))
    if not found:
        return None
    first, last = start + found[0].start(), start + found[-1].end()
    if len(found) <= MOST_WORDS:
        return first, last
    limit = start + found[MOST_WORDS - 1].end()
    whole = [stop for _, stop in sentences(text.content, first, last, wraps=wrapped(text.content)) if stop <= limit]
    return first, max(whole, default=limit)


def attribution(corpus: Corpus, text: Text, voice: Voice | None) -> str:
    """How a quote is named: the speaker's profession, or a public document's site, or the kind of text.

    Profession and site never stand together: in a small programme the two identify a person.
    """
    label = corpus.kind_labels.get(text.kind, text.kind)
    if corpus.has_speakers(text):
        return voice.profession if voice and voice.profession else label
    site = corpus.study.site_by_id.get(text.site)
    return site.name if site is not None and text.kind in corpus.public_kinds else label
