"""Agreement of the raters within each group: rwg, rwg(j) and the average deviation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pandas as pd

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import Floats, group_codes, item_table, same_index

SKEWED_NULLS = {
    "slight": (0.05, 0.15, 0.20, 0.35, 0.25),
    "moderate": (0.00, 0.10, 0.15, 0.40, 0.35),
    "heavy": (0.00, 0.00, 0.10, 0.40, 0.50),
}
"""Shares of the answers 1 to 5 under skewed nulls (James, Demaree & Wolf 1984, J. Applied Psychology 69)."""


def expected_variance(points: int, skew: Literal["none", "slight", "moderate", "heavy"] = "none") -> float:
    """The variance of answers on a scale of `points` points under a null of no agreement.

    Uniform: (A^2 - 1) / 12. The skewed nulls are published as shares for five points: 1.34, .90, .44.
    Raises NotComputable for a skewed null with another number of points, ValueError for fewer than two points.
    """
    if points < 2:
        raise ValueError(f"a scale has at least two points, not {points}")
    if skew == "none":
        return (points**2 - 1) / 12
    if points != 5:
        raise NotComputable(f"The {skew} skew is published for 5 points, not {points}; give the variance as a number.")
    answers, shares = np.arange(1, 6), np.array(SKEWED_NULLS[skew])
    return float(shares @ answers**2 - (shares @ answers) ** 2)


def rwg(values: Any, group: Any, null_variance: float) -> pd.Series[float]:
    """rwg of one item or score by group: 1 - s^2 / `null_variance`, s^2 with n - 1 (James, Demaree & Wolf 1984).

    `values` and `group` have one value a respondent; a blank answer is left out. A negative value is set to 0. The
    series by group has `attrs`: raters (by group), set_to_zero (groups), not_computable (group: reason, its value is
    NaN: one rater has no agreement), null_variance. Raises ValueError for a null variance that is not positive.
    """
    return rwg_j(
        pd.DataFrame({"value": values}) if not isinstance(values, pd.Series) else values.to_frame(),
        group,
        null_variance,
    )


def rwg_j(
    items: Any, group: Any, null_variance: float, form: Literal["james", "lindell"] = "james"
) -> pd.Series[float]:
    """rwg(j) of j parallel items by group, from the mean item variance m (n - 1) and q = 1 - m / `null_variance`.

    "james": j q / (j q + 1 - q), 0 where q is negative (James, Demaree & Wolf 1984); it rises with j. "lindell":
    rwg*(j) = q, which does not, and is negative where there is less agreement than under the null (Lindell, Brandt &
    Whitney 1999, Applied Psychological Measurement 23). `items` is respondents x items; a respondent with a blank is
    left out. The series and its `attrs` are as in `rwg`.
    """
    if form not in ("james", "lindell"):
        raise ValueError(f"form is 'james' or 'lindell', not {form!r}")
    if not null_variance > 0:
        raise ValueError(f"the null variance is positive, not {null_variance}")
    agreed = _by_group(items, group, lambda ratings: 1 - float(ratings.var(axis=0, ddof=1).mean()) / null_variance)
    negative = agreed < 0
    if form == "james":
        j = item_table(items).shape[1]
        agreed[negative] = 0.0
        agreed = (j * agreed / (j * agreed + 1 - agreed)).rename("rwg")
    agreed.attrs["set_to_zero"] = list(agreed.index[negative]) if form == "james" else []
    agreed.attrs["null_variance"] = float(null_variance)
    return agreed.rename("rwg")


def average_deviation(items: Any, group: Any, about: Literal["mean", "median"] = "mean") -> pd.Series[float]:
    """The average deviation by group, in points of the scale: 0 is full agreement.

    The mean over items of the mean absolute deviation of the ratings from the item's mean or median (Burke,
    Finkelstein & Dusig 1999, Organizational Research Methods 2). `items` is respondents x items or one item; a
    respondent with a blank is left out. The series has `attrs` raters and not_computable, as in `rwg`.
    """
    if about not in ("mean", "median"):
        raise ValueError(f"about is 'mean' or 'median', not {about!r}")
    centre = np.mean if about == "mean" else np.median

    def deviation(ratings: Floats) -> float:
        return float(np.abs(ratings - centre(ratings, axis=0)).mean())

    return _by_group(items, group, deviation).rename("ad")


def _by_group(items: Any, group: Any, statistic: Callable[[Floats], float]) -> pd.Series[float]:
    same_index(items=items, group=group)
    table = item_table(items if np.ndim(items) == 2 else pd.DataFrame({"value": items}))
    codes, labels = group_codes(group, len(table))
    values = table.to_numpy(dtype=float)
    complete = np.isfinite(values).all(axis=1)
    found, reasons, raters = np.full(len(labels), np.nan), {}, {}
    for code, label in enumerate(labels):
        ratings = values[complete & (codes == code)]
        raters[label] = len(ratings)
        if len(ratings) < 2:
            reasons[label] = "one rater has no agreement" if len(ratings) else "nobody answered every item"
        else:
            found[code] = statistic(ratings)
    series = pd.Series(found, index=labels)
    series.attrs.update(raters=raters, not_computable=reasons)
    return series
