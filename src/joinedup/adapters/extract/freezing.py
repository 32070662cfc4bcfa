"""A received text frozen, with the map from its positions to those of the frozen text."""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from joinedup.adapters.extract.clock import CLOCK
from joinedup.adapters.extract.normal import normal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Signs = NDArray[np.uint32]
    Marks = NDArray[np.bool_]
    Places = NDArray[np.int64]

_A_SIGN = 1e-6
"""Processor time that freezing a sign may take."""
_STRETCH = 400_000
"""Signs that are looked at together: memory follows it."""
_LAST = 0x20000
"""From here on every sign is a letter that combines with nothing before it, but for the tags of plane 14."""
_BREAKS = (0x0A, 0x0D, 0x0B, 0x0C, 0x85, 0x2028, 0x2029)


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

    def steps(self) -> Iterator[tuple[int, int]]:
        """(frozen, received) positions from which on both texts go along, sign by sign, to the next step.

        Every sign of letters that changed is a step of its own, to where those letters begin as received.
        """
        for piece in range(len(self._received) - 1):
            at, kept = self._frozen[piece], self._frozen[piece + 1] - self._frozen[piece]
            for sign in range(at, at + (min(kept, 1) if self._shifts[piece] else kept)):
                yield sign, self._received[piece]

    def _at(self, position: int, outwards: int) -> int:
        piece = max(0, bisect_right(self._received, position) - 1)
        into = position - self._received[piece]
        if self._shifts[piece]:
            return min(self._frozen[piece] + into, len(self.content))
        after = self._frozen[piece + 1] if piece + 1 < len(self._frozen) else len(self.content)
        return self._frozen[piece] if into == 0 or outwards < 0 else after


def freeze(received: str) -> Frozen:
    """`received` (with any byte-order mark, line ends and lone surrogates it has) as it is frozen.

    Raises RefusedError where a letter carries more marks than any writing has.
    """
    content = normal(received)
    CLOCK.earn(_A_SIGN * len(received))
    starts, frozen, shifts = array("q"), array("q"), array("b")
    if content == received:
        starts.append(0)
        frozen.append(0)
        shifts.append(True)
    else:
        at = done = 0
        for stretch in _stretches(received):
            lengths, kept, same = _pieces(stretch)
            starts.frombytes((at + _before(lengths)).tobytes())
            frozen.frombytes((done + _before(kept)).tobytes())
            shifts.frombytes(same.tobytes())
            at += int(lengths.sum())
            done += int(kept.sum())
            CLOCK.earn(_A_SIGN * len(stretch))
    starts.append(len(received))
    frozen.append(len(content))
    shifts.append(True)
    return Frozen(content, starts, frozen, shifts)


def _before(lengths: Places) -> Places:
    import numpy as np

    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)[:-1]])


def _stretches(received: str) -> Iterator[Signs]:
    """`received` in stretches of signs that freeze independently of each other."""
    import numpy as np

    left = np.zeros(0, np.uint32)
    for low in range(0, len(received), _STRETCH):
        new = received[low : low + _STRETCH].encode("utf-32-le", "surrogatepass")
        signs = np.concatenate([left, np.frombuffer(new, np.uint32)])
        cuts = np.flatnonzero(_begins(signs)[1:]) + 1
        cut = int(cuts[-1]) if len(cuts) and low + _STRETCH < len(received) else 0
        if low + _STRETCH >= len(received):
            yield signs
        elif cut:
            yield signs[:cut]
        left = signs[cut:]


def _begins(signs: Signs) -> Marks:
    """Where a sign combines with nothing before it, so that a text may be cut there.

    The stable starters of the Unicode Standard, annex 15 (section 13, stable code points): class 0 and never the
    second of a composition. A sign that vanishes belongs to what stands before it, because its neighbours may combine.
    """
    import numpy as np

    tied = np.frombuffer(_tied(), np.bool_)
    begins = ~tied[np.minimum(signs, _LAST)]
    ends = np.isin(signs, np.array(_BREAKS, np.uint32))
    begins |= ends
    begins[1:] |= ends[:-1]
    begins[1:][(signs[:-1] == 0x0D) & (signs[1:] == 0x0A)] = False
    begins[:1] = True
    return begins


@cache
def _tied() -> bytes:
    """For each code point below _LAST, and for all from there on as one: 1 where it may combine with what is before it, or vanishes."""
    found = bytearray(_LAST + 1)
    for code in range(0xA0, _LAST):
        sign = chr(code)
        parts = unicodedata.decomposition(sign).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            second = int(parts[1], 16)
            found[second] |= second < _LAST
        opening = unicodedata.normalize("NFD", sign)[0] if parts and not parts[0].startswith("<") else sign
        found[code] |= bool(unicodedata.combining(opening))
    for low, high in ((0, 9), (0x0E, 0x20), (0x7F, 0xA0), (0x1160, 0x1200), (0xD800, 0xE000)):
        found[low:high] = b"\1" * (high - low)
    for code in (0xFEFF, 0xFFFE, 0xFFFF):
        found[code] = 1
    return bytes(found)


def _pieces(signs: Signs) -> tuple[Places, Places, Marks]:
    """The lengths of the pieces of a stretch, received and frozen, and which of them stay as they are.

    Pieces that stay are long: only where something changes a piece is as short as it can be.
    """
    import numpy as np

    starts = np.flatnonzero(_begins(signs))
    lengths = np.diff(starts, append=len(signs))
    # A stretch is normalised at once, with a sign between the pieces that nothing combines with and that vanishes last.
    plain = _without(signs, np.repeat(np.arange(len(starts)), lengths))
    joined = np.insert(plain[0], np.searchsorted(plain[1], np.arange(1, len(starts))), 0)
    words = unicodedata.normalize("NFC", joined.astype("<u4").tobytes().decode("utf-32-le"))
    after = np.frombuffer(words.encode("utf-32-le"), np.uint32)
    gaps = np.flatnonzero(after == 0)
    kept = np.diff(gaps, prepend=-1, append=len(after)) - 1
    alike = lengths == kept
    differ = signs[np.repeat(alike, lengths)] != after[after != 0][np.repeat(alike, kept)]
    number = np.repeat(np.flatnonzero(alike), lengths[alike])[differ]
    alike[number] = False
    heads = np.flatnonzero(np.concatenate([[True], ~(alike[1:] & alike[:-1])]))
    return np.add.reduceat(lengths, heads), np.add.reduceat(kept, heads), alike[heads]


def _without(signs: Signs, piece: Places) -> tuple[Signs, Places]:
    """The signs as `normal` leaves them before it composes, each with the number of its piece."""
    import numpy as np

    signs = signs.copy()
    keep = np.ones(len(signs), np.bool_)
    keep[1:][(signs[:-1] == 0x0D) & (signs[1:] == 0x0A)] = False
    signs[np.isin(signs, np.array(_BREAKS, np.uint32))] = 0x0A
    high, low = (signs >> 10) == 0x36, (signs >> 10) == 0x37
    pairs = np.flatnonzero(high[:-1] & low[1:])
    signs[pairs] = 0x10000 + ((signs[pairs] & 0x3FF) << 10) + (signs[pairs + 1] & 0x3FF)
    keep[pairs + 1] = False
    signs[(signs >= 0xD800) & (signs < 0xE000)] = 0xFFFD
    vanish = ((signs < 0x20) & (signs != 9) & (signs != 0x0A)) | ((signs >= 0x7F) & (signs < 0xA0))
    keep &= ~(vanish | np.isin(signs, np.array((0xFEFF, 0xFFFE, 0xFFFF), np.uint32)))
    return signs[keep], piece[keep]
