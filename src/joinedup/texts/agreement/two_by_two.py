"""Two coders and one code: four counts of units, from which every coefficient follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.study.problems import NotComputable
from joinedup.texts.agreement.coefficient import Coefficient
from joinedup.texts.agreement.cohen import kappa_of_table


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
        cells = np.array([[self.both, self.first], [self.second, self.neither]], dtype=np.float64)
        return kappa_of_table(cells)

    def alpha(self) -> Coefficient:
        """As nominal `krippendorff_alpha` of the ratings that the counts stand for, without an interval."""
        if not self.units:
            raise NotComputable("There are no units.")
        coded = 2 * self.both + self.first + self.second
        total = 2 * self.units
        expected = 2 * coded * (total - coded) / (total * (total - 1))
        if expected == 0:
            raise NotComputable("All ratings are the same: without variation alpha is not defined.")
        observed = (self.first + self.second) / self.units
        return Coefficient("Krippendorff's alpha", 1 - observed / expected, observed, expected, self.units, 2)

    def ac1(self) -> Coefficient:
        """Gwet's AC1 over two categories, coded or not, without an interval; defined where nothing varies too."""
        rate, percent = self.base_rate, self.percent
        if rate is None or percent is None:
            raise NotComputable("There are no units.")
        expected = 2 * rate * (1 - rate)
        return Coefficient("Gwet's AC1", (percent - expected) / (1 - expected), percent, expected, self.units, 2)
