"""Identifiers from names, GUIDs from content."""

from __future__ import annotations

import re
import unicodedata
import uuid

_SPACE = uuid.UUID("6f7d0f3e-5b0c-5c1a-9d53-0a6f5a1c7e11")
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Ids:
    """Gives each name an identifier of letters, digits, `_` and `-`; a name given before gets a number at its end.

    Upper and lower case do not tell identifiers apart, because files may be named after them.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def take(self, name: str, otherwise: str) -> str:
        """A new identifier for `name`, made from `otherwise` where the name has no letter or digit."""
        base = slug(name) or otherwise
        found, number = base, self._numbers.get(base.casefold(), 1)
        while found.casefold() in self._taken:
            number += 1
            found = f"{base}-{number}"
        self._numbers[base.casefold()] = number
        self._taken.add(found.casefold())
        return found


def slug(name: str) -> str:
    """`name` as an identifier: accents fall away, every run of other signs becomes `_`; 60 characters at most."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return re.sub(r"[^\w-]+", "_", plain).strip("_-")[:60]


def plain_guid(guid: str) -> str:
    """A GUID without braces in lower case; other keys as they are, so that broken files still hold together."""
    return guid.strip().strip("{}").lower()


def guid_of(kind: str, *content: str, given: str = "") -> str:
    """`given` where it is a GUID, else one that follows from `content`: the same content has the same GUID."""
    known = plain_guid(given)
    return known if _GUID.fullmatch(known) else str(uuid.uuid5(_SPACE, "\x1f".join((kind, *content))))
