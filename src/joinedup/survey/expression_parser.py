"""From the text of an expression to its tree.

Typographic quotes are read as plain ones where nothing else makes sense: word processors write them, and form
builders accept them.
"""

from __future__ import annotations

import re

from joinedup.survey.expression_tree import (
    NEGATION,
    OPERATORS,
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
    Step,
    Tree,
    to_text,
)

DEEPEST = 100
"""Levels of parentheses, arguments and chained operators: deeper ones are a mistake, and would exhaust the stack."""

_NAME = r"[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?"
_TOKEN = re.compile(
    rf"""\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<literal>'[^']*'|"[^"]*")
    |\$\{{\s*(?P<reference>[^{{}}]*?)\s*\}}|(?P<axis>[a-z\-]+::)|(?P<name>{_NAME})
    |(?P<sign>!=|<=|>=|//|\.\.|[-+*/=<>|()\[\],.@]))""",
    re.VERBOSE,
)
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})
_WORDS = frozenset(("or", "and", "div", "mod", "*"))

Token = tuple[str, str, int]
"""Kind, text and where it begins."""


class ExpressionError(ValueError):
    """An expression that can't be read; the message says where and why."""


def parse(text: str) -> Tree:
    """The tree of the expression `text`. Raises ExpressionError where it is none."""
    try:
        return _Parser(_tokens(text)).whole()
    except ExpressionError:
        plain = text.translate(_QUOTES)
        if plain == text:
            raise
        return _Parser(_tokens(plain)).whole()


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            rest = text[at:].strip()
            what = "a quotation mark is not closed" if rest[0] in "'\"" else f"`{rest[:12]}` can't be read"
            raise ExpressionError(f"{what} at character {text.index(rest[0], at) + 1}")
        kind = str(match.lastgroup)
        value = match[kind]
        begins = match.end() - len(match[0].lstrip())
        if value in _WORDS and found and not _expects_operand(found[-1]):
            kind = "sign"
        found.append((kind, value, begins))
        at = match.end()
    if not found:
        raise ExpressionError("the expression is empty")
    return found


def _expects_operand(token: Token) -> bool:
    """Whether after `token` the words and, or, div, mod and the star are names (XPath 1.0, section 3.7)."""
    kind, value, _ = token
    return kind == "axis" or (kind == "sign" and value not in (")", "]", ".", ".."))


class _Parser:
    """Precedence climbing: one call a level of nesting."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def whole(self) -> Tree:
        tree = self.expression(0)
        if self.at < len(self.tokens):
            raise self._unexpected()
        return tree

    def _peek(self, ahead: int = 0) -> tuple[str, str]:
        index = self.at + ahead
        return self.tokens[index][:2] if index < len(self.tokens) else ("end", "")

    def _sign(self, *signs: str) -> bool:
        kind, value = self._peek()
        return kind == "sign" and value in signs

    def _take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _expect(self, sign: str) -> None:
        if not self._sign(sign):
            raise self._unexpected(f"`{sign}` is missing")
        self.at += 1

    def _unexpected(self, what: str = "") -> ExpressionError:
        if self.at >= len(self.tokens):
            return ExpressionError(what or "the expression ends too early")
        _, value, begins = self.tokens[self.at]
        return ExpressionError(f"{what or f'`{value}` was not expected'} at character {begins + 1}")

    def expression(self, least: int) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(f"the expression is nested more than {DEEPEST} levels deep")
        tree = self._operand()
        links = 0
        while self._sign(*OPERATORS) and OPERATORS[self._peek()[1]] >= least:
            links += 1
            if links > DEEPEST:
                raise ExpressionError(f"the expression joins more than {DEEPEST} operands")
            operator = self._take()
            tree = Binary(operator, tree, self.expression(OPERATORS[operator] + 1))
        self.depth -= 1
        return tree

    def _operand(self) -> Tree:
        if self._sign("-"):
            self._take()
            return Negative(self.expression(NEGATION))
        kind, value = self._peek()
        if kind in ("name", "axis") or self._sign(".", "..", "*", "@", "/", "//"):
            return self._name_or_path()
        if kind == "end" or (kind == "sign" and value != "("):
            raise self._unexpected()
        self._take()
        return self._path_from(self._primary(kind, value))

    def _primary(self, kind: str, value: str) -> Tree:
        if kind == "number":
            return Number(float(value))
        if kind == "literal":
            return Literal(value[1:-1])
        if kind == "reference":
            if not value:
                raise ExpressionError("${} names no question")
            return Reference(value)
        tree = self.expression(0)
        self._expect(")")
        return tree

    def _name_or_path(self) -> Tree:
        kind, value = self._peek()
        if kind == "name" and self._peek(1) == ("sign", "("):
            self._take()
            return self._path_from(Call(value, self._arguments()))
        if self._sign("/", "//"):
            return Path(None, self._steps(first=True))
        step = self._step(deep=False)
        begun: Tree = Current() if step.test == "." else Parent() if step.test == ".." else Column(step.test)
        if step.predicates or (kind != "name" and step.test not in (".", "..")):
            return Path(begun, self._steps(), step.predicates)
        return self._path_from(begun)

    def _arguments(self) -> tuple[Tree, ...]:
        self._expect("(")
        found: list[Tree] = []
        while not self._sign(")"):
            found.append(self.expression(0))
            if not self._sign(","):
                break
            self._take()
            if self._sign(")"):
                raise self._unexpected()
        self._expect(")")
        return tuple(found)

    def _path_from(self, start: Tree) -> Tree:
        predicates = self._predicates()
        steps = self._steps()
        return Path(start, steps, predicates) if predicates or steps else start

    def _steps(self, first: bool = False) -> tuple[Step, ...]:
        found: list[Step] = []
        while self._sign("/", "//"):
            deep = self._take() == "//"
            kind, _ = self._peek()
            if first and not found and not deep and not (kind in ("name", "axis") or self._sign(".", "..", "*", "@")):
                return ()
            found.append(self._step(deep))
        return tuple(found)

    def _step(self, deep: bool) -> Step:
        test = ""
        if self._peek()[0] == "axis" or self._sign("@"):
            test = self._take()
        kind, value = self._peek()
        if kind != "name" and not (kind == "sign" and value in ("*", ".", "..")):
            raise self._unexpected()
        test += self._take()
        if kind == "name" and self._sign("("):
            test += "(" + ", ".join(map(to_text, self._arguments())) + ")"
        return Step(test, self._predicates(), deep)

    def _predicates(self) -> tuple[Tree, ...]:
        found: list[Tree] = []
        while self._sign("["):
            self._take()
            found.append(self.expression(0))
            self._expect("]")
        return tuple(found)
