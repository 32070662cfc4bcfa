"""Intraclass correlations: respondents in groups (one-way), and raters by targets (the six forms)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import Codes, Floats, group_codes, item_table, same_index, vector
from joinedup.survey.mixed import random_intercept


@dataclass(frozen=True)
class Icc:
    """ICC(1), ICC(2) of `n` values in `groups` groups, with the one-way analysis of variance.

    `k` is the group size that was used, `form` says in words which and how. `icc2` is None where all group means are
    equal.
    """

    icc1: float
    icc2: float | None
    f: float
    p: float
    msb: float
    msw: float
    df_between: int
    df_within: int
    k: float
    n: int
    groups: int
    form: str


def icc(
    values: Any, group: Any, k: Literal["mean", "n0"] = "mean", estimator: Literal["anova", "reml"] = "anova"
) -> Icc:
    """ICC(1), the share of variance between groups, and ICC(2), the reliability of a group's mean.

    `values` and `group` have one value a respondent; blanks are left out. From the one-way analysis of variance
    (Bartko 1976, Psychological Bulletin 83): ICC(1) = (MSB - MSW) / (MSB + (k - 1) MSW), ICC(2) = (MSB - MSW) / MSB,
    k the arithmetic mean of the group sizes or n0 = (N - sum n^2 / N) / (G - 1). With "reml", ICC(1) is the
    variance between groups over all variance of a random intercept model, and ICC(2) = k ICC(1) / (1 + (k - 1) ICC(1)).
    Negative values are estimates and stay. Raises NotComputable with fewer than two groups, one value in each, or where
    nothing varies.
    """
    if k not in ("mean", "n0") or estimator not in ("anova", "reml"):
        raise ValueError("k is 'mean' or 'n0', estimator 'anova' or 'reml'")
    same_index(values=values, group=group)
    numbers = vector(values, "values")
    codes, _ = group_codes(group, len(numbers))
    kept = np.isfinite(numbers) & (codes >= 0)
    numbers, codes = numbers[kept], np.unique(codes[kept], return_inverse=True)[1]
    sizes = np.bincount(codes)
    n, groups = len(numbers), len(sizes)
    if groups < 2 or n == groups:
        raise NotComputable("An intraclass correlation needs at least two groups, and two values in some of them.")
    msb, msw = _mean_squares(numbers, codes, sizes)
    size = n / groups if k == "mean" else (n - float((sizes**2).sum()) / n) / (groups - 1)
    icc1 = (msb - msw) / (msb + (size - 1) * msw)
    icc2: float | None = (msb - msw) / msb if msb > 0 else None
    if estimator == "reml":
        model = random_intercept(numbers, np.ones((n, 1)), codes)
        icc1 = model.between / (model.between + model.within)
        icc2 = size * icc1 / (1 + (size - 1) * icc1)
    return _described(icc1, icc2, msb, msw, size, n, groups, f"{estimator}, {k}")


def _described(
    icc1: float, icc2: float | None, msb: float, msw: float, size: float, n: int, groups: int, choice: str
) -> Icc:
    from scipy.special import fdtrc

    f = msb / msw if msw > 0 else float("inf")
    words = {
        "anova": "one-way analysis of variance",
        "reml": "random intercept by REML",
        "mean": "k the arithmetic mean group size",
        "n0": "k corrected for unequal group sizes (n0)",
    }
    form = "; ".join(words[part] for part in choice.split(", "))
    p = float(fdtrc(groups - 1, n - groups, f)) if np.isfinite(f) else 0.0
    return Icc(icc1, icc2, f, p, msb, msw, groups - 1, n - groups, size, n, groups, form)


def _mean_squares(values: Floats, codes: Codes, sizes: Codes) -> tuple[float, float]:
    centred = values - values.mean()
    means = np.bincount(codes, weights=centred) / sizes
    between = float((sizes * means**2).sum()) / (len(sizes) - 1)
    within = float(((centred - means[codes]) ** 2).sum()) / (len(values) - len(sizes))
    if between + within <= 1e-24 * max(1.0, float(np.abs(values).max()) ** 2):
        raise NotComputable("All values are the same, so there is nothing for groups to share.")
    return between, within


@dataclass(frozen=True)
class TwoWayIcc:
    """The six intraclass correlations of `n` targets rated by the same `k` raters (Shrout & Fleiss 1979).

    icc1: each target has raters of its own; icc2: raters are a sample, and agreement counts; icc3: these raters only,
    and consistency counts. `_1`: one rating; `_k`: the mean of k (None where the targets' means do not differ).
    `mean_squares`: targets, within targets, raters, error. `dropped`: targets left out for a blank.
    """

    icc1_1: float
    icc2_1: float
    icc3_1: float
    icc1_k: float | None
    icc2_k: float | None
    icc3_k: float | None
    n: int
    k: int
    dropped: int
    mean_squares: tuple[float, float, float, float]


def icc_two_way(table: Any) -> TwoWayIcc:
    """The six forms of Shrout and Fleiss (1979, Psychological Bulletin 86) from a table of targets x raters.

    A target with a blank is left out and counted. There is no "the ICC": name the form that you report.
    Raises NotComputable with fewer than two complete targets or two raters, or where nothing varies.
    """
    ratings: pd.DataFrame = item_table(table)
    values = ratings.dropna().to_numpy(dtype=float)
    n, k = values.shape
    if n < 2 or k < 2:
        raise NotComputable(f"Two targets and two raters at least are needed; there are {n} and {k}.")
    values = values - values.mean()
    targets = k * float((values.mean(axis=1) ** 2).sum())
    raters = n * float((values.mean(axis=0) ** 2).sum())
    total = float((values**2).sum())
    if total <= 1e-24 * max(1.0, float(np.nanmax(np.abs(ratings.to_numpy(dtype=float)))) ** 2):
        raise NotComputable("All ratings are the same, so there is nothing to tell targets apart.")
    bms, wms = targets / (n - 1), (total - targets) / (n * (k - 1))
    jms, ems = raters / (k - 1), max(total - targets - raters, 0.0) / ((n - 1) * (k - 1))
    if bms + ems <= 0:
        raise NotComputable("The raters differ from one another but tell no targets apart.")
    return TwoWayIcc(
        (bms - wms) / (bms + (k - 1) * wms),
        (bms - ems) / (bms + (k - 1) * ems + k * (jms - ems) / n),
        (bms - ems) / (bms + (k - 1) * ems),
        (bms - wms) / bms if bms > 0 else None,
        (bms - ems) / (bms + (jms - ems) / n) if bms > 0 else None,
        (bms - ems) / bms if bms > 0 else None,
        n,
        k,
        len(ratings) - n,
        (bms, wms, jms, ems),
    )
