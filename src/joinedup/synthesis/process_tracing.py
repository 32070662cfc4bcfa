"""Process tracing with likelihood ranges: how far pieces of evidence move belief in an explanation, and what flips it.

Posterior odds = prior odds x sensitivity / type-I error for a piece that was found, x (1 - sensitivity) / (1 - type-I
error) for one that was looked for and not found (Befani and Stedman-Bryce 2017, Evaluation 23(1), 42-60; Fairfield and
Charman 2017, Political Analysis 25(3), 363-380). Zaks (2021, Political Analysis 29(1), 58-74) objects that the numbers
are judgements and the hypotheses rarely exhaustive: so they are ranges, and the assumptions are printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

from joinedup.study.problems import NotComputable

HOOP, SMOKING_GUN = "hoop", "smoking gun"
DOUBLY_DECISIVE, STRAW = "doubly decisive", "straw in the wind"
SUPPORTS, AGAINST, UNDECIDED = "more likely than not", "less likely than not", "undecided"
CERTAIN, UNIQUE = 0.9, 0.1
"""A test is certain where sensitivity is at least CERTAIN, unique where the type-I error is at most UNIQUE."""
ASSUMPTIONS = (
    "The explanation and its rival together exhaust what could have happened.",
    "Pieces of different groups are independent, given the explanation and given its rival.",
    "Of the pieces of one group only the least telling is counted.",
    "Sensitivity and type-I error are the judgements of the people named, not measurements.",
)

Range = tuple[float, float]
"""A lower and an upper bound of a probability or of a ratio."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A piece of evidence. `sensitivity`: the chance to find it if the explanation holds; `type_one`: if its rival does.

    `found` tells whether it was found. Pieces of the same `group` depend on one another; "" depends on none.
    """

    id: str
    sensitivity: Range
    type_one: Range
    found: bool = True
    group: str = ""

    def __post_init__(self) -> None:
        for name, (low, high) in (("sensitivity", self.sensitivity), ("type_one", self.type_one)):
            if not 0 < low <= high < 1:
                raise ValueError(
                    f"{name} of {self.id} is no range of probabilities between 0 and 1: {low:g} to {high:g}"
                )

    @property
    def ratio(self) -> Range:
        """The likelihood ratio of what was seen, from its least to its most favourable bound."""
        (low, high), (error_low, error_high) = self.sensitivity, self.type_one
        if self.found:
            return low / error_high, high / error_low
        return (1 - high) / (1 - error_low), (1 - low) / (1 - error_high)

    @property
    def test(self) -> str:
        """Van Evera's test that the piece makes, by the cautious ends of its ranges."""
        return classify(self.sensitivity[0], self.type_one[1])


def classify(sensitivity: float, type_one: float) -> str:
    """Hoop (certain), smoking gun (unique), doubly decisive (both) or straw in the wind (neither)."""
    certain, unique = sensitivity >= CERTAIN, type_one <= UNIQUE
    if certain and unique:
        return DOUBLY_DECISIVE
    return HOOP if certain else SMOKING_GUN if unique else STRAW


def update(prior: Range, pieces: Sequence[Trace]) -> Range:
    """The range of the posterior probability. Raises ValueError for a prior outside (0, 1)."""
    low, high = prior
    if not 0 < low <= high < 1:
        raise ValueError(f"the prior is no range of probabilities between 0 and 1: {low:g} to {high:g}")
    odds_low, odds_high = low / (1 - low), high / (1 - high)
    for piece in counted(pieces):
        ratio = piece.ratio
        odds_low, odds_high = odds_low * ratio[0], odds_high * ratio[1]
    return odds_low / (1 + odds_low), odds_high / (1 + odds_high)


def counted(pieces: Sequence[Trace]) -> tuple[Trace, ...]:
    """The pieces that are multiplied: those of no group, and the least telling of each group, in their order."""
    least: dict[str, Trace] = {}
    for piece in pieces:
        if piece.group and (piece.group not in least or _weight(piece) < _weight(least[piece.group])):
            least[piece.group] = piece
    return tuple(piece for piece in pieces if not piece.group or least[piece.group] is piece)


def _weight(piece: Trace) -> float:
    low, high = piece.ratio
    return abs(log(low) + log(high)) / 2


def verdict(posterior: Range) -> str:
    """What the whole range says: more likely than not, less likely than not, or undecided."""
    low, high = posterior
    if low > 0.5:
        return SUPPORTS
    return AGAINST if high < 0.5 else UNDECIDED


def flips(prior: Range, pieces: Sequence[Trace]) -> Mapping[str, str]:
    """Which single change alters the verdict, and to what: a piece left out, or found where it was not and vice versa."""
    stands = verdict(update(prior, pieces))
    changed: dict[str, str] = {}
    for at, piece in enumerate(pieces):
        others = [*pieces[:at], *pieces[at + 1 :]]
        turned = [*pieces[:at], replace(piece, found=not piece.found), *pieces[at + 1 :]]
        seen = "not found" if piece.found else "found"
        for change, left in ((f"{piece.id} left out", others), (f"{piece.id} {seen}", turned)):
            now = verdict(update(prior, left))
            if now != stands:
                changed[change] = now
    return changed


def required_prior(pieces: Sequence[Trace]) -> float:
    """The prior from which on the cautious posterior passes one half. Raises NotComputable without a piece."""
    if not pieces:
        raise NotComputable("there is no piece of evidence")
    odds = 1.0
    for piece in counted(pieces):
        odds *= piece.ratio[0]
    return 1 / (1 + odds)
