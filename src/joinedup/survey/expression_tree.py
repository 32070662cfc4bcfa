"""Expressions of a questionnaire as a typed tree: its nodes, how they print, which questions they read.

The grammar is that of XPath 1.0 as XForms use it, with XLSForm's ``${name}``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

OPERATORS = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
    "|": 8,
}
"""How tightly an operator binds; all of them group from the left."""
NEGATION = 7
_LEAF = 9


@dataclass(frozen=True, slots=True)
class Number:
    """A number, never negative: a minus is a `Negative`."""

    value: float


@dataclass(frozen=True, slots=True)
class Literal:
    """A text in quotes; it can't hold both kinds of quote."""

    value: str


@dataclass(frozen=True, slots=True)
class Reference:
    """``${name}``: the answer to a question."""

    name: str


@dataclass(frozen=True, slots=True)
class Current:
    """``.``: the answer to the question that the expression belongs to."""


@dataclass(frozen=True, slots=True)
class Parent:
    """``..``: the group around it; runs only as ``position(..)``."""


@dataclass(frozen=True, slots=True)
class Column:
    """A bare name: in a choice filter, a column of the sheet choices."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Tree, ...] = ()


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus sign before an operand."""

    operand: Tree


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands joined by one of `OPERATORS`."""

    operator: str
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a path: what stands between slashes, with its conditions in brackets. `deep` follows a ``//``."""

    test: str
    predicates: tuple[Tree, ...] = ()
    deep: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """A path through a document: it is kept, and runs nowhere here. `start` is None where it begins with a slash."""

    start: Tree | None
    steps: tuple[Step, ...]
    predicates: tuple[Tree, ...] = ()


Tree = Number | Literal | Reference | Current | Parent | Column | Call | Negative | Binary | Path


def children(tree: Tree) -> tuple[Tree, ...]:
    """The trees that `tree` is made of."""
    match tree:
        case Call(_, arguments):
            return arguments
        case Negative(operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Path(start, steps, predicates):
            inner = [*predicates, *(predicate for step in steps for predicate in step.predicates)]
            return tuple(inner if start is None else [start, *inner])
        case _:
            return ()


def parts(tree: Tree) -> Iterator[Tree]:
    """`tree` and every tree within it."""
    yield tree
    for part in children(tree):
        yield from parts(part)


def references(tree: Tree) -> tuple[str, ...]:
    """The questions whose answers `tree` reads, each once."""
    return tuple(dict.fromkeys(part.name for part in parts(tree) if isinstance(part, Reference)))


def to_text(tree: Tree) -> str:
    """`tree` as an expression; `parse` of it gives an equal tree."""
    match tree:
        case Number(value):
            return format(Decimal(repr(value)), "f").removesuffix(".0")
        case Literal(value):
            return f'"{value}"' if "'" in value else f"'{value}'"
        case Reference(name):
            return "${" + name + "}"
        case Current():
            return "."
        case Parent():
            return ".."
        case Column(name):
            return name
        case Call(name, arguments):
            return f"{name}({', '.join(map(to_text, arguments))})"
        case Negative(operand):
            return f"-{_enclosed(operand, NEGATION)}"
        case Binary(operator, left, right):
            binding = OPERATORS[operator]
            return f"{_enclosed(left, binding)} {operator} {_enclosed(right, binding + 1)}"
        case Path(start, steps, predicates):
            return _start(start) + _conditions(predicates) + _steps(start is None, steps)


def _start(start: Tree | None) -> str:
    return "" if start is None else _enclosed(start, _LEAF)


def _steps(from_root: bool, steps: tuple[Step, ...]) -> str:
    if from_root and not steps:
        return "/"
    return "".join(("//" if step.deep else "/") + step.test + _conditions(step.predicates) for step in steps)


def _conditions(predicates: tuple[Tree, ...]) -> str:
    return "".join(f"[{to_text(predicate)}]" for predicate in predicates)


def _enclosed(tree: Tree, least: int) -> str:
    """`tree`, in parentheses where it binds less tightly than its surroundings."""
    text = to_text(tree)
    return text if _binding(tree) >= least else f"({text})"


def _binding(tree: Tree) -> int:
    match tree:
        case Binary(operator, _, _):
            return OPERATORS[operator]
        case Negative(_):
            return NEGATION
        case Path(_, _, _):
            return _LEAF - 1
        case _:
            return _LEAF
