"""Quotes in a report: only cleared ones, with the profession OR the site of the speaker."""

from __future__ import annotations

import re
from collections.abc import Mapping

from joinedup.report.model import QuoteBlock
from joinedup.study.model import Study
from joinedup.study.result import Quote, Result
from joinedup.study.texts import Passage
from joinedup.texts.model import Corpus, Voice
from joinedup.texts.quotes import attribution

_PRIVATE = re.compile("[\ue000-\uf8ff]+")


def quote_block(quote: Quote) -> QuoteBlock:
    """A cleared quote of a result as a block."""
    return _block(quote.passage, quote.attribution, quote.place)


def _block(passage: Passage, named: str, where: str) -> QuoteBlock:
    return QuoteBlock(tidy(passage.quote), named[:1].upper() + named[1:], place(passage), where)


def place(passage: Passage) -> str:
    """Where a passage stands: text:start-end."""
    return f"{passage.text}:{passage.start}-{passage.end}"


def tidy(words: str) -> str:
    """Words on one line; a sign of a font of its own, which no other font has, is a bullet."""
    return " ".join(_PRIVATE.sub("•", words).split())


class Quoter:
    """Decides whether the words of a passage may be shown, and how their speaker is named."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._corpus = Corpus(study)
        self._cleared: dict[str, list[Passage]] = {}
        for coding in study.texts.codings:
            if coding.cleared:
                self._cleared.setdefault(coding.passage.text, []).append(coding.passage)

    def block(self, passage: Passage) -> QuoteBlock | None:
        """The passage as a quote; None where it may not be shown (see `why_not`)."""
        if self.why_not(passage):
            return None
        text = self._study.text_by_id[passage.text]
        where = self._corpus.anchors.printed(text.id, passage.start, passage.end)
        return _block(passage, attribution(self._corpus, text, self._voice(passage)), where)

    def why_not(self, passage: Passage) -> str:
        """Why the words of a passage may not be shown; empty where they may.

        They may where a cleared coding holds the whole of it, or where its text is of a public kind. Words that are no
        longer those of the text, or that are not all one person's, are not shown.
        """
        text = self._study.text_by_id.get(passage.text)
        if text is None or text.content[passage.start : passage.end] != passage.quote:
            return "Its words are no longer those of its text."
        held = any(one.start <= passage.start and passage.end <= one.end for one in self._cleared.get(passage.text, ()))
        if not held and text.kind not in self._corpus.public_kinds:
            return "Nobody cleared it for quotation."
        if self._corpus.has_speakers(text) and self._voice(passage) is None:
            return "It is not the words of one person alone."
        return ""

    def _voice(self, passage: Passage) -> Voice | None:
        """Who says the whole passage; None where that is nobody, or several."""
        voices = self._corpus.voices_in(passage.text, passage.start, passage.end)
        return voices[0] if len(voices) == 1 and _says(voices[0], passage) else None


def _says(voice: Voice, passage: Passage) -> bool:
    return voice.turn.words <= passage.start and passage.end <= voice.turn.end


def quotes_of(results: Mapping[str, Result], code: str, most: int) -> tuple[QuoteBlock, ...]:
    """Up to `most` cleared quotes of a code, in the order in which the results offer them."""
    found: dict[str, QuoteBlock] = {}
    for result in results.values():
        for quote in result.quotes:
            if quote.code == code:
                block = quote_block(quote)
                found.setdefault(block.source, block)
    return tuple(found.values())[:most]
