"""The cases of a qualitative comparative analysis: set memberships, values and literals."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from joinedup.study.hints import did_you_mean, shown

Floats = npt.NDArray[np.float64]
IRRELEVANT = -1
"""The value of a condition that does not apply to a case, written "-" (Caren and Panofsky 2005): neither A nor ~A."""

_IRRELEVANT = ("-", "dc", "DC")
_NAMES = ("case", "cases", "site")
_OUTCOME = re.compile(r"(~?)\s*([^\[\]{}~]+?)\s*(?:[\[{](\d+)[\]}])?")


@dataclass(frozen=True)
class Condition:
    """A condition and its memberships (fuzzy or crisp, in [0, 1]) or values (0, 1, 2, ...; -1: does not apply)."""

    name: str
    values: Floats
    multivalue: bool
    irrelevant: bool

    @property
    def levels(self) -> int:
        """The number of its values; a condition that need not apply has one more, "-", as its last."""
        return max(2, int(self.values.max()) + 1 if self.multivalue else 2) + int(self.irrelevant)

    @property
    def discrete(self) -> bool:
        return self.multivalue or self.irrelevant

    def membership(self, value: int) -> Floats:
        """Of every case in `name[value]`."""
        if self.discrete:
            wanted = IRRELEVANT if self.irrelevant and value == self.levels - 1 else value
            return np.asarray(self.values == wanted, dtype=np.float64)
        return self.values if value == 1 else 1.0 - self.values

    def corner(self) -> npt.NDArray[np.int64]:
        """The value of every case in its truth-table row."""
        if not self.discrete:
            return (self.values > 0.5).astype(np.int64)
        return np.where(self.values == IRRELEVANT, self.levels - 1, self.values).astype(np.int64)


def columns_of(data: Any, wanted: Iterable[str]) -> tuple[tuple[str, ...], dict[str, list[Any]]]:
    """The names of the cases and the `wanted` columns of a frame, a mapping of columns or a sequence of rows.

    Cases are named by a column `case`, `cases` or `site` that is not wanted, else by a frame's index, else 1, 2, ...
    """
    names = list(dict.fromkeys(wanted))
    if not isinstance(data, Mapping) and not hasattr(data, "columns"):
        rows = list(data)
        data = {name: [row.get(name) for row in rows] for name in dict.fromkeys(key for row in rows for key in row)}
    known = [str(name) for name in (data.columns if hasattr(data, "columns") else data)]
    for name in names:
        if name not in known:
            raise ValueError(f"{shown(name)} is no column of the data.{did_you_mean(name, known)}")
    columns = {name: list(data[name]) for name in names}
    length = len(next(iter(columns.values())))
    if any(len(column) != length for column in columns.values()):
        raise ValueError("the columns of the data are not equally long")
    label = next((name for name in _NAMES if name in known and name not in names), None)
    if label is not None:
        cases = [str(value) for value in data[label]]
    else:
        cases = [str(value) for value in data.index] if hasattr(data, "index") else list(map(str, range(1, length + 1)))
    if len(set(cases)) < len(cases):
        twice = next(case for case in cases if cases.count(case) > 1)
        raise ValueError(f"the case {shown(twice)} stands in the data more than once")
    return tuple(cases), columns


def condition(name: str, column: Sequence[Any], cases: Sequence[str]) -> Condition:
    """A column as a condition. Raises ValueError, with the case, for what is no membership and no value."""
    values = np.array([_number(value, name, case) for value, case in zip(column, cases, strict=True)], dtype=np.float64)
    if not len(values):
        raise ValueError("there are no cases")
    absent = values == IRRELEVANT
    whole = bool(np.all(values == np.floor(values)))
    outside = (values < 0) & ~(absent & whole) | (values > 1) & (not whole)
    if outside.any():
        at = int(np.argmax(outside))
        raise ValueError(f"{name} of case {cases[at]} is {values[at]:g}: a membership lies in [0, 1]")
    return Condition(name, values, bool(values.max() > 1), bool(absent.any()))


def outcome_of(outcome: str) -> tuple[str, bool, int | None]:
    """The column, whether it is negated, and the value of a multi-value outcome: "Y", "~Y", "Y[2]", "~Y[2]"."""
    found = _OUTCOME.fullmatch(outcome.strip())
    if found is None:
        raise ValueError(f'{shown(outcome)} is no outcome; write "Y", "~Y", "Y[2]" or "~Y[2]"')
    return found[2], bool(found[1]), int(found[3]) if found[3] else None


def outcome_membership(outcome: str, column: Sequence[Any], cases: Sequence[str]) -> Floats:
    """The membership of every case in the outcome as it is written."""
    name, negated, value = outcome_of(outcome)
    found = condition(name, column, cases)
    if found.irrelevant:
        at = cases[int(np.argmax(found.values == IRRELEVANT))]
        raise ValueError(f'the outcome {name} of case {at} is "-": an outcome applies to every case')
    if found.multivalue and value is None:
        raise ValueError(
            f"{name} has more than two values; name the one to explain, such as {name}[{found.levels - 1}]"
        )
    if value is not None and value >= found.levels:
        raise ValueError(f"{name} has no value {value}: its values are 0 to {found.levels - 1}")
    member = found.values if value is None else found.membership(value)
    return 1.0 - member if negated else member


def _number(value: Any, name: str, case: str) -> float:
    if isinstance(value, str) and value.strip() in _IRRELEVANT:
        return float(IRRELEVANT)
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        said = "missing" if value is None or value != value or value == "" else shown(str(value))
        raise ValueError(f"{name} of case {case} is {said}: leave the case out, or find its value")
    return number
