"""Programme sites beside their statistical neighbours: comparison sites that whoever publishes them found alike."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from joinedup.study.model import Study
from joinedup.study.result import Table, Value

COLUMNS = (
    ("neighbours", "Their neighbours"),
    ("n_neighbours", "Programme sites with neighbours"),
    ("neighbours_difference", "Difference"),
    ("neighbours_standardised", "Standardised"),
    ("standardised", "Standardised, all comparison sites"),
    ("neighbours_variance_ratio", "Variance ratio"),
    ("neighbours_rank", "Rank among neighbours"),
    ("rank", "Rank among all comparison sites"),
)


def neighbours_of(study: Study, comparison: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    """The neighbours of each site that are `comparison` sites, nearest first; [plan.indicators] neighbours says how many.

    A rank that is no number is a problem of the check, and its row is left out.
    """
    most = study.plan("indicators").get("neighbours")
    rows = [row for row in study.indicators.neighbours if row.rank.isdigit() and row.neighbour in comparison]
    found: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: (int(row.rank), row.neighbour)):
        found.setdefault(row.site, []).append(row.neighbour)
    return {site: tuple(near[:most]) for site, near in sorted(found.items())}


def rank_among(value: float, others: Sequence[float]) -> float:
    """The share of `others` that lie below `value`, those equal to it counting half: .5 where they are alike."""
    return sum((other < value) + (other == value) / 2 for other in others) / len(others)


def beside_neighbours(cells: pd.DataFrame, near: Mapping[str, tuple[str, ...]], scale: float) -> dict[str, Value]:
    """Each programme site against the mean of its own neighbours, averaged over the sites that have any with a number.

    `scale` is the standard deviation of the standardised difference against all comparison sites: it stays, so that the
    two can be compared. The variance ratio has the neighbours weighted by how much of a site's mean each is.
    """
    numbers = {str(site): float(value) for site, value in zip(cells["site"], cells["value"], strict=True)}
    found = {site: [numbers[one] for one in each if one in numbers] for site, each in near.items()}
    held = {site: values for site, values in found.items() if values and site in numbers}
    if not held:
        return {name: 0 if name == "n_neighbours" else None for name, _ in COLUMNS if "neighbours" in name}
    n = len(held)
    means = {site: math.fsum(values) / len(values) for site, values in held.items()}
    difference = math.fsum(numbers[site] - mean for site, mean in means.items()) / n
    return {
        "neighbours": math.fsum(means.values()) / n,
        "n_neighbours": n,
        "neighbours_difference": difference,
        "neighbours_standardised": difference / scale if scale > 0 else None,
        "neighbours_variance_ratio": _variance_ratio([numbers[site] for site in held], list(held.values())),
        "neighbours_rank": math.fsum(rank_among(numbers[site], values) for site, values in held.items()) / n,
    }


def _variance_ratio(programme: Sequence[float], near: Sequence[Sequence[float]]) -> float | None:
    weighted = [(value, 1 / len(values)) for values in near for value in values]
    total = math.fsum(weight for _, weight in weighted)
    mean = math.fsum(value * weight for value, weight in weighted) / total
    squares = math.fsum(weight * (value - mean) ** 2 for value, weight in weighted)
    lost = total**2 - math.fsum(weight**2 for _, weight in weighted)
    if len(programme) < 2 or not squares > 0 or not lost > 0:
        return None
    own = math.fsum(programme) / len(programme)
    spread = math.fsum((value - own) ** 2 for value in programme) / (len(programme) - 1)
    return spread / (total * squares / lost)


def neighbours_table(labels: Sequence[str], parts: Sequence[str], values: Mapping[str, Value]) -> Table:
    """One row an indicator, `parts` being their parts of keys."""
    names = [name for name, _ in COLUMNS]
    return Table(
        "neighbours",
        "Programme sites beside their statistical neighbours",
        (("indicator", "Indicator"), *COLUMNS),
        tuple(
            (label, *(values[f"{part}.{name}"] for name in names)) for label, part in zip(labels, parts, strict=True)
        ),
        "Rank: the share of sites with a lower number than a programme site has, on average; .5 where they are alike.",
        tuple(("", *(f"{part}.{name}" for name in names)) for part in parts),
    )
