"""The report for Word: pandoc's syntax tree with the styles of the house and tables that fit their pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from joinedup.adapters.render.columns import STOPS
from joinedup.adapters.render.pandoc import data_address
from joinedup.adapters.render.widths import ASIDE, SANS, SIZES, WHOLE, Fit, fitted
from joinedup.adapters.render.word.styles import TONES
from joinedup.adapters.render.word.template import MARGINS, PAGE, TURNED
from joinedup.report.model import (
    Badge,
    Bibliography,
    Block,
    Bullets,
    Cell,
    Code,
    Document,
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
from joinedup.report.numbering import Edition, anchors
from joinedup.report.pandoc import attr, div, inline_nodes, result_id, tree, value_id, words

Node = dict[str, Any]
_TOGETHER = 4
"""So many lines of a long table at least stand on its last page."""
STYLES = {
    "lead": "Lead",
    "claim": "Claim",
    "badges": "Badges",
    "note": "Note",
    "caution": "Caution",
    "summary": "Summary Line",
    "record": "Ledger",
    "evidence": "Ledger",
}
LEDGER = {"claim": "Ledger Claim", "badges": "Stance"}
"""The styles of what stands in the ledger otherwise than in a finding."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as PNG, with its size on the page in points."""

    png: bytes
    width: float
    height: float


def word_tree(whole: Edition, pictures: Mapping[str, Picture], marks: tuple[str, ...]) -> Node:
    """The print edition as pandoc's tree for Word; `pictures` by the figures' ids."""
    document = whole.document
    writer = _Writer(whole.numbers, pictures, anchors(document))
    made = tree(document, [*_cover(document, marks), *_contents(document), *map(writer.section, document.sections)])
    if subtitle := document.meta.get("subtitle"):
        made["meta"]["subtitle"] = {"t": "MetaInlines", "c": words(subtitle)}
    return made


def styled(style: str, content: list[Node], id: str = "") -> Node:
    """Blocks in a paragraph style."""
    return div((), content, id, custom_style=style)


def _cover(document: Document, marks: tuple[str, ...]) -> list[Node]:
    meta = document.meta
    about = [meta[name] for name in ("programme", "authors", "date") if meta.get(name)]
    about += [f"Funder of the programme: {meta['funder']}"] if meta.get("funder") else []
    about += [meta["note"]] if meta.get("note") else []
    above = [styled("Marks", [{"t": "Para", "c": words(" · ".join(mark.upper() for mark in marks))}])] if marks else []
    return [*above, *(styled("Cover", [{"t": "Para", "c": words(line)}]) for line in about)]


def _contents(document: Document) -> list[Node]:
    """The contents as links; `<!--page-->` becomes the page's number when the file is packed."""
    entries = [styled("TOC Heading", [{"t": "Para", "c": words("Contents")}])]
    for section in document.sections:
        entries.append(_entry("TOC 1", section.id, words(section.title)))
        if section.kind in ("front", "chapter"):
            inside = (part for part in section.blocks if isinstance(part, Heading) and part.level == 3 and part.id)
            entries += [_entry("TOC 2", part.id, inline_nodes(part.inlines)) for part in inside]
    return entries


def _entry(style: str, id: str, content: list[Node]) -> Node:
    link = {"t": "Link", "c": [attr(), content, [f"#{id}", ""]]}
    page = {"t": "RawInline", "c": ["openxml", "<!--page-->"]}
    return styled(style, [{"t": "Para", "c": [link, page]}])


