"""Alpha for unitized text over several texts, with intervals by resampling them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from joinedup.study.problems import NotComputable
from joinedup.texts.agreement.alike import refuse_two_writings
from joinedup.texts.agreement.bootstrap import draw_weights, resampled
from joinedup.texts.agreement.coefficient import Array
from joinedup.texts.agreement.unitizing import Tally, Unit, UnitizingAlpha, coefficients, family, tally_of, tidy

NAMES = ("u", "binary", "cu")
_DEFINED = 0.95
"""The share of draws in which a coefficient must be defined."""


def unitizing_alpha_of_texts(
    texts: Sequence[tuple[Mapping[Any, Iterable[Unit]], int]], draws: int = 2000, seed: int = 0
) -> UnitizingAlpha:
    """As `unitizing_alpha` of texts put one behind the other; each text is (units by coder, length), offsets its own.

    The same coders must be named in every text. With ten texts or more `.ci` holds 95% percentile intervals of u,
    binary and cu over `draws` draws of texts with replacement. Raises what `unitizing_alpha` raises, and ValueError
    where the coders differ from text to text.
    """
    names = list(texts[0][0]) if texts else []
    if len(names) < 2:
        raise NotComputable("One coder has no agreement: a second coder must unitize the same text.")
    if any(set(units) != set(names) for units, _ in texts):
        raise ValueError("every text needs the units of the same coders, even if there are none")
    found = [([tidy(units[name], length) for name in names], length) for units, length in texts]
    codes = list(dict.fromkeys(code for coders, _ in found for spans in coders for _, _, code in spans))
    refuse_two_writings(codes)
    rows = np.stack([_flat(tally_of(coders, length, codes)) for coders, length in found])
    whole = family(_tally(rows.sum(axis=0), len(codes)), codes, len(names), sum(length for _, length in found))
    return replace(whole, ci=_intervals(rows, len(codes), draws, seed))


def _flat(tally: Tally) -> Array:
    """A tally as a row; the first three numbers say whether anything is coded there."""
    coded = [float(tally.own[1:].sum()), 0.0, 0.0]
    return np.concatenate([coded, tally.lengths.ravel(), tally.own, tally.paired_own])


def _tally(row: Array, codes: int) -> Tally:
    q = codes + 1
    lengths, own, paired = np.split(row[3:], [q * q, q * q + q])
    return Tally(lengths.reshape(q, q), own, paired)


def _intervals(rows: Array, codes: int, draws: int, seed: int) -> dict[str, tuple[float, float] | None]:
    (drawn,) = resampled([rows], draw_weights(len(rows), draws, seed))
    if drawn is None:
        return dict.fromkeys(NAMES)
    by_draw = [coefficients(_tally(row, codes)) for row in drawn]
    return {name: _percentiles([one[at] for one in by_draw]) for at, name in enumerate(NAMES)}


def _percentiles(values: Sequence[float | None]) -> tuple[float, float] | None:
    defined = [value for value in values if value is not None]
    if len(defined) < _DEFINED * len(values):
        return None
    low, high = np.quantile(defined, (0.025, 0.975))
    return float(low), float(high)
