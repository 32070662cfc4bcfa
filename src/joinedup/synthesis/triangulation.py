"""The triangulation protocol: what two strands say on the same question, compared by rule and by two raters.

Farmer, Robinson, Elliott and Eyles (2006), "Developing and implementing a triangulation protocol for qualitative health
research", Qualitative Health Research 16(3), 377-394: findings are compared by meaning and prominence, and by coverage
and examples. Both elements alike: agreement; one: partial agreement; none: dissonance; one side says nothing: silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from joinedup.study.problems import NotComputable

AGREEMENT, PARTIAL, SILENCE, DISSONANCE = "agreement", "partial agreement", "silence", "dissonance"
CODES = (AGREEMENT, PARTIAL, SILENCE, DISSONANCE)
NOT_ASKED, NOT_COVERED, NOT_SETTLED = "not asked", "covered by neither", "not settled"
SAME, DIFFERENT = "same", "different"
ELEMENTS = ("meaning", "prominence", "coverage", "examples")


@dataclass(frozen=True, slots=True)
class Rating:
    """How one rater sees two strands: each of the four elements "same" or "different"."""

    by: str
    meaning: str
    prominence: str
    coverage: str
    examples: str
    reason: str = ""

    @property
    def code(self) -> str:
        """The code of what is said: meaning and prominence."""
        return convergence(self.meaning == SAME, self.prominence == SAME)

    @property
    def reach(self) -> str:
        """The code of how far it is said: coverage and examples."""
        return convergence(self.coverage == SAME, self.examples == SAME)


@dataclass(frozen=True, slots=True)
class Voice:
    """What a strand says on a finding. `asked`: whether it put the question at all; `covers`: whether it says anything."""

    strand: str
    asked: bool
    covers: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two strands on one finding: the code of what they say, that of how far, and whether raters differed."""

    first: str
    second: str
    code: str
    reach: str
    differed: bool = False


@dataclass(frozen=True, slots=True)
class RaterAgreement:
    """How far two raters gave the same code to the same pairs. `kappa` is None where chance can't be told apart."""

    pairs: int
    percent: float
    kappa: float | None


def convergence(first: bool, second: bool) -> str:
    """The code of two compared elements, each alike (True) or not."""
    if first and second:
        return AGREEMENT
    return PARTIAL if first or second else DISSONANCE


def compare(first: Voice, second: Voice, ratings: Sequence[Rating] = (), settled: str = "") -> Comparison:
    """The code of two strands on one finding.

    A strand that was not asked can't be silent: the pair is "not asked". Where one of two strands that were asked says
    nothing, it is silence, whatever raters say. Otherwise the raters' code holds; where they differ, that of `settled`
    (the name under which they settled it), else "not settled". Raises NotComputable for two voices without a rating.
    """
    names = (first.strand, second.strand)
    if not (first.asked and second.asked):
        return Comparison(*names, NOT_ASKED, NOT_ASKED)
    if not (first.covers and second.covers):
        code = SILENCE if first.covers or second.covers else NOT_COVERED
        return Comparison(*names, code, code)
    alone = [rating for rating in ratings if rating.by != settled]
    last = [rating for rating in ratings if settled and rating.by == settled]
    if not ratings:
        raise NotComputable(f"{names[0]} and {names[1]} both speak, and nobody has compared them")
    differed = len({rating.code for rating in alone}) > 1 or len({rating.reach for rating in alone}) > 1
    return Comparison(
        *names, _one([r.code for r in last or alone]), _one([r.reach for r in last or alone]), differed=differed
    )


def _one(codes: Sequence[str]) -> str:
    return codes[0] if all(code == codes[0] for code in codes) else NOT_SETTLED


def rater_agreement(first: Mapping[str, str], second: Mapping[str, str]) -> RaterAgreement:
    """Agreement of two raters' codes over the pairs that both rated (Cohen's kappa, nominal).

    `first` and `second` map a pair to its code. Raises NotComputable where they rated no pair in common.
    """
    from joinedup.texts.agreement import cohen_kappa

    both = [pair for pair in first if pair in second]
    if not both:
        raise NotComputable("one rater has no agreement: no pair was rated by two")
    mine, theirs = [first[pair] for pair in both], [second[pair] for pair in both]
    percent = sum(a == b for a, b in zip(mine, theirs, strict=True)) / len(both)
    try:
        kappa = cohen_kappa(mine, theirs).estimate
    except NotComputable:
        kappa = None
    return RaterAgreement(len(both), percent, kappa)


def tally(comparisons: Sequence[Comparison]) -> dict[str, int]:
    """How often each code was given, every code named, also those that never were."""
    names = (*CODES, NOT_ASKED, NOT_COVERED, NOT_SETTLED)
    return {name: sum(comparison.code == name for comparison in comparisons) for name in names}
