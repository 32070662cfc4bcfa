"""Reliability of a scale from the covariances of its items: Cronbach's alpha and what stands beside it."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import (
    LEAST_RESPONDENTS,
    Floats,
    Missing,
    complete_rows,
    correlation_of,
    enough,
    item_table,
    joined,
    pairwise_covariance,
    reverse_items,
)

_NO_VARIANCE = 1e-12


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha of `k` items from `n` respondents (those with an answer; every answer, where listwise).

    `ci` is Feldt's 95% interval. `std_alpha`, `average_r` and `lambda6` come from the correlation matrix of the
    covariances; None where an item does not vary (lambda6: where the matrix is singular). `item_rest` is the
    correlation of each item with the sum of the others, `if_dropped` the alpha without it (both by item).
    `warnings` names the items that go against the others.
    """

    alpha: float
    ci: tuple[float, float]
    std_alpha: float | None
    average_r: float | None
    lambda6: float | None
    item_rest: pd.Series[Any]
    if_dropped: pd.Series[Any]
    n: int
    k: int
    missing: Missing
    warnings: tuple[str, ...]


def cronbach_alpha(items: Any, reverse: Iterable[Hashable] = (), missing: Missing = "pairwise") -> Alpha:
    """Cronbach's alpha: k/(k-1) (1 - sum of item variances / variance of the sum) (Cronbach 1951, Psychometrika 16).

    `items` is respondents x items (frame or array), blank where unanswered; `reverse` names the items keyed the other
    way (column names, numbers for an array). `missing="pairwise"` takes each covariance from those who answered both
    items, "listwise" only those who answered all. Reversal needs no range: low + high - x and -x covary alike.
    The interval is Feldt's (1965, Psychometrika 30): 1 - (1 - alpha) F with n - 1 and (n - 1)(k - 1) df.
    An item that goes against the others is warned of and never turned round.
    Raises NotComputable with fewer than 3 items, where a covariance rests on fewer than 10 respondents, or where
    nothing varies; ValueError for an unknown name.
    """
    covariance, respondents, names = _covariance(items, reverse, missing)
    k, total = len(names), float(covariance.sum())
    alpha = k / (k - 1) * (1 - np.trace(covariance) / total)
    correlation = correlation_of(covariance)
    item_rest = pd.Series(_item_rest(covariance), index=names, name="item_rest")
    told = _against_the_others(correlation, item_rest)
    for sentence in told:
        warnings.warn(sentence, UserWarning, stacklevel=2)
    standard = bool(np.isfinite(correlation).all())
    return Alpha(
        float(alpha),
        feldt_interval(float(alpha), respondents, k),
        standardised_alpha(correlation) if standard else None,
        _average_r(correlation) if standard else None,
        _lambda6(correlation) if standard else None,
        item_rest,
        pd.Series(_if_dropped(covariance), index=names, name="alpha_if_dropped"),
        respondents,
        k,
        missing,
        told,
    )


def _covariance(items: Any, reverse: Iterable[Hashable], missing: Missing) -> tuple[Floats, int, pd.Index[Any]]:
    if missing not in ("pairwise", "listwise"):
        raise ValueError(f"missing is 'pairwise' or 'listwise', not {missing!r}")
    table = reverse_items(item_table(items), reverse)
    table = complete_rows(table) if missing == "listwise" else table.dropna(how="all")
    enough(len(table), table.shape[1], "Cronbach's alpha")
    covariance, counts = pairwise_covariance(table)
    if counts.min() < LEAST_RESPONDENTS:
        first, second = divmod(int(counts.argmin()), len(counts))
        raise NotComputable(
            f"Only {counts.min()} respondents answered both {table.columns[first]} and {table.columns[second]}; "
            f"a covariance needs at least {LEAST_RESPONDENTS}."
        )
    if covariance.sum() <= _NO_VARIANCE * max(1.0, float(np.trace(covariance))):
        raise NotComputable("The sum of the items does not vary, so there is no reliability to speak of.")
    return covariance, len(table), table.columns


def feldt_interval(alpha: float, respondents: int, items: int, confidence: float = 0.95) -> tuple[float, float]:
    """Feldt's (1965) interval of alpha."""
    from scipy.stats import f

    df = respondents - 1, (respondents - 1) * (items - 1)
    tail = (1 - confidence) / 2
    return 1 - (1 - alpha) * float(f.ppf(1 - tail, *df)), 1 - (1 - alpha) * float(f.ppf(tail, *df))


def standardised_alpha(correlation: Floats) -> float:
    """k r / (1 + (k - 1) r), r the mean of the correlations."""
    k, r = len(correlation), _average_r(correlation)
    return k * r / (1 + (k - 1) * r)


def _average_r(correlation: Floats) -> float:
    k = len(correlation)
    return float((correlation.sum() - k) / (k * (k - 1)))


def _lambda6(correlation: Floats) -> float | None:
    """Guttman's (1945) lambda 6: 1 - sum of the items' residual variances given all others / variance of the sum."""
    if np.linalg.cond(correlation) > 1 / np.finfo(float).eps:
        return None
    return float(1 - (1 / np.diag(np.linalg.inv(correlation))).sum() / correlation.sum())


def _item_rest(covariance: Floats) -> Floats:
    own, with_all = np.diag(covariance), covariance.sum(axis=0)
    rest = covariance.sum() - 2 * with_all + own
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(own * rest > 0, (with_all - own) / np.sqrt(own * rest), np.nan), dtype=float)


def _if_dropped(covariance: Floats) -> Floats:
    own, k = np.diag(covariance), len(covariance) - 1
    rest = covariance.sum() - 2 * covariance.sum(axis=0) + own
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(rest > 0, k / (k - 1) * (1 - (own.sum() - own) / rest), np.nan), dtype=float)


def _against_the_others(correlation: Floats, item_rest: pd.Series[Any]) -> tuple[str, ...]:
    """A sentence for items with a negative item-rest correlation or sign on the first principal component."""
    told, negative = [], item_rest.to_numpy() < 0
    if np.isfinite(correlation).all():
        leading = np.linalg.eigh(correlation)[1][:, -1]
        negative = negative | (leading * np.sign(leading.sum()) < 0)
    if negative.any():
        names = joined(list(item_rest.index[negative]))
        told.append(f"These items go against the others and may need declaring as reversed: {names}.")
    flat = np.isnan(np.diag(correlation))
    if flat.any():
        told.append(f"Everyone gave the same answer to: {joined(list(item_rest.index[flat]))}.")
    return tuple(told)
