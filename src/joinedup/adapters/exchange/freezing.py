"""A received text frozen, with the map from its positions to those of the frozen text."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

from joinedup.adapters.extract.normal import normal

_BREAKS = "\x0b\x0c\x85\u2028\u2029"
_ODD = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]|[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]|[\ud800-\udfff]+")
_NOT_PLAIN = re.compile(r"[\t -~]?[^\t\n -~]+")
"""A run of signs that are not plain ASCII, with the letter before it, which they may combine with."""
_CHUNK = 256


@dataclass(frozen=True, slots=True)
class Frozen:
    """`content` is the frozen text; `at` maps positions of the received one. All positions are code points."""

    content: str
    _received: Sequence[int]
    _frozen: Sequence[int]
    _shifts: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The frozen span of the received [start, end); a bound inside letters that became one is moved outwards."""
        return self._at(start, outwards=-1), self._at(end, outwards=1)

    def _at(self, position: int, outwards: int) -> int:
        piece = max(0, bisect_right(self._received, position) - 1)
        into = position - self._received[piece]
        if self._shifts[piece]:
            return min(self._frozen[piece] + into, len(self.content))
        after = self._frozen[piece + 1] if piece + 1 < len(self._frozen) else len(self.content)
        return self._frozen[piece] if into == 0 or outwards < 0 else after


def freeze(received: str) -> Frozen:
    """`received` (with any byte-order mark, line ends and lone surrogates it has) as it is frozen."""
    content = StringIO(newline="")
    starts, frozen, shifts = array("q"), array("q"), array("b")
    at = done = 0
    for piece in _pieces(received):
        kept = normal(piece)
        starts.append(at)
        frozen.append(done)
        shifts.append(kept == piece)
        content.write(kept)
        at += len(piece)
        done += len(kept)
    starts.append(at)
    frozen.append(done)
    shifts.append(True)
    return Frozen(content.getvalue(), starts, frozen, shifts)


def _pieces(received: str) -> Iterator[str]:
    """Pieces that freeze independently of each other: long ones that stay as they are, short ones that change.

    A sign that vanishes belongs to the piece of its neighbours, because these may then combine.
    """
    if normal(received) == received:
        yield received
        return
    start = 0
    for line in re.finditer(r"[^\r\n]+|\r\n?|\n", received):
        words = line[0]
        if normal(words) == words:
            continue
        if line.start() > start:
            yield received[start : line.start()]
        start = line.end()
        yield from (words,) if words[0] in "\r\n" else _clusters(words)
    if start < len(received):
        yield received[start:]


def _clusters(words: str) -> Iterator[str]:
    """`words` cut where a letter begins that combines with nothing before it; plain letters stay together."""
    start = 0
    for odd in _NOT_PLAIN.finditer(words):
        low, high = odd.span()
        if low > start:
            yield words[start:low]
        while low < high:
            end = next((at for at in range(low + _CHUNK, high) if _begins(words, at)), high)
            yield from (words[low:end],) if normal(words[low:end]) == words[low:end] else _letters(words, low, end)
            low = end
        start = high
    if start < len(words):
        yield words[start:]


def _letters(words: str, low: int, high: int) -> Iterator[str]:
    start = low
    for at in range(low + 1, high):
        if _begins(words, at):
            yield words[start:at]
            start = at
    yield words[start:high]


def _begins(words: str, at: int) -> bool:
    sign, before = words[at], words[at - 1]
    if at == 1 and before == "\ufeff":
        return True
    if sign in _BREAKS or before in _BREAKS:
        return True
    if _ODD.match(sign):
        return False
    if _ODD.match(before) or unicodedata.combining(sign) or unicodedata.combining(before):
        return sign.isascii()
    return len(unicodedata.normalize("NFC", before + sign)) == len(normal(before)) + len(normal(sign))
