"""Findings: the verdict on a claim from its evidence, and whether what was affirmed still stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from joinedup.study.expect import ExpectError, NoValue, parse, show
from joinedup.study.finding import CONTRADICTS, QUALIFIES, SILENT, Absence, Affirmation, Claim, Evidence, Finding
from joinedup.study.model import Study
from joinedup.study.registry import KIND_BY_ID
from joinedup.study.result import Result
from joinedup.synthesis.citations import Citations, Cited
from joinedup.synthesis.joint_display import fill

SUPPORTED, QUALIFIED, CONTESTED = "supported", "qualified", "contested"
NO_LONGER, INCONCLUSIVE = "no longer supported", "inconclusive"
CURRENT, SAME_VALUE, POSSIBLY = "current", "changed but same value", "possibly affected"
STALE, BROKEN, NOT_AFFIRMED = "stale", "broken", "not yet affirmed"
VERDICTS = (NO_LONGER, CONTESTED, INCONCLUSIVE, QUALIFIED, SUPPORTED)
FRESHNESS = (CURRENT, SAME_VALUE, POSSIBLY, STALE, BROKEN, NOT_AFFIRMED)


def judge(study: Study, results: Mapping[str, Result]) -> dict[str, Finding]:
    """Every claim of `study` as a Finding, judged by `results`, in the study's order."""
    citations = Citations(study, results)
    affirmed = {affirmation.finding: affirmation for affirmation in study.affirmations}
    return {claim.id: _judge(claim, results, citations.of(claim), affirmed.get(claim.id)) for claim in study.claims}


def _judge(claim: Claim, results: Mapping[str, Result], cited: Cited, affirmed: Affirmation | None) -> Finding:
    verdict, reasons = verdict_of(claim, results)
    return Finding(
        id=claim.id,
        claim=claim.claim,
        text=fill(claim.claim, results),
        verdict=verdict,
        freshness=_freshness(cited, affirmed),
        evidence=claim.evidence,
        reasons=(*reasons, *cited.gone),
        question=claim.question,
        limits=claim.limits,
        digest=cited.digest,
        inputs=cited.inputs,
        cited=cited.evidence,
        gone=cited.gone,
        moved=tuple(_moved(cited, affirmed)) if affirmed else (),
    )


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
            f"absence is claimed, but the interval, from {show(low, '.3g')} to {show(high, '.3g')}, is not inside the "
            f"smallest effect of interest, from {show(-size, 'g')} to {show(size, 'g')}"
        )


def _freshness(cited: Cited, affirmed: Affirmation | None) -> str:
    if cited.gone:
        return BROKEN
    if affirmed is None:
        return NOT_AFFIRMED
    if affirmed.digest != cited.digest:
        return STALE
    if affirmed.inputs.get("texts", cited.inputs["texts"]) != cited.inputs["texts"]:
        return POSSIBLY
    if affirmed.inputs.get("rows", cited.inputs["rows"]) != cited.inputs["rows"]:
        return SAME_VALUE
    return CURRENT


def _moved(cited: Cited, affirmed: Affirmation) -> Iterator[str]:
    """What is cited otherwise than when the finding was affirmed; digests of words are not shown."""
    for name in sorted({*cited.evidence, *affirmed.evidence}):
        before, now = affirmed.evidence.get(name), cited.evidence.get(name)
        if before == now:
            continue
        if before is None:
            yield f"{name} was not cited"
        elif now is None:
            yield f"{name} was cited"
        else:
            is_value = name.partition(":")[0] in KIND_BY_ID
            yield f"{name} was {before} and is {now}" if is_value else f"the words of {name} are other ones"
