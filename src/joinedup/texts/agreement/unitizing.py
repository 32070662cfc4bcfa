"""Alpha for unitized text: coders cut a continuum into units themselves and give each a code.

The family of Krippendorff, Mathet, Bouvry and Widloecher (2016) and Krippendorff (2019), Content Analysis, 4th ed.,
section 12.6 (his earlier alpha-u of 1995 and 2004 is another definition). Observed coincidences are lengths of
intersections over ordered pairs of coders; a gap is a category of its own. Expected coincidences are products of the
lengths of categories, less what a unit has in common with itself: its length squared, for a gap its length.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from joinedup.study.problems import NotComputable
from joinedup.texts.agreement.alike import refuse_two_writings
from joinedup.texts.agreement.coefficient import Array

Unit = tuple[int, int, Any]
"""(start, end, code); [start, end) on the continuum."""


@dataclass(frozen=True)
class UnitizingAlpha:
    """The family for one set of unitizations; None where a coefficient is not defined.

    `u`: units and their codes together, gaps a category. `binary`: units against gaps. `cu`: codes, only where two
    coders both have a unit. `by_code`: each code against all others where two coders both have a unit; None where no
    other coder has a unit where the code stands, or nothing varies. `length` is that of the continuum; `coverage`
    says of each code which share of its length lies where another coder has a unit, so that `by_code` can speak of it.
    `ci` has the 95% intervals of u, binary and cu over resampled texts, where several texts were given.
    """

    u: float | None
    binary: float | None
    cu: float | None
    by_code: Mapping[Hashable, float | None]
    coders: int
    length: int
    coverage: Mapping[Hashable, float] = field(default_factory=dict)
    ci: Mapping[str, tuple[float, float] | None] = field(default_factory=dict)


def unitizing_alpha(units: Mapping[Any, Iterable[Unit]], length: int) -> UnitizingAlpha:
    """Alpha for unitized text of `units`, coder -> [(start, end, code)], on a continuum of `length` code points.

    Spans are half open. Units of zero length are left out; units of one coder and code that overlap are made one;
    units that touch stay two. Several texts are joined by adding to each the length of those before it. Raises
    NotComputable with fewer than two coders, and where a coder's units of different codes overlap (alpha is then
    defined for one code at a time only); ValueError for a unit outside the continuum, and for a code that one coder
    wrote as a number and another as a word.
    """
    if len(units) < 2:
        raise NotComputable("One coder has no agreement: a second coder must unitize the same text.")
    found = [tidy(spans, length) for spans in units.values()]
    codes = list(dict.fromkeys(code for spans in found for _, _, code in spans))
    refuse_two_writings(codes)
    return family(tally_of(found, length, codes), codes, len(units), length)


def family(tally: Tally, codes: Sequence[Hashable], coders: int, length: int) -> UnitizingAlpha:
    """The whole family from its coincidences."""
    u, binary, cu = coefficients(tally)
    by_code = {code: _of_code(tally, at) for at, code in enumerate(codes)}
    shared = tally.paired.sum(axis=0)
    whole = tally.lengths.sum(axis=0)[1:]
    coverage = {code: float(shared[at] / whole[at]) for at, code in enumerate(codes)}
    return UnitizingAlpha(u, binary, cu, by_code, coders, length, coverage)


def coefficients(tally: Tally) -> tuple[float | None, float | None, float | None]:
    """u, binary and cu."""
    return _alpha(tally.lengths, tally.own), _alpha(*_collapsed(tally)), _alpha(tally.paired, tally.paired_own)


def tidy(units: Iterable[Unit], length: int) -> tuple[Unit, ...]:
    """The units of one coder in order, without empty ones, same codes that overlap made one."""
    kept: list[Unit] = []
    for start, end, code in sorted(units, key=lambda unit: (unit[0], unit[1])):
        if not 0 <= start <= end <= length:
            raise ValueError(f"[{start}, {end}) is no span of a continuum of {length}")
        if start == end:
            continue
        if kept and start < kept[-1][1]:
            if kept[-1][2] != code:
                raise NotComputable(
                    f"One coder gave {code!r} and {kept[-1][2]!r} to text that overlaps: over several codes alpha for "
                    f"unitized text needs units that do not. Ask for it one code at a time."
                )
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]), code)
        else:
            kept.append((start, end, code))
    return tuple(kept)


@dataclass(frozen=True)
class Tally:
    """Coincidences by category (0: the gap) and the self-pairing of units, `paired_own` where two coders have units.

    All are sums over stretches of text, so that those of several texts can be added.
    """

    lengths: Array
    own: Array
    paired_own: Array

    @property
    def paired(self) -> Array:
        """Coincidences of codes where two coders have units."""
        return self.lengths[1:, 1:]


def tally_of(coders: Sequence[Sequence[Unit]], length: int, codes: Sequence[Hashable]) -> Tally:
    """The coincidences of one text; each coder's units as `tidy` gives them."""
    rank = {code: at + 1 for at, code in enumerate(codes)}
    cuts = np.unique([0, length, *(cut for spans in coders for start, end, _ in spans for cut in (start, end))])
    widths = np.diff(cuts).astype(np.float64)
    marks = np.zeros((len(coders), len(widths)), dtype=np.intp)
    for coder, spans in enumerate(coders):
        for start, end, code in spans:
            marks[coder, np.searchsorted(cuts, start) : np.searchsorted(cuts, end)] = rank[code]
    q = len(codes) + 1
    lengths = np.zeros((q, q))
    for one, other in itertools.permutations(range(len(coders)), 2):
        lengths += np.bincount(marks[one] * q + marks[other], widths, q * q).reshape(q, q) / (len(coders) - 1)
    own, paired_own = np.zeros(q), np.zeros(q - 1)
    own[0] = float((widths * (marks == 0)).sum())
    covered = (marks > 0).sum(axis=0)
    for coder, spans in enumerate(coders):
        shared = np.concatenate([[0.0], np.cumsum(widths * (covered - (marks[coder] > 0) > 0))])
        _add_own(own, paired_own, spans, rank, (cuts, shared))
    return Tally(lengths, own, paired_own)


