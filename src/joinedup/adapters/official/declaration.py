"""What data.toml declares: which official files are read, and how their columns become sites, periods and indicators."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from joinedup.study.hints import did_you_mean
from joinedup.study.problems import Place, Problem

FILE = "data.toml"
BAD_DECLARATION, NO_FILE, NO_COLUMN, NO_ROW = "J100", "J101", "J102", "J103"
BAD_VALUE, NO_SITE, BAD_PERIOD, NO_INDICATOR, TWICE, BAD_NAME = "J104", "J105", "J106", "J107", "J108", "J109"


@dataclass(frozen=True, slots=True)
class Worksheet:
    """Where a table stands: a CSV file, or a sheet of a workbook (default: the first) with its headings on a row."""

    file: str
    sheet: str = ""
    header: int = 1


@dataclass(frozen=True, slots=True)
class TableSpec(Worksheet):
    """A table of official values. `values` maps a heading to an indicator; `where` keeps the rows with these cells.

    `period` is the heading of the period, or `of_period` the one period of the whole file. `codes` names a `[[codes]]`
    by which the site codes are translated. `marks` maps what this file writes to a status mark.
    """

    site: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    period: str = ""
    of_period: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    codes: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class CodesSpec(Worksheet):
    """A translation of site codes; of several rows with the same old code the one with the latest `latest` holds.

    `also` adds codes that the file does not have.
    """

    id: str = ""
    old: str = ""
    new: str = ""
    latest: str = ""
    also: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SitesSpec(Worksheet):
    """Where the sites that sites.csv does not name come from. A site with a non-empty `programme` is a programme site."""

    site: str = ""
    name: str = ""
    region: str = ""
    model: str = ""
    programme: str = ""


@dataclass(frozen=True, slots=True)
class DeflatorSpec(Worksheet):
    """A price index: headings of the period and the index, and the period whose prices are used."""

    period: str = ""
    index: str = ""
    base: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class DocumentsSpec:
    """Documents of sites. `name` is a regular expression for a file's name without its ending, with the groups site,
    day, month and year; `sites` maps a site as files write it to its code where the names differ."""

    files: str
    name: str = ""
    kind: str = "document"
    sites: Mapping[str, str] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """All of data.toml."""

    tables: tuple[TableSpec, ...] = ()
    codes: tuple[CodesSpec, ...] = ()
    sites: tuple[SitesSpec, ...] = ()
    deflator: tuple[DeflatorSpec, ...] = ()
    documents: tuple[DocumentsSpec, ...] = ()


_SECTIONS: Mapping[str, tuple[str, type[Any], tuple[str, ...]]] = {
    "table": ("tables", TableSpec, ("file", "site", "values")),
    "codes": ("codes", CodesSpec, ("file", "id", "old", "new")),
    "sites": ("sites", SitesSpec, ("file", "site", "name")),
    "deflator": ("deflator", DeflatorSpec, ("file", "period", "index", "base")),
    "documents": ("documents", DocumentsSpec, ("files", "name")),
}
_Spec = TypeVar("_Spec")


def read_declaration(data: bytes, problems: list[Problem]) -> Declaration:
    """The declaration in the bytes of data.toml; what is wrong with it is added to `problems`."""
    try:
        found = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(Problem(BAD_DECLARATION, Place(FILE), f"The file can't be read: {error}.", "Mend the line."))
        return Declaration()
    read: dict[str, tuple[Any, ...]] = {}
    for section, content in found.items():
        if section not in _SECTIONS:
            what = f"There is no section `{section}`.{did_you_mean(section, _SECTIONS)}"
            problems.append(Problem(BAD_DECLARATION, Place(FILE), what, f"Use {', '.join(_SECTIONS)}."))
            continue
        name, kind, required = _SECTIONS[section]
        entries = content if isinstance(content, list) else [content]
        specs = (_spec(section, kind, required, entry, problems) for entry in entries)
        read[name] = tuple(spec for spec in specs if spec is not None)
    return Declaration(**read)


def _spec(
    section: str, kind: type[_Spec], required: tuple[str, ...], entry: object, problems: list[Problem]
) -> _Spec | None:
    """One entry as its dataclass; None, with problems, where it is unsound."""
    if not isinstance(entry, dict):
        problems.append(Problem(BAD_DECLARATION, Place(FILE), f"`{section}` is not a table.", f"Write [[{section}]]."))
        return None
    types = {f.name: _TYPES[str(f.type)] for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    where = f"[[{section}]] {entry.get('file', entry.get('files', ''))}".strip()
    wrong = [f"there is no key `{key}`.{did_you_mean(key, types)}" for key in entry if key not in types]
    wrong += [f"the key `{key}` is missing." for key in required if not entry.get(key)]
    wrong += [
        f"`{key}` must be {_SAID[types[key]]}." for key in entry if key in types and not _is(entry[key], types[key])
    ]
    if kind is TableSpec and not wrong and bool(entry.get("period")) == bool(entry.get("of_period")):
        wrong.append("give either `period` (a heading) or `of_period` (the period of the whole file).")
    for what in wrong:
        problems.append(Problem(BAD_DECLARATION, Place(FILE), f"{where}: {what}", "See the page on official files."))
    return None if wrong else kind(**entry)


_TYPES: Mapping[str, type] = {"str": str, "int": int, "Mapping[str, str]": dict}
_SAID: Mapping[type, str] = {str: "text in quotes", int: "a whole number", dict: "a table of texts"}


def _is(value: object, wanted: type) -> bool:
    if wanted is dict:
        return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
    return isinstance(value, wanted) and not isinstance(value, bool)
