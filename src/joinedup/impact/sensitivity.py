"""HonestDiD: how far trends may differ before what an event study shows is no longer there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joinedup.impact.relative_magnitudes import relative_magnitudes_interval
from joinedup.impact.smoothness import fixed_length_interval
from joinedup.study.problems import NotComputable

RESTRICTIONS = {"relative": relative_magnitudes_interval, "smoothness": fixed_length_interval}
_MOST, _TOLERANCE = 1e6, 1e-4


@dataclass(frozen=True, slots=True)
class HonestInterval:
    """A robust 95% (or `level`) interval for an effect at the `bound` of a `restriction` on how trends may differ."""

    lower: float
    upper: float
    restriction: str
    bound: float
    level: float
    method: str

    @property
    def excludes_zero(self) -> bool:
        return self.lower > 0 or self.upper < 0


def honest_did(
    estimates: Sequence[float],
    covariance: Sequence[Sequence[float]],
    n_pre: int,
    n_post: int,
    restriction: str = "relative",
    bound: float = 1.0,
    parameter: int | Sequence[float] = 0,
    level: float = 0.95,
) -> HonestInterval:
    """Robust interval for an effect after adoption where parallel trends may fail within a bound.

    `estimates` are those of an event study in order of time without the reference period: `n_pre` before, `n_post` after;
    `covariance` is theirs. `restriction` "relative": no step of the bias after adoption is larger than `bound` times the
    largest before; "smoothness": the bias's slope changes by at most `bound` from one period to the next. `parameter` is
    the position of the effect after adoption (0: the first), or weights of all of them.
    Raises NotComputable without an estimate before, or where the covariance is none; ValueError for unknown names.
    Source: Rambachan and Roth (2023), A more credible approach to parallel trends, Review of Economic Studies 90.
    """
    beta, spread, weights = _checked(estimates, covariance, n_pre, n_post, parameter)
    if restriction not in RESTRICTIONS:
        raise ValueError(f'restriction must be "relative" or "smoothness", not {restriction!r}')
    if not bound >= 0:
        raise ValueError("the bound must be 0 or more")
    lower, upper = RESTRICTIONS[restriction](beta, spread, n_pre, weights, bound, level)
    method = "conditional, least-favourable hybrid" if restriction == "relative" else "shortest fixed-length interval"
    return HonestInterval(lower, upper, restriction, bound, level, method)


def breakdown_value(
    estimates: Sequence[float],
    covariance: Sequence[Sequence[float]],
    n_pre: int,
    n_post: int,
    restriction: str = "relative",
    parameter: int | Sequence[float] = 0,
    level: float = 0.95,
) -> float:
    """The smallest bound at which the interval of `honest_did` holds 0: 0 where it always does, infinite where never.

    Found by bisection to 1e-4 of its size. Raises what `honest_did` raises.
    """

    def holds_zero(bound: float) -> bool:
        found = honest_did(estimates, covariance, n_pre, n_post, restriction, bound, parameter, level)
        return not found.excludes_zero

    if holds_zero(0.0):
        return 0.0
    unit = 1.0 if restriction == "relative" else float(np.sqrt(np.diag(np.asarray(covariance)).max()))
    low, high = 0.0, unit
    while not holds_zero(high):
        low, high = high, high * 2
        if high > unit * _MOST:
            return float("inf")
    while high - low > _TOLERANCE * high:
        middle = (low + high) / 2
        low, high = (low, middle) if holds_zero(middle) else (middle, high)
    return high


def _checked(
    estimates: Sequence[float],
    covariance: Sequence[Sequence[float]],
    n_pre: int,
    n_post: int,
    parameter: int | Sequence[float],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    beta, spread = np.asarray(estimates, dtype=float), np.asarray(covariance, dtype=float)
    if n_pre < 1 or n_post < 1:
        raise NotComputable(
            "Sensitivity needs at least one estimate before adoption besides the reference, and one after: nothing else shows "
            "how trends differ."
        )
    size = n_pre + n_post
    if beta.shape != (size,) or spread.shape != (size, size):
        raise ValueError(f"{size} estimates and a covariance of {size} x {size} are needed")
    if not np.isfinite(beta).all() or not np.isfinite(spread).all():
        raise NotComputable("An estimate or its covariance is missing: there is no interval to widen.")
    if not np.allclose(spread, spread.T, rtol=1e-6, atol=1e-300) or np.linalg.eigvalsh(spread)[0] <= 0:
        raise NotComputable(
            "The covariance of the estimates is not of full rank: there are too few clusters for so many periods."
        )
    weights = (
        np.eye(n_post)[parameter] if isinstance(parameter, int | np.integer) else np.asarray(parameter, dtype=float)
    )
    if weights.shape != (n_post,) or not weights.any():
        raise ValueError(f"parameter is a position after adoption, or {n_post} weights")
    return beta, spread, weights
