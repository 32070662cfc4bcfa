"""The language of expectations and of references in a claim: small, our own, never eval.

An expectation is ``result id : expression``. An expression holds keys, numbers, ``+ - * /``, comparisons
(``< <= > >= == !=``), ``and``, ``or``, ``not`` and parentheses. A reference in a sentence is ``{result id:key}`` or
``{result id:key|format}`` with a format of Python's mini-language, e.g. ``{survey.level-contrast:governance|.2f}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from joinedup.study.result import Value

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_]\w*(?:\.\w+)*)|(?P<sign><=|>=|==|!=|[-+*/()<>]))"
)
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
_REFERENCE = re.compile(r"\{([a-z][\w-]*\.[\w-]+):([\w.]+)(?:\|([^{}]*))?\}")
_DEEPEST = 50


class ExpectError(ValueError):
    """An expectation that can't be read; the message says where."""


class NoValue(Exception):
    """A key of an expectation has no number; the message says which."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A parsed expectation: the result it reads, its keys, and its text."""

    result: str
    text: str
    keys: tuple[str, ...]
    _tree: object

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Whether it is true of `values`. Raises NoValue where a key is missing, None or no number."""
        return bool(_evaluate(self._tree, values))


@lru_cache(maxsize=4096)
def parse(text: str) -> Expectation:
    """Read ``result id : expression``; raises ExpectError."""
    result, colon, expression = text.partition(":")
    if not colon or not result.strip():
        raise ExpectError(f"{text!r} lacks the result id: write `result id : expression`")
    tokens = _tokens(expression)
    parser = _Parser(tokens)
    tree = parser.disjunction(0)
    if parser.at < len(tokens):
        raise ExpectError(f"{expression.strip()!r}: {tokens[parser.at]!r} was not expected there")
    if tree[0] not in ("or", "and", "not", "compare"):
        raise ExpectError(f"{expression.strip()!r} compares nothing: an expectation is true or false")
    return Expectation(result.strip(), text, tuple(dict.fromkeys(parser.keys)), tree)


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in a sentence: where it stands, what it reads, how it is printed."""

    start: int
    end: int
    result: str
    key: str
    format: str


def references(sentence: str) -> tuple[Reference, ...]:
    """All references in `sentence`, in order."""
    return tuple(
        Reference(match.start(), match.end(), match[1], match[2], match[3] or "")
        for match in _REFERENCE.finditer(sentence)
    )


_POINTS = "pp"


def show(value: Value, format_: str = "") -> str:
    """A value as a reader sees it: whole numbers with thin grouping, others to 3 significant digits, None as a dash.

    `.1pp` is for a difference of shares: 0.112 is 11.2, and the sentence says percentage points.
    """
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if format_.endswith(_POINTS):
        return format(100 * value, format_.removesuffix(_POINTS) + "f").replace("-", "\u2212")
    if format_:
        return format(value, format_).replace("-", "\u2212")
    if isinstance(value, int) or float(value).is_integer():
        return f"{int(value):,}".replace("-", "\u2212")
    return f"{value:.3g}".replace("-", "\u2212") if abs(value) < 1000 else f"{value:,.0f}".replace("-", "\u2212")


def _tokens(expression: str) -> list[str]:
    tokens, at = [], 0
    expression = expression.rstrip()
    while at < len(expression):
        match = _TOKEN.match(expression, at)
        if match is None:
            raise ExpectError(f"{expression.strip()!r}: {expression[at:].strip()[:10]!r} can't be read")
        tokens.append(match[0].strip())
        at = match.end()
    if not tokens:
        raise ExpectError("the expression is empty")
    return tokens


class _Parser:
    """Recursive descent, one method a level of binding."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0
        self.keys: list[str] = []

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self.at += 1
        return token

    def disjunction(self, depth: int) -> tuple:  # type: ignore[type-arg]
        if depth > _DEEPEST:
            raise ExpectError("the expression is nested too deeply")
        tree = self._conjunction(depth)
        while self._peek() == "or":
            self._take()
            tree = ("or", tree, self._conjunction(depth))
        return tree

    def _conjunction(self, depth: int) -> tuple:  # type: ignore[type-arg]
        tree = self._negation(depth)
        while self._peek() == "and":
            self._take()
            tree = ("and", tree, self._negation(depth))
        return tree

    def _negation(self, depth: int) -> tuple:  # type: ignore[type-arg]
        count = 0
        while self._peek() == "not":
            self._take()
            count += 1
        tree = self._comparison(depth)
        return ("not", tree) if count % 2 else tree

    def _comparison(self, depth: int) -> tuple:  # type: ignore[type-arg]
        left = self._sum(depth)
        if self._peek() in _COMPARE:
            sign = self._take()
            tree = ("compare", sign, left, self._sum(depth))
            if self._peek() in _COMPARE:
                raise ExpectError("comparisons can't be chained: join them with `and`")
            return tree
        return left

    def _sum(self, depth: int) -> tuple:  # type: ignore[type-arg]
        tree = self._product(depth)
        while self._peek() in ("+", "-"):
            tree = (self._take(), tree, self._product(depth))
        return tree

    def _product(self, depth: int) -> tuple:  # type: ignore[type-arg]
        tree = self._unary(depth)
        while self._peek() in ("*", "/"):
            tree = (self._take(), tree, self._unary(depth))
        return tree

    def _unary(self, depth: int) -> tuple:  # type: ignore[type-arg]
        negative = False
        while self._peek() == "-":
            self._take()
            negative = not negative
        tree = self._primary(depth)
        return ("negative", tree) if negative else tree

    def _primary(self, depth: int) -> tuple:  # type: ignore[type-arg]
        token = self._take()
        if token == "(":
            tree = self.disjunction(depth + 1)
            if self._take() != ")":
                raise ExpectError("a parenthesis is not closed")
            return tree
        if token[:1].isdigit():
            return ("number", float(token))
        if re.match(r"[A-Za-z_]", token) and token not in ("and", "or", "not"):
            self.keys.append(token)
            return ("key", token)
        raise ExpectError(f"{token!r} was not expected there" if token else "the expression ends too early")


def _evaluate(tree: object, values: Mapping[str, Value]) -> float | bool:
    assert isinstance(tree, tuple)
    match tree:
        case ("number", number):
            return float(number)
        case ("key", key):
            value = values.get(key)
            if value is None or isinstance(value, str):
                raise NoValue(f"{key} has no number")
            return float(value)
        case ("negative", inner):
            return -_evaluate(inner, values)
        case ("not", inner):
            return not _evaluate(inner, values)
        case ("and", left, right):
            first, second = _evaluate(left, values), _evaluate(right, values)
            return bool(first) and bool(second)
        case ("or", left, right):
            first, second = _evaluate(left, values), _evaluate(right, values)
            return bool(first) or bool(second)
        case ("compare", sign, left, right):
            return _COMPARE[sign](_evaluate(left, values), _evaluate(right, values))
        case ("/", left, right):
            divisor = _evaluate(right, values)
            if divisor == 0:
                raise NoValue("a division by zero")
            return _evaluate(left, values) / divisor
        case (sign, left, right):
            a, b = _evaluate(left, values), _evaluate(right, values)
            return a + b if sign == "+" else a - b if sign == "-" else a * b
    raise AssertionError(tree)
