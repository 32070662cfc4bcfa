"""Agreement between coders: percent, Cohen's kappa, Krippendorff's alpha.

Nothing here returns NaN: where a coefficient is not defined, NotComputable says why.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from joinedup.study.problems import NotComputable

COHEN = "Cohen, J. (1960), A coefficient of agreement for nominal scales, Educ. Psychol. Meas. 20(1), 37-46."
KRIPPENDORFF = "Krippendorff, K. (2011), Computing Krippendorff's alpha-reliability, University of Pennsylvania."

Weight = Callable[[int, int], float]
_WEIGHTS: dict[str | None, Weight] = {
    None: lambda i, j: float(i != j),
    "linear": lambda i, j: float(abs(i - j)),
    "quadratic": lambda i, j: float((i - j) ** 2),
}


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient of agreement with what it was made of.

    `observed` and `expected` are agreement for percent and kappa (weighted: 1 - disagreement / the largest
    disagreement), and disagreement for alpha, as their authors define them; percent expects nothing (None).
    `units` counts the units that were used: those that lack a rating which the coefficient needs are left out.
    """

    name: str
    estimate: float
    observed: float
    expected: float | None
    units: int
    coders: int


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _pairs(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[Hashable, Hashable]]:
    if len(a) != len(b):
        raise ValueError(f"the coders rated {len(a)} and {len(b)} units: both must rate the same units")
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if not _missing(x) and not _missing(y)]
    if not pairs:
        raise NotComputable("No unit was rated by both coders.")
    return pairs


def percent_agreement(a: Sequence[Hashable], b: Sequence[Hashable]) -> Coefficient:
    """The share of units in which two coders give the same category.

    `a` and `b` hold one rating a unit (None or NaN: missing; such units are left out). Raises NotComputable where no
    unit was rated by both.
    """
    pairs = _pairs(a, b)
    share = sum(x == y for x, y in pairs) / len(pairs)
    return Coefficient("percent agreement", share, share, None, len(pairs), 2)


def cohen_kappa(a: Sequence[Hashable], b: Sequence[Hashable], weights: str | None = None) -> Coefficient:
    """Cohen's kappa of two coders, (Po - Pe) / (1 - Pe); Pe sums the products of their shares over categories.

    `a` and `b` hold one rating a unit (None or NaN: missing; such units are left out). `weights`: None, "linear" or
    "quadratic" in the distance of the ranks of the categories that occur (Cohen 1968). Raises NotComputable where no unit was rated
    by both, and where both use one and the same category throughout (Pe is 1).
    """
    pairs = _pairs(a, b)
    seen: Iterable[Any] = dict.fromkeys(value for pair in pairs for value in pair)
    rank = {value: index for index, value in enumerate(seen if weights is None else sorted(seen))}
    return _kappa(Counter((rank[x], rank[y]) for x, y in pairs), _WEIGHTS[weights])


def _kappa(table: Counter[tuple[int, int]], weight: Weight) -> Coefficient:
    """Kappa from the counts of (rank by one coder, rank by the other)."""
    total = table.total()
    rows, columns = Counter[int](), Counter[int]()
    for (i, j), count in table.items():
        rows[i] += count
        columns[j] += count
    top = max((weight(i, j) for i in (*rows, *columns) for j in (*rows, *columns)), default=0.0)
    expected = math.fsum(weight(i, j) * rows[i] * columns[j] for i in rows for j in columns) / total
    if expected == 0:
        raise NotComputable("Both coders use one category throughout: without variation kappa is not defined.")
    observed = math.fsum(weight(i, j) * count for (i, j), count in table.items())
    agreed = (1 - observed / total / top, 1 - expected / total / top)
    return Coefficient("Cohen's kappa", 1 - observed / expected, *agreed, total, 2)


def krippendorff_alpha(ratings: Sequence[Sequence[Any]], level: str = "nominal") -> Coefficient:
    """Krippendorff's alpha, 1 - Do / De, of any number of coders, with missing ratings.

    `ratings` is coders x units; None or NaN is missing. `level` is the metric: nominal, ordinal, interval or ratio
    (all but nominal need numbers, ratio none below 0). A unit with m ratings adds 1 / (m - 1) per ordered pair of
    them; units with fewer than two ratings add nothing. Do and De come from counts of values, so that memory grows
    with the ratings and not with the square of the distinct values. Raises NotComputable with fewer than two coders,
    without a unit rated twice, and where all values are the same.
    """
    if len(ratings) < 2:
        raise NotComputable("One coder has no agreement: a second coder must rate the same units.")
    found = [[value for value in unit if not _missing(value)] for unit in zip(*ratings, strict=True)]
    pairable = [unit for unit in found if len(unit) > 1]
    if not pairable:
        raise NotComputable("No unit was rated by two coders.")
    disagreement = _metric(level, Counter(value for unit in pairable for value in unit))
    total = sum(map(len, pairable))
    observed = math.fsum(disagreement(Counter(unit)) / (len(unit) - 1) for unit in pairable) / total
    expected = disagreement(Counter(value for unit in pairable for value in unit)) / (total * (total - 1))
    if expected == 0:
        raise NotComputable("All ratings are the same: without variation alpha is not defined.")
    return Coefficient("Krippendorff's alpha", 1 - observed / expected, observed, expected, len(pairable), len(ratings))


