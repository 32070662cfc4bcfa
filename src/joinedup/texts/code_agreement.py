"""Agreement of two coders, code by code: counts of each text, coefficients over all texts, intervals over texts."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from joinedup.study.problems import NotComputable
from joinedup.study.result import Value
from joinedup.texts.agreement import Coefficient, TwoByTwo
from joinedup.texts.agreement.bootstrap import (
    COEFFICIENTS,
    as_counts,
    binary_alphas,
    interval_over_texts,
    resampled,
)
from joinedup.texts.agreement.coefficient import Array
from joinedup.texts.agreement.unitizing import binary_alpha, tidy
from joinedup.texts.coders import DoubleCoding, Used, characters_by_text, units_by_text

UNIT_KEYS = ("kappa", "alpha", "ac1", "percent", "base_rate", "either")
CHARACTER_KEYS = ("alpha_characters", "kappa_characters", "alpha_unitized")
INTERVALS = ("alpha", "kappa", "ac1", "either")


@dataclass(frozen=True)
class Counts:
    """Texts x (both, first alone, second alone, neither), over units and over characters.

    `characters` has a fifth column, the sum of the squared lengths of both coders' units of coding.
    """

    units: Array
    characters: Array

    @property
    def over_units(self) -> TwoByTwo:
        """Over the units of all texts."""
        return _table(self.units)

    @property
    def over_characters(self) -> TwoByTwo:
        """Over the characters of all texts."""
        return _table(self.characters)


def _table(counts: Array) -> TwoByTwo:
    return TwoByTwo(*(int(count) for count in counts[:, :4].sum(axis=0)))


def counts_of(double: DoubleCoding, code: str) -> Counts:
    """How both coders used `code` in each text that both read."""
    first, second = (double.used(code, coder) for coder in double.coders)
    units = [_cells(found) for found in units_by_text(double, first, second)]
    characters = zip(double.texts, characters_by_text(double, first, second), strict=True)
    lengths = [(*_cells(found), _own(text.id, len(text.content), first, second)) for text, found in characters]
    return Counts(as_counts(units), as_counts(lengths))


def _cells(found: TwoByTwo) -> tuple[int, int, int, int]:
    return found.both, found.first, found.second, found.neither


def _own(text: str, length: int, first: Used, second: Used) -> int:
    spans = (tidy(((start, end, "") for start, end in used.get(text, ())), length) for used in (first, second))
    return sum((end - start) ** 2 for start, end, _ in itertools.chain(*spans))


def of_units(table: TwoByTwo) -> dict[str, Value]:
    """The coefficients over units; None where one is not defined."""
    found = (table.kappa, table.alpha, table.ac1)
    estimates = [estimate(coefficient) for coefficient in found]
    return dict(zip(UNIT_KEYS, (*estimates, table.percent, table.base_rate, table.of_either), strict=True))


def of_characters(counts: Counts) -> dict[str, Value]:
    """The coefficients over characters, and alpha for unitized text; None where one is not defined."""
    table, sums = counts.over_characters, counts.characters.sum(axis=0)
    unitized = binary_alpha(sums[:4].tolist(), float(sums[4]))
    found = (estimate(table.alpha), estimate(table.kappa), unitized)
    return dict(zip(CHARACTER_KEYS, found, strict=True))


def intervals(drawn: Array | None, values: Mapping[str, Value]) -> dict[str, Value]:
    """`alpha.low`, `alpha.high` and so on, over resampled texts; None where `values` has no estimate."""
    found: dict[str, Value] = {}
    for name in INTERVALS:
        ends = interval_over_texts(drawn, COEFFICIENTS[name]) if values[name] is not None else None
        found[f"{name}.low"], found[f"{name}.high"] = ends or (None, None)
    return found


def of_codes(counts: Mapping[str, Counts], weights: Array) -> dict[str, dict[str, Value]]:
    """Everything that is said of each code, by the last parts of its keys; `weights` are draws x texts."""
    units = resampled([found.units for found in counts.values()], weights)
    lengths = resampled([found.characters for found in counts.values()], weights)
    return {code: _of_code(counts[code], *drawn) for code, *drawn in zip(counts, units, lengths, strict=True)}


def _of_code(counts: Counts, units: Array | None, lengths: Array | None) -> dict[str, Value]:
    values = of_units(counts.over_units) | of_characters(counts)
    is_defined = values["alpha_unitized"] is not None
    unitized = interval_over_texts(lengths, binary_alphas) if is_defined else None
    values["alpha_unitized.low"], values["alpha_unitized.high"] = unitized or (None, None)
    return values | intervals(units, values)


def estimate(coefficient: Callable[[], Coefficient]) -> float | None:
    """The estimate; None where the coefficient is not defined."""
    try:
        return coefficient().estimate
    except NotComputable:
        return None


ALL_KEYS = (
    *UNIT_KEYS,
    *CHARACTER_KEYS,
    *(f"{name}.{end}" for name in (*INTERVALS, "alpha_unitized") for end in ("low", "high")),
)
