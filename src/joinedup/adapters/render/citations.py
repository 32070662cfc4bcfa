"""Citations and the list of references by the rules of a CSL style, for writers that are not pandoc's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joinedup.adapters.render.pandoc import as_json, pandoc_html, pandoc_json
from joinedup.report.model import Cite, Document, Section, walk
from joinedup.report.pandoc import API, inline_nodes, words

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cited:
    """Every citation of a document in its order, and its references, each as pandoc's inlines."""

    citations: tuple[list[Node], ...] = ()
    references: tuple[list[Node], ...] = ()


def cited(document: Document, csl: Path | None = None) -> Cited:
    """The citations and references of `document` in pandoc's author-date style, or in that of the file `csl`."""
    if not document.bibliography:
        return Cited()
    found = _cites(document.sections)
    blocks = pandoc_json(as_json(_tree(found)), document.bibliography, csl)["blocks"]
    entries = [entry for block in blocks[len(found) :] for entry in _entries(block)]
    return Cited(tuple(_content(block) for block in blocks[: len(found)]), tuple(entries))


@dataclass(frozen=True, slots=True)
class CitedHtml:
    """Every citation of some sections in its order as HTML, and the division that lists the references."""

    citations: tuple[str, ...] = ()
    references: str = ""


NOTHING_CITED = CitedHtml()


def cited_html(sections: Sequence[Section], bibliography: str) -> CitedHtml:
    """The citations in `sections`, linked to the references, in pandoc's author-date style."""
    if not bibliography:
        return NOTHING_CITED
    found = _cites(sections)
    *citations, references = pandoc_html(as_json(_tree(found)), bibliography).split("\n", len(found))
    return CitedHtml(tuple(one.removeprefix("<p>").removesuffix("</p>") for one in citations), references.rstrip("\n"))


def _cites(sections: Sequence[Section]) -> list[Cite]:
    return [part for part in walk(tuple(sections)) if isinstance(part, Cite)]


def _tree(found: Sequence[Cite]) -> Node:
    """A paragraph a citation, and all references."""
    paragraphs = [{"t": "Para", "c": inline_nodes((cite,))} for cite in found]
    nocite = {"t": "MetaInlines", "c": inline_nodes((Cite("*"),))}
    language = {"t": "MetaInlines", "c": words("en-GB")}
    meta = {"nocite": nocite, "lang": language, "link-citations": {"t": "MetaBool", "c": True}}
    return {"pandoc-api-version": API, "meta": meta, "blocks": paragraphs}


def _entries(block: Node) -> list[list[Node]]:
    """The entries below the division of references."""
    return [_content(inner) for inner in block["c"][1]] if block["t"] == "Div" else []


def _content(block: Node) -> list[Node]:
    """The inlines of a paragraph, or of all paragraphs in a division."""
    if block["t"] in ("Para", "Plain"):
        return list(block["c"])
    return [node for inner in block["c"][1] for node in _content(inner)] if block["t"] == "Div" else []


_MARKS = {"Emph": "em", "Strong": "b", "Superscript": "sup", "Subscript": "sub", "SmallCaps": "sc"}
_ADDRESS = re.compile(r"https?://")


def told(nodes: Sequence[Node]) -> list[Any]:
    """Pandoc's inlines as those of the typeset data: words, and lists that begin with a mark."""
    parts: list[Any] = []
    for node in nodes:
        kind: str = node["t"]
        content: Any = node.get("c")
        if kind == "Str":
            parts.append(content)
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            parts.append(" ")
        elif kind in _MARKS:
            parts.append([_MARKS[kind], told(content)])
        elif kind == "Link" and _ADDRESS.match(content[2][0]):
            parts.append(["url", content[2][0], told(content[1])])
        elif kind == "Quoted":
            opening, closing = "‘’" if content[0]["t"] == "SingleQuote" else "“”"
            parts += [opening, *told(content[1]), closing]
        elif kind == "Note":
            parts.append(["note", told([part for block in content for part in _content(block)])])
        elif kind in ("Span", "Link", "Cite", "Code"):
            parts += [content[1]] if kind == "Code" else told(content[1])
            parts += [" "] if kind == "Span" and "csl-left-margin" in content[0][1] else []
    return parts
