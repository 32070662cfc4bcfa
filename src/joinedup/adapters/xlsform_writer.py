"""An instrument as the bytes of an XLSForm workbook. Each element keeps its row; nothing but text is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from joinedup.adapters.workbooks import forms_workbook
from joinedup.adapters.xlsform_kinds import written
from joinedup.study.survey import Element, Group, Instrument, Item, Words

Line = tuple[int, dict[str, str]]
"""A row's number and its cells by heading."""

_LEADING = ("type", "name", "label", "hint")
_CHOICE_LEADING = ("list_name", "name", "label")


def workbook_of(instrument: Instrument) -> bytes:
    """The bytes of the workbook; no time and no author stands in it."""
    return forms_workbook(_sheets(instrument))


def _sheets(instrument: Instrument) -> Mapping[str, Sequence[tuple[int, Sequence[str]]]]:
    survey = _placed(list(_survey(instrument.elements)))
    choices = _placed(
        sorted(
            (
                (choice.row, {"list_name": name, "name": choice.name, **_words("label", choice.labels), **choice.extra})
                for name, options in instrument.lists.items()
                for choice in options
            ),
            key=lambda line: line[0],
        )
    )
    known = {"form_title": instrument.title, "version": instrument.version, **instrument.settings}
    settings = [(2, {key: text for key, text in known.items() if text})]
    found = {"survey": _table(survey, _LEADING, instrument.languages)}
    if choices:
        found["choices"] = _table(choices, _CHOICE_LEADING, instrument.languages)
    if settings[0][1]:
        found["settings"] = _table(settings, (), ())
    return found | {name: list(enumerate(rows, 1)) for name, rows in instrument.other_sheets.items()}


def _table(lines: Iterable[Line], leading: Sequence[str], languages: Sequence[str]) -> list[tuple[int, Sequence[str]]]:
    lines = list(lines)
    used = dict.fromkeys(heading for _, cells in lines for heading in cells)
    order = [
        name
        for heading in leading
        for name in (heading, *(_heading(heading, language) for language in languages))
        if name in used
    ]
    order += [_heading(heading, language) for heading in _TRANSLATED for language in languages]
    headings = list(dict.fromkeys(name for name in (*order, *used) if name in used))
    return [(1, headings), *((row, [cells.get(heading, "") for heading in headings]) for row, cells in lines)]


_TRANSLATED = ("constraint_message", "required_message")


def _placed(lines: list[Line]) -> list[Line]:
    """The lines on their own rows, or one after the other where they have none."""
    rows = [row for row, _ in lines]
    if rows == sorted(set(rows)) and all(row > 1 for row in rows):
        return lines
    return [(row, cells) for row, (_, cells) in enumerate(lines, 2)]


def _heading(name: str, language: str) -> str:
    return f"{name}::{language}" if language else name


def _words(name: str, words: Words) -> dict[str, str]:
    return {_heading(name, language): text for language, text in words.items()}


def _survey(elements: Iterable[Element]) -> Iterator[Line]:
    for element in elements:
        if isinstance(element, Group):
            word = "repeat" if element.repeat else "group"
            yield element.row, _filled({"type": f"begin {word}", **_group(element)})
            yield from _survey(element.children)
            yield element.end, {"type": f"end {word}"}
        else:
            yield element.row, _filled(_question(element))


def _group(group: Group) -> dict[str, str]:
    return {
        "name": group.name,
        **_words("label", group.labels),
        **_words("hint", group.hints),
        "relevant": group.relevant,
        "repeat_count": group.count,
        "appearance": group.appearance,
        **group.extra,
    }


def _question(item: Item) -> dict[str, str]:
    plain = ("required", "constraint", "calculation", "choice_filter", "default", "read_only", "appearance")
    labels = item.labels or ({"": item.label} if item.label else {})
    return {
        "type": written(item.kind, item.list_name, item.or_other),
        "name": item.name,
        **_words("label", labels),
        **_words("hint", item.hints),
        "relevant": item.relevant,
        **{name: getattr(item, name) for name in plain},
        **_words("constraint_message", item.constraint_messages),
        **_words("required_message", item.required_messages),
        "parameters": item.parameters,
        **item.extra,
    }


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    return {heading: text for heading, text in cells.items() if text}
