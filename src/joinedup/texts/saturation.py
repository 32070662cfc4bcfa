"""Code saturation: after how many interviews little is said that was not said before (Guest, Namey and Chen 2020).

"A simple method to assess and report thematic saturation in qualitative research", PLoS ONE 15(5), e0232076.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from joinedup.study.problems import NotComputable

Interviews: TypeAlias = Sequence[Collection[str]] | Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Saturation:
    """How the codebook filled up, interview by interview.

    `new` and `curve`: codes heard for the first time in each interview, and up to it. `base_codes`: codes in the
    first `base` interviews. `ratios`: for each successive run, the codes new in it as a share of the base's.
    `reached_at` is written as the authors write it, e.g. "6+2": after 6 interviews, the next 2 brought no more than
    the threshold; None where no run did. `interviews` is the 6 of it.
    """

    base: int
    run: int
    threshold: float
    base_codes: int
    new: tuple[int, ...]
    curve: tuple[int, ...]
    ratios: tuple[float, ...]

    @property
    def interviews(self) -> int | None:
        """Interviews held before the first run at or below the threshold."""
        quiet = [at for at, ratio in enumerate(self.ratios) if ratio <= self.threshold + 1e-12]
        return self.base + quiet[0] * self.run if quiet else None

    @property
    def reached_at(self) -> str | None:
        """Where saturation was reached, e.g. "6+2"."""
        return None if self.interviews is None else f"{self.interviews}+{self.run}"


@dataclass(frozen=True, slots=True)
class Orders:
    """What would have been found had the interviews come in another order.

    `mean`, `low`, `high`: codes known after each number of interviews, over orders (2.5th and 97.5th percentile).
    `reached`: the share of orders that reach saturation; `median`, `earliest`, `latest`: interviews before it, over
    those (2.5th and 97.5th percentile); None where none does.
    """

    draws: int
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    reached: float
    median: float | None
    earliest: float | None
    latest: float | None


def saturation(codes_by_interview: Interviews, base: int = 4, run: int = 2, threshold: float = 0.05) -> Saturation:
    """Saturation over interviews in the order given, each as the codes that occur in it.

    Taken are a sequence of collections of codes, a mapping interview -> codes, and a table of interviews x codes
    (a frame or an array) in which every cell above 0 is a code that occurs.
    Runs follow each other without overlap; interviews left over at the end, fewer than a run, are no run. Raises
    ValueError where `base`, `run` or `threshold` has no sense, and NotComputable where there are fewer interviews
    than the base and one run, or the base holds no code.
    """
    order = _in_order(codes_by_interview)
    _sound(len(order), base, run, threshold)
    known: set[Any] = set()
    new = []
    for codes in order:
        new.append(len(codes - known))
        known.update(codes)
    curve = tuple(int(total) for total in np.cumsum(new))
    if not curve[base - 1]:
        raise NotComputable(f"No code occurs in the first {base} interviews: there is no base to compare with.")
    starts = range(base, len(order) - run + 1, run)
    ratios = tuple(sum(new[at : at + run]) / curve[base - 1] for at in starts)
    return Saturation(base, run, threshold, curve[base - 1], tuple(new), curve, ratios)


def order_bootstrap(
    codes_by_interview: Interviews,
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
    draws: int = 1000,
    seed: int = 0,
) -> Orders:
    """Saturation over `draws` random orders of the same interviews, since the order decides; seeded.

    An order whose base holds no code is one that does not reach it. Raises as `saturation` does.
    """
    order = _in_order(codes_by_interview)
    _sound(len(order), base, run, threshold)
    first = _first_heard(order, draws, np.random.default_rng(seed))
    interviews = np.arange(1, len(order) + 1)
    curves = (first[:, :, None] < interviews).sum(axis=1)
    ends = curves[:, base - 1 :: run]
    quiet = np.diff(ends, axis=1) <= (threshold + 1e-12) * curves[:, [base - 1]]
    quiet &= curves[:, [base - 1]] > 0
    reached = quiet.any(axis=1)
    at = base + run * quiet.argmax(axis=1)[reached]
    low, high = np.percentile(curves, [2.5, 97.5], axis=0)
    return Orders(
        draws,
        tuple(map(float, curves.mean(axis=0))),
        tuple(map(float, low)),
        tuple(map(float, high)),
        float(reached.mean()),
        *((float(np.percentile(at, q)) if at.size else None) for q in (50, 2.5, 97.5)),
    )


def _in_order(given: Any) -> list[frozenset[Any]]:
    """Each interview's codes; of a frame or an array of numbers, the columns that are not 0."""
    if getattr(given, "ndim", 1) == 2:
        cells = np.asarray(given.to_numpy() if hasattr(given, "to_numpy") else given, dtype=float)
        return [frozenset(np.flatnonzero(row > 0).tolist()) for row in cells]
    return [frozenset(codes) for codes in (given.values() if isinstance(given, Mapping) else given)]


def _sound(interviews: int, base: int, run: int, threshold: float) -> None:
    if base < 1 or run < 1 or not 0 <= threshold < 1:
        raise ValueError("A base and a run hold at least one interview; the threshold lies from 0 to below 1.")
    if interviews < base + run:
        raise NotComputable(
            f"{interviews} interviews are fewer than a base of {base} and a run of {run}: saturation can't be judged."
        )


def _first_heard(order: list[frozenset[Any]], draws: int, random: np.random.Generator) -> npt.NDArray[np.intp]:
    """draws x codes: the place (from 0) at which each code is first heard in a random order."""
    codes = sorted({code for interview in order for code in interview})
    places = random.permuted(np.tile(np.arange(len(order)), (draws, 1)), axis=1)
    holders = ([at for at, interview in enumerate(order) if code in interview] for code in codes)
    found = [places[:, held].min(axis=1) for held in holders]
    return np.array(found, dtype=np.intp).reshape(len(codes), draws).T
