"""Answers checked against the instrument: codes, numbers, days; what was never asked; what was left behind.

Every distinct answer of a column is judged once, every distinct route once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from joinedup.adapters.responses.model import ID_COLUMNS, NOT_ASKED, LeftBehind, Options, Raw, Refused, Responses
from joinedup.study.hints import listed, shown
from joinedup.study.survey import MISSING, Instrument, Item
from joinedup.survey.instrument import SELECTS, Rule, in_repeats, is_asked, rules
from joinedup.survey.limits import broken as broken_limit
from joinedup.survey.limits import limits

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

_MISSING = frozenset(MISSING.values())
_WHOLE = re.compile(r"[+-]?\d+(?:\.0+)?")
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def responses_of(
    raw: Raw, instrument: Instrument, source: str, options: Options, broken: Sequence[Refused]
) -> Responses:
    """`raw` against `instrument`: a row with an answer that can't be one is refused as a whole, with its reason."""
    import pyarrow as pa

    ids = _ids(raw, options)
    reasons = dict(raw.refused)
    columns: dict[str, pa.Array] = {}
    repeated = in_repeats(instrument)
    for item in instrument.items:
        if item.name in raw.answers and item.name not in repeated:
            columns[item.name] = _checked(item, raw.answers[item.name], options.missing, reasons)
    _check_ids(ids, columns, raw.rows, instrument, reasons)
    refused = [Refused(raw.rows[at], reason, ids["response"][at].as_py()) for at, reason in reasons.items()]
    kept = pa.array([at for at in range(len(raw.rows)) if at not in reasons], pa.int64())
    table = pa.table({**ids, **columns, "_row": pa.array(raw.rows, pa.int32())}).take(kept)
    table, left = _routed(table, instrument, repeated)
    table, forbidden = _allowed(table, instrument, columns)
    gone = {one.response for one in forbidden}
    left = tuple(one for one in left if one.response not in gone)
    absent = tuple(item.name for item in instrument.items if item.name not in columns)
    table = _complete(table, instrument, absent)
    every = tuple(sorted([*refused, *forbidden, *broken]))
    return Responses(source, table, every, left, raw.unused, absent, tuple(repeated))


def _ids(raw: Raw, options: Options) -> dict[str, pa.Array]:
    import pyarrow as pa
    import pyarrow.compute as pc

    empty = pa.array([""] * len(raw.rows), pa.string())
    ids = {name: pc.utf8_trim_whitespace(raw.ids.get(name, empty)) for name in ID_COLUMNS}
    if options.wave:
        ids["wave"] = pc.if_else(pc.equal(ids["wave"], ""), options.wave, ids["wave"])
    return ids


