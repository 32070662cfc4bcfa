"""Rules that the checks of every strand share: known, once, an identifier, a date, a period; and citing a result."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from joinedup.study.dates import first_day
from joinedup.study.expect import ExpectError, parse, references, show
from joinedup.study.hints import did_you_mean, shown
from joinedup.study.problems import Place, Problem
from joinedup.study.registry import KIND_BY_ID, KeyChecker
from joinedup.study.tomlplaces import toml_rows

if TYPE_CHECKING:
    import pyarrow as pa

    from joinedup.study.model import Study

_IDENTIFIER = re.compile(r"[\w-]+")
_PERIOD = re.compile(r"\d{4}", re.ASCII)
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_TYPED = re.compile(r"(?<![\w.])[-+]?\d[\d,.]*\d|(?<![\w.])\d")
_NO_RESULT = re.compile(
    r"\b(0?[1-9]|[12]\d|3[01]) (January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\bper (\d{1,3}(,\d{3})+|\d+)\b|\b9[059]% (confidence )?intervals?\b"
)
"""A day of the year, the base of a rate and the level of an interval are no results."""
_YEAR = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2]))?")
_NUMBERS = {"site": "J124", "wave": "J125", "person": "J127", "text": "J305", "code": "J306", "indicator": "J501"}
_HOMES = {
    "site": "sites.csv",
    "wave": "[[wave]] of study.toml",
    "person": "people.csv",
    "text": "texts/texts.csv",
    "code": "texts/codebook.toml",
    "indicator": "indicators/indicators.toml",
}


def place_in(study: Study, file: str, path: str, column: str = "") -> Place:
    """The place of a table or key of a TOML file, by its path there, e.g. ``wave.2``."""
    rows = toml_rows(study.files.get(file, b""))
    row = rows.get(f"{path}.{column}", 0) or rows.get(path, 0) or rows.get(path.rpartition(".")[0], 0)
    return Place(file, row, column or path)


def entry(study: Study, file: str, array: str, number: int, id: str) -> Place:
    """The place of the `number`-th table of an array, named by its id."""
    return Place(file, toml_rows(study.files.get(file, b"")).get(f"{array}.{number}", 0), id)


def known(kind: str, value: str, among: Collection[str], place: Place) -> Iterator[Problem]:
    """A problem where `value` is not `among` the declared ids of its kind: site, wave, person, text, code, indicator."""
    if value not in among:
        what = f"{shown(value)} is no {kind} of this study.{did_you_mean(value, among)}"
        yield Problem(_NUMBERS[kind], place, what, f"Correct it, or declare it in {_HOMES[kind]}.")


def document(study: Study, id: str, place: Place) -> Iterator[Problem]:
    """A problem where `id` is no text. Texts that come with official files are known once these are attached."""
    awaits_data = "data.toml" in study.files and "data" not in study.settings
    if not awaits_data:
        yield from known("text", id, study.text_by_id, place)


def once(keys: Iterable[tuple[tuple[str, ...], Place]]) -> Iterator[Problem]:
    """A problem for every key that has stood before."""
    first: dict[tuple[str, ...], Place] = {}
    for key, place in keys:
        if key in first:
            where = f"in row {first[key].row}" if first[key].row else "above"
            what = f"{shown(', '.join(key))} stands here a second time; first {where}."
            yield Problem("J122", place, what, "Keep one of them.")
        else:
            first[key] = place


def identifier(value: str, place: Place) -> Iterator[Problem]:
    """A problem where `value` is no identifier."""
    if _IDENTIFIER.fullmatch(value) is None:
        what = f"{shown(value)} is no identifier." if value else "The identifier is empty."
        yield Problem("J123", place, what, "Use letters, digits, `_` and `-`, without spaces.")


def dated(value: str, place: Place) -> Iterator[Problem]:
    """A problem where `value` is neither empty nor a date."""
    if not value:
        return
    try:
        first_day(value)
    except ValueError:
        remedy = "Write 2003, 2003-07 or 2003-07-15."
        yield Problem("J126", place, f"{shown(value)} is no date.", remedy)


def is_date(value: str) -> bool:
    """Whether `value` is a date."""
    return bool(value) and not any(dated(value, Place()))


def period(value: str, place: Place) -> Iterator[Problem]:
    """A problem where `value` is no period."""
    if _PERIOD.fullmatch(value) is None:
        remedy = "Write the year in which it ends, in four digits."
        yield Problem("J504", place, f"{shown(value)} is no period.", remedy)


def cites(result: str, key: str, keys: KeyChecker, place: Place) -> Iterator[Problem]:
    """A problem where `result` is no result or `key` none of its keys in this study."""
    if result not in KIND_BY_ID:
        what = f"{shown(result)} is no result.{did_you_mean(result, KIND_BY_ID)}"
        yield Problem("J601", place, what, "The results and their keys stand in the reference manual.")
    elif not keys.knows(result, key):
        patterns = KIND_BY_ID[result].keys
        what = f"{shown(result)} has no key {shown(key)} in this study.{did_you_mean(key, patterns)}"
        yield Problem("J602", place, what, "Its keys stand in the reference manual.")


def expectation(text: str, keys: KeyChecker, place: Place) -> Iterator[Problem]:
    """Problems of an expectation: it can't be read, or reads what is not there."""
    try:
        found = parse(text)
    except ExpectError as error:
        remedy = "Write `result id : expression`, e.g. `survey.level-contrast : governance > frontline`."
        yield Problem("J603", place, f"The expectation can't be read: {error}.", remedy)
        return
    for key in found.keys:
        yield from cites(found.result, key, keys, place)
    if not found.keys:
        yield Problem("J603", place, f"{shown(text)} reads no key of a result.", "Compare keys of the result.")


