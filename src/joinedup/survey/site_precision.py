"""How sure a single site's score is: its interval, from the spread of people within agencies over all sites.

A site has a handful of raters, too few to tell their spread; so the spread is taken as the same everywhere: that of people
around the mean of their agency at their site, pooled (Snedecor and Cochran 1989, Statistical Methods, section 21.4, for
the standard error of a mean of stratum means).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

LEAST_DEGREES = 10
"""Fewer people beyond the first of their agency and site don't tell the spread; then there is no interval."""

Interval = tuple[float, float]


def site_intervals(
    scores: Sequence[float], sites: Sequence[str], agencies: Sequence[str], level: float = 0.95
) -> dict[str, Interval]:
    """Site -> the interval of the mean of its agencies' means; `scores` are people's (NaN is left out), one entry each.

    The variance of a site's score is s^2 / A^2 times the sum of 1 / n over its A agencies with n people; s^2 is pooled over
    all agencies and sites, and the interval is Student's t with its degrees of freedom. Empty for fewer than
    LEAST_DEGREES of them.
    """
    cells: dict[tuple[str, str], list[float]] = {}
    for score, site, agency in zip(scores, sites, agencies, strict=True):
        if not math.isnan(score):
            cells.setdefault((site, agency), []).append(score)
    means = {cell: math.fsum(found) / len(found) for cell, found in cells.items()}
    degrees = sum(len(found) - 1 for found in cells.values())
    if degrees < LEAST_DEGREES:
        return {}
    squares = math.fsum((score - means[cell]) ** 2 for cell, found in cells.items() for score in found)
    from scipy.stats import t

    half = float(t.ppf((1 + level) / 2, degrees)) * math.sqrt(squares / degrees)
    found_intervals = {}
    for site in dict.fromkeys(site for site, _ in cells):
        own = [cell for cell in cells if cell[0] == site]
        middle = math.fsum(means[cell] for cell in own) / len(own)
        error = math.sqrt(math.fsum(1 / len(cells[cell]) for cell in own)) / len(own)
        found_intervals[site] = (middle - half * error, middle + half * error)
    return found_intervals
