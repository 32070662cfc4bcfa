"""In which coordinates a program counted its selections: found by trying each, because files in the wild differ.

The standard of REFI-QDA counts code points; exports that count UTF-16 code units, a byte-order mark, or a line end of
two characters as one are in use. Each way of counting is scored on where the selections fall.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, product

from joinedup.adapters.extract.clock import CLOCK
from joinedup.adapters.extract.freezing import Frozen, freeze
from joinedup.adapters.extract.normal import normal

Span = tuple[int, int]
_A_SELECTION, _A_SHIFT = 2e-5, 2e-6
"""Processor time that placing a selection and scoring it may take, and a sign that is counted in several ways."""
_SPECIAL = re.compile(r"\r\n|[\U00010000-\U0010ffff]")
_NO_QUOTE = re.compile(r"(line|quotation|selection|segment|quote|comment)?[\s#:.\-–\d]*", re.IGNORECASE)
_NUMBER = re.compile(r"\d+:\d+\s+")
_CUT = re.compile(r"(…|\.\.\.)$")


@dataclass(frozen=True, slots=True, order=True)
class Counting:
    """One way to count; the standard's comes first in order."""

    utf16: bool = False
    no_mark: bool = False
    short_ends: bool = False

    def __str__(self) -> str:
        unit = "UTF-16 code units" if self.utf16 else "code points"
        mark = "not counted" if self.no_mark else "counted"
        return f"{unit}, byte-order mark {mark}, CRLF as {'one' if self.short_ends else 'two'}"


COUNTINGS = tuple(Counting(*flags) for flags in product((False, True), repeat=3))


@dataclass(frozen=True)
class Received:
    """A text as it was received, with its byte-order mark and line ends."""

    words: str

    @cached_property
    def frozen(self) -> Frozen:
        return freeze(self.words)

    @cached_property
    def _by_counting(self) -> dict[Counting, tuple[list[int], list[int], list[int]]]:
        return {}

    def place(self, position: int, counting: Counting) -> int | None:
        """The index in `words` of a counted position; None outside the text or inside a pair of surrogates."""
        found = self._by_counting.get(counting)
        if found is None:
            found = self._by_counting[counting] = self._widths(counting)
        after, shifts, broken = found
        piece = bisect_left(after, position + 1)
        index = position - (shifts[piece - 1] if piece else 0)
        if position < 0 or index > len(self.words):
            return None
        at = bisect_left(broken, position)
        return None if at < len(broken) and broken[at] == position else index

    def _widths(self, counting: Counting) -> tuple[list[int], list[int], list[int]]:
        """Counted positions from which a further shift holds, the sum of shifts there, positions inside a letter."""
        odd: list[tuple[int, int]] = []
        if counting.no_mark and self.words.startswith("\ufeff"):
            odd.append((1, -1))
        for match in _SPECIAL.finditer(self.words):
            if match[0] == "\r\n":
                if counting.short_ends:
                    odd.append((match.end(), -1))
            elif counting.utf16:
                odd.append((match.end(), 1))
        CLOCK.earn(_A_SHIFT * len(odd))
        shifts = list(accumulate(delta for _, delta in odd))
        after = [index + shift for (index, _), shift in zip(odd, shifts, strict=True)]
        broken = [position - 1 for position, (_, delta) in zip(after, odd, strict=True) if delta > 0]
        return after, shifts, broken

    def span(self, start: int, end: int, counting: Counting) -> Span | None:
        """The frozen span of a counted selection; None where it is none."""
        first, last = self.place(start, counting), self.place(end, counting)
        if first is None or last is None or last < first:
            return None
        return self.frozen.span(first, last)


@dataclass(frozen=True, slots=True)
class Selection:
    """A selection as the file holds it: counted positions, and its name (or quote), which may be its words."""

    text: str
    start: int
    end: int
    name: str = ""


@dataclass(frozen=True)
class Detected:
    """The way of counting that was found, and how sure that is.

    `spans` holds for each selection its frozen span, None where it has none or where ways of counting that score
    alike disagree about it (`undecided`).
    """

    counting: Counting
    spans: tuple[Span | None, ...]
    undecided: frozenset[int] = frozenset()
    said: str = ""
    scores: Mapping[Counting, float] = field(default_factory=dict)


