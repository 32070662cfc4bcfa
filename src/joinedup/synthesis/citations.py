"""What a claim cites, piece by piece: each value, quote, page with its fingerprint, and what lies behind it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from joinedup.study.digest import canonical
from joinedup.study.expect import ExpectError, parse, references
from joinedup.study.finding import Claim, Evidence
from joinedup.study.model import Study
from joinedup.study.registry import KIND_BY_ID
from joinedup.study.result import Result, Value
from joinedup.study.rows import RowReader
from joinedup.study.withdrawals import is_withdrawn

Key = tuple[str, str]
"""A result and a key of its values."""


@dataclass(frozen=True, slots=True)
class Cited:
    """What a claim cites, as it is now.

    `evidence` maps what is cited (`result:key`, `text:start-end`, `document:page`) to its fingerprint: a value as text,
    to 9 significant digits; a quote or a page by its digest, so that a ledger holds nobody's words. `gone` says what
    no longer exists and why. `inputs` are the digests of what lies behind: "rows" (cells), "texts" (codings and texts).
    """

    evidence: Mapping[str, str]
    gone: tuple[str, ...]
    inputs: Mapping[str, str]

    @property
    def digest(self) -> str:
        return _digest(sorted(self.evidence.items()))


class Citations:
    """Fingerprints of what claims cite in one state of a study; each thing is looked at once, however often it is cited."""

    def __init__(self, study: Study, results: Mapping[str, Result]) -> None:
        self._study = study
        self._results = results
        self._rows = RowReader(study.files)
        self._values: dict[Key, str | None] = {}
        self._behind: dict[Key, tuple[tuple[str, str], ...]] = {}

    def of(self, claim: Claim) -> Cited:
        """What `claim` cites."""
        keys = cited_keys(claim)
        evidence: dict[str, str] = {}
        gone: list[str] = []
        for key in keys:
            name, now = ":".join(key), self._value(key)
            if now is None:
                gone.append(f"{name} no longer exists")
            else:
                evidence[name] = now
        for piece in claim.evidence:
            for name, now, why in self._words(piece):
                if why:
                    gone.append(why)
                else:
                    evidence[name] = now
        return Cited(evidence, tuple(gone), self._inputs(claim, keys))

    def _value(self, key: Key) -> str | None:
        if key not in self._values:
            result = self._results.get(key[0])
            lost = result is None or (key[1] not in result.values and not result.refused)
            self._values[key] = None if lost or result is None else shown(result.values.get(key[1]))
        return self._values[key]

    def _words(self, piece: Evidence) -> Iterator[tuple[str, str, str]]:
        """The name of a cited passage or page, its fingerprint, and why it can't be cited any more."""
        name = piece.passage.text if piece.passage else piece.document
        text = self._study.text_by_id.get(name)
        if not name:
            return
        if text is None:
            yield name, "", f"text {name} no longer exists"
        elif piece.passage is None:
            yield f"{name}:{piece.page}", text.sha256, ""
        else:
            span = f"{piece.passage.start}-{piece.passage.end}"
            quote = text.content[piece.passage.start : piece.passage.end]
            why = f"the passage {name}:{span} was withdrawn by who said it" if is_withdrawn(quote) else ""
            yield f"{name}:{span}", hashlib.sha256(quote.encode()).hexdigest(), why

    def _inputs(self, claim: Claim, keys: tuple[Key, ...]) -> dict[str, str]:
        found: dict[str, list[list[str]]] = {"rows": [], "texts": []}
        for key in keys:
            for kind, told in self._behind_value(key):
                found[kind].append([*key, told])
        for piece in claim.evidence:
            text = self._study.text_by_id.get(piece.passage.text) if piece.passage else None
            if text is not None:
                found["texts"].append([text.id, text.sha256])
        return {kind: _digest(told) for kind, told in found.items()}

    def _behind_value(self, key: Key) -> tuple[tuple[str, str], ...]:
        """Whether rows, texts or both lie behind a value, each with its digest; the result's inputs where unknown."""
        if key not in self._behind:
            result = self._results.get(key[0])
            self._behind[key] = () if result is None else tuple(self._digests_behind(result, key[1]))
        return self._behind[key]

    def _digests_behind(self, result: Result, key: str) -> Iterator[tuple[str, str]]:
        sources = result.sources_of(key)
        if not sources or not all(self._rows.has(source.file) for source in sources):
            yield _kind(result.id), result.inputs
            return
        texts = [source for source in sources if _kind(result.id, source.file) == "texts"]
        rows = [source for source in sources if _kind(result.id, source.file) == "rows"]
        for kind, held in (("rows", rows), ("texts", texts)):
            if held:
                yield kind, _digest([self._rows.digest(source) for source in held])


def _digest(words: Sequence[str] | Sequence[Sequence[str]]) -> str:
    """SHA-256 (hex) of strings."""
    return hashlib.sha256(json.dumps(words).encode("ascii")).hexdigest()


def _kind(result: str, file: str = "") -> str:
    """Texts behind a result of the texts, and in another one what it takes from the files of the texts."""
    kind = KIND_BY_ID.get(result)
    return "texts" if file.startswith("texts/") or (kind is not None and kind.strand == "texts") else "rows"


def shown(value: Value) -> str:
    """A value as a fingerprint tells it: floats to 9 significant digits, no value as "no value"."""
    return "no value" if value is None else str(canonical(value))


def cited_keys(claim: Claim) -> tuple[Key, ...]:
    """Every (result, key) that the claim reads: in its evidence, its sentence, its expectations, its absences."""
    found: dict[Key, None] = {}
    for piece in claim.evidence:
        found.update(dict.fromkeys((piece.result, key) for key in piece.keys))
        for text in piece.expect:
            try:
                expectation = parse(text)
            except ExpectError:  # `check` has refused such a study; a claim made in code is judged without it
                continue
            found.update(dict.fromkeys((expectation.result, key) for key in expectation.keys))
    found.update(dict.fromkeys((ref.result, ref.key) for ref in references(claim.claim)))
    for absence in claim.absence:
        found.update(dict.fromkeys([(absence.result, absence.low), (absence.result, absence.high)]))
    return tuple(found)
