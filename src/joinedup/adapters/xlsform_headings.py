"""Headings of an XLSForm's columns: their spellings in use, and the language after a colon.

Spellings: the XLSForm reference and the aliases that form builders accept (pyxform, aliases.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

TRANSLATED = frozenset(("label", "hint", "constraint_message", "required_message"))
"""Columns that may stand once for each language."""

_SURVEY: Mapping[str, tuple[str, ...]] = {
    "type": ("type", "command"),
    "name": ("name", "tag"),
    "label": ("label", "caption"),
    "hint": ("hint",),
    "relevant": ("relevant", "relevance", "skip_logic", "bind::relevant"),
    "required": ("required", "bind::required"),
    "required_message": ("required_message", "requiredmsg", "bind::jr:requiredmsg"),
    "constraint": ("constraint", "bind::constraint"),
    "constraint_message": (
        "constraint_message",
        "constraining_message",
        "constraint-msg",
        "constraint_msg",
        "bind::jr:constraintmsg",
    ),
    "calculation": ("calculation", "calculate", "bind::calculate", "bind::calculation"),
    "choice_filter": ("choice_filter",),
    "default": ("default",),
    "read_only": ("read_only", "readonly", "bind::readonly"),
    "repeat_count": ("repeat_count", "count", "jr:count"),
    "appearance": ("appearance", "body::appearance", "control::appearance"),
    "parameters": ("parameters",),
}
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "list_name": ("list_name",),
    "name": ("name", "value"),
    "label": ("label", "caption"),
}
_SETTINGS: Mapping[str, tuple[str, ...]] = {"form_title": ("form_title", "title"), "form_id": ("form_id", "id_string")}


@dataclass(frozen=True, slots=True)
class Heading:
    """What a column holds: a known `field` (empty: none of ours), in a `language`, and the heading `as_written`."""

    field: str
    language: str
    as_written: str


def _by_spelling(fields: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {spelling: field for field, spellings in fields.items() for spelling in spellings}


_KNOWN = {"survey": _by_spelling(_SURVEY), "choices": _by_spelling(_CHOICES), "settings": _by_spelling(_SETTINGS)}


def heading(written: str, sheet: str) -> Heading:
    """The meaning of a heading in the sheet survey, choices or settings."""
    known = _KNOWN[sheet]
    plain = _plain(written)
    if plain in known:
        return Heading(known[plain], "", written)
    begin, _, rest = written.partition("::" if "::" in written else ":")
    first, rest = _plain(begin), rest.strip()
    if first == "bind" and f"bind::{_plain(rest)}" in known:
        return Heading(known[f"bind::{_plain(rest)}"], "", written)
    if first in ("body", "control") and f"{first}::{_plain(rest)}" in known:
        return Heading(known[f"{first}::{_plain(rest)}"], "", written)
    if known.get(first) in TRANSLATED and rest:
        return Heading(known[first], rest, written)
    return Heading("", "", plain if sheet == "settings" else written)


def _plain(written: str) -> str:
    return re.sub(r"\s+", "_", written.strip().lower())
