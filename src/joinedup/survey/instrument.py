"""An instrument as a form to be run: what is wrong with its expressions, and which questions a person is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter

from joinedup.study.hints import did_you_mean, shown
from joinedup.study.survey import MISSING, Element, Group, Instrument, Item, LaunchProblem, walk
from joinedup.survey.expression_values import Value
from joinedup.survey.expressions import (
    Context,
    ExpressionError,
    Tree,
    condition,
    evaluate,
    holds,
    outside,
    parse,
    references,
    text,
    typed,
)

SELECTS = frozenset(("select_one", "select_multiple", "rank"))
"""Kinds whose options stand in the form itself."""
KNOWN_KINDS = SELECTS | frozenset(
    [
        "text",
        "integer",
        "decimal",
        "range",
        "note",
        "date",
        "time",
        "datetime",
        "geopoint",
        "geotrace",
        "geoshape",
        "image",
        "audio",
        "video",
        "file",
        "barcode",
        "calculate",
        "acknowledge",
        "hidden",
        "start",
        "end",
        "today",
        "deviceid",
        "phonenumber",
        "username",
        "email",
        "simserial",
        "subscriberid",
        "audit",
        "start-geopoint",
        "background-audio",
        "background-geopoint",
        "uri:deviceid",
        "uri:phonenumber",
        "uri:username",
        "uri:email",
        "uri:simserial",
        "uri:subscriberid",
    ]
)
_FROM_FILE = re.compile(r".*(?:_from_file|_external)|(?:csv|xml)-external")
_MENTION = re.compile(r"\$\{\s*([^{}]+?)\s*\}")
_DYNAMIC = re.compile(r"\$\{|^[a-z][\w:-]*\(.*\)$", re.DOTALL)
_MISSING = frozenset(MISSING.values())
_CONDITIONS = frozenset(("relevant", "required", "read_only"))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a cell of the sheet survey: `refused` at import, or only at launch."""

    row: int
    column: str
    text: str
    reason: str
    refused: bool = False

    @property
    def problem(self) -> LaunchProblem:
        return LaunchProblem("survey", self.row, self.column, self.text, self.reason)


def answering(elements: Iterable[Element]) -> tuple[Item, ...]:
    """The questions among `elements`, groups opened, that take an answer."""
    return tuple(e for _, e in walk(elements) if isinstance(e, Item) and e.takes_answer)


def in_repeats(instrument: Instrument) -> tuple[str, ...]:
    """The questions that lie in a repeat, in order: a row of responses has no place for several answers to them."""
    inside = ((above, e) for above, e in walk(instrument.elements) if isinstance(e, Item) and e.takes_answer)
    return tuple(item.name for above, item in inside if any(group.repeat for group in above))


def expressions(element: Element) -> Mapping[str, str]:
    """The expressions of an element by their column, as written; without the empty ones."""
    if isinstance(element, Group):
        found = {"relevant": element.relevant, "repeat_count": element.count}
    else:
        columns = ("relevant", "required", "constraint", "calculation", "choice_filter", "read_only")
        found = {column: getattr(element, column) for column in columns}
        if _DYNAMIC.search(element.default):
            found["default"] = element.default
    return {column: written for column, written in found.items() if written}


@lru_cache(maxsize=4096)
def tree(column: str, written: str) -> Tree:
    """The tree of the expression in `column`. Raises ExpressionError."""
    return condition(written) if column in _CONDITIONS else parse(written)


def faults(instrument: Instrument) -> tuple[Fault, ...]:
    """Everything in the form that can't be read, names no question, or does not run here."""
    every = [element for _, element in walk(instrument.elements)]
    names = {element.name for element in every}
    found = [fault for element in every for fault in (*_own_faults(element), *_expression_faults(element, names))]
    return (*found, *_circles(instrument))


def _own_faults(element: Element) -> Iterator[Fault]:
    if isinstance(element, Group):
        return
    kind, row = element.kind, element.row
    if _FROM_FILE.fullmatch(kind):
        what = f"the options stand in the file '{element.list_name}'" if element.list_name else "it reads a file"
        yield Fault(row, "type", f"{kind} {element.list_name}".strip(), f"{what}, which is not part of the form")
    elif kind not in KNOWN_KINDS:
        yield Fault(row, "type", kind, f"the type `{kind}` is not known{did_you_mean(kind, KNOWN_KINDS)}".rstrip("."))
    elif element.list_name.startswith("${"):
        yield Fault(row, "type", f"{kind} {element.list_name}", "the options are the answers of a repeat")
    if "search(" in element.appearance:
        yield Fault(row, "appearance", element.appearance, "search() takes the options from a file")


def _expression_faults(element: Element, names: set[str]) -> Iterator[Fault]:
    for column, written in expressions(element).items():
        try:
            found = tree(column, written)
        except ExpressionError as error:
            reason = f"{shown(written)} is no expression: {error}"
            yield Fault(element.row, column, written, reason, refused=column != "default")
            continue
        for name in references(found):
            if name not in names and "#" not in name:
                reason = f"`${{{name}}}` names no question of the form.{did_you_mean(name, names)}".rstrip(".")
                yield Fault(element.row, column, written, reason, refused=True)
        for reason in outside(found, column == "choice_filter"):
            yield Fault(element.row, column, written, reason)
    for column, words in _mentions(element):
        for name in dict.fromkeys(_MENTION.findall(words)):
            if name not in names:
                reason = f"`${{{name}}}` in the text names no question of the form.{did_you_mean(name, names)}"
                yield Fault(element.row, column, words, reason.rstrip("."))


def _mentions(element: Element) -> Iterator[tuple[str, str]]:
    columns = [("label", element.labels), ("hint", element.hints)]
    if isinstance(element, Item):
        columns.append(("constraint_message", element.constraint_messages))
    for column, words in columns:
        for language, said in words.items():
            yield (f"{column}::{language}" if language else column), said


