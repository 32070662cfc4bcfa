"""Findings: claims in words that cite evidence, each piece with a stance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from joinedup.study.texts import Passage

SUPPORTS, QUALIFIES, CONTRADICTS, SILENT = "supports", "qualifies", "contradicts", "silent"
STANCES = (SUPPORTS, QUALIFIES, CONTRADICTS, SILENT)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence: values of a result, a passage, or a document (with a page).

    `keys` are the cited keys of `result`; `codes` narrow a texts result to codings, for freshness.
    `expect` are comparisons that must hold for the stance to stand.
    `reason` is required for silence: why the strand could have spoken.
    """

    stance: str
    strand: str
    result: str = ""
    keys: tuple[str, ...] = ()
    passage: Passage | None = None
    document: str = ""
    page: str = ""
    expect: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if self.stance not in STANCES:
            raise ValueError(f"stance {self.stance!r} is none of {', '.join(STANCES)}")
        kinds = [bool(self.result), self.passage is not None, bool(self.document)]
        if self.stance != SILENT and sum(kinds) != 1:
            raise ValueError("evidence cites one of: a result, a passage, a document")


@dataclass(frozen=True, slots=True)
class Absence:
    """The claim that something did not change: the interval must lie inside +-`smallest_effect`."""

    result: str
    low: str
    high: str
    smallest_effect: float


@dataclass(frozen=True, slots=True)
class Claim:
    """A finding as written in findings.toml; a claim without evidence can't be constructed (silence is none)."""

    id: str
    claim: str
    evidence: tuple[Evidence, ...]
    question: str = ""
    absence: tuple[Absence, ...] = ()
    limits: str = ""

    def __post_init__(self) -> None:
        if all(piece.stance == SILENT for piece in self.evidence):
            raise ValueError(f"finding {self.id!r} has no evidence: cite at least one result, passage or document")


@dataclass(frozen=True, slots=True)
class Affirmation:
    """A person has read a finding's evidence and stands by it: who, when, digest of what was seen.

    `evidence` maps what was cited to its fingerprint: a value as text, a quote or page by its digest.
    `inputs` are digests of what lies behind the cited values: "rows" (cells) and "texts" (codings and texts).
    """

    finding: str
    by: str
    at: str
    digest: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim judged against the results of a run.

    `cited` maps what is cited to its fingerprint now; `gone` says what is cited and no longer exists; `moved` what is
    other than when the finding was last affirmed.
    """

    id: str
    claim: str
    text: str
    verdict: str
    freshness: str
    evidence: tuple[Evidence, ...]
    reasons: tuple[str, ...] = ()
    question: str = ""
    limits: str = ""
    digest: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    cited: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
