"""A coefficient of agreement with its standard error and interval, and the sources of all of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

COHEN = "Cohen, J. (1960), A coefficient of agreement for nominal scales, Educ. Psychol. Meas. 20(1), 37-46."
COHEN_WEIGHTED = "Cohen, J. (1968), Weighted kappa, Psychological Bulletin 70(4), 213-220."
FLEISS_ERRORS = (
    "Fleiss, J. L., Cohen, J. and Everitt, B. S. (1969), Large sample standard errors of kappa and weighted kappa, "
    "Psychological Bulletin 72(5), 323-327."
)
FLEISS = (
    "Fleiss, J. L. (1971), Measuring nominal scale agreement among many raters, Psychological Bulletin 76(5), 378-382."
)
GWET = (
    "Gwet, K. L. (2008), Computing inter-rater reliability and its variance in the presence of high agreement, "
    "Br. J. Math. Stat. Psychol. 61(1), 29-48."
)
KRIPPENDORFF = "Krippendorff, K. (2011), Computing Krippendorff's alpha-reliability, University of Pennsylvania."
UNITIZING = (
    "Krippendorff, K., Mathet, Y., Bouvry, S. and Widloecher, A. (2016), On the reliability of unitizing textual "
    "continua: further developments, Quality & Quantity 50(6), 2347-2364."
)

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient of agreement with what it was made of.

    `observed` and `expected` are agreement for percent, the kappas and Gwet's coefficients, and disagreement for
    alpha, as their authors define them; percent expects nothing (None). `units` counts the units that were used:
    those that lack a rating which the coefficient needs are left out. `se` is the standard error over units as a
    sample of many, `ci` the 95% interval of Student's t with one degree of freedom less than units, cut at 1; both
    are None with one unit, `ci` also where no unit differs from the others (an estimate of 1 has no spread to
    measure).
    """

    name: str
    estimate: float
    observed: float
    expected: float | None
    units: int
    coders: int
    se: float | None = None
    ci: tuple[float, float] | None = None


def standard_error(deviations: Array, exact_pairs: bool = False) -> float | None:
    """The standard error of a mean of linearised values, from their deviations; None with one unit.

    The divisor is n (n - 1), with `exact_pairs` n^2: for two coders who rated every unit that is the large-sample
    form of Fleiss, Cohen and Everitt (1969) and Gwet (2008).
    """
    n = len(deviations)
    if n < 2:
        return None
    return math.sqrt(float((deviations**2).sum()) / (n * (n if exact_pairs else n - 1)))


def interval(estimate: float, se: float | None, units: int, confidence: float = 0.95) -> tuple[float, float] | None:
    """Student's t interval with `units` - 1 degrees of freedom, cut at 1; None without a standard error above 0."""
    if se is None or units < 2 or se < 1e-12:
        return None
    from scipy.special import stdtrit

    half = float(stdtrit(units - 1, (1 + confidence) / 2)) * se
    return estimate - half, min(1.0, estimate + half)


def made(
    name: str, estimate: float, parts: tuple[float, float | None], size: tuple[int, int], se: float | None
) -> Coefficient:
    """A coefficient from its (observed, expected), its (units, coders) and its standard error."""
    return Coefficient(name, estimate, *parts, *size, se, interval(estimate, se, size[0]))