def _circles(instrument: Instrument) -> Iterator[Fault]:
    """A question whose being asked, or whose value, depends on itself."""
    try:
        tuple(TopologicalSorter(dependencies(instrument)).static_order())
    except CycleError as error:
        circle = error.args[1]
        rows = {element.name: element.row for _, element in walk(instrument.elements)}
        reason = f"whether or what is asked runs in a circle: {' -> '.join(circle)}"
        yield Fault(min(rows.get(name, 0) for name in circle), "relevant", " ".join(circle), reason)


def dependencies(instrument: Instrument) -> Mapping[str, frozenset[str]]:
    """For each question: the others on which its being asked (its own condition and its groups') or its value depends."""
    found = {}
    for above, element in walk(instrument.elements):
        if isinstance(element, Group) or not element.takes_answer:
            continue
        written = [("relevant", group.relevant) for group in above] + [("relevant", element.relevant)]
        written.append(("calculation", element.calculation))
        read = {name for column, cell in written if cell for name in _read(column, cell)}
        found[element.name] = frozenset(read & {item.name for item in instrument.items})
    return found


def _read(column: str, written: str) -> tuple[str, ...]:
    try:
        return references(tree(column, written))
    except ExpressionError:
        return ()


@dataclass(frozen=True, slots=True)
class Rule:
    """When a question is asked: all `conditions` hold. Those that do not run here are left out."""

    item: Item
    conditions: tuple[Tree, ...]
    reads: tuple[str, ...]


def rules(instrument: Instrument) -> tuple[Rule, ...]:
    """The rules of all questions, each after those whose answers it reads (a circle is cut: the form's order counts)."""
    found = {}
    for above, element in walk(instrument.elements):
        if isinstance(element, Item) and element.takes_answer:
            written = [*(group.relevant for group in above), element.relevant]
            trees = tuple(runs for cell in written if cell and (runs := _runnable(cell)) is not None)
            reads = tuple(dict.fromkeys(name for one in trees for name in references(one)))
            found[element.name] = Rule(element, trees, reads)
    needs = {name: [read for read in rule.reads if read in found] for name, rule in found.items()}
    try:
        order: Sequence[str] = tuple(TopologicalSorter(needs).static_order())
    except CycleError:
        order = tuple(found)
    return tuple(found[name] for name in order)


def _runnable(written: str) -> Tree | None:
    try:
        found = tree("relevant", written)
    except ExpressionError:
        return None
    return None if outside(found) else found


def value_of(item: Item | None, answer: str) -> Value:
    """An answer as expressions see it: a missing code is no answer, unless the question offers it as an option."""
    if item is None:
        return answer
    return "" if answer in _MISSING and answer not in item.options else typed(item.kind, answer)


def is_asked(rule: Rule, answers: Mapping[str, str], items: Mapping[str, Item]) -> bool:
    """Whether the question of `rule` is asked of someone with these `answers` (as written, empty: none).

    A condition on the time of the interview can't be judged afterwards: then the question counts as asked.
    """
    context = Context({name: value_of(items.get(name), answers.get(name, "")) for name in rule.reads})
    try:
        return all(holds(one, context) for one in rule.conditions)
    except ExpressionError:
        return True


def asked(instrument: Instrument, answers: Mapping[str, str]) -> tuple[str, ...]:
    """The route of someone with these `answers`: the questions asked, in the form's order.

    An answer behind a condition that is false counts as none, as it does where the form is filled in.
    """
    items = {item.name: item for item in instrument.items}
    seen, left = set[str](), dict(answers)
    for rule in rules(instrument):
        if is_asked(rule, left, items):
            seen.add(rule.item.name)
        else:
            left[rule.item.name] = ""
    return tuple(item.name for item in instrument.items if item.name in seen)


def unreachable(instrument: Instrument) -> tuple[str, ...]:
    """Questions that nobody can be asked: false whatever the one question that each condition reads is answered.

    Judged for conditions that read nothing or only select_one questions of the form's own options.
    """
    found: list[str] = []
    dead: set[str] = set()
    by_name = {item.name: item for item in instrument.items}
    for rule in rules(instrument):
        if not all(_possible(one, by_name, dead) for one in rule.conditions):
            dead.add(rule.item.name)
    found.extend(item.name for item in instrument.items if item.name in dead)
    return tuple(found)


def _possible(tree: Tree, items: Mapping[str, Item], dead: set[str]) -> bool:
    reads = references(tree)
    if len(reads) > 1 or any(name not in items or items[name].kind != "select_one" for name in reads):
        return True
    answers = [{}] if not reads else [{reads[0]: code} for code in ("", *_codes(items[reads[0]], dead))]
    try:
        return any(holds(tree, Context(given)) for given in answers)
    except ExpressionError:
        return True


def _codes(item: Item, dead: set[str]) -> tuple[str, ...]:
    return () if item.name in dead else tuple(item.options)


def calculated(instrument: Instrument, answers: Mapping[str, str]) -> Mapping[str, str]:
    """The values of calculations that run, from `answers` and from each other, as text."""
    items = {item.name: item for item in instrument.items}
    known = dict(answers)
    found: dict[str, str] = {}
    order = TopologicalSorter({name: sorted(reads) for name, reads in dependencies(instrument).items()})
    for name in order.static_order():
        item = instrument.item(name)
        if item is None or not item.calculation:
            continue
        try:
            formula = tree("calculation", item.calculation)
            context = Context({read: value_of(items.get(read), known.get(read, "")) for read in references(formula)})
            found[name] = known[name] = text(evaluate(formula, context))
        except ExpressionError:
            continue
    return found
