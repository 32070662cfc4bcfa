"""The published checklists as data: item numbers, short labels of our own, and which records answer an item."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CHECKLISTS = ("gramms", "coreq", "srqr", "stari", "tidier", "strobe", "trend")


@dataclass(frozen=True, slots=True)
class Item:
    """An item; an author's text can always answer it, and any one of these records does.

    `facts` are names of `facts.FACTS`, `record` sentences whose values must all be there, `results` ids of results
    that must have been computed, `methods` ids of results whose methods the report must print.
    """

    number: str
    label: str
    facts: tuple[str, ...] = ()
    record: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checklist:
    """A published checklist; `reference` is where its wording stands."""

    id: str
    title: str
    reference: str
    items: tuple[Item, ...]


@cache
def checklist(id: str) -> Checklist:
    """The checklist `id` of CHECKLISTS."""
    written = files("joinedup.report.checklists").joinpath(f"{id}.toml").read_text(encoding="utf-8")
    data = tomllib.loads(written)
    items = (
        Item(
            one["number"], one["label"], *(tuple(one.get(key, ())) for key in ("facts", "record", "results", "methods"))
        )
        for one in data["item"]
    )
    return Checklist(id, data["title"], data["reference"], tuple(items))
