"""The register of releases: what was published, as linear constraints, so that the next release is audited against it.

It holds published figures, marks and which cells add up to which; never a hidden count, and not which marks are primary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from joinedup.disclosure.auditing import Published, Shown
from joinedup.disclosure.model import Cell
from joinedup.disclosure.profiles import Profile
from joinedup.study.problems import UsageError

if TYPE_CHECKING:
    from joinedup.disclosure.protected import Protected

VERSION = 1


@dataclass(frozen=True, slots=True)
class Register:
    """Every table of every earlier release, oldest first; `published` is what an attacker has in hand.

    `records` says for each release that its ledger tells of what it rested on: file -> person or text -> a digest of what
    was said. They stay with the team: `to_dict` doesn't hold them.
    """

    published: tuple[Published, ...] = ()
    records: tuple[tuple[str, Mapping[str, Mapping[str, str]]], ...] = ()

    def with_release(self, release: str, tables: Iterable[Protected]) -> Register:
        """The register with one more release, named so that a stop can point to it (e.g. `2026-11-first`)."""
        released = tuple(tables)
        if any(not hasattr(table, "published") for table in released):
            raise UsageError("A release holds the tables as `protect_release` returned them: protect them first.")
        new = (
            replace(table.published, name=f"{release}, {table.name}", sensitive=None, earlier=True)
            for table in released
        )
        return Register((*self.published, *new), self.records)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers, for JSON; the same register gives the same dict."""
        return {"version": VERSION, "tables": [_as_dict(table) for table in self.published]}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Register:
        """The register that `to_dict` wrote; raises UsageError where it is none."""
        try:
            if plain["version"] != VERSION:
                raise UsageError(f"The register has version {plain['version']}; this program reads version {VERSION}.")
            return cls(tuple(_from_dict(table) for table in plain["tables"]))
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise UsageError(
                f"The register of releases can't be read ({type(error).__name__}: {error}). Put back the copy that the "
                f"last release wrote: without it differences to earlier releases can't be seen."
            ) from None


def _as_dict(table: Published) -> dict[str, Any]:
    cells = list(dict.fromkeys([*table.shown, *(c for total, parts in table.sums for c in (total, *parts))]))
    number = {cell: at for at, cell in enumerate(cells)}
    return {
        "name": table.name,
        "profile": asdict(table.profile),
        "cells": [_cell_as_dict(cell, table.shown.get(cell)) for cell in cells],
        "sums": [[number[total], [number[part] for part in parts]] for total, parts in table.sums],
    }


def _cell_as_dict(cell: Cell, shown: Shown | None) -> dict[str, Any]:
    found: dict[str, Any] = {"population": cell.population, "at": [list(pair) for pair in cell.at]}
    if shown is not None:
        found |= {"low": shown.low, "high": shown.high, "mark": shown.mark}
    return found


def _from_dict(plain: Mapping[str, Any]) -> Published:
    cells = [
        Cell(str(one["population"]), tuple((str(v), str(label)) for v, label in one["at"])) for one in plain["cells"]
    ]
    shown = {
        cell: Shown(int(one["low"]), None if one["high"] is None else int(one["high"]), str(one["mark"]))
        for cell, one in zip(cells, plain["cells"], strict=True)
        if "low" in one
    }
    sums = tuple((cells[total], tuple(cells[part] for part in parts)) for total, parts in plain["sums"])
    return Published(str(plain["name"]), shown, sums, Profile(**plain["profile"]), None, earlier=True)


def earlier(register: Register | None) -> Sequence[Published]:
    """What earlier releases published; nothing where there is no register yet."""
    if register is not None and not isinstance(register, Register):
        raise UsageError(
            f"`register` is a Register, not a {type(register).__name__}. Read one by `Register.from_dict`."
        )
    return register.published if register is not None else ()