class _Writer:
    """Writes blocks with the styles of Word's template."""

    def __init__(self, numbers: Mapping[str, str], pictures: Mapping[str, Picture], ids: frozenset[str]) -> None:
        self.numbers, self.pictures, self.ids = numbers, pictures, ids
        self.aside: float | None = 0.0
        self.styles, self.items = STYLES, ("", "List End")

    def section(self, section: Section) -> Node:
        self.aside = ASIDE if section.kind == "annex" else 0.0  # a turned page leaves white before it and after it
        ledger = section.id == "evidence"
        self.styles, self.items = ({**STYLES, **LEDGER}, ("Ledger List",) * 2) if ledger else (STYLES, ("", "List End"))
        heading = _heading(1, section.id, words(section.title))
        if section.id == "colophon":
            _mark(heading, "here")
        return div((), [heading, *self.blocks(section.blocks)])

    def blocks(self, blocks: tuple[Block, ...]) -> list[Node]:
        """The blocks; tables one after the other on their sides share their pages, and their headings go along."""
        found: list[Node] = []
        for node in (node for pair in zip(blocks, (*blocks[1:], None), strict=True) for node in self.led(*pair)):
            above = len(found)
            if node == _section(PAGE):
                while above and found[above - 1]["t"] == "Header":
                    above -= 1
                if above and found[above - 1] == _section(TURNED):
                    del found[above - 1]
                    continue
            found.insert(above, node)
        return found

    def led(self, block: Block, after: Block | None) -> list[Node]:
        """A block; words that lead to a table or a figure stand on its page."""
        found = self.block(block)
        if isinstance(block, Paragraph) and not block.role and isinstance(after, TableBlock | FigureBlock):
            _mark(found[-1], "keep")
        return found

    def block(self, block: Block) -> list[Node]:
        match block:
            case Heading(level, parts, id):
                return [_heading(level - 1, id, self.inlines(parts))]
            case Paragraph(parts, role):
                lead: list[Node] = [{"t": "Strong", "c": words("Caution:")}, {"t": "Space"}]
                said = self.inlines(parts)
                paragraph = {"t": "Para", "c": [*lead, *said] if role == "caution" else said}
                if not role and len(parts) == 1 and isinstance(parts[0], Badge):
                    return [styled("Stance", [paragraph])]
                if not role and len(parts) == 1 and isinstance(parts[0], Strong):
                    return [_kept(said)]
                return [styled(self.styles[role], [paragraph])] if role in STYLES else [paragraph]
            case Bullets(items):
                return [_list([self.inlines(item) for item in items], *self.items)]
            case Group("finding", inner, id):
                return [div((), self.finding(inner), id)]
            case Group(kind, inner, id) if kind.startswith("stance-"):
                after = (*inner[1:], None)
                return [div((), [node for pair in zip(inner, after, strict=True) for node in self.cites(*pair)], id)]
            case Group(kind, inner, id):
                content = self.blocks(inner)
                if kind == "record" and [type(one) for one in inner[1:3]] == [Bullets, TableBlock]:
                    _mark(content[1], "keep")
                return [styled(STYLES[kind], content, id) if kind in STYLES else div((), content, id)]
            case FigureBlock(figure):
                return [self.figure(figure)]
            case TableBlock():
                return self.table(block)
            case TableFile(id, data):
                told: Inlines = (Text(f"{data.title} ({len(data.rows)} lines): "), Code(f"tables/{id}.csv"))
                return [div((), [styled("Note", [{"t": "Para", "c": inline_nodes(told)}])], id)]
            case QuoteBlock():
                return [_quote(block)]
            case Folded(summary, inner):
                return [{"t": "Plain", "c": inline_nodes(summary)}, *self.blocks(inner)]
            case Bibliography():
                return [div(("references",), [], "refs")]

    def finding(self, blocks: tuple[Block, ...]) -> list[Node]:
        """A finding; why its verdict is so stays with the evidence, and the evidence's end with the limits."""
        found: list[Node] = []
        for block, after in zip(blocks, (*blocks[1:], None), strict=True):
            found += self.block(block)
            if (block != blocks[0] and isinstance(after, Group)) or (isinstance(block, Group) and after is not None):
                _mark(found[-1], "keep")
        return found

    def titled(self, id: str, title: str) -> list[Node]:
        """The title after the number, where there is one."""
        number = self.numbers.get(id, "")
        return words(f"{number}. {title}" if number else title)

    def cites(self, block: Block, after: Block | None) -> list[Node]:
        """A block of a finding's evidence; what cites a result or a text stays on the page of its value or words."""
        if isinstance(block, Paragraph) and isinstance(after, Group | QuoteBlock):
            return [styled("Cites", [{"t": "Para", "c": self.inlines(block.inlines)}])]
        return self.block(block)

    def inlines(self, parts: Inlines) -> list[Node]:
        return [node for part in parts for node in self.inline(part)]

    def inline(self, part: Inline) -> list[Node]:
        match part:
            case Badge(_, status, label):
                style = TONES.get(status, "Badge")
                return [{"t": "Span", "c": [attr("", (), custom_style=style), words(label)]}]
            case ValueRef(result, key, shown):
                target = next((id for id in (value_id(result, key), result_id(result)) if id in self.ids), "")
                return self.linked(target, words(shown))
            case Link(target, inner) if target.startswith("#"):
                return self.linked(target[1:], self.inlines(inner))
            case _:
                return inline_nodes((part,))

    def linked(self, id: str, content: list[Node]) -> list[Node]:
        """The content as a link, where there is something that it can lead to."""
        if id not in self.ids:
            return content
        return [{"t": "Link", "c": [attr(), content, [f"#{id}", ""]]}]

    def figure(self, figure: Figure) -> Node:
        """Caption, picture with its words, note."""
        picture = self.pictures[figure.id]
        size = attr("", (), width=f"{picture.width:.0f}pt", height=f"{picture.height:.0f}pt")
        image = {"t": "Image", "c": [size, words(figure.alt), [data_address(picture.png), ""]]}
        caption = self.titled(f"fig-{figure.id}", figure.title)
        drawn = [
            styled("Image Caption", [{"t": "Para", "c": caption}]),
            styled("Figure", [{"t": "Para", "c": [image]}]),
        ]
        note = [styled("Note", [{"t": "Para", "c": words(figure.note)}])] if figure.note else []
        return div((), [*drawn, *note], f"fig-{figure.id}")

    def table(self, block: TableBlock) -> list[Node]:
        return [node for fit in fitted(block, SANS, self.aside) for node in self.fit(fit, block.id)]

    def fit(self, fit: Fit, id: str) -> list[Node]:
        """The table `id`, or a part of it, in its widths and size of type, on a page of its own where that is turned."""
        table = fit.table
        numeric = [any(line.cells[at].numeric for line in table.lines) for at in range(len(table.head))]
        columns = [
            [_align(right), {"t": "ColWidth", "c": share}] for right, share in zip(numeric, fit.shares, strict=True)
        ]
        style = {SIZES[0]: "Table Text", SIZES[1]: "Table Text Small"}.get(fit.size, "Table Text Smallest")
        lines = range(len(table.lines))  # those of `kept` stay on the page of the next line, or of the note
        whole, last = fit.depth <= WHOLE, lines[-1:] if table.note else ()
        kept = {*(lines[:-1] if whole else (*lines[:1], *lines[-_TOGETHER:-1])), *last}
        looks = [f"{style} Kept" if at in kept else style for at in lines]
        head = [attr(), [self.row(Line(table.head), numeric, f"{style} Kept")]]
        body = [attr(), 1, [], [self.row(line, numeric, look) for line, look in zip(table.lines, looks, strict=True)]]
        caption = [None, [{"t": "Plain", "c": self.titled(id, table.caption)}] if table.caption else []]
        parts = [attr(table.id), caption, columns, head, [body], [attr(), []]]
        note = [styled("Note", [{"t": "Para", "c": words(table.note)}])] if table.note else []
        drawn: list[Node] = [{"t": "Table", "c": parts}, *note]
        return [_section(PAGE), *drawn, _section(TURNED)] if fit.turned else drawn

    def row(self, line: Line, numeric: list[bool], style: str) -> list[Any]:
        """A row; its id becomes a bookmark in its first cell."""
        id = line.id if line.id in self.ids else ""
        shown = zip(line.cells, numeric, strict=True)
        return [attr(), [self.cell(cell, right, style, "" if at else id) for at, (cell, right) in enumerate(shown)]]

    def cell(self, cell: Cell, right: bool, style: str, id: str) -> list[Any]:
        content = [node for part in cell.inlines for node in self.in_cell(part)]
        marked = [{"t": "Span", "c": [attr(id), content]}] if id else content
        paragraph = [styled(style, [{"t": "Para", "c": marked}])] if content else []
        return [attr(), _align(right), 1, 1, paragraph]

    def in_cell(self, part: Inline) -> list[Node]:
        """A number in a table is no link: hundreds of them would colour the table. An identifier breaks at its stops."""
        if isinstance(part, Code):
            return self.inline(replace(part, text=STOPS.sub("\u200b", part.text)))
        return words(part.shown) if isinstance(part, ValueRef) else self.inline(part)


