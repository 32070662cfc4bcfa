"""Figures that are no counts: means, extremes, sums, models. Each function returns the stops, none where all may leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isclose

from joinedup.disclosure.model import Stop
from joinedup.disclosure.profiles import Profile, profile_of


def mean_risks(persons: Mapping[str, int], profile: str | Profile = "children-la", what: str = "mean") -> list[Stop]:
    """Means, medians, standard deviations and the like of few persons; `persons`: label of each figure -> its n."""
    rule = profile_of(profile)
    return [
        Stop(
            f"The {what} of {label} rests on {_persons(n)}.",
            f"With the mean and the number of persons anybody in the group can work out the others; the profile {rule.id} "
            f"shows nothing of 1 to {rule.threshold} persons.",
            "Leave it out, or give the figure for a larger group.",
            label,
        )
        for label, n in persons.items()
        if 1 <= n <= rule.threshold
    ]


def extreme_risks(holders: Mapping[str, int], profile: str | Profile = "children-la") -> list[Stop]:
    """Minima, maxima, ranges, and points of box plots or scatter plots; `holders`: label -> persons who have the value."""
    rule = profile_of(profile)
    return [
        Stop(
            f"{label} is the value of {_persons(n)}.",
            "A minimum, a maximum or a single point of a plot is a person's own value, not a summary.",
            "Give a percentile that enough persons lie beyond, or draw the box without its ends and outliers.",
            label,
        )
        for label, n in holders.items()
        if 0 < n <= rule.threshold
    ]


def dominance_risks(
    contributions: Mapping[str, Sequence[float]], profile: str | Profile = "secure", what: str = "sum"
) -> list[Stop]:
    """Sums that mostly are one or two contributors' own; `contributions`: label of each sum -> its parts, 0 or more.

    The (n, k) rule: the n largest make up more than the share k. The p rule: what is left without the two largest is
    less than the share p of the largest, so that the second largest can work it out that closely.
    """
    rule = profile_of(profile)
    found = []
    for label, parts in contributions.items():
        if any(part < 0 for part in parts):
            raise ValueError(f"{label}: dominance is defined for contributions of 0 or more")
        why = _dominated(sorted(parts, reverse=True), rule)
        if why:
            found.append(
                Stop(
                    f"The {what} of {label} gives a contributor away.",
                    why,
                    "Leave the sum out, hide it with a second one in each total, or merge it with another.",
                    label,
                )
            )
    return found


def _dominated(parts: Sequence[float], rule: Profile) -> str:
    total = sum(parts)
    if total <= 0:
        return ""
    top = sum(parts[: rule.dominant])
    rest = sum(parts[2:])
    if top > rule.dominant_share * total and not isclose(top, rule.dominant_share * total):
        return f"Its {min(rule.dominant, len(parts))} largest contributors make up {top / total:.0%} of it (most: {rule.dominant_share:.0%})."
    if rest < rule.p_ratio * parts[0] and not isclose(rest, rule.p_ratio * parts[0]):
        return f"The second largest contributor can work the largest out to within {rest / parts[0]:.0%} (least: {rule.p_ratio:.0%})."
    return ""


def model_risks(models: Mapping[str, tuple[int, int]], profile: str | Profile = "secure") -> list[Stop]:
    """Saturated models; `models`: label -> (observations, parameters). Their coefficients are cell means in disguise."""
    rule = profile_of(profile)
    return [
        Stop(
            f"The model {label} leaves {n - parameters} degrees of freedom.",
            f"With so few the fitted values are the persons' own; the profile {rule.id} asks for {rule.degrees_of_freedom}.",
            "Fit fewer parameters, or more observations.",
            label,
        )
        for label, (n, parameters) in models.items()
        if n - parameters < rule.degrees_of_freedom
    ]


def site_risks(groups: Mapping[str, Iterable[str]], least: int, what: str = "figure") -> list[Stop]:
    """Site anonymity, a promise apart from the rule for persons: groups of fewer than `least` sites are named by nobody.

    `groups`: label of each figure -> the sites behind it (a figure of one site is a group of one).
    """
    found = []
    for label, sites in groups.items():
        n = len(set(sites))
        if 0 < n < least:
            found.append(
                Stop(
                    f"The {what} of {label} rests on {n} site{'s' if n > 1 else ''}.",
                    f"The study promises its sites that nothing is shown of fewer than {least} of them.",
                    "Merge it with another group, or leave it out.",
                    label,
                )
            )
    return found


def _persons(n: int) -> str:
    return "1 person" if n == 1 else f"{n} persons"
