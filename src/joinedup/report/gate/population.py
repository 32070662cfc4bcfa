"""Who is counted: persons, by groups that labels tell apart."""

from __future__ import annotations

from dataclasses import dataclass, field

Key = tuple[str, str]
"""A result and a key of its values."""
Labels = frozenset[tuple[str, str]]
"""A group of persons: (variable, label), without the variables that are summed over."""


@dataclass(slots=True)
class Population:
    """Who is counted: each group with its count, and the values that print it."""

    name: str
    counts: dict[Labels, int] = field(default_factory=dict)
    keys: dict[Labels, list[Key]] = field(default_factory=dict)
    sites_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Labels of sites that are sums of others (those of a type) -> their sites."""

    def add(self, at: Labels, count: int, key: Key) -> None:
        self.counts.setdefault(at, count)
        self.keys.setdefault(at, []).append(key)

    @property
    def all_keys(self) -> tuple[Key, ...]:
        """Every value that prints one of the counts."""
        return tuple(key for keys in self.keys.values() for key in keys)
