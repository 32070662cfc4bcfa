"""The distribution of effects over sites: never only the mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.impact.fitting import Array
from joinedup.impact.wide import starts, wide
from joinedup.impact.words import FEW
from joinedup.study.problems import NotComputable


@dataclass(frozen=True, slots=True)
class SiteEffects:
    """`table`: unit, adopted, effect, p (rank among the comparison sites); `placebos`: the same for comparison sites.

    `spread` is the standard deviation of the effects, `noise` that of the comparison sites' effects from the same starts,
    `beyond` what the first exceeds the second by (sqrt of the difference of variances, 0 where there is none).
    """

    table: pd.DataFrame
    placebos: pd.DataFrame
    mean: float
    median: float
    quartiles: tuple[float, float]
    spread: float
    noise: float
    beyond: float
    above_zero: int
    methods: str


def site_effects(panel: pd.DataFrame, outcome: str, unit: str, period: str, adopted: str) -> SiteEffects:
    """Each treated site's change of mean from before to after its start, less that of the never-treated sites' mean.

    `panel` has one row a unit and period; units with a gap, or treated from the first period on, are left out. A
    comparison site's placebo is its change less that of the other comparison sites, for each start; a site's p is
    (1 + placebos from its start at least as large) / (comparison sites + 1). One site's effect is a noisy number: read
    the spread beside the noise. Raises NotComputable without a treated site or with fewer than 4 comparison sites.
    """
    found = wide(panel, outcome, unit, period)
    dates = starts(found, panel, unit, period, adopted)
    own = np.flatnonzero(np.isfinite(dates) & (dates > found.periods[0]))
    controls = np.flatnonzero(np.isinf(dates))
    if not len(own):
        raise NotComputable("No site with a complete series adopts after the first period.")
    if len(controls) < FEW:
        raise NotComputable(
            f"{len(controls)} comparison sites are too few to tell a site's effect from the noise: at least {FEW}."
        )
    rows, placebos = [], []
    for start in np.unique(dates[own]):
        change = _change(found.outcome, found.periods >= start)
        others = (change[controls].sum() - change[controls]) / (len(controls) - 1)
        noise = change[controls] - others
        for site in own[dates[own] == start]:
            effect = float(change[site] - change[controls].mean())
            hits = int((np.abs(noise) >= abs(effect) * (1 - 1e-9)).sum())
            rows.append((found.units[site], float(start), effect, (1 + hits) / (len(controls) + 1)))
        placebos += [
            (name, float(start), float(value)) for name, value in zip(found.units[controls], noise, strict=True)
        ]
    table = pd.DataFrame(rows, columns=[unit, "adopted", "effect", "p"]).sort_values(
        ["effect", unit], ignore_index=True
    )
    return _summary(table, pd.DataFrame(placebos, columns=[unit, "adopted", "effect"]), len(controls))


def _change(outcome: Array, after: npt.NDArray[np.bool_]) -> Array:
    return np.asarray(outcome[:, after].mean(axis=1) - outcome[:, ~after].mean(axis=1), dtype=float)


def _summary(table: pd.DataFrame, placebos: pd.DataFrame, controls: int) -> SiteEffects:
    effects = table["effect"].to_numpy(dtype=float)
    # A start counts by its treated sites, as it does among the effects.
    number = table["adopted"].value_counts()
    variances = placebos.groupby("adopted")["effect"].var(ddof=1)
    noise = float((variances * number / number.sum()).sum())
    spread = float(effects.var(ddof=1)) if len(effects) > 1 else float("nan")
    low, middle, high = (float(value) for value in np.quantile(effects, [0.25, 0.5, 0.75]))
    return SiteEffects(
        table,
        placebos,
        float(effects.mean()),
        middle,
        (low, high),
        spread**0.5,
        noise**0.5,
        max(spread - noise, 0.0) ** 0.5 if len(effects) > 1 else float("nan"),
        int((effects > 0).sum()),
        f"Distribution over {len(effects)} treated sites: each site's change of mean less that of {controls} comparison "
        "sites; noise from the comparison sites' own changes, from the same starts.",
    )
