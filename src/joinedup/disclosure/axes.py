"""An axis of a frame: which variables it holds, and the labels of each of its places."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from joinedup.study.problems import UsageError

if TYPE_CHECKING:
    import pandas as pd

Axis = tuple[tuple[str, ...], list[tuple[str, ...]]]


def axis_of(index: pd.Index[str], fallback: str, totals: Collection[str]) -> Axis:
    """The variables of an axis and the labels of each place; a nameless column or an unlabelled row is no variable.

    `fallback` names a variable without a name. An empty label beside one of the `totals` is that total too, as
    `pandas.crosstab` writes its margin: (All, ""). Raises UsageError for a label that stands twice.
    """
    import pandas as pd

    unlabelled = len(index) == 1 and index.name is None and (fallback == "columns" or isinstance(index, pd.RangeIndex))
    if index.nlevels == 1 and unlabelled:
        return (), [()]
    found: tuple[str, ...]
    keys: list[tuple[str, ...]]
    if index.nlevels == 1:
        found = (str(index.name) if index.name is not None else fallback,)
        keys = [(str(label),) for label in index]
    else:
        found = tuple(str(name) if name is not None else f"{fallback} {at + 1}" for at, name in enumerate(index.names))
        keys = [_filled(tuple(str(label) for label in key), totals) for key in index]
    if len(set(keys)) < len(keys):
        double = next(key for key in keys if keys.count(key) > 1)
        raise UsageError(f"The label {', '.join(double)} stands twice among the {fallback}. Give each its own label.")
    return found, keys


def _filled(key: tuple[str, ...], totals: Collection[str]) -> tuple[str, ...]:
    total = next((label for label in key if label in totals), "")
    return tuple(label or total for label in key)
