"""The document model as HTML: the body of the page, with a comment where each figure comes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

from joinedup.adapters.render.citations import NOTHING_CITED, CitedHtml
from joinedup.report.model import (
    Badge,
    Bibliography,
    Block,
    Bullets,
    Cell,
    Cite,
    Code,
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
from joinedup.report.pandoc import LONG, result_id, value_id
from joinedup.report.prose import plain

WIDE = 5
"""A table with more columns than this may scroll sideways."""
_NARROW, _LETTER, _SIDES = 340, 8.0, 18
"""Pixels of a table on a telephone, of a letter, and of the white at the sides of a column."""
_AS_TEXT = "\ufe0e"
"""Unicode's variation selector 15."""
_BLANKS = re.compile(r"[ \t\n]+")


def markup(sections: Iterable[Section], numbers: Mapping[str, str], cited: CitedHtml = NOTHING_CITED) -> str:
    """Sections as HTML; `<!--figure ID-->` stands where the drawing of a figure comes.

    `numbers` are those of figures and tables by their ids; `cited` holds the citations of the sections, in their order.
    """
    writer = _Writer(numbers, cited)
    return "".join(f"{writer.section(section)}\n" for section in sections)


class _Writer:
    """Writes blocks; each citation once, in reading order."""

    def __init__(self, numbers: Mapping[str, str], cited: CitedHtml) -> None:
        self.numbers = numbers
        self.citations = iter(cited.citations)
        self.references = cited.references

    def section(self, section: Section) -> str:
        title = f"{section.id}-title"
        heading = f"<h2{_attributes(title)}>{_words(section.title)}</h2>"
        opening = _attributes(section.id, section.kind, aria_labelledby=title)
        return f"<section{opening}>\n{_lines((heading, *self.blocks(section.blocks)))}\n</section>"

    def blocks(self, blocks: Iterable[Block]) -> Iterator[str]:
        return map(self.block, blocks)

    def block(self, block: Block) -> str:
        match block:
            case Heading(level, parts, id):
                return f"<h{level}{_attributes(id)}>{self.inlines(parts)}</h{level}>"
            case Paragraph(parts, role):
                return _div((_paragraph(self.inlines(parts)),), role) if role else _paragraph(self.inlines(parts))
            case Bullets(items):
                return _bullets(map(self.inlines, items))
            case TableBlock():
                return self.table(block)
            case TableFile(id, data):
                told = f"{_words(f'{data.title} ({len(data.rows)} lines): ')}<code>{_text(f'tables/{id}.csv')}</code>"
                return _div((_paragraph(told),), "note")
            case FigureBlock(figure):
                return self.figure(figure)
            case QuoteBlock():
                return _quote(block)
            case Group(kind, inner, id):
                return _div(self.blocks(inner), kind, id)
            case Folded():
                return self.folded(block)
            case Bibliography():
                return self.references or _div((), "references", "refs", role="list")

    def titled(self, id: str, title: str) -> str:
        """The title after the number, where there is one."""
        number = self.numbers.get(id, "")
        return _words(f"{number}. {title}" if number else title)

    def figure(self, figure: Figure) -> str:
        """A figure as a division of its own: caption, picture, note, and the numbers that it shows, folded."""
        evidence = Link(f"#{result_id(figure.result)}", (Text("Evidence"),), evidence=True)
        caption = (
            f'<span class="caption">{self.titled(f"fig-{figure.id}", figure.title)}</span> {self.inline(evidence)}'
        )
        more = {"role": "group", "tabindex": "0", "aria_label": figure.title}
        picture = _div((f"<!--figure {figure.id}-->",), "picture", **more)
        drawing = _div((_paragraph(caption), picture, _note(figure.note)), "drawing")
        kind = "long" if len(figure.table.lines) > LONG else "data"
        data = self.folded(Folded((Text("The numbers behind this figure"),), (figure.table,), kind=kind))
        return _div((drawing, data), "figure", f"fig-{figure.id}")

    def folded(self, block: Folded) -> str:
        summary = f'<summary>\n<span class="summary">{self.inlines(block.summary)}</span>\n</summary>'
        inside = _lines((summary, *self.blocks(block.blocks), "</details>"))
        return f"<details{_attributes(block.id, block.kind)}>{inside}"

    def table(self, block: TableBlock) -> str:
        caption = f"<caption>{self.titled(block.id, block.caption)}</caption>" if block.caption else ""
        head = f"<thead>\n{self.row(Line(block.head), 'col')}\n</thead>"
        rows = (self.row(line, "row") for line in block.lines)
        table = _lines((f"<table{_attributes(block.id)}>", caption, head, "<tbody>", *rows, "</tbody>\n</table>"))
        more = {"role": "group", "tabindex": "0", "aria_label": block.caption}
        placed = _div((table,), "scroll", **more) if is_wide(block) else _div((table,), "fits")
        return _lines((placed, _note(block.note)))

    def row(self, line: Line, scope: str) -> str:
        """A row: every cell is a heading where its scope is a column, else the first one."""
        cells = "\n".join(self.cell(cell, "" if scope == "row" and at else scope) for at, cell in enumerate(line.cells))
        return f"<tr{_attributes(line.id)}>\n{cells}\n</tr>"

    def cell(self, cell: Cell, scope: str) -> str:
        classes = " ".join(filter(None, ("n" if cell.numeric else "", f"is-{cell.status}" if cell.status else "")))
        name, more = ("th", {"scope": scope}) if scope else ("td", {})
        return f"<{name}{_attributes('', classes, **more)}>{self.inlines(cell.inlines)}</{name}>"

    def inlines(self, parts: Inlines) -> str:
        return "".join(map(self.inline, parts))

    def inline(self, part: Inline) -> str:
        match part:
            case Text(text):
                return _words(text)
            case Emph(inner):
                return f"<em>{self.inlines(inner)}</em>"
            case Strong(inner):
                return f"<strong>{self.inlines(inner)}</strong>"
            case Code(text):
                return f"<code>{_text(text)}</code>"
            case ValueRef(result, key, shown, spoken):
                said = _attributes(aria_label=spoken) if spoken else ""
                return f'<a href="#{_quoted(value_id(result, key))}" class="v"{said}>{_words(shown)}</a>'
            case Cite(key):
                bare = f'<span class="citation" data-cites="{_quoted(key)}">{_words(f"[@{key}]")}</span>'
                return next(self.citations, bare)
            case Link(target, inner, evidence):
                return (
                    f'<a href="{_quoted(target)}"{_attributes("", "ev" if evidence else "")}>{self.inlines(inner)}</a>'
                )
            case Badge(kind, status, label):
                look = _attributes("", f"badge {kind} is-{status.replace(' ', '-')}")
                return f"<span{look}>{_words(label)}</span>"


