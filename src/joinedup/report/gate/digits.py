"""How many digits leave: sixteen of them tell which answers a figure was worked out from, as a fingerprint does."""

from __future__ import annotations

from decimal import ROUND_05UP, Context
from math import isfinite

from joinedup.study.registry import KIND_BY_ID
from joinedup.study.result import Value

DIGITS = 5
"""Significant digits of a figure that was worked out from what persons said: more than any page prints."""
OF_PERSONS = ("survey", "texts", "synthesis")
"""Strands whose data are persons' own."""
OF_SCORES = ("impact.dose-response",)
"""Results of other strands that rest on sites' scores: a slope is a weighted sum of outcomes that anybody can look up, so
that as many outcomes as sites give each site's score with all the digits that the slopes have."""
_NOISE = Context(prec=14)


def few_digits(value: Value) -> Value:
    """`value` with five significant digits, and one decimal at least; whole numbers and words as they are.

    The last digit is never a 0 or 5 that wasn't exact, so that a page rounds it to what it would have printed before
    (rounding to odd: Boldo and Melquiond 2008, Emulation of a FMA and correctly rounded sums, IEEE Transactions on
    Computers 57(4)).
    """
    if not isinstance(value, float) or not isfinite(value) or value.is_integer():
        return value
    exact = _NOISE.create_decimal_from_float(value)
    return float(Context(prec=max(DIGITS, exact.adjusted() + 2), rounding=ROUND_05UP).plus(exact))


def is_of_persons(result: str) -> bool:
    """Whether a result belongs to a strand whose data are persons' own, or rests on scores of such a strand."""
    kind = KIND_BY_ID.get(result)
    return result in OF_SCORES or (kind is not None and kind.strand in OF_PERSONS)