def _checked(item: Item, array: pa.Array, missing: Mapping[str, str], reasons: dict[int, str]) -> pa.Array:
    """The column with clean answers; reasons are added for rows whose answer can't be one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = pc.dictionary_encode(pc.fill_null(array, ""))
    judged = [_judged(item, answer, missing) for answer in encoded.dictionary.to_pylist()]
    wrong = {code: reason for code, (_, reason) in enumerate(judged) if reason}
    if wrong:
        for at, code in enumerate(encoded.indices.to_pylist()):
            if code in wrong:
                reasons.setdefault(at, wrong[code])
    clean = pa.array([answer for answer, _ in judged], pa.string())
    return clean.take(encoded.indices) if judged else array


def _judged(item: Item, answer: str, missing: Mapping[str, str]) -> tuple[str, str]:
    """An answer in our form, or the reason why it is none."""
    plain = answer.strip()
    if f"{item.name}:{plain}" in missing:
        return missing[f"{item.name}:{plain}"], ""
    if plain in missing and plain not in item.options and item.kind != "text":
        return missing[plain], ""
    if not plain or (plain in _MISSING and plain not in item.options):
        return plain, ""
    if item.kind in SELECTS and item.options:
        return _code(item, plain)
    if item.kind == "integer":
        if _WHOLE.fullmatch(plain):
            return plain.partition(".")[0], ""
        return "", f"{item.name}: {shown(plain)} is no whole number"
    if item.kind in ("decimal", "range"):
        return (plain, "") if _DECIMAL.fullmatch(plain) else ("", f"{item.name}: {shown(plain)} is no number")
    if item.kind == "date":
        try:
            return date.fromisoformat(plain[:10]).isoformat(), ""
        except ValueError:
            return "", f"{item.name}: {shown(plain)} is no date like 2003-07-15"
    return answer.replace("\r\n", "\n"), ""


def _code(item: Item, answer: str) -> tuple[str, str]:
    codes = [answer] if item.kind == "select_one" else answer.split()
    unknown = [code for code in codes if code not in item.options]
    if item.kind != "select_one" and len(codes) == 1 and codes[0] in _MISSING:
        unknown = []
    if not unknown:
        return " ".join(codes), ""
    if answer in item.options.values():
        return "", f"{item.name}: {shown(answer)} is an option's label: export the answers' codes"
    return "", f"{item.name}: {shown(unknown[0])} is no option's code ({listed(item.options)})"


def _check_ids(
    ids: Mapping[str, pa.Array],
    columns: Mapping[str, pa.Array],
    rows: Sequence[int],
    instrument: Instrument,
    reasons: dict[int, str],
) -> None:
    seen: dict[str, int] = {}
    versions = ids["instrument_version"].to_pylist()
    for at, response in enumerate(ids["response"].to_pylist()):
        if not response:
            reasons.setdefault(at, "it has no response id")
        elif response in seen:
            first = seen[response]
            same = all(column[at].as_py() == column[first].as_py() for column in columns.values())
            word = "repeats" if same else "has the response id of, and contradicts,"
            reasons.setdefault(at, f"it {word} row {rows[first]}")
        elif versions[at] and instrument.version and versions[at] != instrument.version:
            told = f"it answers version {shown(versions[at])} of the questionnaire, not {shown(instrument.version)}"
            reasons.setdefault(at, told)
        if response and at not in reasons:
            seen[response] = at


def _routed(
    table: pa.Table, instrument: Instrument, repeated: Sequence[str]
) -> tuple[pa.Table, tuple[LeftBehind, ...]]:
    """Questions that the instrument did not ask hold the code for it, even those that the file has no column for;
    answers to them are kept apart."""
    import pyarrow as pa

    items = {item.name: item for item in instrument.items}
    seen = {name: table.column(name).to_pylist() for name in _read_by_rules(instrument, table)}
    responses, rows = table.column("response").to_pylist(), table.column("_row").to_pylist()
    left: list[LeftBehind] = []
    for rule in rules(instrument):
        name = rule.item.name
        if not rule.conditions or name in repeated:
            continue
        asked = _mask(rule, seen, items, table.num_rows)
        if all(asked):
            continue
        given = table.column(name).to_pylist() if name in table.column_names else [""] * table.num_rows
        told = (LeftBehind(rows[at], responses[at], name, given[at]) for at in range(len(given)) if not asked[at])
        left += [one for one in told if one.answer and one.answer != NOT_ASKED]
        column = pa.array([answer if here else NOT_ASKED for answer, here in zip(given, asked, strict=True)])
        table = _with_column(table, name, column)
        if name in seen:
            seen[name] = [answer if here else "" for answer, here in zip(seen[name], asked, strict=True)]
    return table, tuple(sorted(left))


def _with_column(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    if name in table.column_names:
        return table.set_column(table.column_names.index(name), name, column)
    return table.append_column(name, column)


def _read_by_rules(instrument: Instrument, table: pa.Table) -> tuple[str, ...]:
    read = dict.fromkeys(name for rule in rules(instrument) for name in rule.reads)
    return tuple(name for name in read if name in table.column_names)


def _mask(rule: Rule, seen: Mapping[str, list[str]], items: Mapping[str, Item], rows: int) -> list[bool]:
    """Whom the question was asked. A condition on a question that the file does not hold can't be judged: asked."""
    if any(name not in seen for name in rule.reads):
        return [True] * rows
    known: dict[tuple[str, ...], bool] = {}
    found = []
    for given in zip(*(seen[name] for name in rule.reads), strict=True) if rule.reads else [()] * rows:
        if given not in known:
            known[given] = is_asked(rule, dict(zip(rule.reads, given, strict=True)), items)
        found.append(known[given])
    return found


def _allowed(table: pa.Table, instrument: Instrument, held: Collection[str]) -> tuple[pa.Table, list[Refused]]:
    """The rows within the form's constraints and choice filters, and those that are not: refused as a whole.

    A limit that reads a question which the file does not hold can't be judged.
    """
    import pyarrow as pa

    items = {item.name: item for item in instrument.items}
    reasons: dict[int, str] = {}
    for limit in limits(instrument):
        names = tuple(dict.fromkeys((limit.item.name, *limit.reads)))
        if any(name not in held for name in names):
            continue
        judged: dict[tuple[str, ...], str] = {}
        for at, given in enumerate(zip(*(table.column(name).to_pylist() for name in names), strict=True)):
            if given not in judged:
                judged[given] = broken_limit(limit, dict(zip(names, given, strict=True)), items)
            if judged[given]:
                reasons.setdefault(at, judged[given])
    rows, ids = table.column("_row"), table.column("response")
    refused = [Refused(rows[at].as_py(), reason, ids[at].as_py()) for at, reason in reasons.items()]
    kept = [at for at in range(table.num_rows) if at not in reasons]
    return (table.take(pa.array(kept, pa.int64())) if reasons else table), refused


def _complete(table: pa.Table, instrument: Instrument, absent: Sequence[str]) -> pa.Table:
    import pyarrow as pa

    empty = pa.array([""] * table.num_rows, pa.string())
    for name in absent:
        if name not in table.column_names:
            table = table.append_column(name, empty)
    return table.select([*ID_COLUMNS, *(item.name for item in instrument.items), "_row"])
