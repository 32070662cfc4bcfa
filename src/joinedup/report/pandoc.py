"""The document as a pandoc document (JSON syntax tree, API 1.23): pure data, the same for every format.

Raw HTML stands only where pandoc has no element of its own (`details`); other formats leave it out and print what is
inside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import zip_longest
from typing import Any

from joinedup.report.model import (
    Badge,
    Bibliography,
    Block,
    Bullets,
    Cell,
    Cite,
    Code,
    Document,
    Emph,
    Figure,
    FigureBlock,
    Folded,
    Group,
    Heading,
    Inline,
    Inlines,
    Line,
    Link,
    Paragraph,
    QuoteBlock,
    Section,
    Strong,
    TableBlock,
    TableFile,
    Text,
    ValueRef,
)
from joinedup.report.prose import plain

Node = dict[str, Any]
API = [1, 23, 1]
WIDE, LONG = 5, 40
"""A table with more columns than this may scroll sideways; one with more lines is not opened for print."""


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


def pandoc_document(
    document: Document,
    picture: Callable[[Figure], list[Node]] | None = None,
    numbers: Mapping[str, str] | None = None,
) -> Node:
    """`document` as pandoc's syntax tree; `picture` says how a format shows a figure (default: an image file).

    `numbers` are those of the figures and tables by their ids (see `numbering.edition`); without them there are none.
    """
    return tree(document, TreeWriter(picture or _image, numbers or {}))


def tree(document: Document, writer: TreeWriter) -> Node:
    """`document` as `writer` writes it."""
    blocks = [writer.section(section) for section in document.sections]
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


def _image(figure: Figure) -> list[Node]:
    target = [f"figures/{figure.id}.svg", ""]
    return [{"t": "Plain", "c": [{"t": "Image", "c": [attr(), words(figure.alt), target]}]}]


def span(classes: tuple[str, ...], content: list[Node], **more: str) -> Node:
    """A span with classes."""
    return {"t": "Span", "c": [attr("", classes, **more), content]}


def div(classes: tuple[str, ...], content: list[Node], id: str = "", **more: str) -> Node:
    """A division with classes."""
    return {"t": "Div", "c": [attr(id, classes, **more), content]}


def raw(html: str) -> Node:
    """HTML that only the HTML format prints."""
    return {"t": "RawBlock", "c": ["html", html]}


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


class TreeWriter:
    """Writes blocks, with the format's own way of showing a figure."""

    def __init__(self, picture: Callable[[Figure], list[Node]], numbers: Mapping[str, str]) -> None:
        self.picture = picture
        self.numbers = numbers

    def titled(self, id: str, title: str) -> list[Node]:
        """The title after the number, where there is one."""
        number = self.numbers.get(id, "")
        return words(f"{number}. {title}" if number else title)

    def section(self, section: Section) -> Node:
        heading = {"t": "Header", "c": [2, attr(f"{section.id}-title"), words(section.title)]}
        content = [heading, *self.blocks(section.blocks)]
        return div(("section", section.kind), content, section.id, aria_labelledby=f"{section.id}-title")

    def blocks(self, blocks: tuple[Block, ...]) -> list[Node]:
        return [node for block in blocks for node in self.block(block)]

    def block(self, block: Block) -> list[Node]:
        match block:
            case Heading(level, parts, id):
                return [{"t": "Header", "c": [level, attr(id), inline_nodes(parts)]}]
            case Paragraph(parts, role):
                paragraph = {"t": "Para", "c": inline_nodes(parts)}
                return [div((role,), [paragraph])] if role else [paragraph]
            case Bullets(items):
                return [{"t": "BulletList", "c": [[{"t": "Plain", "c": inline_nodes(item)}] for item in items]}]
            case TableBlock():
                return self.table(block)
            case TableFile(id, data):
                told: Inlines = (Text(f"{data.title} ({len(data.rows)} lines): "), Code(f"tables/{id}.csv"))
                return [div(("note",), [{"t": "Para", "c": inline_nodes(told)}])]
            case FigureBlock(figure):
                return [self.figure(figure)]
            case QuoteBlock():
                return [_quote(block)]
            case Group(kind, inner, id):
                return [div((kind,), self.blocks(inner), id)]
            case Folded():
                return self.folded(block)
            case Bibliography():
                return [div(("references",), [], "refs")]

    def figure(self, figure: Figure) -> Node:
        """A figure as a section of its own: caption, picture, note, data."""
        evidence: Inlines = (Link(f"#{result_id(figure.result)}", (Text("Evidence"),), evidence=True),)
        caption = [
            span(("caption",), self.titled(f"fig-{figure.id}", figure.title)),
            {"t": "Space"},
            *inline_nodes(evidence),
        ]
        note = [div(("note",), [{"t": "Para", "c": words(figure.note)}])] if figure.note else []
        kind = "long" if len(figure.table.lines) > LONG else "data"
        data = self.folded(Folded((Text("The numbers behind this figure"),), (figure.table,), kind=kind))
        more = {"role": "group", "tabindex": "0", "aria_label": figure.title}
        drawing = [{"t": "Para", "c": caption}, div(("picture",), self.picture(figure), **more), *note]
        parts = [div(("drawing",), drawing), *data]
        return div(("figure",), parts, f"fig-{figure.id}")

    def folded(self, block: Folded) -> list[Node]:
        id = f' id="{_escape(block.id)}"' if block.id else ""
        kind = f' class="{_escape(block.kind)}"' if block.kind else ""
        opening = raw(f"<details{id}{kind}><summary>")
        summary = {"t": "Plain", "c": [span(("summary",), inline_nodes(block.summary))]}
        return [opening, summary, raw("</summary>"), *self.blocks(block.blocks), raw("</details>")]

    def table(self, block: TableBlock) -> list[Node]:
        columns = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}] for _ in block.head]
        head = [_row(Line(block.head), scope="col")]
        body = [attr(), 1, [], [_row(line, scope="row") for line in block.lines]]
        caption = [None, [{"t": "Plain", "c": self.titled(block.id, block.caption)}] if block.caption else []]
        parts = [attr(block.id), caption, columns, [attr(), head], [body], [attr(), []]]
        table = {"t": "Table", "c": parts}
        more = {"role": "group", "tabindex": "0", "aria_label": block.caption}
        scroll = div(("scroll",), [table], **more) if is_wide(block) else div(("fits",), [table])
        note = [div(("note",), [{"t": "Para", "c": words(block.note)}])] if block.note else []
        return [scroll, *note]


