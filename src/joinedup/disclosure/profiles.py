"""Disclosure profiles as data: what each publisher's rule hides, rounds and lets through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from joinedup.disclosure.status import INPUT_MARKS
from joinedup.study.problems import UsageError

_TAKEN = tuple(mark for mark, status in INPUT_MARKS.items() if not status.hidden)
"""Marks that say something else than that a count is hidden."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A published rule. Counts of persons; every number is a whole number of persons unless said.

    `threshold`: counts from 1 to this are hidden (primary), shown as `mark`; zeros are true zeros.
    `secondary`: whether others are hidden so that no hidden count can be worked out (complementary suppression).
    `base`: other counts are rounded to this (1: not rounded); `base_above`: those above the authority. Each figure is
    rounded for itself, half up, totals too. `decimals`: of a percentage; `mean_decimals`: of a mean
    of what few persons answered. `least_feasible`: how many whole numbers an
    attacker must leave open for each primary cell. `small_group`: a group of up to so many persons may not share one
    value, and how far its members lie apart isn't told. `dominant`, `dominant_share`: a sum is hidden where its largest `dominant` contributors make up more than
    the share; `p_ratio`: or where the others than the two largest make up less than this share of the largest.
    `degrees_of_freedom`: the fewest that a fitted model may leave.
    `most_cells`: above this many cells the whole is rounded instead.
    """

    id: str
    label: str
    source: str
    threshold: int
    mark: str = "c"
    secondary: bool = True
    base: int = 1
    base_above: int = 1
    decimals: int = 1
    mean_decimals: int = 1
    least_feasible: int = 3
    small_group: int = 10
    dominant: int = 2
    dominant_share: float = 0.9
    p_ratio: float = 0.1
    degrees_of_freedom: int = 10
    most_cells: int = 2_000

    def __post_init__(self) -> None:
        for name in ("threshold", "base", "base_above", "least_feasible"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise UsageError(f"The profile {self.id!r}: `{name}` is {value!r}. It is a whole number from 1.")
        if not isinstance(self.mark, str) or not self.mark.strip() or self.mark in _TAKEN or self.mark.isdigit():
            raise UsageError(
                f"The profile {self.id!r}: the mark {self.mark!r} would be read as something else. Take text that is "
                f"no number and none of {', '.join(_TAKEN)}."
            )

    @property
    def legend(self) -> str:
        """What the mark says, in words for the foot of a table."""
        small = f"1 to {self.threshold}"
        hidden = f"suppressed: {small}, or hidden so that such a count can't be worked out" if self.secondary else small
        shown = f"; other counts rounded to the nearest {self.base}" if self.base > 1 else ""
        above = (
            f"; totals above the authority rounded to the nearest {self.base_above}"
            if self.base_above != self.base
            else ""
        )
        return f"{self.mark} = {hidden}{shown}{above}; 0 is a true zero"


PROFILES: Mapping[str, Profile] = {
    profile.id: profile
    for profile in (
        Profile(
            "children-la",
            "Children, local authority",
            "England's education ministry, statistics on children in need and looked after",
            threshold=5,
            base_above=10,
        ),
        Profile(
            "nhs",
            "NHS, below national level",
            "NHS hospital statistics below national level",
            threshold=7,
            mark="*",
            secondary=False,
            base=5,
            base_above=5,
            decimals=0,
        ),
        Profile(
            "secure",
            "Secure research service",
            "secure research services: threshold 10, (n, k) = (2, .9), p-ratio .1",
            threshold=9,
        ),
        Profile(
            "rounded",
            "Rounded",
            "England's exams regulator: nearest 5, 1 to 4 as fewer than 5, zero true",
            threshold=4,
            mark="low",
            secondary=False,
            base=5,
            base_above=5,
            decimals=0,
        ),
    )
}
"""The profiles by id. `rounded` is also what a table falls back to that is too large for complementary suppression."""


def profile_of(profile: str | Profile) -> Profile:
    """The profile itself, or the one of this id; raises UsageError for an unknown id."""
    if isinstance(profile, Profile):
        return profile
    if not isinstance(profile, str) or profile not in PROFILES:
        raise UsageError(f"There is no disclosure profile {profile!r}. Take one of {', '.join(PROFILES)}.")
    return PROFILES[profile]


def rounded_to(count: int, base: int) -> int:
    """`count` to the nearest multiple of `base`, half up."""
    return (2 * count + base) // (2 * base) * base


def rounding_range(shown: int, base: int, profile: Profile) -> tuple[int, int]:
    """The whole numbers that an attacker who knows the rule takes a rounded count `shown` to come from, inclusive."""
    if shown == 0:
        return 0, 0
    half = base // 2
    return max(shown - half, profile.threshold + 1), shown + (base - 1) // 2
