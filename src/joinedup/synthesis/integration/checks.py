"""Are the files of synthesis/ sound that integrate strands: form first, then each method's own rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from joinedup.study.hints import did_you_mean, listed, shown
from joinedup.study.model import Study
from joinedup.study.problems import Place, Problem
from joinedup.study.registry import KIND_BY_ID, KeyChecker, key_part
from joinedup.study.rules import cites, document, identifier, known, once, passage, place_in, sentence
from joinedup.synthesis.integration.rules import RULES
from joinedup.synthesis.integration.schema import FILES, PASSAGE_KEYS, TYPES, Field, Schema


def check(study: Study, keys: KeyChecker) -> Iterator[Problem]:
    """Every problem of these files. A file whose form is wrong is not judged by its method's rules."""
    for name, schema in FILES.items():
        data = study.synthesis.get(name)
        if data is None:
            continue
        walk = _Walk(study, keys, f"synthesis/{name}.toml")
        problems = list(walk.table(data, schema, ""))
        yield from problems
        if not problems and name in RULES:
            yield from RULES[name](study, data)


class _Walk:
    """One file: its tables held against what they may hold."""

    def __init__(self, study: Study, keys: KeyChecker, file: str) -> None:
        self.study, self.keys, self.file = study, keys, file

    def place(self, path: str, key: str = "") -> Place:
        return place_in(self.study, self.file, path, key)

    def table(self, table: Mapping[str, Any], schema: Schema, path: str) -> Iterator[Problem]:
        for key in table:
            if key not in schema:
                what = f"`{key}` is no key here.{did_you_mean(key, schema)}"
                yield Problem("J640", self.place(path, key), what, f"Keys here: {listed(schema, 20)}.")
        for key, field in schema.items():
            if key in table:
                yield from self._value(table[key], field, path, key)
            elif field.required:
                where = f" of {path}" if path else ""
                yield Problem("J641", self.place(path), f"`{key}` is missing{where}.", _needs(key, field))

    def _value(self, value: Any, field: Field, path: str, key: str) -> Iterator[Problem]:
        place = self.place(path, key)
        if not _is_of(value, field):
            yield Problem("J640", place, f"`{key}` is {shown(str(value))}, not {_words(field)}.", _needs(key, field))
        elif field.required and value in ("", []):
            yield Problem("J641", place, f"`{key}` is empty.", _needs(key, field))
        elif field.kind in ("tables", "pieces"):
            yield from self._tables(value, field, f"{path}.{key}" if path else key)
        elif field.kind == "table" and field.inside:
            yield from self.table(value, field.inside, f"{path}.{key}" if path else key)
        elif field.kind in ("texts", "codes"):
            yield from self._list(value, field, place)
        else:
            yield from self._word(value, field, place)

    def _tables(self, value: list[Any], field: Field, path: str) -> Iterator[Problem]:
        ids = []
        for number, item in enumerate(value, start=1):
            here = f"{path}.{number}"
            if not isinstance(item, Mapping):
                yield Problem("J640", self.place(here), f"{shown(str(item))} is no table.", "See the reference manual.")
                continue
            yield from self.table(item, field.inside, here)
            if field.kind == "pieces":
                yield from self._piece(item, here)
            if "id" in field.inside and isinstance(item.get("id"), str):
                ids.append(((key_part(item["id"]),), self.place(here, "id")))
        yield from once(ids)

    def _list(self, value: list[Any], field: Field, place: Place) -> Iterator[Problem]:
        for item in value:
            if not isinstance(item, str):
                yield Problem("J640", place, f"{shown(str(item))} is no text.", "Write a list of texts in quotes.")
            elif field.kind == "codes":
                yield from known("code", item, self.study.code_by_id, place)

    def _word(self, value: Any, field: Field, place: Place) -> Iterator[Problem]:
        if field.kind == "id":
            yield from identifier(value, place)
        elif field.kind == "sentence":
            yield from sentence(value, self.keys, place)
        elif field.kind == "word" and value and value not in field.among:
            what = f"{shown(value)} is none of the words known here.{did_you_mean(value, field.among)}"
            yield Problem("J642", place, what, f"Write one of {listed(field.among)}.")
        elif field.kind == "code":
            yield from known("code", value, self.study.code_by_id, place)
        elif field.kind == "finding" and value not in {claim.id for claim in self.study.claims}:
            among = [claim.id for claim in self.study.claims]
            what = f"{shown(value)} is no finding of findings.toml.{did_you_mean(value, among)}"
            yield Problem("J644", place, what, "Correct it, or write the finding.")
        elif field.kind == "range":
            yield from _range(value, place)
        elif field.kind == "measure" and value:
            yield from self._measure(value, place)

    def _measure(self, value: str, place: Place) -> Iterator[Problem]:
        result, _, key = (part.strip() for part in value.partition(":"))
        sites = self.study.programme_sites
        if "{site}" not in key or (sites and not self.keys.knows(result, key.replace("{site}", key_part(sites[0].id)))):
            what = f"{shown(value)} names no values by site."
            remedy = "Write a result and a key with {site} in it, e.g. survey.level-scores:site.{site}.governance."
            yield Problem("J652", place, what, remedy)

    def _piece(self, piece: Mapping[str, Any], path: str) -> Iterator[Problem]:
        place = self.place(path)
        named = [key for key in ("result", "passage", "document") if piece.get(key)]
        if len(named) != 1:
            what = f"This evidence cites {' and '.join(named) or 'nothing'}."
            yield Problem(
                "J648", place, what, "Give it one result with keys, one passage, or one document with a page."
            )
            return
        if named == ["result"]:
            yield from self._cites_values(piece, place)
        elif named == ["document"]:
            yield from document(self.study, str(piece["document"]), place)
        elif isinstance(piece["passage"], Mapping):
            yield from self._passage(piece["passage"], place)

    def _cites_values(self, piece: Mapping[str, Any], place: Place) -> Iterator[Problem]:
        result, keys = str(piece["result"]), piece.get("keys", ())
        found = keys if isinstance(keys, list) else ()
        if not found and result in KIND_BY_ID:
            yield Problem("J641", place, f"No key of {shown(result)} is named.", 'Write keys = ["..."].')
        for key in found or ("",):
            yield from cites(result, str(key), self.keys, place)

    def _passage(self, span: Mapping[str, Any], place: Place) -> Iterator[Problem]:
        wrong = [key for key, kind in PASSAGE_KEYS.items() if not isinstance(span.get(key), kind)]
        if wrong or set(span) - set(PASSAGE_KEYS):
            what = f"The passage does not say {', '.join(wrong) or 'only text, start, end and quote'}."
            yield Problem("J640", place, what, 'Write { text = "...", start = 0, end = 1, quote = "..." }.')
        else:
            yield from passage(self.study, span["text"], span["start"], span["end"], span["quote"], place)


def _needs(key: str, field: Field) -> str:
    if field.among:
        return f"Write one of {listed(field.among)}."
    return f"Write `{key}` as {_words(field)}; see the reference manual."


def _is_of(value: Any, field: Field) -> bool:
    if field.kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, TYPES[field.kind][0])


def _words(field: Field) -> str:
    return "a number" if field.kind == "number" else TYPES[field.kind][1]


def _range(value: list[Any], place: Place) -> Iterator[Problem]:
    numbers = [one for one in value if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(value) != 2 or len(numbers) != 2 or not 0 < numbers[0] <= numbers[1] < 1:
        what = f"{shown(str(value))} is no range of probabilities."
        yield Problem("J643", place, what, "Write a lower and an upper one, above 0 and below 1: nothing is certain.")
