"""Codings carried over from a text to its corrected version, by aligning the two; what could not be carried is named.

The alignment anchors on words that stand once in each version (patience diff, Bram Cohen 2010), fills the gaps from
both ends, and repeats in each gap; no position is guessed where the words around it were rewritten.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from joinedup.study.texts import Coding, Passage
from joinedup.texts.passages import context

_TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)
_MOST_LOST = 0.5
"""A passage of which more than this share was rewritten is not carried over: a person decides."""
Item = TypeVar("Item", Passage, Coding)
Block = tuple[int, int, int]
"""Start in the old text, start in the new text, length: code points that stayed."""


@dataclass(frozen=True, slots=True)
class CarriedOver(Generic[Item]):
    """`carried` in the order given, with their new offsets and quotes; `changed` are those of them whose words changed,
    as (old, new); `lost` are those that could not be carried, each with the reason."""

    carried: tuple[Item, ...]
    changed: tuple[tuple[Item, Item], ...]
    lost: tuple[tuple[Item, str], ...]


def carry_over(old: str, new: str, codings: Iterable[Item]) -> CarriedOver[Item]:
    """Carry `codings` (or passages) of the text `old` over to its corrected version `new`.

    A coding stays where its first and last word stay; words that were put in or taken out inside it come with it. It
    is lost where its quote does not stand in `old`, where more than half of its signs are gone, or where nothing
    of it is left.
    """
    blocks = align(old, new)
    carried: list[Item] = []
    changed: list[tuple[Item, Item]] = []
    lost: list[tuple[Item, str]] = []
    for item in codings:
        passage = item.passage if isinstance(item, Coding) else item
        found = _carry(old, new, blocks, passage)
        if isinstance(found, str):
            lost.append((item, found))
            continue
        moved = _moved(item, found, new)
        carried.append(moved)
        if found.quote != passage.quote:
            changed.append((item, moved))
    return CarriedOver(tuple(carried), tuple(changed), tuple(lost))


def _moved(item: Item, passage: Passage, new: str) -> Item:
    if isinstance(item, Coding):
        prefix, suffix = context(new, passage.start, passage.end)
        shown = (prefix, suffix) if item.prefix or item.suffix else ("", "")
        return replace(item, passage=passage, prefix=shown[0], suffix=shown[1])
    return passage


def _carry(old: str, new: str, blocks: Sequence[Block], passage: Passage) -> Passage | str:
    """The passage in `new`, or why there is none."""
    start, end = passage.start, passage.end
    if not 0 <= start < end <= len(old) or old[start:end] != passage.quote:
        return "its quote does not stand in the old text"
    kept = _kept(blocks, start, end)
    if not kept:
        return "its words were taken out"
    stayed = sum(not old[at].isspace() for first, length, _ in kept for at in range(first, first + length))
    signs = sum(not sign.isspace() for sign in passage.quote)
    if signs and stayed < signs * _MOST_LOST:
        return f"only {stayed} of its {signs} signs are left"
    first, last = kept[0], kept[-1]
    begin, stop = first[2], last[2] + last[1]
    if first[0] > start:
        begin = _before(blocks, start, begin)
    if last[0] + last[1] < end:
        stop = _after(blocks, end, stop, old, new)
    return Passage(passage.text, begin, stop, new[begin:stop])


def _kept(blocks: Sequence[Block], start: int, end: int) -> list[tuple[int, int, int]]:
    """The parts of [start, end) that stayed: start in the old text, length, start in the new one."""
    found = []
    index = max(0, bisect_right(blocks, start, key=_start) - 1)
    for first, there, length in blocks[index:]:
        if first >= end:
            break
        at, until = max(first, start), min(first + length, end)
        if until > at:
            found.append((at, until - at, there + at - first))
    return found


def _start(block: Block) -> int:
    return block[0]


def _before(blocks: Sequence[Block], start: int, begin: int) -> int:
    """Where a passage begins whose first words were rewritten: right after the last sign before it, if that stayed."""
    index = bisect_left(blocks, start, key=_start) - 1
    if index < 0:
        return 0 if start == 0 else begin
    first, there, length = blocks[index]
    return there + length if first + length == start else begin


def _after(blocks: Sequence[Block], end: int, stop: int, old: str, new: str) -> int:
    """Where a passage ends whose last words were rewritten: right before the first sign after it, if that stayed."""
    index = bisect_left(blocks, end, key=_start)
    if index == len(blocks):
        return len(new) if end == len(old) else stop
    first, there, _ = blocks[index]
    return there if first == end else stop


def align(old: str, new: str) -> tuple[Block, ...]:
    """The parts of `old` that stand in `new`, in order in both."""
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    pairs = _paired(a, b)
    at_a, at_b = _offsets(a), _offsets(b)
    blocks: list[Block] = []
    for i, j in pairs:
        start, there, length = at_a[i], at_b[j], len(a[i])
        if blocks and blocks[-1][0] + blocks[-1][2] == start and blocks[-1][1] + blocks[-1][2] == there:
            start, there, length = blocks[-1][0], blocks[-1][1], blocks[-1][2] + length
            blocks.pop()
        blocks.append((start, there, length))
    return tuple(blocks)


def _offsets(tokens: Sequence[str]) -> list[int]:
    found, at = [], 0
    for token in tokens:
        found.append(at)
        at += len(token)
    return found


def _paired(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of indices of tokens that stayed, ascending in both."""
    pairs: list[tuple[int, int]] = []
    gaps = [(0, len(a), 0, len(b))]
    while gaps:
        low_a, high_a, low_b, high_b = gaps.pop()
        while low_a < high_a and low_b < high_b and a[low_a] == b[low_b]:
            pairs.append((low_a, low_b))
            low_a, low_b = low_a + 1, low_b + 1
        while low_a < high_a and low_b < high_b and a[high_a - 1] == b[high_b - 1]:
            high_a, high_b = high_a - 1, high_b - 1
            pairs.append((high_a, high_b))
        anchors = _anchors(a, b, low_a, high_a, low_b, high_b) if low_a < high_a and low_b < high_b else []
        for i, j in anchors:
            gaps.append((low_a, i, low_b, j))
            pairs.append((i, j))
            low_a, low_b = i + 1, j + 1
        if anchors:
            gaps.append((low_a, high_a, low_b, high_b))
    return sorted(pairs)


