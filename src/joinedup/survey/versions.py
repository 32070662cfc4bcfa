"""A questionnaire is frozen at its launch: its fingerprint, and what a later edit under the same version changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from joinedup.study.digest import digest
from joinedup.study.problems import Place, Problem
from joinedup.study.survey import Element, Group, Instrument, walk

CHANGED = "J210"
INSTRUMENT = "survey/instrument.xlsx"
_HEADINGS = {
    "kind": "type",
    "labels": "label",
    "hints": "hint",
    "constraint_messages": "constraint_message",
    "required_messages": "required_message",
}
"""Columns of the sheet by the field that holds them, where the names differ."""


def fingerprint(instrument: Instrument) -> str:
    """SHA-256 of all that a respondent can meet: questions, groups, options, settings; not the version, nor rows."""
    elements = tuple(_without_rows(element) for element in instrument.elements)
    return digest(instrument.title, elements, instrument.lists, instrument.settings)


def _without_rows(element: Element) -> Element:
    if isinstance(element, Group):
        return replace(element, row=0, end=0, children=tuple(_without_rows(child) for child in element.children))
    return replace(element, row=0)


def frozen_problems(old: Instrument, new: Instrument) -> tuple[Problem, ...]:
    """What differs between a launched instrument and one that goes by the same version; empty for another version."""
    if old.version != new.version or fingerprint(old) == fingerprint(new):
        return ()
    told = list(_changes(old, new)) or [(0, "", "A text, an option or a setting changed.")]
    remedy = f"Give the changed questionnaire a version of its own: {old.version or 'the old one'} has been launched."
    return tuple(Problem(CHANGED, Place(INSTRUMENT, row, column), what, remedy) for row, column, what in told)


def _changes(old: Instrument, new: Instrument) -> Iterator[tuple[int, str, str]]:
    before, after = _by_place(old), _by_place(new)
    for place, element in after.items():
        if place not in before:
            yield element.row, "name", f"'{element.name or 'a note'}' is new."
        else:
            for column in _differing(before[place], element):
                yield element.row, column, f"The {column.replace('_', ' ')} of '{element.name or 'a note'}' changed."
    for place, element in before.items():
        if place not in after:
            yield 0, "", f"'{element.name or 'a note'}' is gone."
    if list(before) != list(after) and set(before) == set(after):
        yield 0, "", "The questions stand in another order."


def _by_place(instrument: Instrument) -> dict[tuple[str, ...], Element]:
    """Elements by their groups and name; unnamed notes by their count."""
    found: dict[tuple[str, ...], Element] = {}
    for number, (above, element) in enumerate(walk(instrument.elements)):
        found[(*(group.name for group in above), element.name or f"#{number}")] = element
    return found


def _differing(old: Element, new: Element) -> list[str]:
    if type(old) is not type(new):
        return ["type"]
    names = [field.name for field in fields(new) if field.name not in ("row", "end", "children", "label")]
    return [_HEADINGS.get(name, name) for name in names if getattr(old, name) != getattr(new, name)]
