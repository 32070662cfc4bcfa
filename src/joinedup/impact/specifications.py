"""The specification curve: every defensible choice side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol

import pandas as pd

from joinedup.impact.wide import ESTIMANDS
from joinedup.study.problems import NotComputable


class Estimated(Protocol):
    """What a specification returns: an estimate with its 95% interval, NaN where there is none."""

    @property
    def estimate(self) -> float: ...

    @property
    def low(self) -> float: ...

    @property
    def high(self) -> float: ...


@dataclass(frozen=True, slots=True)
class SpecificationCurve:
    """`table`: rank, the choices, estimate, low, high, by estimate; `refused`: the choices and the reason.

    `same_sign` counts specifications with the median's sign, `clear` those whose interval does not hold 0, of
    `with_interval` that have one. The specifications share data: the counts are a description, not a test.
    """

    table: pd.DataFrame
    refused: pd.DataFrame
    median: float
    low: float
    high: float
    same_sign: int
    clear: int
    with_interval: int
    methods: str


def specification_curve(
    choices: Mapping[str, Sequence[Any]], estimate: Callable[..., Estimated], weights: str = "site"
) -> SpecificationCurve:
    """`estimate(**choice)` for every combination of `choices`, all of one estimand (`weights`: "site" or "child").

    A combination that raises NotComputable is listed with its reason, never dropped. Raises ValueError where `weights`
    is among the choices (one curve holds one estimand) or unknown, NotComputable where every combination is refused.
    Source: Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4.
    """
    if "weights" in choices:
        raise ValueError('one specification curve holds one estimand: draw one for "site" and one for "child"')
    if weights not in ESTIMANDS:
        raise ValueError(f'weights must be "site" or "child", not {weights!r}')
    names = list(choices)
    rows: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for values in product(*choices.values()):
        choice = dict(zip(names, values, strict=True))
        try:
            found = estimate(**choice)
        except NotComputable as reason:
            refused.append(choice | {"reason": str(reason)})
        else:
            rows.append(choice | {"estimate": found.estimate, "low": found.low, "high": found.high})
    if not rows:
        raise NotComputable("Every specification is refused: " + " ".join(str(row["reason"]) for row in refused))
    table = pd.DataFrame(rows).sort_values("estimate", kind="stable", ignore_index=True)
    table.insert(0, "rank", range(1, len(table) + 1))
    return _summary(table, pd.DataFrame(refused, columns=[*names, "reason"]), names, weights)


def _summary(table: pd.DataFrame, refused: pd.DataFrame, names: Sequence[str], weights: str) -> SpecificationCurve:
    median = float(table["estimate"].median())
    intervals = table.dropna(subset=["low", "high"])
    return SpecificationCurve(
        table,
        refused,
        median,
        float(table["estimate"].min()),
        float(table["estimate"].max()),
        int((table["estimate"] * median > 0).sum()),
        int(((intervals["low"] > 0) | (intervals["high"] < 0)).sum()),
        len(intervals),
        f"Specification curve (Simonsohn, Simmons and Nelson 2020) for {ESTIMANDS[weights]}: {len(table)} combinations "
        f"of {', '.join(names)}, {len(refused)} refused; a description, not a test.",
    )
