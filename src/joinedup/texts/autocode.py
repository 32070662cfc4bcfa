"""Codings by keywords: a rule marks passages for people to judge; every such coding says that a rule made it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from joinedup.study.texts import Code, Coding, Text
from joinedup.texts.passages import context, passage_of
from joinedup.texts.sentences import sentences, wrapped
from joinedup.texts.spans import Span

LONGEST_PARAGRAPH = 400
_PARAGRAPH = re.compile(r"\S[^\n]*")


def code_by_keywords(texts: Iterable[Text], codes: Iterable[Code], coder: str = "automatic") -> tuple[Coding, ...]:
    """A coding, marked automatic, for every paragraph that holds a keyword of a code.

    Keywords match whole words whatever their case; blanks in a keyword match any white space, so that a phrase is
    found across a line end. The passage is the paragraph where it has at most 400 characters, else (and in texts
    whose lines are wrapped, as from a PDF) the sentence. A code finds a passage once, and its note names the
    keywords found. Codes without keywords find nothing. Sorted by text as given, offsets and codebook order.
    """
    compiled = [(code.id, _pattern(code.keywords)) for code in codes if any(map(str.strip, code.keywords))]
    return tuple(coding for text in texts for coding in _code_text(text, compiled, coder))


def _pattern(keywords: Sequence[str]) -> re.Pattern[str]:
    """Longest first, so that of two keywords that begin alike the longer is named."""
    words = sorted({" ".join(keyword.split()) for keyword in keywords if keyword.strip()}, key=lambda w: (-len(w), w))
    either = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


def _code_text(text: Text, compiled: Sequence[tuple[str, re.Pattern[str]]], coder: str) -> Iterable[Coding]:
    passages: tuple[Span, ...] = ()
    starts: list[int] = []
    found: dict[tuple[int, int], list[str]] = {}
    for order, (_, pattern) in enumerate(compiled):
        for match in pattern.finditer(text.content):
            if not passages:
                passages = _passages(text.content)
                starts = [start for start, _ in passages]
            at = bisect_right(starts, match.start()) - 1
            found.setdefault((at, order), []).append(" ".join(match[0].lower().split()))
    for (at, order), words in sorted(found.items()):
        start, end = passages[at]
        prefix, suffix = context(text.content, start, end)
        note = "keywords: " + ", ".join(sorted(set(words)))
        passage = passage_of(text, start, end)
        yield Coding(passage, compiled[order][0], coder, "", prefix, suffix, note, automatic=True)


def _passages(content: str) -> tuple[Span, ...]:
    """Paragraphs, the long ones cut to sentences."""
    if wrapped(content):
        return sentences(content, wraps=True)
    found: list[Span] = []
    for match in _PARAGRAPH.finditer(content):
        start, end = match.start(), match.start() + len(match[0].rstrip())
        found += [(start, end)] if end - start <= LONGEST_PARAGRAPH else sentences(content, start, end)
    return tuple(found)
