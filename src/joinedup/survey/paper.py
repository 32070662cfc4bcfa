"""An instrument on paper: the printable form, and the codebook that says what each column of the responses holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from joinedup.study.result import Row, Table
from joinedup.study.survey import MISSING, Choice, Element, Group, Instrument, Item, Words, walk
from joinedup.survey.expression_tree import Binary, Call, Literal, Number, Reference, Tree
from joinedup.survey.expressions import ExpressionError, text
from joinedup.survey.instrument import tree, unreachable

_HOW = {
    "select_one": "Choose one.",
    "select_multiple": "Choose all that apply.",
    "rank": "Number the options in your order of preference.",
    "integer": "Write a whole number.",
    "decimal": "Write a number.",
    "range": "Write a number.",
    "date": "Write a date: day, month, year.",
    "time": "Write a time.",
    "datetime": "Write a date and a time.",
    "acknowledge": "Tick to confirm.",
}
_SILENT = frozenset(("calculate", "hidden", "start", "end", "today", "deviceid", "username", "email", "audit"))
"""Kinds that a form fills in by itself: they don't stand on paper."""
_WORDS = {"=": "is", "!=": "is not", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least"}


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the printed form: a `heading`, a `note` or a `question`, inside `depth` groups.

    `number` counts questions; `only_if` says in words who is asked (empty: everybody); `how` says how to answer.
    """

    kind: str
    text: str
    depth: int = 0
    number: str = ""
    name: str = ""
    hint: str = ""
    only_if: str = ""
    how: str = ""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = False


def paper_form(instrument: Instrument, language: str = "") -> tuple[Block, ...]:
    """The form to print, in `language` (default: that of the column `label`, else English, else the first).

    Questions that nobody can be asked are left out. Raises KeyError for a language that the form does not have.
    """
    if language and language not in instrument.languages:
        raise KeyError(f"the form has no {language!r}; it has {', '.join(map(repr, instrument.languages))}")
    return tuple(_Paper(instrument, language or default_language(instrument)).blocks())


def default_language(instrument: Instrument) -> str:
    """The language that a form speaks where none is chosen; "" is the one that it does not name."""
    languages = instrument.languages or ("",)
    english = (one for one in languages if "(en)" in one.lower() or one.lower() == "english")
    return "" if "" in languages else next(english, languages[0])


class _Paper:
    def __init__(self, instrument: Instrument, language: str) -> None:
        self.instrument = instrument
        self.language = language
        self.numbers = _numbers(instrument)

    def blocks(self) -> Iterator[Block]:
        for above, element in walk(self.instrument.elements):
            said = self._label(element)
            hint, only_if = _said(element.hints, self.language), self._condition(element.relevant)
            if isinstance(element, Group):
                again = "Answer once for each." if element.repeat else ""
                yield Block("heading", said, len(above), hint=hint, only_if=only_if, how=again)
            elif element.kind == "note":
                yield Block("note", said, len(above), hint=hint, only_if=only_if)
            elif element.name in self.numbers:
                yield Block(
                    "question",
                    said or element.name,
                    len(above),
                    self.numbers[element.name],
                    element.name,
                    hint,
                    only_if,
                    _HOW.get(element.kind, ""),
                    options_of(self.instrument, element, self.language),
                    element.required.lower() in ("yes", "true", "true()"),
                )

    def _label(self, element: Element) -> str:
        plain = element.label if isinstance(element, Item) else ""
        return plain if plain and not self.language else _said(element.labels, self.language) or plain

    def _condition(self, written: str) -> str:
        if not written:
            return ""
        try:
            found = self._in_words(tree("relevant", written))
        except ExpressionError:
            return f"Only if {written}"
        return f"Only if {found}." if found else f"Only if {written}"

    def _in_words(self, found: Tree) -> str:
        """A condition in plain words; empty where it can't be said so."""
        match found:
            case Binary("and" | "or" as operator, left, right):
                parts = [self._in_words(left), self._in_words(right)]
                return f" {operator} ".join(parts) if all(parts) else ""
            case Binary(operator, Reference(name), Literal() | Number() as value) if operator in _WORDS:
                return self._compared(name, _WORDS[operator], value)
            case Call("selected", (Reference(name), Literal() as value)):
                return self._compared(name, "includes", value)
            case Call("not", (Call("selected", (Reference(name), Literal() as value)),)):
                return self._compared(name, "does not include", value)
            case _:
                return ""

    def _compared(self, name: str, word: str, value: Literal | Number) -> str:
        item = self.instrument.item(name)
        if item is None or name not in self.numbers:
            return ""
        code = text(value.value)
        label = dict(options_of(self.instrument, item, self.language)).get(code, code)
        if not code:
            return f"question {self.numbers[name]} {'is unanswered' if word == 'is' else 'is answered'}"
        return f"question {self.numbers[name]} {word} “{label}”"


def _numbers(instrument: Instrument) -> Mapping[str, str]:
    never = unreachable(instrument)
    asked = (item for item in instrument.items if item.kind not in _SILENT and not item.calculation)
    asked = (item for item in asked if item.name not in never)
    return {item.name: str(number) for number, item in enumerate(asked, 1)}


def _said(words: Words, language: str) -> str:
    return words.get(language) or next(iter(words.values()), "")


def options_of(instrument: Instrument, item: Item, language: str = "") -> tuple[tuple[str, str], ...]:
    """The codes and labels of a question's options in `language`, each code once."""
    listed: tuple[Choice, ...] = instrument.lists.get(item.list_name, ())
    found = {choice.name: label for choice in reversed(listed) if (label := _said(choice.labels, language))}
    return tuple((code, found.get(code, label) if language else label) for code, label in item.options.items())


def codebook(instrument: Instrument) -> Table:
    """One row a column of the responses: its question, type, codes with their meaning, and who is asked."""
    paper = _Paper(instrument, default_language(instrument))
    rows: list[Row] = []
    for above, element in walk(instrument.elements):
        if isinstance(element, Group) or not element.takes_answer:
            continue
        conditions = [written for written in (*(group.relevant for group in above), element.relevant) if written]
        codes = "; ".join(f"{code} = {label}" for code, label in element.options.items())
        rows.append(
            (
                element.name,
                element.label,
                element.kind,
                codes or element.list_name,
                " / ".join(_said(group.labels, paper.language) or group.name for group in above),
                " ".join(paper._condition(written) for written in conditions),
                "yes" if element.required.lower() in ("yes", "true", "true()") else element.required,
                element.calculation,
            )
        )
    headings = ("Column", "Question", "Type", "Codes", "Within", "Asked", "Required", "Calculated as")
    names = ("item", "question", "type", "codes", "within", "asked", "required", "calculation")
    missing = "; ".join(f"{code} = {kind}" for kind, code in MISSING.items())
    note = f"Missing: {missing}; an empty cell was not answered."
    title = f"Codebook: {instrument.title or 'questionnaire'}"
    title += f", version {instrument.version}" if instrument.version else ""
    return Table("codebook", title, tuple(zip(names, headings, strict=True)), tuple(rows), note)
