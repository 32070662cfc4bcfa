"""The tables of `texts.agreement`: by code, by text, by pair of coders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from joinedup.study.model import Study
from joinedup.study.registry import key_part
from joinedup.study.result import Row, Table, Value
from joinedup.texts.coders import DoubleCoding

_BY_CODE = (
    ("alpha", "Alpha (units)"),
    ("alpha.low", "95% from"),
    ("alpha.high", "to"),
    ("kappa", "Kappa (units)"),
    ("ac1", "AC1 (units)"),
    ("percent", "Units agreed"),
    ("either", "Both, of either"),
    ("base_rate", "Base rate"),
    ("alpha_characters", "Alpha (characters)"),
    ("kappa_characters", "Kappa (characters)"),
    ("alpha_unitized", "Alpha (unitized)"),
)
_BY_TEXT = (
    ("units", "Units"),
    ("alpha", "Alpha"),
    ("kappa", "Kappa"),
    ("ac1", "AC1"),
    ("percent", "Decisions agreed"),
    ("either", "Both, of either"),
    ("base_rate", "Base rate"),
)


def tables(
    study: Study, double: DoubleCoding, pairs: Sequence[tuple[str, str]], values: Mapping[str, Value]
) -> tuple[Table, ...]:
    """By code (with all codes together last), by text, and by pair where there are several."""
    codes = [(code.label or code.id, key_part(code.id)) for code in study.texts.codes]
    by_code = _table("by_code", "Agreement by code", "Code", _BY_CODE, [*codes, ("All codes", "all_codes")], values)
    texts = [(text.id, f"text.{key_part(text.id)}") for text in double.texts]
    by_text = _table("by_text", "Agreement by text, all codes together", "Text", _BY_TEXT, texts, values)
    if len(pairs) < 2:
        return by_code, by_text
    rows = [(f"{a} and {b}", f"pair.{key_part(a)}.{key_part(b)}") for a, b in pairs]
    columns = (("texts", "Texts"), *_BY_TEXT)
    by_pair = _table("by_pair", "Agreement by pair of coders, all codes together", "Coders", columns, rows, values)
    return by_code, by_text, by_pair


_NOTES = {
    "by_code": "A dash: not defined, because neither coder used the code or nothing varies.",
    "by_text": "Every unit is one decision for each code that either coder used in any text.",
    "by_pair": "",
}


def _table(
    id: str,
    title: str,
    head: str,
    columns: Sequence[tuple[str, str]],
    named: Sequence[tuple[str, str]],
    values: Mapping[str, Value],
) -> Table:
    """Rows of (label, beginning of keys); columns of (end of key, heading); a key that there is none of stays empty."""
    keys = [("", *(f"{part}.{name}" if f"{part}.{name}" in values else "" for name, _ in columns)) for _, part in named]
    rows: list[Row] = [
        (label, *(values.get(key) if key else None for key in row[1:]))
        for (label, _), row in zip(named, keys, strict=True)
    ]
    heads = ((head.lower(), head), *((name.replace(".", "_"), title) for name, title in columns))
    return Table(id, title, heads, tuple(rows), _NOTES[id], tuple(keys))
