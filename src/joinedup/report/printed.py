"""The print edition: what the screen folds away is opened, moved to an annex, or left to the files beside the report.

The ledger is printed in short: the values that sentences and findings cite, with the rows behind them. Methods and
cautions stand once, in their own sections; the numbers behind a figure once, where a table has them; a quote once in
the chapters. Everything else is in the HTML report and its folders.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from joinedup.report.model import (
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
    walk,
)
from joinedup.report.numbering import Edition, edition
from joinedup.report.pandoc import LONG, value_id
from joinedup.report.prose import plain

ANNEX = "further-tables"
BROAD, RATHER, LONG_ENOUGH = 11, 10, 8
"""A table with more than BROAD columns needs a page on its side: it is moved to the annex; so is one of LONG_ENOUGH lines
with more than RATHER."""
_LEADS = Text("In the annex: ")
MANY = 12
"""More tables of one kind than this are left to their files: one for each indicator, which a figure shows together."""
_TOLD_ELSEWHERE = ("Method:", "Caveat:", "Code version:")
_ROWS = 90
"""Row numbers and columns behind a value are printed up to so many characters each."""
_LEDGER = (
    "The values that the sentences and findings of this report cite, with the rows behind them. The ledger of all "
    "values, those of tables and figures too, is in report.html; each result is in the folder results/. Methods and "
    "cautions stand in their own sections, the version of the code in the colophon; … stands for more rows."
)


def print_edition(document: Document) -> Edition:
    """`document` as it is printed, with the numbers that figures and tables have in every format."""
    whole = edition(document)
    cited = _cited(whole.document)
    printed, quoted = _printed_tables(whole), set[str]()
    kept: list[Section] = []
    moved: list[Block] = []
    for section in whole.document.sections:
        if section.id == "evidence":
            kept.append(replace(section, blocks=_ledger(section.blocks, cited, document.meta.get("legend", ""))))
        elif section.id == "colophon":
            kept.append(replace(section, blocks=tuple(one for one in section.blocks if isinstance(one, Paragraph))))
        else:
            opener = _Opener(section, whole, printed, quoted)
            glance = _at_a_glance(whole.document) if section.id == "summary" else ()
            kept.append(replace(section, blocks=(*opener.blocks(section.blocks), *glance)))
            moved += [Heading(3, (Text(section.title),)), *opener.moved] if opener.moved else []
    annex = [Section(ANNEX, "Annex: further tables", tuple(moved), "annex")] if moved else []
    at = next((at for at, section in enumerate(kept) if section.kind == "annex"), len(kept))
    sections = (*kept[:at], *annex, *kept[at:])
    return Edition(replace(whole.document, sections=sections), whole.numbers)


def _at_a_glance(document: Document) -> tuple[Block, ...]:
    """Every finding's claim and verdict, for the summary."""
    findings = next((section.blocks for section in document.sections if section.id == "findings"), ())
    lines = []
    for finding in (part for part in findings if isinstance(part, Group) and part.kind == "finding"):
        said = {part.role: part.inlines for part in finding.blocks if isinstance(part, Paragraph)}
        verdict = tuple(part for part in said.get("badges", ())[:1])
        lines.append(Line((Cell(said.get("claim", ())), Cell(verdict))))
    if not lines:
        return ()
    head = (Cell((Text("Finding"),)), Cell((Text("Verdict"),)))
    return (Heading(3, (Text("The findings at a glance"),)), TableBlock("glance", "", head, tuple(lines)))


def _cited(document: Document) -> frozenset[str]:
    """The ids of the values that stand in sentences, not in tables or figures."""
    found: set[str] = set()
    for section in document.sections:
        if section.kind != "annex":
            found |= {value_id(ref.result, ref.key) for ref in _said(section.blocks)}
    return frozenset(found)


def _said(blocks: tuple[Block, ...]) -> Iterator[ValueRef]:
    for block in blocks:
        match block:
            case Group(blocks=inner) | Folded(blocks=inner):
                yield from _said(inner)
            case Paragraph() | Bullets():
                yield from (part for part in walk(block) if isinstance(part, ValueRef))
            case _:
                pass