def detect(texts: Mapping[str, Received], selections: Sequence[Selection]) -> Detected:
    """Score every way of counting on all `selections` (whose texts are all in `texts`) and place them by the best."""
    standard = Counting()
    if not selections:
        return Detected(standard, (), said="There is no selection whose coordinates would have to be found.")
    placed = {c: _place(texts, selections, c) for c in _distinct(texts)}
    scores = {c: _score(texts, selections, spans) for c, spans in placed.items()}
    best = max(scores, key=lambda c: (scores[c], [-flag for flag in (c.utf16, c.no_mark, c.short_ends)]))
    rivals = [c for c in placed if placed[c] != placed[best]]
    if not rivals:
        said = "Coordinates: undetermined, harmless: every way of counting gives the same positions."
        return Detected(best, placed[best], said=said, scores=scores)
    rival = max(rivals, key=lambda c: scores[c])
    tied = [c for c in rivals if scores[c] == scores[best]]
    told = f"{best} (score {scores[best]:.3f}; runner-up: {rival}, {scores[rival]:.3f})"
    if not tied:
        return Detected(best, placed[best], said=f"Coordinates: {told}.", scores=scores)
    undecided = frozenset(i for i, span in enumerate(placed[best]) if any(placed[c][i] != span for c in tied))
    spans = tuple(None if i in undecided else span for i, span in enumerate(placed[best]))
    return Detected(best, spans, undecided, f"Coordinates: not determined, and it matters: {told}.", scores)


def _distinct(texts: Mapping[str, Received]) -> list[Counting]:
    """The ways of counting that these texts can tell apart, the standard's first."""
    words = [text.words for text in texts.values()]
    astral = any(re.search("[\U00010000-\U0010ffff]", text) for text in words)
    mark = any(text.startswith("\ufeff") for text in words)
    ends = any("\r\n" in text for text in words)
    return [c for c in COUNTINGS if c.utf16 <= astral and c.no_mark <= mark and c.short_ends <= ends]


def _place(
    texts: Mapping[str, Received], selections: Iterable[Selection], counting: Counting
) -> tuple[Span | None, ...]:
    spans = tuple(texts[one.text].span(one.start, one.end, counting) for one in selections)
    CLOCK.earn(_A_SELECTION * sum(span is not None for span in spans))
    return spans


def _score(texts: Mapping[str, Received], selections: Sequence[Selection], spans: Sequence[Span | None]) -> float:
    """Share of the marks that the selections get: 1 for standing on word boundaries, and
    where they have a name that may be words, 1 for being what it says."""
    marks = 0.0
    for one, span in zip(selections, spans, strict=True):
        if span is not None:
            content = texts[one.text].frozen.content
            marks += (_on_boundary(content, span[0]) + _on_boundary(content, span[1])) / 2
            marks += says(one.name, content[span[0] : span[1]]) is True
    named = sum(_NO_QUOTE.fullmatch(one.name.strip()) is None for one in selections)
    return marks / (len(selections) + named)


def _on_boundary(content: str, at: int) -> bool:
    return at in (0, len(content)) or not (content[at - 1].isalnum() and content[at].isalnum())


def says(name: str, words: str) -> bool | None:
    """Whether a selection's name is its words (or their beginning, cut off); None where the name is no such thing.

    White space does not count, nor the number that ATLAS.ti sets before the words. A name much shorter or longer than
    the words is one that a person gave.
    """
    found, number = _says(name, words), _NUMBER.match(name.strip())
    if number and not found and _says(name.strip()[number.end() :], words):
        return True
    return found


def _says(name: str, words: str) -> bool | None:
    if _NO_QUOTE.fullmatch(name.strip()):
        return None
    named, said = "".join(normal(_CUT.sub("", name.strip())).split()), "".join(words.split())
    if _CUT.search(name.strip()):
        return said.startswith(named)
    if named == said:
        return True
    if said.startswith(named) and len(named) >= 20:
        return True
    return False if abs(len(named) - len(said)) <= max(3, len(said) // 20) else None
