"""The document model: what a report says, before any format.

A number in a sentence or a cell is a ValueRef, never typed text; renderers turn it into a link to its evidence.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from joinedup.study.result import Table


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class Emph:
    """Emphasis."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Strong:
    """Strong emphasis."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """An identifier or a file name, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class ValueRef:
    """A value of a result, as shown; the reader can go from it to its evidence.

    `spoken` is what a screen reader says where the value is shown as a mark.
    """

    result: str
    key: str
    shown: str
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Cite:
    """A citation of an entry of the bibliography."""

    key: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link to `#id` in the document, or to an address; `evidence` links open the evidence."""

    target: str
    inlines: tuple[Inline, ...]
    evidence: bool = False


@dataclass(frozen=True, slots=True)
class Badge:
    """A status in words (verdict, freshness, stance, fit); `kind` and `status` choose its look."""

    kind: str
    status: str
    label: str


Inline = Text | Emph | Strong | Code | ValueRef | Cite | Link | Badge
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 2 opens a section, 3 and 4 divide it."""

    level: int
    inlines: Inlines
    id: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. `role`: "" (plain), lead, note, methods or caution."""

    inlines: Inlines
    role: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `numeric` cells align on the right, `status` gives a cell a look (never the only sign)."""

    inlines: Inlines
    numeric: bool = False
    status: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table; `id` makes it a target, `source` is the id of the rows behind it."""

    cells: tuple[Cell, ...]
    id: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with its caption; the first cell of each line is its heading. `data` is what a CSV file holds."""

    id: str
    caption: str
    head: tuple[Cell, ...]
    lines: tuple[Line, ...]
    note: str = ""
    result: str = ""
    data: Table | None = None


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table too long to be printed: it stands in a file of its own beside the report."""

    id: str
    data: Table


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: a Vega-Lite specification, its words, and the table of what it shows.

    `alt` has at most 250 characters and says kind, base, range and main finding.
    """

    id: str
    title: str
    alt: str
    spec: Mapping[str, Any]
    table: TableBlock
    result: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A figure with its data table beside it."""

    figure: Figure


@dataclass(frozen=True, slots=True)
class QuoteBlock:
    """A cleared quote with the profession OR the site of its speaker, and its `place` in the file as received."""

    words: str
    attribution: str
    source: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks that belong together; `kind` is a word of the style sheet."""

    kind: str
    blocks: tuple[Block, ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Folded:
    """Blocks behind a summary line that opens them."""

    summary: Inlines
    blocks: tuple[Block, ...]
    id: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Bibliography:
    """Where the list of references stands."""


Block = (
    Heading | Paragraph | Bullets | TableBlock | TableFile | FigureBlock | QuoteBlock | Group | Folded | Bibliography
)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the report; `title` stands in the contents and over it."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    kind: str = "chapter"


@dataclass(frozen=True, slots=True)
class Document:
    """A report: `meta` holds what the cover prints, `bibliography` is BibTeX."""

    title: str
    meta: Mapping[str, str]
    sections: tuple[Section, ...]
    simulated: bool = False
    bibliography: str = ""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures, in order."""
        return tuple(part for part in walk(self.sections) if isinstance(part, Figure))

    @property
    def tables(self) -> Mapping[str, Table]:
        """What the files of tables hold, by id, in order."""
        found = [part for part in walk(self.sections) if isinstance(part, TableBlock | TableFile)]
        return {part.id: part.data for part in found if part.data is not None}

    @property
    def values(self) -> tuple[ValueRef, ...]:
        """All references to values, in order."""
        return tuple(part for part in walk(self.sections) if isinstance(part, ValueRef))


_LEAVES = (Text, Code, ValueRef, Cite, Badge, Table)


def walk(part: object) -> Iterator[object]:
    """Every part of the document model below `part`, itself included, in reading order."""
    found: list[object] = []
    _collect(part, found)
    return iter(found)


def _collect(part: object, found: list[object]) -> None:
    if isinstance(part, tuple):
        for item in part:
            _collect(item, found)
    elif (inside := _parts_of(type(part))) is not None:
        found.append(part)
        for name in inside:
            _collect(getattr(part, name), found)


def _parts_of(kind: type[object]) -> tuple[str, ...] | None:
    """The fields of a kind of part that may hold parts; None where it is no part."""
    if kind not in _PARTS:
        _PARTS[kind] = None if not dataclasses.is_dataclass(kind) else tuple(_names_of(kind))
    return _PARTS[kind]


def _names_of(kind: type[Any]) -> Iterator[str]:
    if not issubclass(kind, _LEAVES):
        yield from (field.name for field in dataclasses.fields(kind) if field.type not in ("str", "int", "bool"))


_PARTS: dict[type[object], tuple[str, ...] | None] = {}
"""What `_parts_of` found out, by kind."""