def is_wide(table: TableBlock) -> bool:
    """Whether a table may scroll sideways, on a telephone if not on a desk: it must then be reached by the keyboard."""
    columns = zip_longest(table.head, *(line.cells for line in table.lines), fillvalue=Cell(()))
    longest = [
        max((len(word) for cell in column for word in plain(cell.inlines).split()), default=1) for column in columns
    ]
    return len(table.head) > WIDE or sum(longest) * _LETTER + len(longest) * _SIDES > _NARROW


_NARROW, _LETTER, _SIDES = 340, 8.0, 18
"""Pixels of a table on a telephone, of a letter, and of the white at the sides of a column."""


def _row(line: Line, scope: str) -> list[Any]:
    cells = []
    for at, cell in enumerate(line.cells):
        more: Mapping[str, str] = {"scope": scope} if scope == "col" or at == 0 else {}
        cells.append(_cell(cell, more))
    return [attr(line.id), cells]


def _cell(cell: Cell, more: Mapping[str, str]) -> list[Any]:
    classes = (*(("n",) if cell.numeric else ()), *((f"is-{cell.status}",) if cell.status else ()))
    content = inline_nodes(cell.inlines)
    blocks = [{"t": "Plain", "c": content}] if content else []
    return [attr("", classes, **more), {"t": "AlignDefault"}, 1, 1, blocks]


def _quote(block: QuoteBlock) -> Node:
    source: Inlines = (
        (Text(f"{block.attribution} "), Code(block.source)) if block.source else (Text(block.attribution),)
    )
    source += (Text(f" ({block.place})"),) if block.place else ()
    said = {"t": "Para", "c": words(f"‘{block.words}’")}
    return {"t": "BlockQuote", "c": [said, {"t": "Para", "c": [span(("by",), inline_nodes(source))]}]}


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
