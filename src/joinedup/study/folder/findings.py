"""findings.toml, synthesis/*.toml, the ledger's affirmations and references.bib."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from joinedup.study.finding import SILENT, Absence, Affirmation, Claim, Evidence
from joinedup.study.folder.jsonlines import read_objects
from joinedup.study.folder.reading import Reading
from joinedup.study.folder.textfile import decode
from joinedup.study.folder.tomlfile import TomlTable, parse_toml, read_toml
from joinedup.study.texts import Passage
from joinedup.study.withdrawals import Withdrawal

FINDINGS = "findings.toml"
SYNTHESIS = re.compile(r"synthesis/([^/]+)\.toml")
AFFIRMATIONS = "ledger/affirmations.jsonl"
REFERENCES = "references.bib"
WITHDRAWALS = "ledger/withdrawals.jsonl"
WITHDRAWAL_KEYS: dict[str, type] = {**dict.fromkeys(("person", "text", "by", "at", "reason"), str), "responses": bool}
AFFIRMATION_KEYS: dict[str, type] = {
    **dict.fromkeys(("finding", "by", "at", "digest", "note"), str),
    **dict.fromkeys(("inputs", "evidence"), dict),
}


def read_claims(reading: Reading) -> tuple[Claim, ...]:
    """findings.toml; a finding that can't be constructed is a problem and left out."""
    top = read_toml(reading, FINDINGS)
    if top is None:
        return ()
    claims = [_claim(table) for table in top.tables("finding")]
    top.finish()
    return tuple(claim for claim in claims if claim is not None)


def _claim(table: TomlTable) -> Claim | None:
    pieces = [_evidence(piece) for piece in table.tables("evidence")]
    absences = [_absence(piece) for piece in table.tables("absence")]
    id, claim = table.text("id", required=True), table.text("claim", required=True)
    question, limits = table.text("question"), table.text("limits")
    table.finish()
    evidence = tuple(piece for piece in pieces if piece is not None)
    absence = tuple(piece for piece in absences if piece is not None)
    if None in pieces and all(piece.stance == SILENT for piece in evidence):
        return None  # the broken evidence has its own problem
    try:
        return Claim(id, claim, evidence, question, absence, limits)
    except ValueError:
        what = f"Finding `{id}` has no evidence."
        table.report("J605", what, "Cite at least one result, passage or document; silence is no evidence.")
        return None


def _evidence(table: TomlTable) -> Evidence | None:
    words = {key: table.text(key) for key in ("result", "document", "page", "note")}
    stance, strand = table.text("stance", required=True), table.text("strand", required=True)
    keys, expect = table.texts("keys"), table.texts("expect")
    has_passage = "passage" in table.data
    passage = _passage(table.table("passage")) if has_passage else None
    table.finish()
    if not stance or (has_passage and passage is None):
        return None
    try:
        return Evidence(stance=stance, strand=strand, keys=keys, passage=passage, expect=expect, **words)
    except ValueError as error:
        remedy = "Give it a stance (supports, qualifies, contradicts, silent) and one thing that it cites."
        table.report("J606", f"This evidence can't stand: {error}.", remedy)
        return None


def _passage(table: TomlTable) -> Passage | None:
    text, quote = table.text("text", required=True), table.text("quote", required=True)
    start, end = table.whole("start"), table.whole("end")
    table.finish()
    for key, value in (("start", start), ("end", end)):
        if value is None and key not in table.data:
            table.report("J017", f"`{key}` is missing of {table.path}.", f"Write {key} = a whole number.", key)
    if start is None or end is None or not text or not quote:
        return None
    return Passage(text, start, end, quote)


def _absence(table: TomlTable) -> Absence | None:
    result, low, high = (table.text(key, required=True) for key in ("result", "low", "high"))
    smallest = table.number("smallest_effect")
    table.finish()
    if smallest is None and "smallest_effect" not in table.data:
        what = f"`smallest_effect` is missing of {table.path}."
        table.report("J017", what, "Say from which size on an effect would matter.", "smallest_effect")
    return Absence(result, low, high, smallest) if result and low and high and smallest is not None else None


def read_synthesis(reading: Reading) -> Mapping[str, Mapping[str, Any]]:
    """The files of synthesis/ as parsed, by name; their meaning is checked with the study."""
    found = {}
    for file in sorted(reading.files):
        match = SYNTHESIS.fullmatch(file)
        data = parse_toml(reading, file) if match else None
        if match and data is not None:
            found[match[1]] = data
    return found


def read_affirmations(reading: Reading) -> tuple[Affirmation, ...]:
    """ledger/affirmations.jsonl, in order."""
    required = ("finding", "by", "at", "digest")
    objects = read_objects(reading, AFFIRMATIONS, AFFIRMATION_KEYS, required)
    return tuple(
        Affirmation(**{key: value for key, value in found.items() if key in AFFIRMATION_KEYS}) for _, found in objects
    )


def read_withdrawals(reading: Reading) -> tuple[Withdrawal, ...]:
    """ledger/withdrawals.jsonl, in order."""
    objects = read_objects(reading, WITHDRAWALS, WITHDRAWAL_KEYS, ("person", "text", "by", "at", "reason"))
    return tuple(
        Withdrawal(**{key: value for key, value in found.items() if key in WITHDRAWAL_KEYS}, row=row)
        for row, found in objects
    )


def read_references(reading: Reading) -> str:
    """references.bib as text."""
    return decode(reading, REFERENCES) or ""
