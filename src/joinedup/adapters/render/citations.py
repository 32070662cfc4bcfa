"""Citations and the list of references by the rules of a CSL style, for writers that are not pandoc's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joinedup.adapters.render.pandoc import as_json, pandoc_json
from joinedup.report.model import Cite, Document, walk
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
    found = [part for part in walk(document.sections) if isinstance(part, Cite)]
    paragraphs = [{"t": "Para", "c": inline_nodes((cite,))} for cite in found]
    nocite = {"t": "MetaInlines", "c": inline_nodes((Cite("*"),))}
    meta = {"nocite": nocite, "lang": {"t": "MetaInlines", "c": words("en-GB")}}
    tree = {"pandoc-api-version": API, "meta": meta, "blocks": paragraphs}
    blocks = pandoc_json(as_json(tree), document.bibliography, csl)["blocks"]
    entries = [entry for block in blocks[len(found) :] for entry in _entries(block)]
    return Cited(tuple(_content(block) for block in blocks[: len(found)]), tuple(entries))


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
