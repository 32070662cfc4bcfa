"""The language of queries over codings: fields, AND, OR, NOT, relations between passages; parsed here, never evaluated.

query    = part { "OR" part }
part     = factor { "AND" factor }
factor   = "NOT" factor | related
related  = single [ relation single ]
relation = "OVERLAPS" | "NEAR/n" | "SAME_TURN" | "NEXT_TURN" | "SAME_TEXT"
single   = "(" query ")" | field ":" value | field ":" '"' words '"'
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from joinedup.study.hints import did_you_mean, listed
from joinedup.study.problems import UsageError

FIELDS = ("code", "only", "coder", "phase", "text", "kind", "site", "wave", "person", "profession")
OVERLAPS, NEAR, SAME_TURN, NEXT_TURN, SAME_TEXT = "OVERLAPS", "NEAR", "SAME_TURN", "NEXT_TURN", "SAME_TEXT"
RELATIONS = (OVERLAPS, SAME_TURN, NEXT_TURN, SAME_TEXT)
DEEPEST = 100
_TOKEN = re.compile(
    r"\s*(?:(?P<bracket>[()])|(?P<field>\w+):(?:\"(?P<quoted>[^\"]*)\"|(?P<bare>[^\s()\"]+))|(?P<word>[^\s()\"]+))"
)
_NEAR = re.compile(r"NEAR/(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """A field and the value asked for, e.g. ``code:trust``."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    """What `of` does not hold for."""

    of: Query


@dataclass(frozen=True, slots=True)
class Both:
    """AND."""

    left: Query
    right: Query


@dataclass(frozen=True, slots=True)
class Either:
    """OR."""

    left: Query
    right: Query


@dataclass(frozen=True, slots=True)
class Related:
    """The passages of `left` that stand in a relation to a passage of `right`; `within` counts characters (NEAR)."""

    relation: str
    left: Query
    right: Query
    within: int = 0


Query = Term | Not | Both | Either | Related


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    value: str
    at: int


def parse(text: str) -> Query:
    """`text` as a query; UsageError with the place where it can't be read."""
    parser = _Parser(_tokens(text))
    found = parser.query()
    parser.end()
    return found


def terms(query: Query) -> tuple[Term, ...]:
    """The terms that a passage is asked to meet, those under NOT and those of a relation's right side left out."""
    if isinstance(query, Term):
        return (query,)
    if isinstance(query, Not):
        return ()
    if isinstance(query, Related):
        return terms(query.left)
    return (*terms(query.left), *terms(query.right))


def _tokens(text: str) -> list[_Token]:
    found = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise UsageError(f"The query can't be read from character {at + 1}: {text[at:].strip()[:40]!r}.")
        kind = "bracket" if match["bracket"] else "term" if match["field"] else "word"
        value = match["quoted"] if match["quoted"] is not None else match["bare"] or ""
        word = match["bracket"] or match["field"] or match["word"]
        found.append(_Token(kind, word, value, match.start(match.lastgroup or 0) + 1))
        at = match.end()
    return found


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def query(self) -> Query:
        found = self._part()
        while self._word("OR"):
            found = Either(found, self._part())
        return found

    def end(self) -> None:
        token = self._peek()
        if token is not None:
            joined = "write AND or OR between two terms" if token.kind == "term" else "it belongs to nothing"
            raise UsageError(f"The query can't be read at character {token.at}, {token.text!r}: {joined}.")

    def _part(self) -> Query:
        found = self._factor()
        while self._word("AND"):
            found = Both(found, self._factor())
        return found

    def _factor(self) -> Query:
        self._depth += 1
        if self._depth > DEEPEST:
            raise UsageError(f"The query is nested more than {DEEPEST} deep: simplify it.")
        found = Not(self._factor()) if self._word("NOT") else self._related()
        self._depth -= 1
        return found

    def _related(self) -> Query:
        left = self._single()
        token = self._peek()
        if token is None or token.kind != "word":
            return left
        near = _NEAR.fullmatch(token.text)
        if near is None and token.text not in RELATIONS:
            return left
        self._at += 1
        right = self._single()
        return Related(NEAR, left, right, int(near[1])) if near else Related(token.text, left, right)

    def _single(self) -> Query:
        token = self._peek()
        if token is None:
            raise UsageError("The query ends where a term is expected, such as code:trust.")
        self._at += 1
        if token.kind == "term":
            return _term(token)
        if token.text == "(":
            found = self.query()
            if not self._bracket():
                raise UsageError(f"The bracket opened at character {token.at} is not closed.")
            return found
        raise UsageError(
            f"At character {token.at} stands {token.text!r} where a term is expected, such as code:trust. The words AND, "
            f"OR, NOT, {', '.join(RELATIONS)} and NEAR/n are written in capitals."
        )

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _word(self, word: str) -> bool:
        token = self._peek()
        found = token is not None and token.kind == "word" and token.text == word
        self._at += found
        return found

    def _bracket(self) -> bool:
        token = self._peek()
        found = token is not None and token.kind == "bracket" and token.text == ")"
        self._at += found
        return found


def _term(token: _Token) -> Term:
    if token.text not in FIELDS:
        hint = did_you_mean(token.text, FIELDS) or f" There is {listed(FIELDS, 20)}."
        raise UsageError(f"{token.text!r} is nothing that a query can ask for.{hint}")
    return Term(token.text, token.value)