def _list(items: list[list[Node]], style: str, end: str) -> Node:
    """A list whose items are in a style, pandoc's own where that has no name, and its last one in another."""
    paragraphs: list[list[Node]] = [
        [styled(style, [{"t": "Para", "c": item}]) if style else {"t": "Plain", "c": item}] for item in items
    ]
    if paragraphs:
        paragraphs[-1] = [styled(end, [{"t": "Para", "c": items[-1]}])]
    return {"t": "BulletList", "c": paragraphs}


def _mark(node: Node, what: str) -> None:
    """Ask the last paragraph of `node` for its place, by a mark that is read when the file is packed."""
    inner = node["c"]
    match node["t"]:
        case "Para" if inner[:1] != [_asked(what)]:
            inner.insert(0, _asked(what))
        case "Header":
            inner[2].insert(0, _asked(what))
        case "Div" if inner[1]:
            _mark(inner[1][-1], what)
        case "BulletList" if inner:
            _mark(inner[-1][-1], what)
        case "BlockQuote":
            _mark(inner[-1], what)


def _asked(what: str) -> Node:
    return {"t": "RawInline", "c": ["openxml", f"<!--{what}-->"]}


def _quote(block: QuoteBlock) -> Node:
    source: Inlines = (
        (Text(f"{block.attribution} "), Code(block.source)) if block.source else (Text(block.attribution),)
    )
    source += (Text(f" ({block.place})"),) if block.place else ()
    said = _kept(words(f"‘{block.words}’"))
    return {"t": "BlockQuote", "c": [said, {"t": "Para", "c": inline_nodes(source)}]}


def _kept(content: list[Node]) -> Node:
    """A paragraph on the page of the next one."""
    return {"t": "Para", "c": [_asked("keep"), *content]}


def _heading(level: int, id: str, content: list[Node]) -> Node:
    """A heading whose bookmark holds its own words only: Word loses those that hold a chapter with tables."""
    marked = [{"t": "Span", "c": [attr(id), content]}] if id else content
    return {"t": "Header", "c": [level, attr(), marked]}


def _align(right: bool) -> Node:
    return {"t": "AlignRight" if right else "AlignLeft"}


def _section(page: str) -> Node:
    """The end of a section with this page; header and footer are put in when the file is packed."""
    xml = f"<w:p><w:pPr><w:sectPr><!--parts-->{page}{MARGINS}</w:sectPr></w:pPr></w:p>"
    return {"t": "RawBlock", "c": ["openxml", xml]}
