"""Plain tables in: items, values and groups of respondents as arrays that lie row against row."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from joinedup.study.problems import NotComputable

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Missing = Literal["pairwise", "listwise"]

LEAST_RESPONDENTS = 10
LEAST_ITEMS = 3


def item_table(items: Any) -> pd.DataFrame:
    """Respondents x items as numbers; a blank (None, NaN, NA) is a missing answer. Columns of an array are 0, 1, ...

    Raises NotComputable for text or infinite answers, ValueError for a name that stands twice.
    """
    table = items.copy() if isinstance(items, pd.DataFrame) else pd.DataFrame(np.atleast_2d(np.asarray(items)))
    if table.columns.has_duplicates:
        raise ValueError(f"two items have the same name: {sorted(map(str, table.columns[table.columns.duplicated()]))}")
    columns = {name: _numbers(table[name], f"item {name}") for name in table.columns}
    return pd.DataFrame(columns, index=table.index, columns=table.columns)


def vector(values: Any, what: str) -> Floats:
    """One number a row; a blank is NaN. Raises NotComputable for text or infinite values, naming `what`."""
    return _numbers(pd.Series(values) if not isinstance(values, pd.Series) else values, what)


def _numbers(column: pd.Series[Any], what: str) -> Floats:
    try:
        found = np.asarray(pd.to_numeric(column).astype("Float64").to_numpy(dtype=float, na_value=np.nan), dtype=float)
    except (ValueError, TypeError):
        raise NotComputable(
            f"The {what} holds something that is no number; code its missing answers as blanks."
        ) from None
    if np.isinf(found).any():
        raise NotComputable(f"The {what} holds an infinite number.")
    return found


def reverse_items(table: pd.DataFrame, reverse: Iterable[Hashable]) -> pd.DataFrame:
    """The items with those named in `reverse` negated.

    Covariances and correlations do not depend on the constant in low + high - x, so no range is needed for them.
    Raises ValueError for a name that is no item.
    """
    if isinstance(reverse, str):
        raise ValueError("reverse takes a list of items, not one text")
    named = list(reverse)
    unknown = [str(name) for name in named if name not in table.columns]
    if unknown:
        raise ValueError(f"reverse names what is no item: {', '.join(unknown)}")
    signs = [-1.0 if name in named else 1.0 for name in table.columns]
    return table * np.array(signs)


def complete_rows(table: pd.DataFrame) -> pd.DataFrame:
    """The respondents who answered every item."""
    return table.dropna()


def pairwise_covariance(table: pd.DataFrame) -> tuple[Floats, Codes]:
    """Covariances (n - 1) of all pairs of items, each from the respondents who answered both; and those numbers.

    NaN where fewer than two answered both. The means are those of the pair's respondents, as in R's
    `cov(use = "pairwise.complete.obs")`.
    """
    values = table.to_numpy(dtype=float)
    seen = np.isfinite(values).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        centred = np.where(seen > 0, values - np.nansum(values, axis=0) / seen.sum(axis=0), 0.0)
        count, sums = seen.T @ seen, centred.T @ seen
        covariance = np.where(count > 1, (centred.T @ centred - sums * sums.T / count) / (count - 1), np.nan)
    return covariance, count.astype(np.intp)


def pairwise_correlation(table: pd.DataFrame) -> tuple[Floats, Codes]:
    """Correlations of all pairs of items, means and variances those of the pair's respondents; and their numbers.

    NaN for an item that does not vary among them.
    """
    covariance, count = pairwise_covariance(table)
    values = table.to_numpy(dtype=float)
    seen = np.isfinite(values).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        centred = np.where(seen > 0, values - np.nansum(values, axis=0) / seen.sum(axis=0), 0.0)
        variance = ((centred**2).T @ seen - (centred.T @ seen) ** 2 / count) / (count - 1)
        product = variance * variance.T
        return np.where(product > 0, covariance / np.sqrt(np.abs(product)), np.nan), count


def correlation_of(covariance: Floats) -> Floats:
    """The correlation matrix of a covariance matrix; NaN for an item without variance."""
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = np.sqrt(np.diag(covariance))
        return np.asarray(covariance / np.outer(scale, scale), dtype=float)


def group_codes(group: Any, rows: int) -> tuple[Codes, pd.Index[Any]]:
    """Each row's group as a number (-1 where it is missing), and the groups in their order.

    Raises ValueError where `group` is not as long as there are `rows`.
    """
    same_rows(rows, group=group)
    codes, labels = pd.factorize(pd.Series(group).reset_index(drop=True), sort=True)
    return codes.astype(np.intp), pd.Index(labels)


def same_rows(rows: int, **columns: Any) -> None:
    """Raises ValueError where a column that is given has not one value for each of the `rows`."""
    for name, column in columns.items():
        if column is not None and len(column) != rows:
            raise ValueError(f"{name} has {len(column)} rows, not {rows}")


def same_index(**columns: Any) -> None:
    """Raises ValueError where two pandas objects have different row labels: they would be matched wrongly by place."""
    labelled = [(name, c.index) for name, c in columns.items() if isinstance(c, pd.Series | pd.DataFrame)]
    for name, index in labelled[1:]:
        if not index.equals(labelled[0][1]):
            raise ValueError(f"{labelled[0][0]} and {name} have different row labels; align them first")


def enough(respondents: int, items: int, what: str) -> None:
    """Raises NotComputable with fewer than 10 respondents or 3 items."""
    if items < LEAST_ITEMS:
        raise NotComputable(f"{what} needs at least {LEAST_ITEMS} items; there are {items}.")
    if respondents < LEAST_RESPONDENTS:
        raise NotComputable(f"{what} needs at least {LEAST_RESPONDENTS} respondents; there are {respondents}.")


def joined(names: Sequence[Any]) -> str:
    """Names in a sentence."""
    return ", ".join(str(name) for name in names)
