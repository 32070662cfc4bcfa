"""Sentences with references become inlines: a number in a text is a reference to a result, never typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from joinedup.report.model import Badge, Cite, Code, Emph, Inline, Inlines, Link, Strong, Text, ValueRef
from joinedup.study.expect import references, show
from joinedup.study.result import Result
from joinedup.study.wording import one_of_a_kind

Results = Mapping[str, Result]

_MARKUP = re.compile(r"\[@(?P<cite>[^\s\]]+)\]|\*(?P<emph>[^*\s](?:[^*]*[^*\s])?)\*")


def ref(result: str, key: str, format: str = "") -> str:
    """The reference to a value as it stands in a template."""
    return "{" + f"{result}:{key}" + (f"|{format}" if format else "") + "}"


def holds(results: Results, template: str) -> bool:
    """Whether every reference of `template` has a value, and one to be formatted is a number and no mark."""
    return all(_is_told(results, one.result, one.key, one.format) for one in references(template))


def _is_told(results: Results, result: str, key: str, format: str) -> bool:
    value = results[result].values.get(key) if result in results else None
    marked = bool(format) and isinstance(value, str) and not any(sign.isdigit() for sign in value)
    return value is not None and not marked


def say(results: Results, *templates: str) -> Inlines:
    """The sentences whose references all have a value, one after the other.

    A sentence without a reference leans on the others: it is left out where none of them is said.

    A template may hold `{result:key|format}`, `*emphasis*` and `[@citation]`.
    """
    kept = [template for template in templates if template and holds(results, template)]
    if any(references(template) for template in templates) and not any(references(template) for template in kept):
        return ()
    return inlines(results, " ".join(kept))


def inlines(results: Results, template: str) -> Inlines:
    """`template` as inlines; a reference without a value is a dash. What is counted stands in the singular behind a 1."""
    parts: list[Inline] = []
    at, shown = 0, ""
    for one in references(template):
        parts += _words(_after(shown, template[at : one.start]))
        parts.append(_value(results, one.result, one.key, one.format))
        at, shown = one.end, plain(parts[-1:])
    return tuple(parts + _words(_after(shown, template[at:])))


def _after(shown: str, words: str) -> str:
    """`words` as they stand behind the value `shown`."""
    return one_of_a_kind(f"1{words}")[1:] if shown == "1" else words


def _value(results: Results, result: str, key: str, format: str) -> Inline:
    values = results[result].values if result in results else {}
    if key not in values:
        return Text(show(None))
    return ValueRef(result, key, show_value(values[key], format))


def show_value(value: float | int | str | None, format: str = "") -> str:
    """A value as a reader sees it; a format that does not fit a string leaves it as it is; "p" is for p values."""
    if format == "p":
        return show_p(value)
    return show(value, format)


def show_p(value: float | int | str | None) -> str:
    """A p value: three decimals, and "<0.001" below that."""
    if isinstance(value, float | int) and value < 0.001:
        return "<0.001"
    return show(value, ".3f")


def _words(text: str) -> list[Inline]:
    parts: list[Inline] = []
    at = 0
    for match in _MARKUP.finditer(text):
        parts.append(Text(text[at : match.start()]))
        parts.append(Cite(match["cite"]) if match["cite"] else Emph((Text(match["emph"]),)))
        at = match.end()
    parts.append(Text(text[at:]))
    return [part for part in parts if part != Text("")]


def plain(parts: Sequence[Inline]) -> str:
    """Inlines as plain words."""
    found = []
    for part in parts:
        match part:
            case Text(text) | Code(text):
                found.append(text)
            case ValueRef(shown=shown):
                found.append(shown)
            case Emph(inner) | Strong(inner) | Link(inlines=inner):
                found.append(plain(inner))
            case Badge(label=label):
                found.append(label)
            case Cite(key):
                found.append(f"[{key}]")
    return "".join(found)


def and_list(words: list[str]) -> str:
    """Words as a list in a sentence: "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
