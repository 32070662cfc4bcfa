"""Following a thread: a question raised in one strand is taken up in another, hop by hop.

Moran-Ellis et al. (2006), "Triangulation and integration: processes, claims and implications", Qualitative Research
6(1), 45-59; O'Cathain, Murphy and Nicholl (2010), BMJ 341, c4587.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hop:
    """A station of a thread: what the strand holds of it (`says`), and the question that it raises for the next."""

    strand: str
    says: str
    question: str = ""


def broken_hops(hops: Sequence[Hop]) -> Iterator[tuple[int, str]]:
    """The number (from 1) of every hop that breaks the thread, and why."""
    for number, hop in enumerate(hops, start=1):
        before = hops[number - 2] if number > 1 else None
        if before is not None and before.strand == hop.strand:
            yield number, f"it stays in the strand {hop.strand}: a hop leads to another one"
        if number < len(hops) and not hop.question:
            yield number, "it raises no question for the next one"
    if len(hops) == 1:
        yield 1, "it is the only one: a thread leads from one strand to another"


def follow(hops: Sequence[Hop]) -> tuple[Hop, ...]:
    """The thread in its order. Raises ValueError where a hop breaks it."""
    for number, why in broken_hops(hops):
        raise ValueError(f"hop {number} breaks the thread: {why}")
    return tuple(hops)
