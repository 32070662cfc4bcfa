"""Arithmetic of half-open intervals; no question of overlap is answered character by character."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

Span = tuple[int, int]


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """`spans` sorted, with those that overlap or touch made one; empty spans vanish."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def length(merged: Iterable[Span]) -> int:
    """The number of code points in spans that don't overlap."""
    return sum(end - start for start, end in merged)


def shared_length(a: Sequence[Span], b: Sequence[Span]) -> int:
    """The number of code points that lie in both; `a` and `b` as `merge` gives them."""
    total = i = j = 0
    while i < len(a) and j < len(b):
        total += max(0, min(a[i][1], b[j][1]) - max(a[i][0], b[j][0]))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return total


def overlapped(starts: Sequence[int], ends: Sequence[int], span: Span) -> range:
    """Which of some intervals (sorted, not overlapping, by their starts and ends) share a code point with `span`.

    An empty span lies in none.
    """
    start, end = span
    if end <= start:
        return range(0)
    return range(bisect_right(ends, start), bisect_left(starts, end))
