"""Types of questions of an XLSForm, in the spellings in use.

Source: the XLSForm reference, "Question types" and "Metadata"; older spellings as form builders still accept them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SELECT = re.compile(
    r"(?P<kind>select[_ ]one|select1|select[_ ]multiple|select all that apply|rank)"
    r"(?P<file>[_ ]from[_ ]file|[_ ]external)?(?: from)?\s+(?P<list>.*?)(?P<other>\s+or[_ ]other)?",
    re.IGNORECASE | re.DOTALL,
)
_GROUP = re.compile(r"(?P<edge>begin|end)[_ ]*(?P<kind>l?group|repeat)(?:\s.*)?", re.IGNORECASE)
_SPELLINGS = {
    "int": "integer",
    "string": "text",
    "dateTime": "datetime",
    "date time": "datetime",
    "trigger": "acknowledge",
    "photo": "image",
    "gps": "geopoint",
    "location": "geopoint",
    "add note prompt": "note",
    "calculation": "calculate",
    "phone number": "phonenumber",
    "imei": "deviceid",
    "uri:deviceid": "uri:deviceid",
}
_PLAIN = {spelling.lower(): kind for spelling, kind in _SPELLINGS.items()}
UNNAMED = frozenset(("note", "audit"))
"""Types whose rows may go without a name."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type: a group's `edge` (begin or end), or a question's `name` with its list or file."""

    name: str
    list_name: str = ""
    or_other: bool = False
    edge: str = ""


def kind_of(written: str) -> Kind:
    """The type in a cell of the column type."""
    group = _GROUP.fullmatch(written)
    if group is not None:
        return Kind("repeat" if group["kind"].lower() == "repeat" else "group", edge=group["edge"].lower())
    select = _SELECT.fullmatch(written)
    if select is not None:
        plain = re.sub(r"\s", "_", select["kind"].lower())
        name = {"select1": "select_one", "select_all_that_apply": "select_multiple"}.get(plain, plain)
        name += re.sub(r"\s", "_", select["file"].lower()) if select["file"] else ""
        return Kind(name, select["list"].strip(), bool(select["other"]))
    plain = re.sub(r"\s+", " ", written.strip().lower())
    return Kind(_PLAIN.get(plain, plain))


def written(kind: str, list_name: str, or_other: bool) -> str:
    """The cell of the column type that `kind_of` reads as these."""
    return " ".join(part for part in (kind, list_name, "or_other" if or_other else "") if part)