def is_wide(table: TableBlock) -> bool:
    """Whether a table may scroll sideways, on a telephone if not on a desk: it must then be reached by the keyboard."""
    if len(table.head) > WIDE:
        return True
    columns = zip_longest(table.head, *(line.cells for line in table.lines), fillvalue=Cell(()))
    longest = [
        max((len(word) for cell in column for word in plain(cell.inlines).split()), default=1) for column in columns
    ]
    return sum(longest) * _LETTER + len(longest) * _SIDES > _NARROW


def _quote(block: QuoteBlock) -> str:
    said = _words(f"{block.attribution} " if block.source else block.attribution)
    source = f"<code>{_text(block.source)}</code>" if block.source else ""
    place = _words(f" ({block.place})") if block.place else ""
    by = f'<span class="by">{said}{source}{place}</span>'
    return f"<blockquote>\n{_paragraph(_words(f'‘{block.words}’'))}\n{_paragraph(by)}\n</blockquote>"


def _note(words: str) -> str:
    return _div((_paragraph(_words(words)),), "note") if words else ""


def _bullets(items: Iterable[str]) -> str:
    listed = "\n".join(f"<li>{item}</li>" for item in items)
    return f"<ul>\n{listed}\n</ul>" if listed else ""


def _paragraph(content: str) -> str:
    return f"<p>{content}</p>" if content else ""


def _div(content: Iterable[str], kind: str, id: str = "", **more: str) -> str:
    return f"<div{_attributes(id, kind, **more)}>\n{_lines(content)}\n</div>"


def _lines(parts: Iterable[str]) -> str:
    """What there is of `parts`, each on lines of its own."""
    return "\n".join(filter(None, parts))


def _attributes(id: str = "", classes: str = "", **more: str) -> str:
    """The attributes of an opening tag; an underscore in a name stands for a hyphen."""
    named = {"id": id, "class": classes}
    told = [*((name, value) for name, value in named.items() if value), *more.items()]
    return "".join(f' {name.replace("_", "-")}="{_quoted(value)}"' for name, value in told)


def _words(text: str) -> str:
    """Words as HTML, with one blank for blanks and line ends in a row."""
    return _text(_BLANKS.sub(" ", text))


def _text(text: str) -> str:
    """Text as HTML; arrows that are also emoji are to be drawn as text."""
    return _escaped(text).replace("↔", f"↔{_AS_TEXT}").replace("↩", f"↩{_AS_TEXT}")


def _quoted(text: str) -> str:
    return _escaped(text).replace('"', "&quot;").replace("'", "&#39;")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
