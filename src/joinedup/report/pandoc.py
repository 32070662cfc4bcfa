"""Words as those of a pandoc document (JSON syntax tree, API 1.23): pure data, for Word, slides and citations."""

from __future__ import annotations

import re
from typing import Any

from joinedup.report.model import (
    Badge,
    Cite,
    Code,
    Document,
    Emph,
    Inline,
    Inlines,
    Link,
    Strong,
    Text,
    ValueRef,
)

Node = dict[str, Any]
API = [1, 23, 1]
LONG = 40
"""A table with more lines than this is not opened for print."""


def value_id(result: str, key: str) -> str:
    """The id of the line of evidence behind a value."""
    return f"ev-{result}--{key}"


def result_id(result: str) -> str:
    """The id of the record of a result."""
    return f"ev-{result}"


def finding_id(finding: str) -> str:
    """The id of a finding's entry in the evidence ledger."""
    return f"ev-finding-{finding}"


def attr(id: str = "", classes: tuple[str, ...] = (), **more: str) -> list[Any]:
    """Pandoc's attributes; an underscore in a name stands for a hyphen."""
    return [id, list(classes), [[name.replace("_", "-"), value] for name, value in more.items()]]


def tree(document: Document, blocks: list[Node]) -> Node:
    """The syntax tree of `document`, written as `blocks`."""
    meta = {
        "lang": _meta("en-GB"),
        "title": _meta(document.title),
        "link-citations": {"t": "MetaBool", "c": True},
        "nocite": {"t": "MetaInlines", "c": [_cite("*")]},
    }
    return {"pandoc-api-version": API, "meta": meta, "blocks": blocks}


def _meta(text: str) -> Node:
    return {"t": "MetaInlines", "c": words(text)}


def words(text: str) -> list[Node]:
    """Words as pandoc's inlines; a no-break space stays inside its word."""
    parts: list[Node] = []
    for piece in re.split(r"([ \t\n]+)", text):
        if piece and not piece.strip(" \t\n"):
            parts.append({"t": "Space"})
        elif piece:
            parts.append({"t": "Str", "c": piece})
    return parts


def span(classes: tuple[str, ...], content: list[Node], **more: str) -> Node:
    """A span with classes."""
    return {"t": "Span", "c": [attr("", classes, **more), content]}


def div(classes: tuple[str, ...], content: list[Node], id: str = "", **more: str) -> Node:
    """A division with classes."""
    return {"t": "Div", "c": [attr(id, classes, **more), content]}


def inline_nodes(parts: Inlines) -> list[Node]:
    """Inlines as pandoc's."""
    return [node for part in parts for node in _inline(part)]


def _inline(part: Inline) -> list[Node]:
    match part:
        case Text(text):
            return words(text)
        case Emph(inner):
            return [{"t": "Emph", "c": inline_nodes(inner)}]
        case Strong(inner):
            return [{"t": "Strong", "c": inline_nodes(inner)}]
        case Code(text):
            return [{"t": "Code", "c": [attr(), text]}]
        case ValueRef():
            return [_value(part)]
        case Cite(key):
            return [_cite(key)]
        case Link(target, inner, evidence):
            classes = ("ev",) if evidence else ()
            return [{"t": "Link", "c": [attr("", classes), inline_nodes(inner), [target, ""]]}]
        case Badge(kind, status, label):
            return [span(("badge", kind, f"is-{status.replace(' ', '-')}"), words(label))]


def _value(ref: ValueRef) -> Node:
    more = {"aria_label": ref.spoken} if ref.spoken else {}
    return {"t": "Link", "c": [attr("", ("v",), **more), words(ref.shown), [f"#{value_id(ref.result, ref.key)}", ""]]}


def _cite(key: str) -> Node:
    citation = {
        "citationId": key,
        "citationPrefix": [],
        "citationSuffix": [],
        "citationMode": {"t": "NormalCitation"},
        "citationNoteNum": 0,
        "citationHash": 0,
    }
    return {"t": "Cite", "c": [[citation], words(f"[@{key}]")]}