class _Opener:
    """Opens what is folded in a section, and gathers what moves to the annex."""

    def __init__(self, section: Section, whole: Edition, printed: Sequence[TableBlock], quoted: set[str]) -> None:
        self.section, self.numbers, self.printed, self.quoted = section, whole.numbers, printed, quoted
        drawn = [block.figure for block in walk(section) if isinstance(block, FigureBlock)]
        self.figures = [one for one in drawn if len(one.table.lines) <= LONG and not _held(printed, one.table)]
        self.legend = whole.document.meta.get("legend", "")
        self.moved: list[Block] = []

    def blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """The blocks as they are printed; of the quotes of a chapter, those that stand above already are only named."""
        told: list[Block] = []
        again: list[str] = []
        for block in blocks:
            if isinstance(block, QuoteBlock):
                if self.section.kind == "chapter" and block.source in self.quoted:
                    again.append(block.source)
                    continue
                self.quoted |= {block.source} - {""} if self.section.kind == "chapter" else set()
            elif again:
                told, again = [*told, _quoted_above(again)], []
            told += self.block(block)
        return _in_one_line([*told, _quoted_above(again)] if again else told)

    def block(self, block: Block) -> list[Block]:
        match block:
            case Folded(kind="method"):
                return []
            case Folded(kind="cautions") if self.section.kind == "chapter":
                return [
                    Paragraph(
                        (
                            Link(
                                "#limits",
                                (*block.summary, Text(": see What can’t be concluded")),
                            ),
                        ),
                        "note",
                    )
                ]
            case Folded():
                return self.folded(block)
            case Group():
                return [replace(block, blocks=self.blocks(block.blocks))]
            case TableBlock() if _is_of_figure(block) and _held(self.printed, block):
                return [self.left_out(block)]
            case TableBlock() if _is_broad(block) and self.section.kind != "annex":
                return [self.move([block])]
            case FigureBlock(figure):
                return [self.figure(figure)]
            case _:
                return [block]

    def folded(self, block: Folded) -> list[Block]:
        """Tables move to the annex and leave a line that leads there; words are printed where they stand."""
        tables = [part for part in block.blocks if isinstance(part, TableBlock)]
        if not tables or self.section.kind == "annex":
            return [Paragraph((Strong(block.summary),), "summary"), *self.blocks(block.blocks)]
        return [self.move(tables)]

    def move(self, tables: list[TableBlock]) -> Block:
        filed = len(tables) > MANY
        self.moved += [_filed(table) if filed else _kept_or_filed(table) for table in tables]
        first, last = tables[0], tables[-1]
        told: Inlines = (_LEADS, Link(f"#{first.id}", (Text(self.numbers[first.id]),)))
        if last is first:
            told += (Text(f" ({first.caption})"),)
        else:
            told += (Text(" to "), Link(f"#{last.id}", (Text(self.numbers[last.id]),)))
        return Paragraph((*told, Text(".")), "note")

    def left_out(self, table: TableBlock) -> Block:
        """A line in the place of a table that stands for a figure that was left out, where another table holds it."""
        same = _held(self.printed, table)
        told: Inlines = (
            Strong((Text(f"{self.numbers[table.id]}. {table.caption}."),)),
            Text(f" {table.note.replace(self.legend, '').strip()}"),
        )
        where = (Link(f"#{same.id}", (Text(self.numbers[same.id]),)), Text(".")) if same else ()
        return Group("left-out", (Paragraph((*told, Text(" Its numbers: "), *where), "note"),), table.id)

    def figure(self, figure: Figure) -> Block:
        """The figure; its numbers go to the annex, or are left to their file where they are many."""
        table = figure.table
        number = self.numbers[f"fig-{figure.id}"]
        same = _held(self.printed, table)
        broader = next(
            (one for one in self.figures if len(one.table.head) > len(table.head) and _holds(one.table, table)), None
        )
        if same is not None:
            told = f"Numbers: {self.numbers[same.id]}."
        elif broader is not None:
            told = f"Numbers: annex, with those behind {self.numbers[f'fig-{broader.id}']}."
        elif len(table.lines) <= LONG:
            self.moved.append(replace(table, caption=f"The numbers behind {number}. {table.caption}"))
            told = "Numbers: annex."
        else:
            told = f"Numbers: tables/{table.id}.csv."
        return FigureBlock(replace(figure, note=f"{figure.note} {told}".strip()))