Disagreement = Callable[[Counter[Any]], float]
"""The sum of the metric over all ordered pairs of some values, given as counts."""


def _metric(level: str, marginals: Counter[Any]) -> Disagreement:
    if level == "nominal":
        return lambda counts: float(counts.total() ** 2 - sum(n * n for n in counts.values()))
    if level == "interval":
        mean = math.fsum(value * n for value, n in marginals.items()) / marginals.total()
        return lambda counts: _squares((value - mean, n) for value, n in counts.items())
    if level == "ordinal":
        ranks = _midranks(marginals)
        return lambda counts: _squares((ranks[value], n) for value, n in counts.items())
    if level == "ratio":
        if min(marginals) < 0:
            raise NotComputable("The ratio metric needs values of 0 or more.")
        return _ratio
    raise ValueError(f"level {level!r} is none of nominal, ordinal, interval, ratio")


def _squares(weighted: Iterable[tuple[float, int]]) -> float:
    """The sum of (x - y)^2 over ordered pairs, 2 (m * sum x^2 - (sum x)^2); a single value gives exactly 0."""
    values = list(weighted)
    if len(values) < 2:
        return 0.0
    if len(values) == 2:
        (x, n), (y, m) = values
        return 2 * n * m * (x - y) ** 2
    count = sum(n for _, n in values)
    mean = math.fsum(x * n for x, n in values) / count
    return 2 * count * math.fsum(n * (x - mean) ** 2 for x, n in values)


def _midranks(marginals: Counter[Any]) -> dict[Any, float]:
    """Krippendorff's ordinal metric is the squared distance of these: the values below, and half of the equal ones."""
    ranks, below = {}, 0
    for value in sorted(marginals):
        ranks[value] = below + marginals[value] / 2
        below += marginals[value]
    centre = below / 2
    return {value: rank - centre for value, rank in ranks.items()}


def _ratio(counts: Counter[Any]) -> float:
    """((x - y) / (x + y))^2 has no closed sum: one row of distinct values at a time."""
    if len(counts) < 2:
        return 0.0
    import numpy as np

    values = np.array(list(counts), dtype=float)
    times = np.array(list(counts.values()), dtype=float)
    total = 0.0
    for value, n in zip(values, times, strict=True):
        sums = values + value
        share = np.divide(values - value, sums, out=np.zeros_like(sums), where=sums != 0)
        total += float(n * (times * share**2).sum())
    return total


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """How two coders used one code: units coded by both, by the first alone, by the second alone, by neither.

    The units may be turns, paragraphs or code points: the coefficients need the four counts alone.
    """

    both: int
    first: int
    second: int
    neither: int

    @property
    def units(self) -> int:
        return self.both + self.first + self.second + self.neither

    @property
    def percent(self) -> float | None:
        """Share of units in which the coders agree; None without units."""
        return (self.both + self.neither) / self.units if self.units else None

    @property
    def base_rate(self) -> float | None:
        """Share of units coded, mean over the two coders; None without units."""
        return (2 * self.both + self.first + self.second) / (2 * self.units) if self.units else None

    @property
    def of_either(self) -> float | None:
        """Both / either, the Jaccard overlap of the codings; None where neither coded anything."""
        either = self.both + self.first + self.second
        return self.both / either if either else None

    def kappa(self) -> Coefficient:
        """As `cohen_kappa` of the ratings that the counts stand for."""
        if not self.units:
            raise NotComputable("There are no units.")
        cells = {(1, 1): self.both, (1, 0): self.first, (0, 1): self.second, (0, 0): self.neither}
        return _kappa(Counter({cell: count for cell, count in cells.items() if count}), _WEIGHTS[None])

    def alpha(self) -> Coefficient:
        """As nominal `krippendorff_alpha` of the ratings that the counts stand for."""
        if not self.units:
            raise NotComputable("There are no units.")
        coded = 2 * self.both + self.first + self.second
        total = 2 * self.units
        expected = 2 * coded * (total - coded) / (total * (total - 1))
        if expected == 0:
            raise NotComputable("All ratings are the same: without variation alpha is not defined.")
        observed = (self.first + self.second) / self.units
        return Coefficient("Krippendorff's alpha", 1 - observed / expected, observed, expected, self.units, 2)
