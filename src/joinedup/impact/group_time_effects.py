"""Group-time average effects (Callaway and Sant'Anna 2021, Journal of Econometrics 225)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.impact.aggregation import Contrast
from joinedup.impact.fitting import Array
from joinedup.impact.group_time_table import GroupTime, Inference
from joinedup.impact.two_by_two import METHODS, difference
from joinedup.impact.wide import ESTIMANDS, Wide, starts, wide
from joinedup.impact.words import FEW, SMALL_COHORT
from joinedup.study.problems import NotComputable

CONTROLS = {"never": "sites that never adopt", "notyet": "sites that have not yet adopted"}
BASES = ("varying", "universal")


def group_time(
    panel: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    adopted: str,
    control: str = "never",
    method: str = "dr",
    covariates: Sequence[str] = (),
    draws: int = 0,
    seed: int = 0,
    anticipation: int = 0,
    base: str = "varying",
    weights: str | None = None,
    children: str = "n",
    smallest_cohort: int = SMALL_COHORT,
    permutations: int = 999,
) -> GroupTime:
    """The effect on the sites first treated in each period (group), in each period, with influence functions.

    `panel` has one row a unit and period; `adopted` is the unit's first treated period, missing or infinite for never.
    Units with a gap, and units treated from the first period on, are left out and counted. `control` is "never" or
    "notyet"; `method` "dr", "reg" or "ipw" (without covariates all three are the difference of mean changes);
    covariates are taken at the base period. The base is the last period before adoption (less `anticipation`); before
    adoption it is the period before ("varying") or the same one ("universal"). `weights` "site" gives the average site,
    "child" the average child (column `children`, a unit's mean over the periods).

    Analytic errors come from the influence functions, with normal quantiles; `draws` > 0 adds a multiplier bootstrap
    with uniform bands. Groups of fewer than `smallest_cohort` sites, and contrasts with fewer than 4 comparison sites,
    have no analytic error but a p by `permutations` permutations of the adoption vectors. Raises NotComputable where
    there is no group or no comparison, ValueError for an unknown option.
    """
    _check(control, method, base)
    found = wide(panel, outcome, unit, period, weights, children)
    dates = starts(found, panel, unit, period, adopted)
    early = dates <= found.periods[0] + anticipation
    kept = _subset(found, ~early)
    dates = dates[~early]
    contrasts = list(_contrasts(kept.periods, dates, control, anticipation, base))
    if not contrasts:
        raise NotComputable(_nothing(dates, control))
    data = _Data(kept, dates, np.stack([kept.column(panel, name) for name in covariates], -1) if covariates else None)
    estimates, psi = _estimate(data, contrasts, method)
    sizes = {float(group): int(np.sum(dates == group)) for group in np.unique(dates[np.isfinite(dates)])}
    inference = Inference(draws, seed, permutations, _trusted(dates, contrasts, sizes, smallest_cohort))
    return GroupTime(
        contrasts=tuple(contrasts),
        estimates=estimates,
        influence=psi,
        adopted=dates,
        weights=kept.weights,
        outcome=None if covariates else kept.outcome,
        units=tuple(kept.units.tolist()),
        inference=inference,
        cohorts=sizes,
        smallest_cohort=smallest_cohort,
        left_out={"a gap in the series": found.left_out, "no period before adoption": int(early.sum())},
        methods=_methods(control, method, covariates, anticipation, base, weights),
    )


@dataclass(frozen=True, slots=True)
class _Data:
    panel: Wide
    adopted: Array
    covariates: Array | None


def _check(control: str, method: str, base: str) -> None:
    for value, allowed, name in ((control, CONTROLS, "control"), (method, METHODS, "method"), (base, BASES, "base")):
        if value not in allowed:
            raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")


def _subset(found: Wide, kept: npt.NDArray[np.bool_]) -> Wide:
    if not kept.any():
        raise NotComputable("Every site is treated from the first period on: there is no period before.")
    weights = found.weights[kept] / found.weights[kept].mean()
    return Wide(found.units[kept], found.periods, found.outcome[kept], weights, found.left_out, found.rows[kept])


def _contrasts(periods: Array, adopted: Array, control: str, anticipation: int, base: str) -> Iterator[Contrast]:
    """Every group and period with a base and a comparison, in order."""
    for group in np.unique(adopted[np.isfinite(adopted)]):
        before = int(np.flatnonzero(periods + anticipation < group)[-1])
        for now in range(1 if base == "varying" else 0, len(periods)):
            start = before if periods[now] >= group or base == "universal" else now - 1
            limit = periods[max(now, start)] + anticipation if control == "notyet" else np.finfo(float).max
            if np.any((adopted > limit) & (adopted != group)):
                yield Contrast(float(group), float(periods[now]), now, start, float(limit))


def _trusted(
    adopted: Array, contrasts: Sequence[Contrast], sizes: Mapping[float, int], smallest: int
) -> npt.NDArray[np.bool_]:
    """Whether a contrast's group and its comparison are large enough for an analytic error."""
    controls = [int(np.sum((adopted > c.limit) & (adopted != c.group))) for c in contrasts]
    own = [sizes[c.group] for c in contrasts]
    return np.array([n >= smallest and m >= FEW for n, m in zip(own, controls, strict=True)])


def _nothing(adopted: Array, control: str) -> str:
    if not np.isfinite(adopted).any():
        return "No site adopts within the periods after the first: there is no group to estimate an effect for."
    if control == "never":
        return 'Every site adopts at some time: there is none that never does. Ask for control="notyet".'
    return "There is no period in which some sites have adopted and others not yet."


def _estimate(data: _Data, contrasts: Sequence[Contrast], method: str) -> tuple[Array, Array]:
    """The effects, and their influence functions: contrasts x units, scaled so that the error is sqrt(sum psi^2) / n."""
    wanted = METHODS[method][0] if data.covariates is not None else difference
    n = len(data.adopted)
    values, psi = np.zeros(len(contrasts)), np.zeros((len(contrasts), n))
    for at, contrast in enumerate(contrasts):
        if contrast.now == contrast.base:
            continue
        treated = data.adopted == contrast.group
        used = treated | (data.adopted > contrast.limit)
        own = np.where(treated, data.panel.weights, 0.0)[used]
        other = np.where(treated, 0.0, data.panel.weights)[used]
        change = (data.panel.outcome[:, contrast.now] - data.panel.outcome[:, contrast.base])[used]
        values[at], influence = wanted(change, own, other, _design(data, contrast, used))
        psi[at, used] = influence * (n / len(influence))
    return values, psi


def _design(data: _Data, contrast: Contrast, used: npt.NDArray[np.bool_]) -> Array:
    if data.covariates is None:
        return np.empty((0, 0))
    covariates = data.covariates[used, contrast.base]
    return np.column_stack([np.ones(len(covariates)), covariates])


def _methods(
    control: str, method: str, covariates: Sequence[str], anticipation: int, base: str, weights: str | None
) -> str:
    how = METHODS[method][1] if covariates else "difference of mean changes"
    given = f", given {', '.join(covariates)} at the base period" if covariates else ""
    early = f"; effects up to {anticipation} periods before adoption are allowed for" if anticipation else ""
    return (
        f"Group-time average effects on the treated (Callaway and Sant'Anna 2021) for {ESTIMANDS[weights or 'site']}: "
        f"{how}{given}; comparison: {CONTROLS[control]}; {base} base period{early}."
    )