def _in_one_line(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks, with lines that lead to the annex one after the other as one."""
    found: list[Block] = []
    for block in blocks:
        before = found[-1] if found else None
        if isinstance(block, Paragraph) and isinstance(before, Paragraph) and _leads(block) and _leads(before):
            found[-1] = Paragraph((*before.inlines[:-1], Text("; "), *block.inlines[1:]), "note")
        else:
            found.append(block)
    return tuple(found)


def _leads(block: Paragraph) -> bool:
    return block.inlines[:1] == (_LEADS,)


def _quoted_above(sources: Sequence[str]) -> Paragraph:
    """Where the words stand that are not printed again."""
    told = [part for source in sources for part in (Text(", "), Code(source))][1:]
    return Paragraph((Text("Quoted above already: "), *told, Text(".")), "note")


def _printed_tables(whole: Edition) -> list[TableBlock]:
    """The numbered tables that are printed, in a chapter or in the annex of tables."""
    parts = list(walk(tuple(section for section in whole.document.sections if section.kind != "annex")))
    folds = [
        [one.id for one in part.blocks if isinstance(one, TableBlock)] for part in parts if isinstance(part, Folded)
    ]
    filed = {id for ids in folds if len(ids) > MANY for id in ids}
    found = [one for one in parts if isinstance(one, TableBlock) and one.id in whole.numbers]
    return [one for one in found if one.id not in filed and _is_printed(one) and not _is_of_figure(one)]


def _is_of_figure(table: TableBlock) -> bool:
    """Whether the table stands for a figure that was left out of a release."""
    return table.id.startswith("data-")


def _held(tables: Sequence[TableBlock], behind: TableBlock) -> TableBlock | None:
    """The first of the tables that shows every number behind a figure."""
    return next((one for one in tables if _holds(one, behind)), None)


def _holds(table: TableBlock, behind: TableBlock) -> bool:
    """Whether a printed table shows every number `behind` a figure, and its words: the heads of its lines aside."""
    shown = [_shown(line.cells) | {plain(cell.inlines).lower() for cell in line.cells} for line in table.lines]
    return bool(behind.lines) and all(any(_shown(line.cells[1:]) <= one for one in shown) for line in behind.lines)


def _shown(cells: tuple[Cell, ...]) -> frozenset[str]:
    """The values of a line by their ids, and its words."""
    refs = [part for cell in cells for part in cell.inlines if isinstance(part, ValueRef)]
    words = [plain(cell.inlines).lower() for cell in cells if not any(isinstance(p, ValueRef) for p in cell.inlines)]
    return frozenset([*(value_id(ref.result, ref.key) for ref in refs), *filter(None, words)])


def _is_broad(table: TableBlock) -> bool:
    return len(table.head) > (RATHER if len(table.lines) >= LONG_ENOUGH else BROAD)


def _kept_or_filed(table: TableBlock) -> Block:
    """The table, or where it is long the file that holds it."""
    return table if _is_printed(table) else _filed(table)


def _filed(table: TableBlock) -> Block:
    return table if table.data is None else TableFile(table.id, table.data)


def _is_printed(table: TableBlock) -> bool:
    return table.data is None or len(table.lines) <= 2 * LONG


def _ledger(blocks: tuple[Block, ...], cited: frozenset[str], legend: str) -> tuple[Block, ...]:
    """The ledger in short; what its marks say (`legend`) is told once, at its head."""
    told: list[Block] = [Paragraph((Text(f"{_LEDGER} {legend}".strip()),))]
    for block in blocks:
        match block:
            case Heading():
                told.append(block)
            case Folded(kind="record"):
                told.append(_record(block, cited))
            case _:
                pass
    return tuple(told)


def _record(record: Folded, cited: frozenset[str]) -> Group:
    parts: list[Block] = [Heading(4, record.summary, record.id)]
    behind: set[str] = set()
    for block in record.blocks:
        match block:
            case Group("about", (Bullets(items),)):
                told = tuple(item for item in items if not _elsewhere(item))
                parts += [Bullets(told)] if told else []
            case Group("quotes"):
                pass
            case Group("rows-behind", (label, *rows)):
                kept = tuple(_brief(entry) for entry in rows if isinstance(entry, Group) and entry.id in behind)
                parts += [Group("rows-behind", (label, *kept))] if kept else []
            case TableBlock():
                lines = tuple(line for line in block.lines if line.id in cited)
                behind |= {line.source for line in lines}
                parts += [replace(block, caption="", note="", lines=lines)] if lines else []
            case _:
                parts.append(block)
    return Group("record", tuple(parts))


def _brief(entry: Group) -> Group:
    """The rows behind a value, with long lists of numbers cut after a few."""
    blocks = tuple(
        Bullets(tuple(tuple(_short(part) for part in item) for item in block.items))
        if isinstance(block, Bullets)
        else block
        for block in entry.blocks
    )
    return replace(entry, blocks=blocks)


def _short(part: Inline) -> Inline:
    if not isinstance(part, Text) or len(part.text) <= _ROWS:
        return part
    rows, stop, columns = part.text.partition(";")
    kept = rows if len(rows) <= _ROWS else rows[:_ROWS].rsplit(",", 1)[0] + ", …"
    more = columns if len(columns) <= _ROWS else columns[:_ROWS].rsplit(",", 1)[0] + ", …"
    return Text(f"{kept}{stop}{more}")


def _elsewhere(item: Inlines) -> bool:
    return isinstance(item[0], Strong) and plain(item[0].inlines) in _TOLD_ELSEWHERE
