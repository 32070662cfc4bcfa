"""Totals: which labels of a variable are sums of which others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from joinedup.disclosure.model import DEFAULT_TOTAL, Parts, Totals
from joinedup.study.problems import UsageError


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of a table: all its labels (shown ones first), its hierarchy, and the label that sums everything."""

    name: str
    labels: tuple[str, ...]
    parts: Mapping[str, tuple[str, ...]]
    root: str | None


def variables_of(labels: Mapping[str, Sequence[str]], totals: Totals) -> tuple[Variable, ...]:
    """The variables with the hierarchies that `totals` declares; raises UsageError where it names what isn't there."""
    asked = _by_variable(labels, totals)
    return tuple(_variable(name, tuple(dict.fromkeys(found)), asked.get(name, {})) for name, found in labels.items())


def spoken_of(labels: Iterable[str], totals: Totals) -> frozenset[str]:
    """The variables whose totals are told by name, if only to say (with None) that there are none."""
    return frozenset(labels) & frozenset(map(str, totals)) if isinstance(totals, Mapping) else frozenset()


def total_labels(totals: Totals) -> frozenset[str]:
    """Every label that `totals` calls a total."""
    if _is_label(totals):
        return frozenset({str(totals)})
    if not isinstance(totals, Mapping):
        return frozenset()
    inner: list[Any] = [value for value in totals.values() if _is_label(value) or isinstance(value, Mapping)]
    return frozenset().union(*map(total_labels, inner)) if inner else frozenset(map(str, totals))


def _by_variable(labels: Mapping[str, Sequence[str]], totals: Totals) -> Mapping[str, Parts]:
    if totals is None:
        return {}
    if _is_label(totals):
        total = str(totals)
        found = {name: _of_all(total, shown) for name, shown in labels.items() if total in shown}
        if not found and total != DEFAULT_TOTAL:
            raise UsageError(
                f"No row or column is labelled {total!r}, which `totals` names. Name the label that is there."
            )
        return found
    if not isinstance(totals, Mapping):
        raise UsageError(
            f"`totals` is {totals!r}: give the label of a total, a mapping of each total to its parts, or a mapping of "
            f"each variable to either."
        )
    if not all(_is_label(value) or isinstance(value, Mapping) or value is None for value in totals.values()):
        return _flat(labels, {str(total): _parts(str(total), parts) for total, parts in totals.items()})
    return _named(labels, totals)


def _is_label(value: object) -> bool:
    """Whether a value names one total: text or a number, as labels are."""
    import numpy as np

    return isinstance(value, str | int | float | np.integer | np.floating) and not isinstance(value, bool)


def _parts(total: str, parts: object) -> tuple[str, ...]:
    if isinstance(parts, str | Mapping) or not isinstance(parts, Iterable):
        raise UsageError(f"`totals` gives {total!r} the parts {parts!r}. Give the labels of its parts as a list.")
    return tuple(map(str, parts))


def _of_all(total: str, shown: Sequence[str]) -> Parts:
    return {total: tuple(label for label in shown if label != total)}


def _named(labels: Mapping[str, Sequence[str]], totals: Mapping[str, object]) -> Mapping[str, Parts]:
    found: dict[str, Parts] = {}
    for name, value in ((str(name), value) for name, value in totals.items()):
        if name not in labels:
            raise UsageError(f"`totals` names the variable {name!r}; the table has {', '.join(labels)}.")
        if isinstance(value, Mapping):
            found[name] = {str(total): _parts(str(total), parts) for total, parts in value.items()}
        elif value is not None:
            if str(value) not in labels[name]:
                raise UsageError(
                    f"No label of {name} is {str(value)!r}, which `totals` names. Name the label that is there."
                )
            found[name] = _of_all(str(value), labels[name])
    return found


def _flat(labels: Mapping[str, Sequence[str]], totals: Parts) -> Mapping[str, Parts]:
    """Each total goes to every variable that shows one of its parts, or that holds it or a part of it already."""
    known = {name: set(shown) for name, shown in labels.items()}
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    waiting = {total: tuple(parts) for total, parts in totals.items()}
    while waiting:
        homes = {total: _homes(total, parts, labels, known) for total, parts in waiting.items()}
        if not any(homes.values()):
            total, parts = next(iter(waiting.items()))
            raise UsageError(f"No part of the total {total!r} is a row or column of the table: {', '.join(parts)}.")
        for total in [total for total in waiting if homes[total]]:
            parts = waiting.pop(total)
            for name in homes[total]:
                found.setdefault(name, {})[total] = parts
                known[name].update((total, *parts))
    return found


def _homes(
    total: str, parts: Sequence[str], labels: Mapping[str, Sequence[str]], known: Mapping[str, set[str]]
) -> list[str]:
    shown = [name for name in labels if set(parts) & set(labels[name])]
    return shown or [name for name in labels if set(parts) & known[name] or (total in known[name])]


def _variable(name: str, shown: tuple[str, ...], parts: Parts) -> Variable:
    hierarchy = {total: tuple(dict.fromkeys(of)) for total, of in parts.items() if of}
    for total in hierarchy:
        _refuse_circle(name, total, hierarchy)
    labels = tuple(dict.fromkeys([*shown, *hierarchy, *(part for of in hierarchy.values() for part in of)]))
    below = {part for of in hierarchy.values() for part in of}
    tops = [label for label in labels if label not in below]
    root = tops[0] if len(tops) == 1 and tops[0] in hierarchy else None
    return Variable(name, labels, hierarchy, root)


def _refuse_circle(name: str, start: str, hierarchy: Mapping[str, tuple[str, ...]]) -> None:
    waiting, seen = list(hierarchy[start]), set[str]()
    while waiting:
        label = waiting.pop()
        if label == start:
            raise UsageError(f"The total {start!r} of {name} is a part of itself. Take it out of its own parts.")
        if label not in seen:
            seen.add(label)
            waiting.extend(hierarchy.get(label, ()))
