"""Chance with a fixed seed: each part of the study draws from a stream of its own, so that one part's edit moves no other."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

SEED = 20030711
T = TypeVar("T")


def stream(part: str) -> Random:
    """The stream of random numbers of a part of the study."""
    return Random(f"{SEED}-{part}")


def normal(rng: Random) -> float:
    """A nearly normal number (mean 0, variance 1): a sum of twelve uniforms, the same bits on every machine."""
    return sum(rng.random() for _ in range(12)) - 6.0


def shuffled(rng: Random, things: Sequence[T]) -> list[T]:
    """The things in a random order."""
    return rng.sample(list(things), len(things))


def marked(rng: Random, count: int, total: int) -> list[bool]:
    """Exactly `count` times True among `total`, in a random order."""
    return shuffled(rng, [True] * count + [False] * (total - count))
