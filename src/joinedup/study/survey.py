"""What a survey is made of: the instrument's items, scales, the roster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from joinedup.study.site import Extra

COMPLETE = "complete"
PARTIAL = "partial"
OUTCOMES = (COMPLETE, PARTIAL, "refused", "not eligible", "unknown", "no contact")
"""Outcome codes of a roster row; only the first two have a response."""

ATTRIBUTES = ("agency", "role", "type")
"""What the roster says of everybody who was asked: the person's agency and role, the site's type."""
NOT_RECORDED = "not recorded"

MISSING = {"refused": "-7", "don't know": "-8", "not applicable": "-9", "not asked": "-10"}
"""Codes of the missing kinds that an answer may hold; an empty cell was not answered."""


Words = Mapping[str, str]
"""A text by language; "" is the language that the form does not name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a list: the answer's code, its label by language, and further columns (choice filters read them)."""

    name: str
    labels: Words = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A question of the instrument. `options` maps answer codes to labels (select items only).

    `kind` is the XLSForm type without its list name: select_one, select_multiple, integer, text, ...
    `list_name` is the list of a select item, or the file that it takes its options from; `or_other` adds one.
    `relevant`, `required`, `constraint`, `calculation`, `choice_filter` and `read_only` are expressions as written,
    empty where there is none; `extra` holds further columns as written, by their heading.
    """

    name: str
    kind: str
    label: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    row: int = 0
    labels: Words = field(default_factory=dict)
    hints: Words = field(default_factory=dict)
    list_name: str = ""
    or_other: bool = False
    relevant: str = ""
    required: str = ""
    required_messages: Words = field(default_factory=dict)
    constraint: str = ""
    constraint_messages: Words = field(default_factory=dict)
    calculation: str = ""
    choice_filter: str = ""
    default: str = ""
    read_only: str = ""
    appearance: str = ""
    parameters: str = ""
    extra: Extra = field(default_factory=dict)

    @property
    def takes_answer(self) -> bool:
        """Whether responses have a column for it: a note has none."""
        return self.kind != "note"


@dataclass(frozen=True, slots=True)
class Group:
    """A group of questions, or a `repeat` of them (`count` says how often, an expression; empty: as often as wanted).

    `end` is the row on which it is closed.
    """

    name: str
    children: tuple[Element, ...] = ()
    repeat: bool = False
    labels: Words = field(default_factory=dict)
    hints: Words = field(default_factory=dict)
    relevant: str = ""
    count: str = ""
    appearance: str = ""
    extra: Extra = field(default_factory=dict)
    row: int = 0
    end: int = 0


Element = Item | Group


@dataclass(frozen=True, slots=True)
class LaunchProblem:
    """What the instrument holds but can't be run here: kept as written, and the reason why a launch is refused."""

    sheet: str
    row: int
    column: str
    text: str
    reason: str

    def __str__(self) -> str:
        return f"{self.sheet}:{self.row}:{self.column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire, frozen at launch under its version.

    `items` are the questions that take an answer, in order. `body` is the whole form: groups, repeats and notes too
    (empty for a flat list of questions). `lists`, `settings` (but title and version) and `other_sheets` are those of the
    workbook; `languages` stand in the order of its columns.
    `launch_problems` says why it can't be launched here; empty: it can.
    """

    version: str
    title: str
    items: tuple[Item, ...]
    body: tuple[Element, ...] = ()
    lists: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    other_sheets: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    launch_problems: tuple[LaunchProblem, ...] = ()

    def item(self, name: str) -> Item | None:
        return next((item for item in self.items if item.name == name), None)

    @property
    def elements(self) -> tuple[Element, ...]:
        """The form as it is filled in: its body, or its items where it has no body."""
        return self.body or self.items


def walk(elements: Iterable[Element], above: tuple[Group, ...] = ()) -> Iterator[tuple[tuple[Group, ...], Element]]:
    """Every element with the groups that it lies in, outermost first, in the order of the form."""
    for element in elements:
        yield above, element
        if isinstance(element, Group):
            yield from walk(element.children, (*above, element))


@dataclass(frozen=True, slots=True)
class Scale:
    """Items that together measure one level; `low`..`high` is the range of every answer.

    `reverse` names the items whose answer x counts as low + high - x.
    """

    id: str
    label: str
    level: str
    items: tuple[str, ...]
    reverse: tuple[str, ...] = ()
    low: float = 1.0
    high: float = 5.0


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A person who was asked in a wave: the only denominator of a response rate."""

    wave: str
    site: str
    agency: str
    role: str
    person: str
    outcome: str
    extra: Extra = field(default_factory=dict)
    row: int = 0