def _add_own(
    own: Array,
    paired_own: Array,
    spans: Iterable[Unit],
    rank: Mapping[Hashable, int],
    shared: tuple[npt.NDArray[np.generic], Array],
) -> None:
    """Add each unit's squared length, and the square of what of it lies where another coder has a unit too."""
    cuts, sums = shared
    for start, end, code in spans:
        own[rank[code]] += (end - start) ** 2
        at = np.searchsorted(cuts, [start, end])
        paired_own[rank[code] - 1] += float(sums[at[1]] - sums[at[0]]) ** 2


def _collapsed(tally: Tally) -> tuple[Array, Array]:
    """Units of any code as one category."""
    full, own = tally.lengths, tally.own
    lengths = np.array([[full[0, 0], full[0, 1:].sum()], [full[1:, 0].sum(), full[1:, 1:].sum()]])
    return lengths, np.array([own[0], own[1:].sum()])


def _expected(lengths: Array, own: Array) -> Array | None:
    """Expected coincidences; None where all there is pairs with itself alone."""
    total = float(lengths.sum())
    room = total**2 - float(own.sum())
    if total == 0 or room <= 0:
        return None
    found: Array = total * (np.outer(lengths.sum(axis=1), lengths.sum(axis=0)) - np.diag(own)) / room
    return found


def _alpha(lengths: Array, own: Array) -> float | None:
    expected = _expected(lengths, own)
    if expected is None:
        return None
    chance = float(expected.sum() - np.trace(expected))
    return 1 - float(lengths.sum() - np.trace(lengths)) / chance if chance > 1e-12 else None


def _of_code(tally: Tally, at: int) -> float | None:
    """One code against the others, section 12.6.6: its share of mismatches over that of chance."""
    expected = _expected(tally.paired, tally.paired_own)
    observed = tally.paired[:, at].sum()
    if expected is None or observed == 0 or expected[:, at].sum() < 1e-12:
        return None
    chance = 1 - expected[at, at] / expected[:, at].sum()
    return float(1 - (1 - tally.paired[at, at] / observed) / chance) if chance > 1e-12 else None


def binary_alpha(counts: Sequence[float], own: float) -> float | None:
    """The binary alpha of two coders from lengths (both, first alone, second alone, neither).

    `own` is the sum of the squared lengths of all units of both coders. Sums over texts may be given. None where
    nothing varies.
    """
    both, first, second, neither = counts
    lengths = np.array([[2 * neither, first + second], [first + second, 2 * both]], dtype=np.float64)
    return _alpha(lengths, np.array([2 * neither + first + second, own], dtype=np.float64))