def sentence(text: str, keys: KeyChecker, place: Place, typed: bool = True) -> Iterator[Problem]:
    """Problems of a sentence with references: each is known and can be printed; with `typed` no number is typed."""
    rest, at = [], 0
    for reference in references(text):
        rest.append(text[at : reference.start])
        at = reference.end
        yield from cites(reference.result, reference.key, keys, place)
        yield from _printable(reference.format, place)
    plain = " ".join([*rest, text[at:]])
    for brace in _BRACES.finditer(plain):
        remedy = "Write {result id:key} or {result id:key|format}."
        yield Problem("J608", place, f"{shown(brace[0])} is no reference to a result.", remedy)
    if typed:
        yield from _typed(_NO_RESULT.sub(" ", _BRACES.sub(" ", plain)), place)


def _printable(format_: str, place: Place) -> Iterator[Problem]:
    try:
        show(1.0, format_)
    except ValueError:
        what = f"{shown(format_)} is no format of a number."
        yield Problem("J609", place, what, "Use e.g. .2f for two decimals or .0% for a percentage.")


def _typed(plain: str, place: Place) -> Iterator[Problem]:
    for match in _TYPED.finditer(plain):
        if _YEAR.fullmatch(match[0]) is None:
            what = f"The number {shown(match[0])} is typed."
            remedy = "Refer to the result that says it, as {result id:key}, or write a small number as a word."
            yield Problem("J604", place, what, remedy)


def passage(study: Study, text_id: str, start: int, end: int, quote: str, place: Place) -> Iterator[Problem]:
    """Problems of a passage: the text is unknown, the span lies outside it, or other words stand there."""
    text = study.text_by_id.get(text_id)
    if text is None:
        yield from known("text", text_id, study.text_by_id, place)
        return
    if not text.content:
        return  # the missing frozen text is a problem of its own
    length = len(text.content)
    if not 0 <= start < end <= length:
        what = f"The span {start}-{end} is none of {shown(text_id)}, which has {length:,} characters."
        yield Problem("J307", place, what, f"Spans are half open, from 0.{_elsewhere(text.content, quote, start)}")
        return
    there = text.content[start:end]
    if there != quote:
        what = f"At {start}-{end} of {shown(text_id)} stands {shown(there)}, not {shown(quote)}."
        remedy = f"Correct the span or the quote.{_elsewhere(text.content, quote, start)}"
        yield Problem("J308", place, what, remedy)


def _elsewhere(content: str, quote: str, start: int) -> str:
    if not quote:
        return ""
    before, after = content.rfind(quote, 0, start + len(quote)), content.find(quote, max(start, 0))
    places = [at for at in (before, after) if at >= 0]
    if not places:
        return ""
    nearest = min(places, key=lambda at: abs(at - start))
    return f" The quote stands at {nearest}-{nearest + len(quote)} ({nearest - start:+d})."


def distinct(table: pa.Table, column: str) -> Iterator[tuple[str, int, int]]:
    """Every distinct value of a column with its first row and how many rows hold it."""
    import pyarrow.compute as pc

    if not table.num_rows:
        return
    coded = pc.dictionary_encode(table.column(column)).combine_chunks()
    if hasattr(coded, "chunks"):
        coded = coded.chunk(0)
    import numpy as np

    indices = np.asarray(coded.indices)
    values, first, counts = np.unique(indices, return_index=True, return_counts=True)
    words = coded.dictionary.to_pylist()
    rows = table.column("_row").to_numpy()
    for value, at, count in zip(values, first, counts, strict=True):
        yield words[value], int(rows[at]), int(count)


def more_rows(count: int) -> str:
    """``" (and in 11 further rows)"`` where a value stands in more rows than one."""
    return f" (and in {count - 1:,} further row{'s' if count > 2 else ''})" if count > 1 else ""
