"""Entropy balancing: weights on comparison sites that give their moments the programme sites' values, exactly.

With X the moments of the comparison units (each less the treated units' mean) and q base weights, the weights are
w_i ~ q_i exp(X_i'z), where z minimises log sum q_i exp(X_i'z): smooth and convex, solved by Newton's method.
Source: Hainmueller (2012), Political Analysis 20.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from joinedup.impact.fitting import Array
from joinedup.study.problems import NotComputable

_STEPS = 200
_EXACT = 1e-10
"""Imbalance that is left, in standard deviations of the comparison units."""


@dataclass(frozen=True, slots=True)
class Balancing:
    """`weights` (a Series by unit): 1 for treated units, weights that add up to their number for comparison units.

    `steps` are Newton's; `imbalance` is the largest one left, in standard deviations of the comparison units.
    """

    weights: pd.Series[float]
    effective_comparison: float
    imbalance: float
    steps: int
    left_out: tuple[object, ...]


def entropy_balance(
    sites: pd.DataFrame,
    unit: str,
    treated: str,
    covariates: Sequence[str],
    moments: int = 1,
    base: str = "",
) -> Balancing:
    """The weights closest to the `base` weights (a column; none: equal) that balance the covariates' `moments`.

    `sites` has one row a unit. With 1 the means are those of the treated units, with 2 the mean squares too (for a
    covariate of two values they are the same, and are asked for once). Units with a missing covariate are left out.
    Raises NotComputable, naming the covariate where one alone is the reason, where no positive weights can balance them;
    ValueError for arguments that are none.
    """
    if moments not in (1, 2):
        raise ValueError(f"moments must be 1 or 2, not {moments}")
    complete = sites.dropna(subset=[*covariates, treated, *([base] if base else [])])
    left_out = tuple(sites.loc[~sites.index.isin(complete.index), unit])
    chosen, others = complete[complete[treated] == 1], complete[complete[treated] == 0]
    if chosen.empty or len(others) < 2:
        raise NotComputable("Weighting needs a treated unit and two comparison units with all covariates.")
    start = others[base].to_numpy(dtype=float) if base else np.ones(len(others))
    if not (start > 0).all():
        raise ValueError(f"base weights are above 0; {base} is not at {int((start <= 0).sum())} comparison units")
    names, target, columns = _moments(chosen, others, covariates, moments)
    centred = _standardised(names, target, columns)
    _check_hull(centred)
    share, steps = _newton(centred, start / start.sum())
    imbalance = float(np.abs(share @ centred).max(initial=0.0))
    weights = pd.concat(
        [pd.Series(1.0, index=chosen[unit]), pd.Series(share * len(chosen), index=others[unit])]
    ).reindex(sites[unit])
    return Balancing(weights.fillna(0.0).rename("weight"), 1 / float(share @ share), imbalance, steps, left_out)


def _moments(
    chosen: pd.DataFrame, others: pd.DataFrame, covariates: Sequence[str], moments: int
) -> tuple[list[str], Array, Array]:
    names, target, columns = [], [], []
    for name in covariates:
        one, other = chosen[name].to_numpy(dtype=float), others[name].to_numpy(dtype=float)
        middle, scale = other.mean(), other.std() or 1.0
        one, other = (one - middle) / scale, (other - middle) / scale
        names.append(name)
        target.append(one.mean())
        columns.append(other)
        if moments == 2 and len(np.unique(np.concatenate([one, other]))) > 2:
            names.append(f"the square of {name}")
            target.append(float(np.mean(one**2)))
            columns.append(other**2)
    return names, np.array(target), np.column_stack(columns) if columns else np.zeros((len(others), 0))


def _standardised(names: Sequence[str], target: Array, columns: Array) -> Array:
    """Each moment less the treated units' mean, in standard deviations; what is the same everywhere is taken out."""
    kept = []
    for at, name in enumerate(names):
        low, high, aim = columns[:, at].min(), columns[:, at].max(), target[at]
        slack = 1e-12 * max(abs(low), abs(high), 1.0)
        if high - low <= slack and abs(aim - low) <= slack:
            continue
        if not low + slack < aim < high - slack:
            end = "high as the highest" if aim > (low + high) / 2 else "low as the lowest"
            raise NotComputable(
                f"No weights balance {name}: the mean of the treated units is at least as {end} of the {len(columns)} "
                "comparison units. Leave it out, or find comparison units that are like the treated."
            )
        kept.append((columns[:, at] - aim) / columns[:, at].std())
    return np.column_stack(kept) if kept else np.zeros((len(columns), 0))


def _check_hull(centred: Array) -> None:
    """Raises NotComputable where the treated units' means lie outside what the comparison units span together.

    The largest possible smallest weight is found by linear programming: where it is not above 0, no positive weights
    balance all moments at once.
    """
    from scipy.optimize import linprog

    n, k = centred.shape
    found = linprog(
        np.append(np.zeros(n), -1.0),
        A_ub=np.column_stack([-np.eye(n), np.ones(n)]),
        b_ub=np.zeros(n),
        A_eq=np.vstack([np.column_stack([centred.T, np.zeros(k)]), np.append(np.ones(n), 0.0)]),
        b_eq=np.append(np.zeros(k), 1.0),
        bounds=[(0, None)] * n + [(None, None)],
    )
    if found.status != 0 or -found.fun * n <= 1e-9:
        raise NotComputable(
            f"No positive weights on the {n} comparison units balance all {k} moments at once, though each alone could be: "
            "the treated units combine them as no comparison units do. Ask for fewer covariates or moments."
        )


def _newton(centred: Array, base: Array) -> tuple[Array, int]:
    z = np.zeros(centred.shape[1])
    share, value = _tilted(centred, base, z)
    for step in range(_STEPS):
        gradient = share @ centred
        if np.abs(gradient).max(initial=0.0) <= _EXACT:
            return share, step
        hessian = (centred * share[:, None]).T @ centred - np.outer(gradient, gradient)
        direction = np.linalg.lstsq(hessian, -gradient, rcond=1e-14)[0]
        length = 1.0
        while length > 1e-12:
            tried, lower = _tilted(centred, base, z + length * direction)
            if lower <= value + 1e-4 * length * float(gradient @ direction) + 1e-15:
                break
            length /= 2
        z, share, value = z + length * direction, tried, lower
    raise NotComputable("The weights that balance all moments lie so unevenly that they can't be found: ask for fewer.")


def _tilted(centred: Array, base: Array, z: Array) -> tuple[Array, float]:
    """The weights at `z`, and the dual's value there."""
    exponent = centred @ z
    top = float(exponent.max(initial=-np.inf)) if len(exponent) else 0.0
    raw = base * np.exp(exponent - top)
    return raw / raw.sum(), float(np.log(raw.sum())) + top
