"""What a form allows as an answer beyond its type: constraints, and choice filters over the options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from joinedup.study.hints import listed, shown
from joinedup.study.survey import MISSING, Choice, Instrument, Item
from joinedup.survey.expression_values import Value
from joinedup.survey.expressions import Context, ExpressionError, Tree, holds, outside, references
from joinedup.survey.instrument import SELECTS, tree, value_of

_MISSING = frozenset(MISSING.values())
_OTHER = "other"


@dataclass(frozen=True, slots=True)
class Limit:
    """The limits of one question that run here; `choices` are its options with the columns that a filter reads."""

    item: Item
    constraint: Tree | None
    choice_filter: Tree | None
    choices: tuple[Choice, ...]
    reads: tuple[str, ...]


def limits(instrument: Instrument) -> tuple[Limit, ...]:
    """The limits of all questions that have any. What does not run here is left out: it is a launch problem."""
    return tuple(_limits(instrument))


def _limits(instrument: Instrument) -> Iterator[Limit]:
    for item in instrument.items:
        constraint = _runnable("constraint", item.constraint)
        choices = instrument.lists.get(item.list_name, ()) if item.kind in SELECTS else ()
        choice_filter = _runnable("choice_filter", item.choice_filter) if choices else None
        trees = [one for one in (constraint, choice_filter) if one is not None]
        if trees:
            reads = tuple(dict.fromkeys(name for one in trees for name in references(one)))
            yield Limit(item, constraint, choice_filter, choices, reads)


def _runnable(column: str, written: str) -> Tree | None:
    if not written:
        return None
    try:
        found = tree(column, written)
    except ExpressionError:
        return None
    return None if outside(found, column == "choice_filter") else found


def broken(limit: Limit, answers: Mapping[str, str], items: Mapping[str, Item]) -> str:
    """Why the answer to the question of `limit` is not allowed, given all `answers` as written; empty: it is.

    No answer and missing codes break no limit. A limit on the time of the interview can't be judged afterwards.
    """
    item = limit.item
    answer = answers.get(item.name, "")
    if not answer or (answer in _MISSING and answer not in item.options):
        return ""
    context = {name: value_of(items.get(name), answers.get(name, "")) for name in limit.reads}
    try:
        return _not_offered(limit, answer, context) or _against_constraint(limit, answer, context)
    except ExpressionError:
        return ""


def _not_offered(limit: Limit, answer: str, context: Mapping[str, Value]) -> str:
    if limit.choice_filter is None:
        return ""
    offered = {choice.name for choice in limit.choices if _holds_for(limit.choice_filter, choice, context)}
    if limit.item.or_other:
        offered.add(_OTHER)
    codes = [answer] if limit.item.kind == "select_one" else answer.split()
    wrong = next((code for code in codes if code not in offered), "")
    if not wrong:
        return ""
    there = [code for code in limit.item.options if code in offered]
    told = f"offered were {listed(there)}" if there else "no option was offered"
    return f"{limit.item.name}: {shown(wrong)} was not offered after the other answers; {told}"


def _holds_for(choice_filter: Tree, choice: Choice, context: Mapping[str, Value]) -> bool:
    columns = {**choice.extra, "name": choice.name}
    return holds(choice_filter, Context(context, columns=columns))


def _against_constraint(limit: Limit, answer: str, context: Mapping[str, Value]) -> str:
    item = limit.item
    own = value_of(item, answer)
    if limit.constraint is None or holds(limit.constraint, Context(context, current=own)):
        return ""
    words = item.constraint_messages
    message = words.get("") or next(iter(words.values()), "") or f"the form says {shown(item.constraint)}"
    return f"{item.name}: {shown(answer)} is not allowed: {message}"
