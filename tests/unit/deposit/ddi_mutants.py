"""Codebooks with one thing changed, to hold two verdicts on each against one another."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

from tests.unit.deposit.ddi_schema import ATTRIBUTES, ELEMENTS, EVERYWHERE, NAMES, NAMESPACE

WORDS = "words"
VALUES = ("", "x", "two words", "!?", "F1", "V1", "V2", "Y", "2.5", "other", "study", "start", "en")
"""What an attribute is made to say: nothing, tokens, words, signs, identifiers that are there, values of enumerations."""
ELSEWHERE = ("x", "2.5")
"""What an attribute is made to say where it doesn't belong."""


def mutants(xml: bytes) -> Iterator[tuple[str, bytes]]:
    """A name and a codebook each: every element and every attribute of `xml` dropped, repeated, moved, renamed, added to."""
    root = ET.fromstring(xml)
    seen: set[tuple[str, ...]] = set()
    for at, element in enumerate(root.iter()):
        kind = (_local(element), *element.attrib, *(_local(child) for child in element))
        if kind in seen:
            continue
        seen.add(kind)
        place = f"{at} {_local(element)}"
        for told, change in (*_of_place(element, root), *_of_content(), *_of_attributes(element)):
            mutant = copy.deepcopy(root)
            change(mutant, list(mutant.iter())[at])
            yield f"{place}: {told}", ET.tostring(mutant)


Change = Callable[[ET.Element, ET.Element], object]


def _local(element: ET.Element) -> str:
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def _named(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _parent(root: ET.Element, element: ET.Element) -> ET.Element:
    return next(one for one in root.iter() if element in list(one))


def _of_place(element: ET.Element, root: ET.Element) -> Iterator[tuple[str, Change]]:
    for name in (*ELEMENTS, "unknown"):
        if name != _local(element):
            yield f"renamed {name}", _renamed(name)
    yield "of no namespace", lambda _, one: setattr(one, "tag", _local(one))
    if element is not root:
        yield "dropped", lambda top, one: _parent(top, one).remove(one)
        yield "twice", _twice
        yield "first", lambda top, one: _moved(top, one, 0)
        yield "last", lambda top, one: _moved(top, one, len(_parent(top, one)))


def _twice(top: ET.Element, one: ET.Element) -> None:
    again = copy.deepcopy(one)
    for part in again.iter():
        part.attrib.pop("ID", None)
    parent = _parent(top, one)
    parent.insert(list(parent).index(one), again)


def _moved(top: ET.Element, one: ET.Element, to: int) -> None:
    parent = _parent(top, one)
    parent.remove(one)
    parent.insert(to, one)


def _of_content() -> Iterator[tuple[str, Change]]:
    yield "words within", lambda _, one: setattr(one, "text", WORDS)
    yield "without words", lambda _, one: setattr(one, "text", None)
    for name in ELEMENTS:
        yield f"{name} added", _with_child(name)


def _of_attributes(element: ET.Element) -> Iterator[tuple[str, Change]]:
    allowed = {name.rstrip("!") for name in ATTRIBUTES.get(_local(element), {})} | EVERYWHERE.keys()
    for name in (*NAMES, "unknown"):
        if name in element.attrib:
            yield f"{name} dropped", _without(name)
        for value in VALUES if name in allowed else ELSEWHERE:
            yield f"{name}={value!r}", _saying(name, value)


def _renamed(name: str) -> Change:
    return lambda _, one: setattr(one, "tag", _named(name))


def _with_child(name: str) -> Change:
    return lambda _, one: ET.SubElement(one, _named(name))


def _without(attribute: str) -> Change:
    return lambda _, one: one.attrib.pop(attribute)


def _saying(attribute: str, value: str) -> Change:
    return lambda _, one: one.set(attribute, value)
