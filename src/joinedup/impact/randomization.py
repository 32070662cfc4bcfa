"""Randomisation inference: the estimate among those of the assignments that could have happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from joinedup.impact.assignments import Labels, count, draw, enumerate_all, groups_of
from joinedup.impact.inversion import Inversion
from joinedup.impact.model import RandomizationTest
from joinedup.impact.panel_columns import dated
from joinedup.impact.reassignment import Reassignment
from joinedup.impact.sufficient_statistics import Cells
from joinedup.impact.weighted_cells import WeightedCells, gather
from joinedup.study.problems import NotComputable

_TREATED = "treated by adoption"


def randomization_test(
    cells: pd.DataFrame | Cells,
    outcome: str,
    unit: str,
    period: str,
    adopted: str,
    draws: int = 4999,
    seed: int = 0,
    strata: str | Mapping[object, object] = "",
    covariates: Sequence[str] = (),
    studentised: bool = False,
    null: float = 0.0,
    weights: str | None = None,
    children: str = "n",
) -> RandomizationTest:
    """Two-sided p of the two-way coefficient under the sharp null that every unit's effect is `null`.

    `adopted` is a unit's first treated period, missing or infinite where never treated; of `Cells` it is their treatment.
    The whole vector of adoption is permuted among the units, within `strata` (a column, constant in a unit, or unit ->
    stratum) where given: that must be how adoption could have come out otherwise. What is compared is |coefficient - null|,
    or its ratio to the clustered error where `studentised`, which is the safer where units differ in size. All
    assignments are enumerated where there are at most `draws`: p = share at least as large; else
    p = (1 + count) / (draws + 1). `.interval()` inverts the test. `weights` and `children` are those of `did`.
    Raises NotComputable where nothing can be reassigned, and what `did` raises.
    Source: Fisher's exact test of the sharp null; Imbens and Rubin (2015), chapter 5; MacKinnon and Webb (2020), Journal
    of Econometrics 218, for the studentised form.
    """
    sample, first = _sample(cells, outcome, unit, period, adopted, covariates, weights, children)
    starts = sorted(set(first[np.isfinite(first)].tolist()))
    labels = np.where(np.isfinite(first), np.searchsorted(np.array(starts), first) + 1, 0).astype(np.int64)
    groups = groups_of(_strata(cells, unit, sample, strata))
    assignments = count(labels, groups)
    if assignments < 2:
        raise NotComputable("There is only one way in which adoption could have come out: nothing can be reassigned.")
    statistic = Reassignment(sample, starts, labels, studentised)
    enumerated = assignments <= draws
    if enumerated:
        compared = np.array(list(enumerate_all(labels, groups)), dtype=np.int64)
    else:
        compared = np.concatenate(list(draw(labels, groups, draws, np.random.default_rng(seed))))
    inversion = _inversion(statistic, labels, compared, enumerated)
    difference = inversion.estimate - null
    return RandomizationTest(
        inversion.estimate,
        inversion.p(null),
        _smallest(inversion, null, draws),
        len(compared),
        assignments,
        enumerated,
        None if enumerated else seed,
        difference / inversion.spread**0.5 if inversion.spread > 0 else float("nan"),
        studentised,
        null,
        inversion,
    )


def _sample(
    cells: pd.DataFrame | Cells,
    outcome: str,
    unit: str,
    period: str,
    adopted: str,
    covariates: Sequence[str],
    weights: str | None,
    children: str,
) -> tuple[WeightedCells, npt.NDArray[np.float64]]:
    """The sample and the first treated period of each of its units (infinite: never)."""
    if isinstance(cells, Cells):
        sample = gather(cells, outcome, unit, period, adopted, covariates, weights)
        when = sample.periods[sample.period].astype(float)
        first: npt.NDArray[np.float64] = np.full(len(sample.units), np.inf)
        np.minimum.at(first, sample.unit, np.where(sample.treated == 1, when, np.inf))
        if ((when >= first[sample.unit]) != (sample.treated == 1)).any():
            raise NotComputable(
                f"Treatment ends at some {cells.unit}, or differs between its children: dates of adoption can't be "
                "permuted."
            )
        return sample, first
    frame = dated(cells, unit, period, adopted)
    start = frame[adopted].fillna(np.inf)
    given = frame.assign(**{_TREATED: (frame[period] >= start).astype(float)})
    sample = gather(given, outcome, unit, period, _TREATED, covariates, weights, children)
    by_unit = start.groupby(frame[unit].to_numpy()).first()
    return sample, np.asarray(by_unit.reindex(sample.units), dtype=np.float64)


def _strata(
    cells: pd.DataFrame | Cells, unit: str, sample: WeightedCells, strata: str | Mapping[object, object]
) -> npt.NDArray[np.generic]:
    """The stratum of each unit of the sample."""
    if isinstance(strata, Mapping):
        lacking = [str(one) for one in sample.units.tolist() if one not in strata]
        if lacking:
            raise NotComputable(f"No stratum is given for {', '.join(lacking[:5])}.")
        return np.array([strata[one] for one in sample.units.tolist()], dtype=object)
    if not strata:
        return np.zeros(len(sample.units))
    if isinstance(cells, Cells):
        raise NotComputable("Cells have no column of strata: give a mapping from unit to stratum.")
    found = cells.drop_duplicates(unit).set_index(unit)[strata].reindex(sample.units)
    return np.asarray(found.to_numpy(), dtype=object)


def _inversion(statistic: Reassignment, labels: Labels, compared: Labels, enumerated: bool) -> Inversion:
    (own_numerator, own_square), (numerator, square) = statistic(labels[None, :]), statistic(compared)
    spread = float(own_square[0, 0])
    typical = float(np.median(np.abs(numerator[0])))
    estimate = float(own_numerator[0, 0])
    return Inversion(estimate, spread, numerator, square, enumerated, typical or abs(estimate) or 1.0)


def _smallest(inversion: Inversion, null: float, draws: int) -> float:
    """The smallest p that the assignments allow: that of the most extreme one."""
    if not inversion.enumerated:
        return 1 / (draws + 1)
    squares = inversion.squares(null)
    return float(np.mean(squares >= squares.max() * (1 - 2e-9)))
