"""Findings: the verdict on a claim from its evidence, and whether what was affirmed still stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from joinedup.study.digest import digest
from joinedup.study.expect import ExpectError, NoValue, parse, references
from joinedup.study.finding import CONTRADICTS, QUALIFIES, SILENT, Absence, Affirmation, Claim, Evidence, Finding
from joinedup.study.model import Study
from joinedup.study.registry import KIND_BY_ID
from joinedup.study.result import Result, Value
from joinedup.study.rows import RowReader
from joinedup.synthesis.joint_display import fill

SUPPORTED, QUALIFIED, CONTESTED = "supported", "qualified", "contested"
NO_LONGER, INCONCLUSIVE = "no longer supported", "inconclusive"
CURRENT, SAME_VALUE, POSSIBLY = "current", "changed but same value", "possibly affected"
STALE, BROKEN, NOT_AFFIRMED = "stale", "broken", "not yet affirmed"
VERDICTS = (NO_LONGER, CONTESTED, INCONCLUSIVE, QUALIFIED, SUPPORTED)
FRESHNESS = (CURRENT, SAME_VALUE, POSSIBLY, STALE, BROKEN, NOT_AFFIRMED)


@dataclass(frozen=True, slots=True)
class Cited:
    """What a claim cites: values by result and key, quotes and documents; `gone` are the ids that no longer exist."""

    values: Mapping[str, Value]
    quotes: Mapping[str, str]
    gone: tuple[str, ...]

    @property
    def digest(self) -> str:
        return digest(self.values, self.quotes)


def judge(study: Study, results: Mapping[str, Result]) -> dict[str, Finding]:
    """Every claim of `study` as a Finding, judged by `results`, in the study's order."""
    rows = RowReader(study.files)
    affirmed = {affirmation.finding: affirmation for affirmation in study.affirmations}
    return {claim.id: _judge(claim, study, results, rows, affirmed.get(claim.id)) for claim in study.claims}


def _judge(
    claim: Claim, study: Study, results: Mapping[str, Result], rows: RowReader, affirmed: Affirmation | None
) -> Finding:
    cited = cite(claim, study, results)
    inputs = _inputs(claim, study, results, rows)
    verdict, reasons = verdict_of(claim, results)
    return Finding(
        id=claim.id,
        claim=claim.claim,
        text=fill(claim.claim, results),
        verdict=verdict,
        freshness=_freshness(cited, inputs, affirmed),
        evidence=claim.evidence,
        reasons=(*reasons, *(f"{id} no longer exists" for id in cited.gone)),
        question=claim.question,
        limits=claim.limits,
        digest=cited.digest,
        inputs=inputs,
    )


def cited_keys(claim: Claim) -> tuple[tuple[str, str], ...]:
    """Every (result, key) that the claim reads: in its evidence, its sentence, its expectations, its absences."""
    found: dict[tuple[str, str], None] = {}
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


def cite(claim: Claim, study: Study, results: Mapping[str, Result]) -> Cited:
    """The values, quotes and documents that `claim` cites, as they are now."""
    values: dict[str, Value] = {}
    quotes: dict[str, str] = {}
    gone: list[str] = []
    for result_id, key in cited_keys(claim):
        result = results.get(result_id)
        if result is None or (key not in result.values and not result.refused):
            gone.append(f"{result_id}:{key}")
        else:
            values[f"{result_id}:{key}"] = result.values.get(key)
    for piece in claim.evidence:
        name = piece.passage.text if piece.passage else piece.document
        if not name:
            continue
        text = study.text_by_id.get(name)
        if text is None:
            gone.append(f"text {name}")
        elif piece.passage:
            span = piece.passage
            quotes[f"{name}:{span.start}-{span.end}"] = text.content[span.start : span.end]
        else:
            quotes[f"{name}:{piece.page}"] = text.sha256
    return Cited(values, quotes, tuple(gone))


def verdict_of(claim: Claim, results: Mapping[str, Result]) -> tuple[str, tuple[str, ...]]:
    """The verdict on `claim` and the reasons for it."""
    failed = [reason for piece in claim.evidence for reason in _failures(piece, results)]
    if failed:
        return NO_LONGER, tuple(failed)
    stances = [piece.stance for piece in claim.evidence]
    wide = tuple(reason for absence in claim.absence for reason in _too_wide(absence, results))
    if CONTRADICTS in stances:
        return CONTESTED, (_count(claim, CONTRADICTS), *wide)
    if wide:
        return INCONCLUSIVE, wide
    if QUALIFIES in stances:
        return QUALIFIED, (_count(claim, QUALIFIES),)
    return SUPPORTED, ()


def _count(claim: Claim, stance: str) -> str:
    pieces = [piece for piece in claim.evidence if piece.stance == stance]
    strands = ", ".join(dict.fromkeys(piece.strand for piece in pieces))
    verb = stance if len(pieces) == 1 else {QUALIFIES: "qualify", CONTRADICTS: "contradict"}[stance]
    return f"{len(pieces)} of {len(claim.evidence)} pieces of evidence {verb} it ({strands})"


def _failures(piece: Evidence, results: Mapping[str, Result]) -> Iterator[str]:
    if piece.stance == SILENT:
        return
    for text in piece.expect:
        try:
            expectation = parse(text)
            result = results.get(expectation.result)
            if result is None or result.refused:
                why = result.refused if result else "it was not computed"
                yield f"expected {text!r}, but {expectation.result} has no values: {why}"
            elif not expectation.holds(result.values):
                yield f"expected {text!r}, which does not hold"
        except (ExpectError, NoValue) as error:
            yield f"expected {text!r}, but {error}"


def _too_wide(absence: Absence, results: Mapping[str, Result]) -> Iterator[str]:
    result = results.get(absence.result)
    values = result.values if result else {}
    low, high = values.get(absence.low), values.get(absence.high)
    size = absence.smallest_effect
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        yield f"absence is claimed, but {absence.result} has no interval for {absence.low} and {absence.high}"
    elif not (-size < low and high < size):
        yield (
            f"absence is claimed, but the interval of {absence.low.rpartition('.')[0]} ({low:.3g} to {high:.3g})"
            f" is not inside the smallest effect of interest (-{size:g} to {size:g})"
        )


def _inputs(claim: Claim, study: Study, results: Mapping[str, Result], rows: RowReader) -> dict[str, str]:
    """Digests of what lies behind the cited values: cells, and codings and texts."""
    cells: list[object] = []
    texts: list[object] = []
    for result_id, key in cited_keys(claim):
        result = results.get(result_id)
        if result is None:
            continue
        sources = result.sources_of(key)
        known = [rows.digest(source) for source in sources if rows.has(source.file)]
        behind = known if len(known) == len(sources) and known else result.inputs
        kind = KIND_BY_ID.get(result_id)
        (texts if kind and kind.strand == "texts" else cells).append([result_id, key, behind])
    for piece in claim.evidence:
        text = study.text_by_id.get(piece.passage.text) if piece.passage else None
        if text is not None:
            texts.append([text.id, text.sha256])
    return {"rows": digest(cells), "texts": digest(texts)}


def _freshness(cited: Cited, inputs: Mapping[str, str], affirmed: Affirmation | None) -> str:
    if affirmed is None:
        return NOT_AFFIRMED
    if cited.gone:
        return BROKEN
    if affirmed.digest != cited.digest:
        return STALE
    if affirmed.inputs.get("texts", inputs["texts"]) != inputs["texts"]:
        return POSSIBLY
    if affirmed.inputs.get("rows", inputs["rows"]) != inputs["rows"]:
        return SAME_VALUE
    return CURRENT
