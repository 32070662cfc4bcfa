"""Expressions of a questionnaire: read, checked against the subset that runs here, evaluated. Never Python's eval.

What runs: ``= != < <= > >= and or + - * div mod``, ``${name}``, ``.``, bare column names within a choice filter,
``if``, ``today``, ``now``, ``position(..)`` and `expression_functions.FUNCTIONS`. Everything else that XPath can say is
read, kept and named by `outside`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from joinedup.survey.expression_functions import FUNCTIONS, Given, first
from joinedup.survey.expression_parser import ExpressionError, parse
from joinedup.survey.expression_tree import (
    Binary,
    Call,
    Column,
    Current,
    Literal,
    Negative,
    Number,
    Parent,
    Path,
    Reference,
    Tree,
    children,
    references,
    to_text,
)
from joinedup.survey.expression_values import Value, equal, number, text, truth, typed

__all__ = [
    "Context",
    "ExpressionError",
    "Tree",
    "condition",
    "evaluate",
    "holds",
    "outside",
    "parse",
    "references",
    "text",
    "to_text",
    "typed",
]

_YES = frozenset(("yes", "true", "true()"))
_NO = frozenset(("no", "false", "false()"))
_OWN: Mapping[str, tuple[int, int]] = {"if": (3, 3), "today": (0, 0), "now": (0, 0), "position": (1, 1)}
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression may read. `answers` are values by question, a tuple where the question lies in a repeat.

    `current` is the answer to the question itself; `columns` are those of the option under a choice filter; `now` is
    the time of the interview, without which ``today`` and ``now`` can't run; `position` counts a repeat from 1.
    """

    answers: Mapping[str, Given] = field(default_factory=dict)
    current: Given = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    now: datetime | None = None
    position: int = 1


def condition(written: str) -> Tree:
    """A cell that says when: an expression, or a plain yes or no. Raises ExpressionError."""
    plain = written.strip().lower()
    if plain in _YES or plain in _NO:
        return Call("true" if plain in _YES else "false")
    return parse(written)


def outside(tree: Tree, choice_filter: bool = False) -> tuple[str, ...]:
    """Why `tree` does not run here: one reason a construct, each once; empty where it runs."""
    return tuple(dict.fromkeys(_outside(tree, choice_filter)))


def _outside(tree: Tree, choice_filter: bool) -> Iterator[str]:
    match tree:
        case Call("position", (Parent(),)):
            return
        case Path():
            yield f"the path `{to_text(tree)}` leads into a document"
            return
        case Call(name, arguments):
            yield from _call_outside(name, arguments)
        case Column(name) if not choice_filter:
            yield f"`{name}` is neither a question (write ${{{name}}}) nor a text (write '{name}')"
        case Reference(name) if "#" in name:
            yield f"`${{{name}}}` reads an earlier submission"
        case Binary("|", _, _):
            yield "`|` joins sets of nodes"
        case Parent():
            yield "`..` runs only as position(..)"
        case _:
            pass
    for part in children(tree):
        yield from _outside(part, choice_filter)


def _call_outside(name: str, arguments: tuple[Tree, ...]) -> Iterator[str]:
    known = FUNCTIONS.get(name)
    bounds = _OWN.get(name) or ((known.least, known.most) if known else None)
    if bounds is None or name == "position":
        yield f"the function {name}() does not run here"
    elif not bounds[0] <= len(arguments) <= bounds[1]:
        least, most = bounds
        takes = str(least) if least == most else f"{least} to {most}" if most < 1000 else f"at least {least}"
        yield f"{name}() takes {takes} arguments, not {len(arguments)}"
    elif name == "regex" and isinstance(arguments[1], Literal):
        try:
            re.compile(arguments[1].value)
        except re.error as error:
            yield f"the pattern of regex() can't be read: {error}"


def holds(tree: Tree, context: Context) -> bool:
    """Whether `tree` is true. Raises ExpressionError where it can't run."""
    return truth(evaluate(tree, context))


def evaluate(tree: Tree, context: Context) -> Value:
    """The value of `tree`. NaN and unanswered are as in `expression_values`. Raises ExpressionError where it can't run."""
    return first(_given(tree, context))


def _given(tree: Tree, context: Context) -> Given:
    match tree:
        case Number(value):
            return value
        case Literal(value):
            return value
        case Reference(name) if "#" not in name:
            return context.answers.get(name, "")
        case Current():
            return context.current
        case Column(name) if context.columns:
            return context.columns.get(name, "")
        case Negative(operand):
            return -number(evaluate(operand, context))
        case Binary(operator, left, right):
            return _binary(operator, left, right, context)
        case Call(name, arguments):
            return _call(name, arguments, context)
        case _:
            raise ExpressionError(f"`{to_text(tree)}` does not run here")


def _binary(operator: str, left: Tree, right: Tree, context: Context) -> Value:
    if operator == "and":
        return holds(left, context) and holds(right, context)
    if operator == "or":
        return holds(left, context) or holds(right, context)
    one, other = _given(left, context), _given(right, context)
    if operator in ("=", "!=", *_COMPARE):
        return any(
            _compared(operator, a, b)
            for a in (one if isinstance(one, tuple) else (one,))
            for b in (other if isinstance(other, tuple) else (other,))
        )
    return _arithmetic(operator, number(first(one)), number(first(other)))


def _compared(operator: str, left: Value, right: Value) -> bool:
    if operator in _COMPARE:
        return _COMPARE[operator](number(left), number(right))
    return equal(left, right) == (operator == "=")


def _arithmetic(operator: str, left: float, right: float) -> float:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "div":
            if right == 0:
                unbounded = math.copysign(math.inf, left) * math.copysign(1.0, right)
                return math.nan if left == 0 or math.isnan(left) else unbounded
            return left / right
        case "mod":
            return math.nan if right == 0 or not math.isfinite(left) else math.fmod(left, right)
    raise ExpressionError(f"the operator `{operator}` does not run here")


def _call(name: str, arguments: tuple[Tree, ...], context: Context) -> Value:
    if next(_call_outside(name, arguments), None) and (name, arguments) != ("position", (Parent(),)):
        raise ExpressionError(f"{name}() does not run here")
    if name == "if":
        return evaluate(arguments[1] if holds(arguments[0], context) else arguments[2], context)
    if name == "position":
        return float(context.position)
    if name in ("today", "now"):
        if context.now is None:
            raise ExpressionError(f"{name}() needs the time of the interview")
        return context.now if name == "now" else date(context.now.year, context.now.month, context.now.day)
    return FUNCTIONS[name].run(*(_given(argument, context) for argument in arguments))
