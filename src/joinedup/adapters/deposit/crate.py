"""The RO-Crate 1.1 around a deposit: what each file is, in JSON-LD (www.researchobject.org/ro-crate/1.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from joinedup.adapters.deposit.contents import Contents
from joinedup.version import __version__

METADATA = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "md": "text/markdown",
    "qmd": "text/markdown",
    "sav": "application/x-spss-sav",
    "txt": "text/plain",
    "xml": "application/xml",
    "yml": "application/yaml",
}
_FOLDERS = {
    "data/": "Data of the survey and the sites",
    "tables/": "Tables of the results",
    "texts/": "Texts",
    "analysis/": "A Quarto project that reads the data in Python and in R",
}
_LICENCE, _TOOL, _MADE, _FUNDER = "#licence", "#joinedup", "#made", "#funder"


def crate(contents: Contents, files: Mapping[str, bytes], titles: Mapping[str, str]) -> dict[str, Any]:
    """ro-crate-metadata.json as plain JSON; `titles` says what each of `files` is."""
    authors = [{"@id": f"#author-{at}", "@type": "Person", "name": name} for at, name in enumerate(contents.authors, 1)]
    funders = [{"@id": _FUNDER, "@type": "Organization", "name": name} for name in [contents.funder] if name]
    held = [folder for folder in _FOLDERS if any(path.startswith(folder) for path in files)]
    parts = [*held, *(_id(path) for path in files if path != METADATA)]
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": contents.study.title,
        "description": contents.description,
        "license": {"@id": _licence_id(contents)},
        "conditionsOfAccess": contents.access,
        "hasPart": _linked(parts),
        "mentions": {"@id": _MADE},
    }
    if contents.date:
        root["datePublished"] = contents.date
    if authors:
        root["author"] = _linked([author["@id"] for author in authors])
    if funders:
        root["funder"] = {"@id": _FUNDER}
    if contents.keywords:
        root["keywords"] = ", ".join(contents.keywords)
    graph: list[dict[str, Any]] = [_descriptor(), root, *authors, *funders, _licence(contents), *_making()]
    graph += [_folder(folder, files) for folder in held]
    graph += [_file(path, content, titles[path]) for path, content in files.items() if path != METADATA]
    return {"@context": CONTEXT, "@graph": graph}


def _linked(ids: Sequence[str]) -> Any:
    """Links to entities; one alone is not put in a list."""
    links = [{"@id": id} for id in ids]
    return links[0] if len(links) == 1 else links


def _descriptor() -> dict[str, Any]:
    return {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }


def _licence_id(contents: Contents) -> str:
    return contents.licence if contents.licence.startswith(("http://", "https://")) else _LICENCE


def _licence(contents: Contents) -> dict[str, Any]:
    words = contents.licence
    return {"@id": _licence_id(contents), "@type": "CreativeWork", "name": words, "description": words}


def _making() -> list[dict[str, Any]]:
    """The program, and that the crate was made with it."""
    made = {"@id": _MADE, "@type": "CreateAction", "name": "The making of this deposit"}
    return [
        made | {"instrument": {"@id": _TOOL}, "result": {"@id": "./"}},
        {"@id": _TOOL, "@type": "SoftwareApplication", "name": "joinedup", "version": __version__},
    ]


def _folder(folder: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "@id": folder,
        "@type": "Dataset",
        "name": _FOLDERS[folder],
        "description": _FOLDERS[folder],
        "hasPart": _linked([_id(path) for path in files if path.startswith(folder)]),
    }


def _file(path: str, content: bytes, title: str) -> dict[str, Any]:
    return {
        "@id": _id(path),
        "@type": "File",
        "name": title,
        "description": title,
        "encodingFormat": _TYPES[path.rpartition(".")[2]],
        "contentSize": str(len(content)),
    }


def _id(path: str) -> str:
    return quote(path, safe="/")
