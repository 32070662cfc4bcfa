"""What texts are called in a release: one that isn't public by a number that says nothing, since ids are given site by site."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any

from joinedup.report.model import Code, Document, Line, TableBlock, walk
from joinedup.report.model import Text as Words
from joinedup.study.digest import digest
from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Result, Table, Value
from joinedup.study.texts import Passage

_KEY = "text."
"""What stands before the id of a text in a key of a result."""
_PLACE = r"(?=:\d+-\d+|, characters \d)"
"""What follows the id of a text where a place in it is told."""


class TextLabels:
    """The names of a study's texts in a release.

    A number is that of the text among those of its kind in the order of a digest under a key made of everything that the
    team holds of its people and texts: the same for the same study, and not to be had from an id. So neither an id that
    names a site nor the order of ids says where somebody is quoted from.
    """

    def __init__(self, study: Study) -> None:
        public = {kind.id for kind in study.kinds if kind.public}
        spoken = [text for text in study.texts.texts if text.kind not in public]
        key = digest(study.id, study.people, study.texts.speakers, [text.sha256 for text in spoken]).encode()
        self._labels: dict[str, str] = {}
        for kind in dict.fromkeys(text.kind for text in spoken):
            ids = sorted((text.id for text in spoken if text.kind == kind), key=lambda one: _keyed(key, one))
            width = len(str(len(ids)))
            self._labels |= {id: f"{kind}-{number:0{width}}" for number, id in enumerate(ids, 1)}
        named = ((one.id for one in some) for some in (study.sites, study.waves, study.texts.codes, study.levels))
        self._others = frozenset(chain.from_iterable(named))

    def of(self, text: str) -> str:
        """What a text is called in a release, by its id."""
        return self._labels.get(text, text)

    def in_words(self, words: str) -> str:
        """`words` with labels for the ids of texts: where they are an id, name a place in a text, or a key of a result,
        and anywhere for an id of letters and digits that is no other's."""
        return self._expression.sub(self._instead, words) if words else words

    def result(self, result: Result) -> Result:
        """`result` with labels for ids in its values, tables and sentences; what was sorted by id is sorted by label."""
        told = self._rebuilt(replace(result, quotes=(), values={}))
        assert isinstance(told, Result)
        return replace(told, quotes=result.quotes, values=self._values(result.values))

    def document(self, document: Document) -> Document:
        """`document` with labels for ids in whatever it says, draws or names."""
        told = self._rebuilt(document)
        assert isinstance(told, Document)
        return told

    def _instead(self, match: re.Match[str]) -> str:
        if match.string.startswith(_KEY, max(0, match.start() - len(_KEY))):
            return self._in_keys[match[0]]
        return self._labels[match[0]]

    @cached_property
    def _in_keys(self) -> Mapping[str, str]:
        return {key_part(id): key_part(label) for id, label in self._labels.items()}

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        if not self._labels:
            return re.compile("(?!)")
        ids, keys = (sorted(one, key=lambda id_: (-len(id_), id_)) for one in (self._labels, self._in_keys))
        clear = [id for id in ids if re.search(r"\d", id) and re.search(r"[^\W\d]", id) and id not in self._others]
        placed, alone = _any(ids), _any(clear) if clear else "(?!)"
        keyed = rf"(?<=\b{re.escape(_KEY)}){_any(keys)}(?=\.)"
        return re.compile(rf"{keyed}|\A{placed}\Z|(?<![\w-]){placed}{_PLACE}|(?<![\w-]){alone}(?![\w-])")

    def _values(self, values: Mapping[str, Value]) -> dict[str, Value]:
        keys = [self.in_words(key) for key in values]
        found = {told: self._rebuilt(value) for told, value in zip(keys, values.values(), strict=True)}
        order = _sorted_where([told != key for told, key in zip(keys, values, strict=True)], keys)
        return {keys[at]: found[keys[at]] for at in order}

    def _rebuilt(self, part: Any) -> Any:
        match part:
            case str():
                return self.in_words(part)
            case Passage() | None | int() | float():
                return part
            case tuple() | list():
                return type(part)(map(self._rebuilt, part))
            case Mapping():
                return {self._rebuilt(key): self._rebuilt(value) for key, value in part.items()}
        fields = {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}
        told = replace(part, **{name: self._rebuilt(value) for name, value in fields.items()})
        if isinstance(told, Table) and told.rows:
            return _sorted_table(part, told)
        if isinstance(told, TableBlock):
            firsts = [[_first(line) for line in table.lines] for table in (part, told)]
            order = _sorted_where([one != other for one, other in zip(*firsts, strict=True)], firsts[1])
            return replace(told, lines=tuple(told.lines[at] for at in order))
        return told


def _keyed(key: bytes, id: str) -> str:
    return hmac.new(key, id.encode(), hashlib.sha256).hexdigest()


def _any(ids: list[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, ids))})"


def _sorted_table(before: Table, told: Table) -> Table:
    firsts = [str(row[0]) if row else "" for row in told.rows]
    moved = [bool(row) and str(row[0]) != first for row, first in zip(before.rows, firsts, strict=True)]
    order = _sorted_where(moved, firsts)
    keys = tuple(told.keys[at] for at in order) if told.keys else ()
    return replace(told, rows=tuple(told.rows[at] for at in order), keys=keys)


def _first(line: Line) -> str:
    """The words of a line's first cell."""
    parts = walk(line.cells[0]) if line.cells else ()
    return " ".join(part.text for part in parts if isinstance(part, Words | Code))


def _sorted_where(moved: list[bool], firsts: list[str]) -> list[int]:
    """The places 0, 1, ... with those that `moved` in the order of their `firsts`: the order of ids says as much as they."""
    free = [at for at, one in enumerate(moved) if one]
    order = list(range(len(moved)))
    for at, place in zip(free, sorted(free, key=lambda at: (firsts[at], at)), strict=True):
        order[at] = place
    return order
