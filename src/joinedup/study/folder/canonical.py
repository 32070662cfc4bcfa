"""The typed parts of a study as the tables and objects that their files hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from joinedup.study.dates import PeriodRule
from joinedup.study.finding import Affirmation, Claim, Evidence
from joinedup.study.folder.frame import Frame
from joinedup.study.indicators import Indicator
from joinedup.study.model import Indicators
from joinedup.study.survey import Scale
from joinedup.study.texts import Code, Coding, Decision, Framework, Memo

Table = dict[str, Any]


def table_of(item: Any, always: tuple[str, ...] = ("id", "label")) -> Table:
    """A dataclass as a table: fields that hold their default are left out, those in `always` are not."""
    found: Table = {}
    for field in dataclasses.fields(item):
        value = getattr(item, field.name)
        default = field.default_factory() if callable(field.default_factory) else field.default
        if field.name in always or value != default:
            found[field.name] = list(value) if isinstance(value, tuple) else value
    return found


def settings_of(frame: Frame, before: Frame) -> Table:
    """study.toml of an edited frame: its settings, with the typed fields that differ from what `before` says."""
    settings = dict(frame.settings)
    for key in ("id", "title"):
        if getattr(frame, key) != getattr(before, key):
            settings[key] = getattr(frame, key)
    if frame.programme != before.programme:
        settings["programme"] = table_of(frame.programme)
    lists = {"question": "questions", "level": "levels", "wave": "waves", "kind": "kinds"}
    for key, name in lists.items():
        if getattr(frame, name) != getattr(before, name):
            settings[key] = [table_of(item, ("id", "label", "text")) for item in getattr(frame, name)]
    return settings


def scales(items: Iterable[Scale]) -> Table:
    """survey/scales.toml."""
    return {"scale": [table_of(item, ("id", "label", "level", "items", "low", "high")) for item in items]}


def codebook(items: Iterable[Code]) -> Table:
    """texts/codebook.toml."""
    return {"code": [table_of(item) for item in items]}


def declared(strand: Indicators) -> Table:
    """indicators/indicators.toml."""
    found: Table = {}
    if strand.deflator or strand.price_base or strand.deflator_source:
        found["deflator"] = {
            "base": strand.price_base,
            "source": strand.deflator_source,
            "values": dict(strand.deflator),
        }
    found["indicator"] = [_indicator(item) for item in strand.indicators]
    return found


def _indicator(item: Indicator) -> Table:
    found = table_of(item, ("id", "label", "family", "unit", "period"))
    return {**found, "period": _period(item.period)}


def _period(rule: PeriodRule) -> Table:
    return {"at": rule.start} if rule.start == rule.end else {"from": rule.start, "to": rule.end}


def findings(claims: Iterable[Claim]) -> Table:
    """findings.toml."""
    return {"finding": [_claim(claim) for claim in claims]}


def _claim(claim: Claim) -> Table:
    found: Table = {"id": claim.id, "question": claim.question or None, "claim": claim.claim}
    found["limits"] = claim.limits or None
    found["evidence"] = [_evidence(piece) for piece in claim.evidence]
    found["absence"] = [dataclasses.asdict(item) for item in claim.absence]
    return {key: value for key, value in found.items() if value is not None and value != []}


def _evidence(piece: Evidence) -> Table:
    found = table_of(piece, ("stance", "strand"))
    if piece.passage is not None:
        found["passage"] = dataclasses.asdict(piece.passage)
    return found


def codings(items: Iterable[Coding]) -> Iterator[Mapping[str, Any]]:
    """The objects of texts/codings.jsonl, sorted by text, place, code, coder and phase."""

    def key(coding: Coding) -> tuple[Any, ...]:
        span = coding.passage
        return (span.text, span.start, span.end, coding.code, coding.coder, coding.phase, coding.note)

    for coding in sorted(items, key=key):
        found = {**dataclasses.asdict(coding.passage), **table_of(coding, ("code", "coder"))}
        yield {name: value for name, value in found.items() if name not in ("passage", "row")}


def decisions(items: Iterable[Decision]) -> Iterator[Mapping[str, Any]]:
    """The objects of texts/decisions.jsonl, in the order in which they were taken."""
    for item in items:
        yield {name: value for name, value in dataclasses.asdict(item).items() if name != "row"}


def framework(matrix: Framework) -> Table:
    """texts/framework.toml."""
    if matrix == Framework():
        return {}
    found = {**table_of(matrix, ("cases",)), "cell": []}
    for cell in matrix.cells:
        table = table_of(cell, ("case", "code", "summary"))
        found["cell"].append({**table, "cites": [dataclasses.asdict(passage) for passage in cell.cites]})
    return {key: value for key, value in found.items() if key != "cells"}


def memos(items: Iterable[Memo]) -> Iterator[Mapping[str, Any]]:
    """The objects of texts/memos.jsonl, in order."""
    return ({"on": item.on, "by": item.by, "at": item.at, "memo": item.memo} for item in items)


def affirmations(items: Iterable[Affirmation]) -> Iterator[Mapping[str, Any]]:
    """The objects of ledger/affirmations.jsonl, in order."""
    return (table_of(item, ("finding", "by", "at", "digest")) for item in items)