def _anchors(
    a: Sequence[str], b: Sequence[str], low_a: int, high_a: int, low_b: int, high_b: int
) -> list[tuple[int, int]]:
    """Words (else runs of three tokens) that stand once in each gap, in the longest order that they share."""
    for width in (1, 3):
        once_a, once_b = _once(a, low_a, high_a, width), _once(b, low_b, high_b, width)
        shared = [(i, once_b[key]) for key, i in once_a.items() if key in once_b]
        found = _longest_ascending(sorted(shared))
        if found:
            return found
    return []


def _once(tokens: Sequence[str], low: int, high: int, width: int) -> dict[tuple[str, ...], int]:
    """Where each run of `width` tokens stands that stands once between `low` and `high`."""
    found: dict[tuple[str, ...], int] = {}
    for at in range(low, high - width + 1):
        key = tuple(tokens[at : at + width])
        if any(token[0].isalnum() for token in key):
            found[key] = -1 if key in found else at
    return {key: at for key, at in found.items() if at >= 0}


def _longest_ascending(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, sorted by their first, whose second ascends too (patience sorting)."""
    tops: list[int] = []
    piles: list[int] = []
    back: list[int] = []
    for number, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        back.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(j)
            piles.append(number)
        else:
            tops[pile], piles[pile] = j, number
    found = []
    at = piles[-1] if piles else -1
    while at >= 0:
        found.append(pairs[at])
        at = back[at]
    return found[::-1]
